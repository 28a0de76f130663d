"""Members hear of things: a notice on the page, and a mail where they want it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from community.mail_choices import refusals_of
from community.mail_threads import Item, gather_mails
from community.models import Activity, MailList, Member, Notice, Post
from community.readers import Readers

MAILED_FOR = timedelta(hours=24)  # imports, the demo and a long outage send no mail about old things
UNREAD_FOR = timedelta(days=7)


@dataclass(frozen=True)
class News:
    """Whom one activity is told to, and how.

    kind: has its words in some app's `wordings`. data: ids and codes for those words.
    mail_list: the list it is also mailed on; thread: what mails are gathered by, the post where nothing else is said.
    """

    activity: Activity
    kind: str
    member_ids: Sequence[int]
    post_id: int | None
    data: Mapping[str, Any] = field(default_factory=dict)
    mail_list: MailList | None = None
    thread: str = ""


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
    """Each named member who may see the post has one notice per activity, and its mail is on its way if wanted.

    Nobody hears of what they did themselves. Told again, nothing changes. How many new notices there are.
    at: the moment of telling, not of the activity: what happened more than a day before it is not mailed.
    """
    members = Member.objects.open().in_bulk({pk for entry in news for pk in entry.member_ids})
    posts = Post.objects.select_related("board").in_bulk({entry.post_id for entry in news if entry.post_id is not None})
    readers = Readers(members.values())
    known = set(
        Notice.objects.filter(activity__in=[entry.activity for entry in news], member__in=members).values_list(
            "activity_id", "member_id"
        )
    )
    fresh = {
        (entry.activity.pk, pk): (entry, members[pk])
        for entry in news
        for pk in entry.member_ids
        if pk in members and (entry.activity.pk, pk) not in known and _concerns(entry, members[pk], posts, readers)
    }
    Notice.objects.bulk_create(
        [_notice(entry, member, at) for entry, member in fresh.values()], ignore_conflicts=True, batch_size=1000
    )
    _mail(list(fresh.values()), at)
    return len(fresh)


def _concerns(entry: News, member: Member, posts: Mapping[int, Post], readers: Readers) -> bool:
    if entry.activity.actor_id == member.pk:
        return False
    return entry.post_id is None or (entry.post_id in posts and readers.may_see(member, posts[entry.post_id]))


def _notice(entry: News, member: Member, at: datetime) -> Notice:
    old = entry.activity.at < at - UNREAD_FOR
    return Notice(
        member=member,
        activity=entry.activity,
        post_id=entry.post_id,
        kind=entry.kind,
        data=dict(entry.data),
        at=entry.activity.at,
        read_at=entry.activity.at if old else None,
    )


def _mail(told: Sequence[tuple[News, Member]], at: datetime) -> None:
    young = [(entry, member) for entry, member in told if entry.mail_list and entry.activity.at >= at - MAILED_FOR]
    if not young:
        return
    unwanted = refusals_of({member.pk for _, member in young})
    items = [
        Item(member.pk, entry.thread or f"post:{entry.post_id}", entry.activity.pk, entry.mail_list)
        for entry, member in young
        if entry.mail_list and may_be_mailed(member) and (member.pk, entry.mail_list) not in unwanted
    ]
    if items:
        gather_mails(items, at=at)


def may_be_mailed(member: Member) -> bool:
    """The member is there, the address is theirs, and the account is open."""
    return bool(member.email and member.verified_at and member.claimed_at and member.is_active and member.closed_at is None)


def read_notice(*, member: Member, notice_id: int, at: datetime) -> Notice | None:
    """The notice counts as read; None where it is not the member's."""
    Notice.objects.filter(pk=notice_id, member=member, read_at__isnull=True).update(read_at=at)
    return Notice.objects.filter(pk=notice_id, member=member).select_related("member", "post__board").first()


def read_all_notices(*, member: Member, at: datetime) -> int:
    """Everything up to now counts as read; how many that were."""
    return Notice.objects.filter(member=member).unread().filter(at__lte=at).update(read_at=at)
