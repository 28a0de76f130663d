"""The roadmap as the reader sees it: pieces of work by column, each with the people who asked."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Case, Count, F, Q, When, Window
from django.db.models.functions import RowNumber

from community.models import Member, Post
from community.models.board import Viewer
from feedback.models import RoadmapColumn, RoadmapItem, Suggestion, Vote
from feedback.models.roadmap import RoadmapItemQuerySet

SHORT_LANE, LONG_LANE = 10, 200


@dataclass(frozen=True)
class Card:
    """A piece of work: the wishes it serves, the most wanted first, how many people asked, and who did first."""

    item: RoadmapItem
    wishes: Sequence[Suggestion] = ()
    people: int = 0
    first: Member | None = None

    @property
    def others(self) -> int:
        """How many asked besides the first."""
        return max(self.people - 1, 0)


@dataclass(frozen=True)
class Lane:
    """A column with its first cards; `total`: how many there are."""

    column: RoadmapColumn
    cards: list[Card] = field(default_factory=list)
    total: int = 0

    @property
    def sign(self) -> str:
        """The drawing of the stage in the sprite."""
        return f"s-{self.column.value}"


def wanted_items(*, product: str = "", backed_by: Member | None = None) -> RoadmapItemQuerySet:
    """Public pieces of work, of the product or backed by the member where said."""
    items = RoadmapItem.objects.public()
    if product:
        items = items.filter(product__slug=product)
    if backed_by is not None:
        votes = Vote.objects.standing().filter(member=backed_by).values("suggestion__root_id")
        items = items.filter(pk__in=RoadmapItem.objects.filter(suggestions__root__in=votes).values("pk"))
    return items


def lanes_of(items: RoadmapItemQuerySet, *, viewer: Viewer, only: str = "") -> list[Lane]:
    """The columns in the order of growth; of what shipped the latest on top. `only`: that column, in full."""
    columns = [RoadmapColumn(only)] if only else list(RoadmapColumn)
    items = items.filter(column__in=columns)
    totals = dict(items.order_by().values_list("column").annotate(Count("pk")))
    latest = Case(When(column=RoadmapColumn.SHIPPED, then=F("moved_at"))).desc(nulls_last=True)
    place = Window(RowNumber(), partition_by=F("column"), order_by=[latest, F("position").asc(), F("pk").asc()])
    shown = items.annotate(place=place).filter(place__lte=LONG_LANE if only else SHORT_LANE)
    cards = _cards(list(shown.select_related("product", "release").order_by("place")), viewer)
    return [
        Lane(column, [card for card in cards if card.item.column == column], totals.get(column.value, 0)) for column in columns
    ]


def _cards(items: Sequence[RoadmapItem], viewer: Viewer) -> list[Card]:
    wishes = _wishes_by_item(items, viewer)
    roots = {wish.pk for served in wishes.values() for wish in served}
    firsts = _first_askers(roots, viewer)
    together = _people_together([pk for pk, served in wishes.items() if len(served) > 1], viewer)
    cards = []
    for item in items:
        served = sorted(wishes[item.pk], key=lambda wish: (-wish.post.standing.votes, wish.pk))
        nameless = sum(wish.post.standing.imported_votes for wish in served)
        people = together.get(item.pk, served[0].post.standing.votes if served else 0) + nameless
        asked = sorted((firsts[wish.pk] for wish in served if wish.pk in firsts), key=lambda post: (post.created_at, post.pk))
        cards.append(Card(item, served, people, asked[0].author if asked else None))
    return cards


def _wishes_by_item(items: Iterable[RoadmapItem], viewer: Viewer) -> dict[int, list[Suggestion]]:
    """The canonical suggestions each item serves and the viewer may see, each once."""
    ids = [item.pk for item in items]
    through = RoadmapItem.suggestions.through.objects.filter(roadmapitem__in=ids)
    pairs = set(through.values_list("roadmapitem_id", "suggestion__root_id"))
    roots = Suggestion.objects.visible_to(viewer).select_related("post__standing").in_bulk({root for _item, root in pairs})
    found: dict[int, list[Suggestion]] = defaultdict(list)
    for item_id, root_id in pairs:
        if root_id in roots:
            found[item_id].append(roots[root_id])
    return found


def _first_askers(root_ids: Iterable[int], viewer: Viewer) -> dict[int, Post]:
    """For each cluster its oldest post that the viewer may see, with its author."""
    posts = Post.objects.visible_to(viewer).filter(suggestion__root__in=list(root_ids)).select_related("author")
    oldest = posts.annotate(root=F("suggestion__root")).order_by("root", "created_at", "pk").distinct("root")
    return {post.root: post for post in oldest}


def _people_together(item_ids: list[int], viewer: Viewer) -> dict[int, int]:
    """Distinct voters over all clusters an item serves; needed only where they are several."""
    if not item_ids:
        return {}
    seen = Suggestion.objects.visible_to(viewer).values("pk")
    path = "suggestions__root__cluster__votes"
    counted = Q(
        suggestions__root__in=seen,
        **{f"{path}__withdrawn_at": None, f"{path}__voided_at": None, f"{path}__member__is_staff": False},
    )
    people = Count(f"{path}__member", filter=counted, distinct=True)
    return dict(RoadmapItem.objects.filter(pk__in=item_ids).order_by().values_list("pk").annotate(people=people))
