"""The author, the voters and the followers hear what becomes of a suggestion."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db.models import F
from django.utils import timezone

from community.listening import listen
from community.models import Activity, Follow, MailList, Member
from community.notices import News, tell
from community.verbs import Verb
from feedback.models import Merge, Status, Suggestion, Vote


def hearers_of(roots: Iterable[int], *, voters: bool = False) -> dict[int, set[int]]:
    """Per canonical suggestion, who wrote or follows anything in its cluster and has not muted it; voters too if asked."""
    ids, heard = set(roots), defaultdict[int, set[int]](set)
    follows = Follow.objects.filter(post__suggestion__root__in=ids)
    pairs = [
        Suggestion.objects.filter(root__in=ids).values_list("root_id", "post__author_id"),
        follows.filter(muted=False).values_list("post__suggestion__root_id", "member_id"),
    ]
    if voters:
        votes = Vote.objects.standing().filter(suggestion__root__in=ids)
        pairs.append(votes.values_list("suggestion__root_id", "member_id"))
    for rows in pairs:
        for root, member_id in rows:
            heard[root].add(member_id)
    muted = follows.filter(muted=True, post=F("post__suggestion__root"))
    for root, member_id in muted.values_list("post__suggestion__root_id", "member_id"):
        heard[root].discard(member_id)
    return heard


def roots_of(activities: Iterable[Activity]) -> dict[int, int]:
    """For each suggestion these facts are about, its canonical now; those that are gone are left out."""
    ids = {activity.subject_id for activity in activities}
    return dict(Suggestion.objects.filter(pk__in=ids).values_list("pk", "root_id"))


@listen(Verb.STATUS_CHANGED, Verb.SUGGESTION_ANSWERED, name="feedback.tell_of_decisions")
def tell_of_decisions(activities: Sequence[Activity]) -> None:
    """Everybody concerned has heard of the new status or answer; of what ships they hear with its release."""
    decided = [entry for entry in activities if entry.data.get("after") != Status.SHIPPED or not entry.data.get("release_id")]
    roots = roots_of(decided)
    heard = hearers_of(roots.values())
    tell(
        [_decision(entry, roots[entry.subject_id], heard) for entry in decided if entry.subject_id in roots], at=timezone.now()
    )


def _decision(entry: Activity, root: int, heard: dict[int, set[int]]) -> News:
    answered = entry.verb == Verb.SUGGESTION_ANSWERED
    return News(
        activity=entry,
        kind="suggestion_answered" if answered else "status_changed",
        member_ids=sorted(heard[root]),
        post_id=root,
        data={} if answered else {"change_id": entry.data["change_id"]},
        mail_list=MailList.STATUS,
    )


@listen(Verb.SUGGESTION_SHIPPED, name="feedback.tell_of_shipping")
def tell_of_shipping(activities: Sequence[Activity]) -> None:
    """Every voter, author and follower of what shipped has heard of it, in one mail per release."""
    shipped = [activity for activity in activities if activity.data["canonical"]]
    roots = roots_of(shipped)
    heard = hearers_of(roots.values(), voters=True)
    tell(
        [
            News(
                activity=activity,
                kind="suggestion_shipped",
                member_ids=sorted(heard[roots[activity.subject_id]]),
                post_id=roots[activity.subject_id],
                data={"release_id": activity.data["release_id"]},
                mail_list=MailList.STATUS,
                thread=f"release:{activity.data['release_id']}",
            )
            for activity in shipped
            if activity.subject_id in roots
        ],
        at=timezone.now(),
    )


@listen(Verb.RELEASE_HELD, name="feedback.tell_of_held_releases")
def tell_of_held_releases(activities: Sequence[Activity]) -> None:
    """The team has heard which release did not ship at its moment."""
    team = sorted(Member.objects.staff().open().values_list("pk", flat=True))
    tell(
        [
            News(
                activity=activity,
                kind="release_held",
                member_ids=team,
                post_id=None,
                data={"release_id": activity.subject_id, "cause": activity.data["cause"]},
                mail_list=MailList.STATUS,
                thread=f"release:{activity.subject_id}",
            )
            for activity in activities
        ],
        at=timezone.now(),
    )


@listen(Verb.SUGGESTION_MERGED, name="feedback.tell_of_merges")
def tell_of_merges(activities: Sequence[Activity]) -> None:
    """Who wrote, follows or reported the duplicate has heard where it went on, unless it was undone meanwhile."""
    merges = Merge.objects.filter(undone_at=None).in_bulk([activity.data["merge_id"] for activity in activities])
    open_ones = [activity for activity in activities if activity.data["merge_id"] in merges]
    duplicates = {merge.duplicate_id for merge in merges.values()}
    heard: dict[int, set[int]] = defaultdict(set)
    wrote = Suggestion.objects.filter(pk__in=duplicates).values_list("pk", "post__author_id")
    follows = Follow.objects.filter(post__in=duplicates, muted=False).values_list("post_id", "member_id")
    for duplicate, member_id in [*wrote, *follows]:
        heard[duplicate].add(member_id)
    tell([_merge(activity, merges[activity.data["merge_id"]], heard) for activity in open_ones], at=timezone.now())


def _merge(activity: Activity, merge: Merge, heard: dict[int, set[int]]) -> News:
    reporter = {activity.data["proposed_by_id"]} - {None}
    return News(
        activity=activity,
        kind="suggestion_merged",
        member_ids=sorted(heard[merge.duplicate_id] | reporter),
        post_id=activity.data["root_id"],
        data={"merge_id": merge.pk},
        mail_list=MailList.STATUS,
    )
