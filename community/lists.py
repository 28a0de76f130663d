"""What a list of suggestions shows: which rows, in which order, and how many there are of each status and board."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q
from django.http import QueryDict

from community.models import Board, Standing, Tag
from community.models.board import Viewer
from community.models.standing import StandingQuerySet

SORTS: dict[str, tuple[str, ...]] = {
    "hot": ("-heat", "-post_id"),
    "top": ("-score", "-established", "created_at", "post_id"),
    "new": ("-created_at", "-post_id"),
    "needs-votes": ("votes", "-created_at", "-post_id"),
}
STATUSES = ("open", "under-review", "planned", "in-progress", "testing", "shipped", "declined", "not-now")
MOST_WORDS = 6


@dataclass(frozen=True)
class Wanted:
    """What somebody asked a list for; unknown values fall back to the plain list."""

    sort: str = "hot"
    status: str = ""
    board: str = ""
    tag: str = ""
    words: str = ""

    @classmethod
    def from_query(cls, query: QueryDict) -> "Wanted":
        sort, status = query.get("sort", ""), query.get("status", "")
        return cls(
            sort=sort if sort in SORTS else "hot",
            status=status if status in STATUSES else "",
            board=query.get("board", "").replace("\x00", "")[:50],
            tag=query.get("tag", "").replace("\x00", "")[:60],
            words=" ".join(query.get("q", "").replace("\x00", "").split())[:120],
        )

    @property
    def order(self) -> tuple[str, ...]:
        return SORTS[self.sort]


def suggestions_for(viewer: Viewer, wanted: Wanted) -> StandingQuerySet:
    """The suggestions the viewer may see, in the wanted board and tag, with the wanted words; any status, any order."""
    rows = Standing.objects.visible_to(viewer).listed().suggestions()
    if wanted.board:
        rows = rows.filter(board__slug=wanted.board)
    if wanted.tag:
        rows = rows.filter(post__tags__slug=wanted.tag)
    # Substrings find Han words, which no spaces part.
    for word in wanted.words.split()[:MOST_WORDS]:
        rows = rows.filter(Q(post__title__icontains=word) | Q(post__body__icontains=word))
    return rows


def narrowed(rows: StandingQuerySet, wanted: Wanted) -> StandingQuerySet:
    """Only the wanted status; those that need votes are open ones."""
    status = wanted.status or ("open" if wanted.sort == "needs-votes" else "")
    return rows.filter(status=status) if status else rows


def count_by_status(rows: StandingQuerySet) -> dict[str, int]:
    """How many rows there are of each status."""
    return dict(rows.order_by().values_list("status").annotate(Count("post_id")))


def boards_with_counts(viewer: Viewer) -> list[tuple[Board, int]]:
    """The boards the viewer may see, each with the number of its suggestions."""
    rows = Standing.objects.visible_to(viewer).listed().suggestions().order_by()
    counts = dict(rows.values_list("board_id").annotate(Count("post_id")))
    return [(board, counts.get(board.pk, 0)) for board in Board.objects.visible_to(viewer)]


def tags_of(rows: Iterable[Standing], *, most: int = 12) -> list[Tag]:
    """The tags on these rows, the most used first: where to go from here, without another query."""
    used = Counter(tag for row in rows for tag in row.post.tags.all())
    return [tag for tag, _count in sorted(used.items(), key=lambda pair: (-pair[1], pair[0].name))[:most]]
