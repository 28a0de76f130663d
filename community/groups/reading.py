"""What the pages of groups show: the layers, how many are in each group, and how the reader stands to them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q

from community.groups.entering import AGAIN_AFTER, VOICES, voices_for
from community.groups.memberships import waiting_in_order
from community.models import (
    INSIDE,
    Board,
    GroupMembership,
    Layer,
    Member,
    MembershipState,
    Right,
    Standing,
    TesterGroup,
)
from community.models.board import Viewer

ADOPTED = ("planned", "in-progress", "testing", "shipped")


@dataclass(frozen=True)
class Shown:
    """A group as one reader sees it. inside: how many take part; left: places, or None for no limit; mine: or None."""

    group: TesterGroup
    inside: int
    left: int | None
    mine: GroupMembership | None
    level: int
    at: datetime

    @property
    def state(self) -> str:
        return self.mine.state if self.mine else ""

    @property
    def is_in(self) -> bool:
        return self.state in INSIDE

    @property
    def waits(self) -> bool:
        return self.state == MembershipState.APPLIED

    @property
    def too_early(self) -> bool:
        """Whether the reader's level is below what one may apply from; an invitation asks for none."""
        return self.level < self.group.least_level and self.state != MembershipState.INVITED

    @property
    def again_on(self) -> date | None:
        """The day from which somebody who was declined may ask again, where that is still to come."""
        if self.mine is None or self.state != MembershipState.DECLINED:
            return None
        free = self.mine.changed_at + AGAIN_AFTER
        return free.date() if free > self.at else None

    @property
    def may_apply(self) -> bool:
        open_to = self.group.is_open and not self.too_early and self.again_on is None
        return self.state == MembershipState.INVITED or (open_to and not self.is_in and not self.waits)

    @property
    def at_once(self) -> bool:
        """Whether whoever comes is in without an answer."""
        return self.group.layer == Layer.WIDE and self.left != 0

    @property
    def takes_voices(self) -> bool:
        return self.group.layer == Layer.INNER


@dataclass(frozen=True)
class Ring:
    """One layer of the community, from the outside in. name: a code the page has words for; reached: one has come here."""

    name: str
    reached: bool
    groups: Sequence[Shown] = ()


def shown_groups(viewer: Viewer, *, at: datetime) -> list[Shown]:
    """Every group with its numbers and the reader's own place, in two queries; a visitor costs one."""
    takes = Q(memberships__state__in=[MembershipState.ACCEPTED, MembershipState.INVITED])
    groups = TesterGroup.objects.annotate(
        inside=Count("memberships", filter=Q(memberships__state__in=INSIDE)), taken=Count("memberships", filter=takes)
    )
    member = viewer if isinstance(viewer, Member) else None
    mine = {row.group_id: row for row in member.group_memberships.all()} if member else {}
    return [_shown(group, mine.get(group.pk), member, at) for group in groups]


def shown_group(slug: str, viewer: Viewer, *, at: datetime) -> Shown | None:
    """The group of this address, or None."""
    return next((shown for shown in shown_groups(viewer, at=at) if shown.group.slug == slug), None)


def _shown(group: TesterGroup, mine: GroupMembership | None, member: Member | None, at: datetime) -> Shown:
    counted: int = group.inside  # type: ignore[attr-defined]
    taken: int = group.taken  # type: ignore[attr-defined]
    left = None if group.capacity is None else max(group.capacity - taken, 0)
    # A visitor is told the level where they apply, not before.
    return Shown(group, counted, left, mine, member.level if member else group.least_level, at)


def boards_of(group: TesterGroup, viewer: Viewer) -> list[Board]:
    """The group's own boards, as far as the reader may see them: to others not even their number is told."""
    opened = Board.objects.visible_to(viewer).filter(rights__segment=group.segment_id, rights__right=Right.SEE)
    return list(opened.distinct())


def place_in_line(shown: Shown) -> int:
    """How many applications are read before the reader's own, and their own; 0 for who does not wait."""
    if shown.mine is None or not shown.waits:
        return 0
    ahead = list(waiting_in_order(shown.group).values_list("pk", flat=True))
    return ahead.index(shown.mine.pk) + 1 if shown.mine.pk in ahead else 0


def voices_missing(shown: Shown) -> int:
    """How many voices the reader's own application still takes."""
    if shown.mine is None or not (shown.takes_voices and shown.waits):
        return 0
    return max(VOICES - voices_for(shown.group, shown.mine.member), 0)


def has_brought_about(member: Member) -> bool:
    """Whether something of the member's was adopted; a contributor stays one."""
    return Standing.objects.filter(post__author=member, status__in=ADOPTED).exists()


def rings_for(viewer: Viewer, shown: Sequence[Shown]) -> list[Ring]:
    """The layers of the community from the outside in, with the groups in them, and how far the reader has come."""
    member = viewer if isinstance(viewer, Member) else None
    rings = [
        Ring("visitor", True),
        Ring("member", member is not None),
        Ring("contributor", member is not None and has_brought_about(member)),
    ]
    for layer, name in ((Layer.WIDE, "wide"), (Layer.CLOSE, "close"), (Layer.INNER, "inner")):
        groups = [one for one in shown if one.group.layer == layer]
        if groups:
            rings.append(Ring(name, any(one.is_in for one in groups), groups))
    return [*rings, Ring("staff", member is not None and member.is_staff)]
