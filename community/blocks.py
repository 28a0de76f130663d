"""Members who would rather not read each other. Notices, mentions, follows and threads ask here, many at once."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from community.models import Block, Member, PersonFollow, Role
from community.refusals import Conflict

TEAM = (Role.STAFF, Role.ADMIN)


@transaction.atomic
def block_member(*, member: Member, other: Member, at: datetime) -> Block:
    """The member reads nothing of the other, who can neither name, quote nor follow them so that they would hear of it.

    Nobody else notices. The team cannot be blocked: its answers are why people are here.
    """
    if member.pk == other.pk:
        raise Conflict(_("That is you."))
    if other.speaks_for_the_team:
        raise Conflict(_("Those of the team cannot be blocked. If something is wrong, please report it."))
    row, _fresh = Block.objects.get_or_create(member=member, other=other, defaults={"at": at})
    PersonFollow.objects.filter(member=other, person=member, muted=False).delete()
    PersonFollow.objects.filter(member=member, person=other, muted=False).delete()
    return row


@transaction.atomic
def unblock_member(*, member: Member, other: Member) -> bool:
    """The two read each other as before; whether that was new."""
    return bool(Block.objects.filter(member=member, other=other).delete()[0])


def hidden_from(member_ids: Collection[int]) -> dict[int, set[int]]:
    """For each member, whose words they do not want to read: whom they blocked or muted. Two queries for all."""
    found: dict[int, set[int]] = defaultdict(set)
    blocked = Block.objects.filter(member__in=member_ids).exclude(other__role__in=TEAM)
    for member_id, other_id in blocked.values_list("member_id", "other_id"):
        found[member_id].add(other_id)
    muted = PersonFollow.objects.filter(member__in=member_ids, muted=True)
    for member_id, other_id in muted.values_list("member_id", "person_id"):
        found[member_id].add(other_id)
    return found


def blocked_pairs(*, member_ids: Collection[int], other_ids: Iterable[int]) -> set[tuple[int, int]]:
    """Of these members, who blocked whom of those others, as (member, other); one query."""
    rows = Block.objects.filter(member__in=member_ids, other__in=list(other_ids)).exclude(other__role__in=TEAM)
    return set(rows.values_list("member_id", "other_id"))
