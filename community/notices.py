"""Members hear of things: a notice on the page, and a mail, at the pace they want."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from community.mail_choices import Wish, Wishes
from community.mail_render import zone_of
from community.mail_threads import Item, gather_mails
from community.models import Activity, MailedAs, MailList, Member, Notice, Pace, Post
from community.readers import Readers
from community.silence import Silence

MAILED_FOR = timedelta(hours=24)  # imports, the demo and a long outage send no mail about old things
UNREAD_FOR = timedelta(days=7)
MAILED = {MailedAs.NOW, MailedAs.DAILY, MailedAs.WEEKLY}
ON_PAGE_ALONE = Wish(Pace.NEVER)
Key = tuple[int, int]  # an activity and a member


@dataclass(frozen=True)
class News:
    """Whom one activity is told to, and how.

    kind: has its words in some app's `wordings`. data: ids and codes for those words.
    mail_list: the list it belongs to, by which it can be chosen and stopped; none: it stands on the page alone.
    thread: what mails are gathered by, the post where nothing else is said.
    """

    activity: Activity
    kind: str
    member_ids: Sequence[int]
    post_id: int | None
    data: Mapping[str, Any] = field(default_factory=dict)
    mail_list: MailList | None = None
    thread: str = ""

    @property
    def calls_by_name(self) -> bool:
        """It is told to somebody because they were named, which says more than that they follow."""
        return self.mail_list == MailList.MENTIONS


@dataclass(frozen=True)
class Told:
    """One member's share of some news."""

    news: News
    member: Member
    wish: Wish
    mailed_as: MailedAs


def tell_many(
    *,
    activity: Activity,
    kind: str,
    member_ids: Iterable[int],
    post_id: int | None,
    data: Mapping[str, Any],
    at: datetime,
    mail_list: MailList | None = None,
    thread: str = "",
) -> int:
    """Every one of these members who may see the post has one notice of the activity; see `tell`."""
    return tell([News(activity, kind, list(member_ids), post_id, data, mail_list, thread)], at=at)


@transaction.atomic
def tell(news: Sequence[News], *, at: datetime) -> int:
    """Each named member who may see the post has one notice per activity, and its mail is on its way as they want it.

    Nobody hears of what they did themselves, nor of what they muted. Told again, nothing changes, except that being named
    outweighs following. How many new notices there are.
    at: the moment of telling, not of the activity: what happened more than a day before it is not mailed.
    """
    members = Member.objects.open().in_bulk({pk for entry in news for pk in entry.member_ids})
    known = _known(news, members)
    concerned = _concerned(news, members)
    wishes = Wishes(members)
    told: dict[Key, Told] = {}
    for entry, member in concerned:
        key = entry.activity.pk, member.pk
        if key in known or (key in told and not entry.calls_by_name):
            continue
        one = _told(entry, member, wishes, at)
        if one.wish.on_page or one.mailed_as in MAILED:
            told[key] = one
    Notice.objects.bulk_create([_notice(one, at) for one in told.values()], ignore_conflicts=True, batch_size=1000)
    _mail([*told.values(), *_call_by_name([_told(*one, wishes, at) for one in concerned if one[0].calls_by_name])], at)
    return len(told)


def _known(news: Sequence[News], members: Mapping[int, Member]) -> set[Key]:
    asked = {entry.activity.pk for entry in news}
    return set(Notice.objects.filter(activity__in=asked, member__in=members).values_list("activity_id", "member_id"))


def _concerned(news: Sequence[News], members: Mapping[int, Member]) -> list[tuple[News, Member]]:
    """Who of those named is there, may see it, did not do it and has not muted it."""
    posts = Post.objects.select_related("board").in_bulk({entry.post_id for entry in news if entry.post_id is not None})
    readers = Readers(members.values())
    silence = Silence(member_ids=members.keys(), posts=posts.values(), actor_ids=[one.activity.actor_id for one in news])
    found = []
    for entry in news:
        post, actor_id, listed = posts.get(entry.post_id or 0), entry.activity.actor_id, entry.mail_list or ""
        for member in (members[pk] for pk in dict.fromkeys(entry.member_ids) if pk in members and pk != actor_id):
            seen = entry.post_id is None or (post is not None and readers.may_see(member, post))
            if seen and not silence.covers(member.pk, post=post, actor_id=actor_id, mail_list=listed):
                found.append((entry, member))
    return found


def _told(entry: News, member: Member, wishes: Wishes, at: datetime) -> Told:
    wish = wishes.of(member.pk, entry.mail_list) if entry.mail_list else ON_PAGE_ALONE
    return Told(entry, member, wish, _mailed_as(entry, member, wish, at))


def _mailed_as(entry: News, member: Member, wish: Wish, at: datetime) -> MailedAs:
    """How the news is mailed, or why not: the answer staff find beside the notice."""
    if entry.mail_list is None:
        return MailedAs.NONE
    if wish.pace == Pace.NEVER:
        return MailedAs.NEVER
    if not may_be_mailed(member):
        return MailedAs.UNREACHABLE
    return MailedAs(wish.pace) if entry.activity.at >= at - MAILED_FOR else MailedAs.OLD


def _notice(one: Told, at: datetime) -> Notice:
    old = one.news.activity.at < at - UNREAD_FOR
    return Notice(
        member=one.member,
        activity=one.news.activity,
        post_id=one.news.post_id,
        kind=one.news.kind,
        data=dict(one.news.data),
        at=one.news.activity.at,
        read_at=one.news.activity.at if old else None,
        list=one.news.mail_list or "",
        on_page=one.wish.on_page,
        mailed_as=one.mailed_as,
    )


def _call_by_name(called: Sequence[Told]) -> list[Told]:
    """Who was told of the same activity for a weaker reason is told of being named instead; those are answered."""
    stronger = {(one.news.activity.pk, one.member.pk): one for one in called if one.mailed_as in MAILED}
    if not stronger:
        return []
    about = Q(activity__in={activity for activity, _ in stronger}, member__in={member for _, member in stronger})
    changed = []
    for row in Notice.objects.filter(about).exclude(list=MailList.MENTIONS):
        one = stronger.get((row.activity_id, row.member_id))
        if one is not None:
            said = {"kind": one.news.kind, "data": dict(one.news.data), "list": MailList.MENTIONS, "mailed_as": one.mailed_as}
            Notice.objects.filter(pk=row.pk).update(on_page=row.on_page or one.wish.on_page, **said)
            changed.append(one)
    return changed


def _mail(told: Sequence[Told], at: datetime) -> None:
    items = [
        Item(
            one.member.pk,
            one.news.thread or f"post:{one.news.post_id}",
            one.news.activity.pk,
            one.news.mail_list,
            Pace(one.mailed_as),
            zone_of(one.member),
        )
        for one in told
        if one.news.mail_list and one.mailed_as in MAILED
    ]
    if items:
        gather_mails(items, at=at)


def may_be_mailed(member: Member) -> bool:
    """The member is there, the address is theirs, and the account is open."""
    return bool(member.email and member.verified_at and member.claimed_at and member.is_active and member.closed_at is None)
