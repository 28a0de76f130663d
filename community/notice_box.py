"""A member's notices are read, unread again, and swept when they are old."""

from datetime import datetime, timedelta

from django.db import transaction

from community.models import Member, Notice, Post

KEPT_READ_FOR = timedelta(days=180)
KEPT_FOR = timedelta(days=720)  # what nobody read in two years is no news either
SHOWN_AT_MOST = 99  # the bell says 99+; nobody counts further


def count_unread(member: Member) -> int:
    """How many notices wait, up to one more than the bell shows; a partial index alone answers."""
    waiting = Notice.objects.filter(member=member).on_the_page().unread()
    return len(waiting.order_by().values_list("pk", flat=True)[: SHOWN_AT_MOST + 1])


@transaction.atomic
def read_notice(*, member: Member, notice_id: int, at: datetime) -> Notice | None:
    """The notice counts as read; None where it is not the member's."""
    Notice.objects.filter(pk=notice_id, member=member).unread().update(read_at=at)
    return Notice.objects.filter(pk=notice_id, member=member).select_related("member", "post__board").first()


@transaction.atomic
def read_together(*, notice: Notice, until: int, at: datetime) -> int:
    """What else was told of the same post, up to the notice `until`, counts as read; how many that were."""
    if notice.post_id is None:
        return 0
    return Notice.objects.filter(member=notice.member_id, post=notice.post_id, pk__lte=until).unread().update(read_at=at)


@transaction.atomic
def read_on_page(*, member: Member, post: Post, at: datetime) -> int:
    """Who has the post before their eyes needs no notice of it, nor a mail; how many that were."""
    return Notice.objects.filter(member=member, post=post, at__lte=at).unread().update(read_at=at)


@transaction.atomic
def unread_notice(*, member: Member, notice_id: int) -> bool:
    """The notice waits again."""
    return bool(Notice.objects.filter(pk=notice_id, member=member).update(read_at=None))


@transaction.atomic
def read_all_notices(*, member: Member, at: datetime, until: int | None = None) -> int:
    """Everything up to now, or up to the notice `until`, counts as read; how many that were."""
    waiting = Notice.objects.filter(member=member).on_the_page().unread().filter(at__lte=at)
    if until is not None:
        last = Notice.objects.filter(member=member, pk=until).first()
        waiting = waiting.filter(at__lte=last.at) if last else waiting.none()
    return waiting.update(read_at=at)


@transaction.atomic
def unread_since(*, member: Member, moment: datetime) -> int:
    """What was marked as read at exactly that moment waits again: the undo of one press."""
    return Notice.objects.filter(member=member, read_at=moment).update(read_at=None)


def sweep_notices(*, at: datetime, chunk: int = 5000) -> int:
    """What was read 180 days ago is gone, and what nobody read in two years; how many."""
    gone = 0
    for old in (Notice.objects.filter(read_at__lt=at - KEPT_READ_FOR), Notice.objects.filter(at__lt=at - KEPT_FOR)):
        while ids := list(old.order_by("pk").values_list("pk", flat=True)[:chunk]):
            gone += Notice.objects.filter(pk__in=ids).delete()[0]
    return gone
