"""Members leave groups, rest and come back. Nobody is put out for being silent, and nobody has to say why they go."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from community.groups.memberships import has_place, lock_group, membership_of, settle, settle_all, waiting_in_order
from community.models import GroupMembership, Layer, Member, MembershipState, TesterGroup
from community.refusals import Conflict

RESTS_AFTER, EMERITUS_AFTER = timedelta(weeks=8), timedelta(weeks=26)


@transaction.atomic
def leave_group(*, group: TesterGroup, member: Member, at: datetime) -> GroupMembership:
    """The member is out, or no longer waits or is invited; in a group open to everybody the next in order comes in."""
    group = lock_group(group)
    row = membership_of(group, member)
    if row is None or row.state in (MembershipState.LEFT, MembershipState.DECLINED):
        raise Conflict(_("You are not in this group."))
    settle(row, MembershipState.LEFT, by=member, at=at)
    fill_places(group=group, at=at)
    return row


@transaction.atomic
def return_to_group(*, group: TesterGroup, member: Member, at: datetime) -> GroupMembership:
    """Who rested takes part again, also where every place has been given meanwhile: the place was kept."""
    row = membership_of(lock_group(group), member)
    if row is None or row.state != MembershipState.RESTING:
        raise Conflict(_("You do not rest in this group."))
    return settle(row, MembershipState.ACCEPTED, by=member, at=at)


@transaction.atomic
def fill_places(*, group: TesterGroup, at: datetime) -> int:
    """In a group that is open to everybody, whoever waits comes in as far as there are places; how many did."""
    if group.layer != Layer.WIDE or not group.is_open:
        return 0
    came = 0
    for row in waiting_in_order(group):
        if not has_place(group):
            break
        settle(row, MembershipState.ACCEPTED, by=None, at=at)
        came += 1
    return came


def rest_the_silent(*, at: datetime) -> int:
    """Whoever was not here for eight weeks rests, and after half a year the inner circle's are emeriti; how many changed.

    Resting keeps the boards and frees the place; emeriti keep the mark beside their name.
    """
    return sum(_rest(group, at) for group in TesterGroup.objects.order_by("pk"))


@transaction.atomic
def _rest(group: TesterGroup, at: datetime) -> int:
    rows = lock_group(group).memberships.order_by("pk")
    took_part = rows.filter(state=MembershipState.ACCEPTED).silent_since(at - RESTS_AFTER)
    retired: list[GroupMembership] = []
    if group.layer == Layer.INNER:
        # Counted from when they began to rest, eight weeks after they were last here.
        resting = rows.filter(state=MembershipState.RESTING)
        retired = list(resting.silent_since(at - (EMERITUS_AFTER - RESTS_AFTER)))
    changed = len(settle_all(retired, MembershipState.EMERITUS, by=None, at=at))
    changed += len(settle_all(list(took_part), MembershipState.RESTING, by=None, at=at))
    fill_places(group=group, at=at)
    return changed
