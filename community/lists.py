"""What a list of posts shows: which rows, in which order, and how many there are of each status, kind and board."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q
from django.http import QueryDict

from community.models import Board, PostKind, Standing, Tag
from community.models.board import Viewer
from community.models.standing import StandingQuerySet
from community.search import saying
from community.search.wanted import STATUSES
from community.tags import tags_called

SORTS: dict[str, tuple[str, ...]] = {
    "hot": ("-heat", "-post_id"),
    "top": ("-score", "-established", "created_at", "post_id"),
    "new": ("-created_at", "-post_id"),
    "needs-votes": ("votes", "-created_at", "-post_id"),
    "unanswered": ("created_at", "post_id"),
    "active": ("-active_at", "-post_id"),
    "talked": ("-comments", "-active_at", "-post_id"),
}
# What may be asked of wishes, and of lists in which there is talk; the first of each is the plain one.
OF_WISHES = ("hot", "top", "new", "needs-votes", "unanswered")
OF_TALK = ("active", "new", "talked", "unanswered")
WISHES = (PostKind.SUGGESTION, PostKind.BUG)
TALK = (PostKind.QUESTION, PostKind.DISCUSSION, PostKind.STORY, PostKind.ANNOUNCEMENT)


@dataclass(frozen=True)
class Wanted:
    """What somebody asked a list for; unknown values fall back to the plain list."""

    sort: str = "hot"
    status: str = ""
    board: str = ""
    tag: str = ""
    words: str = ""
    kind: str = ""
    author: str = ""
    everything: bool = False

    @classmethod
    def from_query(cls, query: QueryDict, *, sorts: Sequence[str] = OF_WISHES, kinds: Sequence[str] = WISHES) -> "Wanted":
        """sorts, kinds: what this list knows; the first sort is the one nobody has to ask for."""
        sort, status, kind = query.get("sort", ""), query.get("status", ""), query.get("kind", "")
        return cls(
            sort=sort if sort in sorts else sorts[0],
            status=status if status in STATUSES else "",
            board=query.get("board", "").replace("\x00", "")[:50],
            tag=query.get("tag", "").replace("\x00", "")[:60],
            words=" ".join(query.get("q", "").replace("\x00", "").split())[:120],
            kind=kind if kind in kinds else "",
            author=query.get("author", "").replace("\x00", "")[:40],
            everything=set(kinds) > set(WISHES),
        )

    @property
    def order(self) -> tuple[str, ...]:
        return SORTS[self.sort]

    @property
    def narrows(self) -> bool:
        """Something is filtered by, be it an order that leaves some out."""
        filters = (self.status, self.board, self.tag, self.words, self.kind, self.author)
        return any(filters) or self.sort in ("needs-votes", "unanswered")


def suggestions_for(viewer: Viewer, wanted: Wanted) -> StandingQuerySet:
    """The suggestions the viewer may see, in the wanted board and tag, with the wanted words; any status, any order."""
    return _matching(Standing.objects.visible_to(viewer).listed().suggestions(), wanted)


def posts_for(viewer: Viewer, wanted: Wanted) -> StandingQuerySet:
    """The posts of every kind the viewer may see, as wanted; any order."""
    return _matching(Standing.objects.visible_to(viewer).listed(), wanted)


def _matching(rows: StandingQuerySet, wanted: Wanted) -> StandingQuerySet:
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.board:
        rows = rows.filter(board__slug=wanted.board)
    if wanted.tag:
        rows = rows.filter(post__tags__in=tags_called(wanted.tag))
    if wanted.author:
        rows = rows.filter(post__author__username=wanted.author)
    return saying(rows, wanted.words) if wanted.words else rows


def narrowed(rows: StandingQuerySet, wanted: Wanted) -> StandingQuerySet:
    """Only the wanted status; those that need votes are open ones, and those unanswered are waiting."""
    status = wanted.status or ("open" if wanted.sort == "needs-votes" else "")
    rows = rows.filter(status=status) if status else rows
    return waiting(rows, wanted) if wanted.sort == "unanswered" else rows


def waiting(rows: StandingQuerySet, wanted: Wanted) -> StandingQuerySet:
    """What waits for a word: open wishes the team has not answered, questions and talk to which nobody said anything."""
    # Each of the two has an index of its own; only a list of both pays for both.
    wishes = Q(answered=False, status="open", kind__in=WISHES)
    if not wanted.everything or wanted.kind in WISHES:
        return rows.filter(wishes)
    unheard = Q(answered=False, comments=0, kind__in=[PostKind.QUESTION, PostKind.DISCUSSION])
    return rows.filter(unheard if wanted.kind else unheard | wishes)


def count_by_status(rows: StandingQuerySet) -> dict[str, int]:
    """How many rows there are of each status."""
    return dict(rows.order_by().values_list("status").annotate(number=Count("*")))


def count_by_kind(rows: StandingQuerySet) -> dict[str, int]:
    """How many rows there are of each kind."""
    return dict(rows.order_by().values_list("kind").annotate(number=Count("*")))


def boards_to_visit(viewer: Viewer) -> list[tuple[Board, int]]:
    """The boards the viewer may see, each with the number of its posts of every kind."""
    rows = Standing.objects.visible_to(viewer).listed().order_by()
    counts = dict(rows.values_list("board_id").annotate(number=Count("*")))
    return [(board, counts.get(board.pk, 0)) for board in Board.objects.visible_to(viewer)]


def boards_with_counts(viewer: Viewer) -> list[tuple[Board, int]]:
    """The boards the viewer may see, each with the number of its suggestions."""
    rows = Standing.objects.visible_to(viewer).listed().suggestions().order_by()
    counts = dict(rows.values_list("board_id").annotate(number=Count("*")))
    return [(board, counts.get(board.pk, 0)) for board in Board.objects.visible_to(viewer)]


def tags_of(rows: Iterable[Standing], *, most: int = 12) -> list[Tag]:
    """The tags on these rows, the most used first: where to go from here, without another query."""
    used = Counter(tag for row in rows for tag in row.post.tags.all())
    return [tag for tag, _count in sorted(used.items(), key=lambda pair: (-pair[1], pair[0].name))[:most]]
