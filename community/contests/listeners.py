"""Who hears what of a contest."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.utils import timezone

from community.listening import listen
from community.models import Activity, Contest, ContestEntry, ContestFollow, EntryState, FanVote, MailList, Phase, Teammate
from community.notices import News, tell
from community.verbs import Verb


@listen(Verb.TEAMMATE_ASKED, name="community.ask_teammates")
def ask_teammates(activities: Sequence[Activity]) -> None:
    """Whoever is named as a co-author has been asked, unless they answered already."""
    waiting = Teammate.objects.filter(entry__in=[activity.subject_id for activity in activities], agreed_at=None)
    asked = set(waiting.values_list("entry_id", "member_id"))
    tell(
        [
            News(
                activity=activity,
                kind="teammate_asked",
                member_ids=[activity.data["member_id"]],
                post_id=None,
                data={"entry_id": activity.subject_id},
                mail_list=MailList.GATHERINGS,
                thread=f"contest:{activity.data['contest_id']}",
            )
            for activity in activities
            if (activity.subject_id, activity.data["member_id"]) in asked
        ],
        at=timezone.now(),
    )


@listen(Verb.CONTEST_ENTRY_CHANGED, name="community.tell_of_hidden_entries")
def tell_of_hidden_entries(activities: Sequence[Activity]) -> None:
    """The co-authors of a hidden entry have the reason; its author hears it with the decision, and may appeal."""
    hidden = [activity for activity in activities if activity.data["state"] == EntryState.HIDDEN]
    entries = ContestEntry.objects.in_bulk([activity.subject_id for activity in hidden])
    teams = people_of(entries)
    tell(
        [
            News(
                activity=activity,
                kind="contest_entry_hidden",
                member_ids=sorted(teams[activity.subject_id or 0] - {entries[activity.subject_id or 0].author_id}),
                post_id=None,
                data={"entry_id": activity.subject_id},
                mail_list=MailList.CARE,
                thread=f"contest:{activity.data['contest_id']}",
            )
            for activity in hidden
            if activity.subject_id in entries
        ],
        at=timezone.now(),
    )


@listen(Verb.CONTEST_PHASE_BEGAN, name="community.tell_of_phases")
def tell_of_phases(activities: Sequence[Activity]) -> None:
    """Everybody who takes part or follows has heard of the phase; jurors, when it is theirs, in words of their own."""
    news = []
    for activity in activities:
        contest_id, phase = activity.subject_id or 0, activity.data["phase"]
        listeners = followers_of(contest_id, part_takers(contest_id))
        jury = set(_jury(contest_id)) if phase == Phase.JURY else set()
        for kind, people in (("contest_phase", listeners - jury), ("contest_jury_asked", jury)):
            told = {"contest_id": contest_id, "phase": phase}
            news.append(
                News(activity, kind, sorted(people), None, told, MailList.GATHERINGS, f"contest:{contest_id}")
            )  # fmt: skip
    tell(news, at=timezone.now())


@listen(Verb.CONTEST_DECIDED, name="community.tell_of_results")
def tell_of_results(activities: Sequence[Activity]) -> None:
    """Everybody who took part or follows has heard of the result: teams, voters and the jury."""
    tell(
        [
            News(
                activity=activity,
                kind="contest_decided",
                member_ids=sorted(followers_of(activity.subject_id or 0, part_takers(activity.subject_id or 0))),
                post_id=None,
                data={"contest_id": activity.subject_id},
                mail_list=MailList.GATHERINGS,
                thread=f"contest:{activity.subject_id}",
            )
            for activity in activities
        ],
        at=timezone.now(),
    )


def people_of(entries: Iterable[int]) -> dict[int, set[int]]:
    """Entry → its author and whoever agreed to be named with it."""
    ids, people = list(entries), defaultdict[int, set[int]](set)
    agreed = Teammate.objects.filter(entry__in=ids, agreed_at__isnull=False)
    for rows in (
        ContestEntry.objects.filter(pk__in=ids).values_list("pk", "author_id"),
        agreed.values_list("entry_id", "member_id"),
    ):
        for entry_id, member_id in rows:
            people[entry_id].add(member_id)
    return people


def part_takers(contest_id: int) -> set[int]:
    """Everybody who sent something in, voted or judged."""
    entries = ContestEntry.objects.filter(contest=contest_id).exclude(state=EntryState.WITHDRAWN)
    teams = people_of(entries.values_list("pk", flat=True))
    voters = FanVote.objects.filter(contest=contest_id).values_list("member_id", flat=True)
    return set().union(*teams.values(), voters, _jury(contest_id))


def _jury(contest_id: int) -> list[int]:
    return list(Contest.jury.through.objects.filter(contest_id=contest_id).values_list("member_id", flat=True))


def followers_of(contest_id: int, others: Iterable[int]) -> set[int]:
    """Whoever follows the contest and these others, but for who muted it."""
    said = dict(ContestFollow.objects.filter(contest=contest_id).values_list("member_id", "muted"))
    return {pk for pk in {*others, *said} if not said.get(pk, False)}
