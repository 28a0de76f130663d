"""What every operation on a group shares: the lock on its places, the record, and the boards that open or close at once."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from community.activity import Happening, record_many
from community.models import GroupMembership, Member, MembershipState, Standing, TesterGroup
from community.models.group import GroupMembershipQuerySet
from community.segments import refresh_members
from community.verbs import MembershipChanged


def lock_group(group: TesterGroup) -> TesterGroup:
    """The group as it is now; nobody else takes one of its places until we are done."""
    row: TesterGroup = TesterGroup.objects.select_for_update(no_key=True).get(pk=group.pk)
    return row


def places_left(group: TesterGroup) -> int | None:
    """How many may still come, or None where there is no limit. Whoever is invited has a place."""
    if group.capacity is None:
        return None
    return max(group.capacity - group.memberships.taking_places().count(), 0)


def has_place(group: TesterGroup) -> bool:
    left = places_left(group)
    return left is None or left > 0


def by_contribution(rows: GroupMembershipQuerySet) -> GroupMembershipQuerySet:
    """Whoever brought about most comes first: honour, then suggestions that shipped; never who was quickest."""
    shipped = Standing.objects.filter(post__author=OuterRef("member"), status="shipped").order_by()
    counted = shipped.values("post__author").annotate(number=Count("pk")).values("number")
    ranked = rows.annotate(shipped=Coalesce(Subquery(counted, output_field=IntegerField()), 0))
    return ranked.order_by("-member__level", "-shipped", "-member__active_days", "member__joined_at", "pk")


def membership_of(group: TesterGroup, member: Member) -> GroupMembership | None:
    return GroupMembership.objects.filter(group=group, member=member).first()


def settle(row: GroupMembership, state: MembershipState, *, by: Member | None, at: datetime) -> GroupMembership:
    """The membership is in this state, on record, and the group's boards follow at once."""
    return settle_all([row], state, by=by, at=at)[0]


def settle_all(
    rows: Sequence[GroupMembership], state: MembershipState, *, by: Member | None, at: datetime
) -> Sequence[GroupMembership]:
    """All of these are in this state: one fact each, and one look at their segments for all."""
    facts = []
    for row in rows:
        data = MembershipChanged(member_id=row.member_id, before=row.state if row.pk else "", after=state)
        row.state, row.changed_at = state, at
        if state == MembershipState.ACCEPTED:
            row.accepted_at = row.accepted_at or at
        row.save()
        key = f"membership_changed:{row.pk}:{state}:{at.isoformat()}"
        facts.append(Happening(key=key, actor=by, subject=row.group_id, data=data))
    record_many(facts, at=at)
    refresh_members(member_ids=[row.member_id for row in rows], at=at, touched=["groups"])
    return rows


def waiting_in_order(group: TesterGroup) -> QuerySet[GroupMembership]:
    """The applications, whoever should come in next first."""
    return by_contribution(group.memberships.applied())
