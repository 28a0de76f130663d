"""Circles as their pages show them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import OuterRef, Subquery

from community.circles import opening
from community.models import Circle, CircleKind, CircleMember, Member, Standing
from community.models.board import Viewer
from community.models.circle import CircleQuerySet

FACES, MOST = 12, 200


@dataclass(frozen=True)
class Card:
    """A circle as one reader sees it. count: how many are in it; mine: the reader is; active_at: when somebody last wrote."""

    circle: Circle
    count: int
    active_at: datetime | None
    mine: bool

    @property
    def needed(self) -> int:
        return opening.OPENS_AT

    @property
    def shown(self) -> int:
        """How much of the bar is full."""
        return min(self.count, opening.OPENS_AT)

    @property
    def missing(self) -> int:
        """How many more it takes."""
        return max(opening.OPENS_AT - self.count, 0)


@dataclass(frozen=True)
class Overview:
    """The page of all circles: the reader's own, the open ones by kind, and those that still look for people."""

    mine: Sequence[Card] = ()
    by_kind: Sequence[tuple[str, Sequence[Card]]] = ()
    proposed: Sequence[Card] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not (self.mine or self.by_kind or self.proposed)


def last_active(viewer: Viewer) -> Subquery:
    """When somebody last wrote in the circle's board, as far as the reader may see it."""
    rows = Standing.objects.visible_to(viewer).listed().filter(board=OuterRef("board"))
    return Subquery(rows.order_by("-active_at").values("active_at")[:1])


def cards_of(circles: CircleQuerySet, viewer: Viewer, *, most: int = MOST) -> list[Card]:
    """These circles with their numbers and whether the reader is in them, in two queries; a visitor costs one."""
    rows = list(circles.with_counts().annotate(active_at=last_active(viewer)).select_related("steward", "board")[:most])
    member = viewer if isinstance(viewer, Member) else None
    mine = set(member.circle_memberships.values_list("circle_id", flat=True)) if member else set()
    return [Card(row, row.count, row.active_at, row.pk in mine) for row in rows]  # type: ignore[attr-defined]


def overview_for(viewer: Viewer) -> Overview:
    """Every circle that stands: the liveliest of each kind first, and of the proposals the one that lacks least."""
    cards = cards_of(Circle.objects.standing().order_by("created_at", "pk"), viewer)
    opened = sorted((card for card in cards if card.circle.state == "open"), key=_liveliest)
    kinds = [(str(kind.label), [card for card in opened if card.circle.kind == kind]) for kind in CircleKind]
    return Overview(
        mine=[card for card in [*opened, *(card for card in cards if card.circle.state == "proposed")] if card.mine],
        by_kind=[(label, rows) for label, rows in kinds if rows],
        proposed=sorted((card for card in cards if card.circle.state == "proposed"), key=lambda card: -card.count),
    )


def _liveliest(card: Card) -> tuple[float, int]:
    since = card.active_at or card.circle.opened_at
    return (-since.timestamp() if since else 0.0, card.circle.pk)


def card_of(circle: Circle, viewer: Viewer) -> Card:
    """One circle as the reader sees it now."""
    return cards_of(Circle.objects.filter(pk=circle.pk), viewer)[0]


def people_of(circle: Circle, *, most: int = FACES) -> list[Member]:
    """Who is in it, whoever came first in front."""
    rows = CircleMember.objects.filter(circle=circle, member__closed_at=None, member__is_active=True)
    return [row.member for row in rows.select_related("member").order_by("joined_at", "pk")[:most]]
