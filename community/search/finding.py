"""Finding: what somebody may see of what says their words, one page at a time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from django.db.models import QuerySet
from django.utils.html import escape
from django.utils.safestring import SafeString

from community.models import Board, Comment, Member, Standing
from community.models.board import Viewer
from community.models.standing import StandingQuerySet
from community.search import ranking
from community.search.lexemes import facet
from community.search.passages import Marker
from community.search.question import Question, weigh
from community.search.ranking import Candidates, Ranked
from community.search.wanted import Wanted

PAGE = 20
# Counting goes on this far; beyond it a page says "more than".
COUNTED = 100
# Fewer than these say all of it: then those that say most of it are shown as well.
FEW = 3
CHUNK = 150
Place = tuple[int, int]  # rank and id, turned round: the best is the smallest


@dataclass(frozen=True)
class Hit:
    """A post that says it, or whose comment does. more: how many comments of it say it besides."""

    row: Standing
    comment: Comment | None
    title: SafeString
    passage: SafeString
    more: int = 0

    @property
    def url(self) -> str:
        """The comment where it was said there, else the post."""
        url = self.row.post.get_absolute_url()
        return f"{url}#comment-{self.comment.pk}" if self.comment else url

    @property
    def written_at(self) -> datetime:
        return self.comment.created_at if self.comment else self.row.created_at


@dataclass(frozen=True)
class Found:
    """One page of what was found.

    count: posts, counted up to 100; exact: whether there are no more. after: what the next page is asked with, or "".
    loose: some of them say most of it and not all. instead: words as typed → words that were looked for as well.
    """

    hits: list[Hit] = field(default_factory=list)
    count: int = 0
    exact: bool = True
    after: str = ""
    loose: bool = False
    instead: dict[str, str] = field(default_factory=dict)
    says_nothing: bool = False


@dataclass
class _Best:
    """The best entry of a post, and how many more of its entries were found."""

    entry: Ranked
    more: int = 0


def find(viewer: Viewer, wanted: Wanted, *, after: str = "", size: int = PAGE, typing: bool = False) -> Found:
    """What the viewer may see of it, the best or the newest first; a post with its comments is one hit.

    after: `Found.after` of the page before. typing: the last word may be only its beginning.
    """
    facets = _facets(viewer, wanted)
    if wanted.is_empty or facets is None:
        return Found()
    question = weigh(wanted.words, typing=typing)
    if wanted.words and not question.parts and not question.asked.phrases:
        return Found(says_nothing=True)
    posts, loose, whole = _posts(viewer, wanted, question, facets, _asked(after) if after else None, size)
    best = list(posts.values())
    page = [one for one in best if not after or _place(one.entry) > _asked(after)]
    shown = page[:size]
    rest = len(page) > size
    return Found(
        hits=_hits(viewer, shown, question),
        count=min(len(best), COUNTED),
        exact=len(best) <= COUNTED and whole,
        after=_written(shown[-1].entry) if rest else "",
        loose=loose,
        instead=dict(question.instead),
    )


def _posts(
    viewer: Viewer, wanted: Wanted, question: Question, facets: Sequence[str], after: Place | None, size: int
) -> tuple[dict[int, _Best], bool, bool]:
    """The posts to show with their best entries, whether the question was loosened, and whether nothing was left out."""
    candidates = ranking.strict(question, wanted, facets)
    posts = _seen(viewer, wanted, candidates, after, size)
    if len(posts) >= FEW or len(question.parts) < 2:
        return posts, False, candidates.whole
    more = _seen(viewer, wanted, ranking.loose(question, wanted, facets), after, size)
    # Those that say all of it stay in front.
    return posts | {pk: best for pk, best in more.items() if pk not in posts}, len(more) > len(posts), True


def _place(entry: Ranked) -> Place:
    return -entry.rank, -entry.pk


def _written(entry: Ranked) -> str:
    return f"{entry.rank}.{entry.pk}"


def _asked(after: str) -> Place:
    rank, _, pk = after[:40].partition(".")
    return (-int(rank), -int(pk)) if rank.removeprefix("-").isdecimal() and pk.isdecimal() else (-(10**18), 0)


def _facets(viewer: Viewer, wanted: Wanted) -> list[str] | None:
    """What narrows the search, as lexemes; None where there is nothing of that name for the viewer."""
    facets = [facet("kind", wanted.kind)] if wanted.kind else []
    facets += [facet("tag", wanted.tag)] if wanted.tag else []
    named: tuple[tuple[str, QuerySet], ...] = (
        ("board", Board.objects.visible_to(viewer).filter(slug=wanted.board) if wanted.board else Board.objects.none()),
        ("by", Member.objects.open().filter(username=wanted.author) if wanted.author else Member.objects.none()),
    )
    for (name, rows), asked in zip(named, (wanted.board, wanted.author), strict=True):
        if asked:
            pk = rows.values_list("pk", flat=True).first()
            if pk is None:
                return None
            facets.append(facet(name, pk))
    return facets


def shown_to(viewer: Viewer, wanted: Wanted) -> StandingQuerySet:
    """The posts a search may show: what the index said of board, kind and status is held against what is true now."""
    rows = Standing.objects.visible_to(viewer)
    if wanted.board:
        rows = rows.filter(board__slug=wanted.board)
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.status:
        rows = rows.filter(status=wanted.status)
    return rows.filter(answered=True) if wanted.answered else rows


def _seen(viewer: Viewer, wanted: Wanted, candidates: Candidates, after: Place | None, size: int) -> dict[int, _Best]:
    """The best entry of each post that the viewer may see, in order, until there are enough to count and to show."""
    posts: dict[int, _Best] = {}
    for chunk in _chunks(candidates.entries):
        beyond = posts.values() if after is None else [one for one in posts.values() if _place(one.entry) > after]
        if len(posts) > COUNTED and len(beyond) > size:
            break
        shown = set(shown_to(viewer, wanted).filter(pk__in={one.post_id for one in chunk}).values_list("pk", flat=True))
        asked = {one.comment_id for one in chunk if one.comment_id and one.post_id in shown}
        said = set(_comments(viewer).filter(pk__in=asked).values_list("pk", flat=True)) if asked else set()
        for one in chunk:
            if one.post_id in shown and (not one.comment_id or one.comment_id in said):
                if one.post_id in posts:
                    posts[one.post_id].more += bool(one.comment_id)
                else:
                    posts[one.post_id] = _Best(one)
    return posts


def _comments(viewer: Viewer) -> QuerySet[Comment]:
    return Comment.objects.visible_to(viewer).filter(state="visible")


def _chunks(entries: Sequence[Ranked]) -> Iterator[list[Ranked]]:
    waiting = iter(entries)
    while chunk := list(islice(waiting, CHUNK)):
        yield chunk


def _hits(viewer: Viewer, shown: Sequence[_Best], question: Question) -> list[Hit]:
    rows = Standing.objects.visible_to(viewer).with_posts().in_bulk([one.entry.post_id for one in shown])
    comments = (
        _comments(viewer).select_related("author").in_bulk([one.entry.comment_id for one in shown if one.entry.comment_id])
    )
    marker = Marker(question.lexemes, question.beginnings)
    hits = []
    for one in shown:
        row, comment = rows.get(one.entry.post_id), comments.get(one.entry.comment_id)
        if row is None or (one.entry.comment_id and comment is None):
            continue
        said = comment or row.post
        source = said.body_html or escape(said.body)
        hits.append(Hit(row, comment, marker.marked(row.post.title), marker.passage(source), one.more))
    return hits
