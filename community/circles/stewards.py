"""Somebody looks after each circle: they offer themselves, and lay it down whenever they like."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from community.activity import record
from community.circles.opening import lock_circle, open_if_ready
from community.models import Circle, CircleMember, Member
from community.privileges import Privilege, has, require
from community.refusals import Conflict, NotAllowed
from community.verbs import CircleStewardChanged, Verb


@transaction.atomic
def offer_to_steward(*, circle: Circle, member: Member, at: datetime) -> Circle:
    """The member looks after the circle, which may open with that. Said twice it is once.

    Raises Conflict where somebody else does or it is closed, NotAllowed for who is not in it or very new.
    """
    require(member, Privilege.WRITE)
    row = lock_circle(circle)
    if row.closed_at is not None:
        raise Conflict(_("This circle is closed."), code="closed")
    if row.steward_id == member.pk:
        return row
    if row.steward is not None:
        raise Conflict(_("%(name)s looks after it already.") % {"name": row.steward})
    if not CircleMember.objects.filter(circle=row, member=member).exists():
        raise NotAllowed(_("Please join it first. Then offer to look after it."))
    if not has(member, Privilege.PROPOSE_CIRCLE):
        raise NotAllowed(_("Look around for a day and read a post or two; then you can look after a circle."), code="trust")
    set_steward(circle=row, steward=member, by=member, at=at)
    open_if_ready(circle=row, by=member, at=at)
    return row


@transaction.atomic
def lay_down_stewardship(*, circle: Circle, member: Member, at: datetime) -> Circle:
    """The member looks after it no more and stays in it; its people are asked who would. Raises Conflict for anybody else."""
    row = lock_circle(circle)
    if row.steward_id != member.pk:
        raise Conflict(_("You do not look after this circle."))
    set_steward(circle=row, steward=None, by=member, at=at)
    return row


def set_steward(*, circle: Circle, steward: Member | None, by: Member | None, at: datetime) -> None:
    """The locked circle and the moderators of its board say the same of who looks after it."""
    before, circle.steward = circle.steward_id, steward
    circle.save(update_fields=["steward"])
    if circle.board is not None:
        if before is not None:
            circle.board.moderators.remove(before)
        if steward is not None:
            circle.board.moderators.add(steward)
    after = steward.pk if steward is not None else None
    fact = CircleStewardChanged(before=before, after=after, is_open=circle.state == "open")
    key = f"circle_steward_changed:{circle.pk}:{before}:{after}:{at.isoformat()}"
    record(Verb.CIRCLE_STEWARD_CHANGED, key=key, actor=by, subject=circle.pk, data=fact, at=at)
