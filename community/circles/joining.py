"""Members come into circles and leave them, with one press and no reason asked."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from community.activity import record
from community.circles.opening import follow_its_board, lock_circle, open_if_ready, unfollow_its_board
from community.circles.stewards import set_steward
from community.models import Circle, CircleMember, Member
from community.privileges import Privilege, require
from community.refusals import Conflict
from community.verbs import CircleJoined, CircleLeft, Verb


def closed(circle: Circle) -> Conflict:
    """What is answered to whoever would act in a circle that is closed."""
    return Conflict(_("“%(name)s” is closed: %(why)s") % {"name": circle, "why": circle.closed_because}, code="closed")


@transaction.atomic
def join_circle(*, circle: Circle, member: Member, at: datetime) -> Circle:
    """The member stands behind the circle, or is in it and follows its board; with them it may open. Said twice it is once."""
    require(member, Privilege.WRITE)
    row = lock_circle(circle)
    if row.closed_at is not None:
        raise closed(row)
    _kept, fresh = CircleMember.objects.get_or_create(circle=row, member=member, defaults={"joined_at": at})
    if not fresh:
        return row
    fact, key = CircleJoined(member_id=member.pk), f"circle_joined:{row.pk}:{member.pk}:{at.isoformat()}"
    record(Verb.CIRCLE_JOINED, key=key, actor=member, subject=row.pk, data=fact, at=at)
    follow_its_board(circle=row, member=member, at=at)
    open_if_ready(circle=row, by=member, at=at)
    return row


@transaction.atomic
def leave_circle(*, circle: Circle, member: Member, at: datetime) -> Circle:
    """The member is out and hears no more of its board; who looked after it does so no more. An open circle stays open."""
    row = lock_circle(circle)
    gone, _each = CircleMember.objects.filter(circle=row, member=member).delete()
    if not gone:
        return row
    fact, key = CircleLeft(member_id=member.pk), f"circle_left:{row.pk}:{member.pk}:{at.isoformat()}"
    record(Verb.CIRCLE_LEFT, key=key, actor=member, subject=row.pk, data=fact, at=at)
    unfollow_its_board(circle=row, member=member, at=at)
    if row.steward_id == member.pk:
        set_steward(circle=row, steward=None, by=member, at=at)
    return row
