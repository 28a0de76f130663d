"""The talk under a post as its readers see it: threads of two levels, paged both ways, with the signs left on them.

Any comment has an address that shows the page it stands on; a long chain of answers shows its beginning, or the answers
around the one that is asked for, and the way to the others.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from community.blocks import hidden_from
from community.models import Comment, Post, PostState
from community.models.board import Viewer
from community.models.conversation import CommentQuerySet
from community.paging import Page, take_around, take_page, take_page_before
from community.reactions import NO_SIGNS, Signed, signs_on_comments

THREADS = 30
ANSWERS, MORE_ANSWERS = 4, 30  # shown of a chain at first, and with each further press
SPARED = 2  # so few are shown at once rather than hidden behind a press
ORDERS = {"best": ("-agrees", "created_at", "id"), "new": ("-created_at", "-id"), "old": ("created_at", "id")}
OLDEST = ORDERS["old"]


@dataclass
class Thread:
    """A comment with its answers. `gone`: only its answers are left to read.

    total: how many answers there are; earlier, later: ids to ask for the answers ahead of and behind those shown.
    fresh: said since the reader was last here; wanted: the one whose address was asked for. folded: by somebody whom the
    reader muted or blocked; shown at a press.
    """

    comment: Comment
    gone: bool = False
    answers: list["Thread"] = field(default_factory=list)
    signs: Sequence[Signed] = NO_SIGNS
    total: int = 0
    earlier: int | None = None
    later: int | None = None
    fresh: bool = False
    wanted: bool = False
    folded: bool = False

    @property
    def agreed(self) -> bool:
        return self.signs[0].mine

    @property
    def hidden(self) -> int:
        """How many answers wait behind a press."""
        return max(self.total - len(self.answers), 0)


@dataclass(frozen=True)
class Talk:
    """One page of threads; `after` asks for the next, `before` for the one ahead."""

    threads: list[Thread]
    order: str
    after: int | None
    before: int | None = None

    @property
    def everybody(self) -> list[Comment]:
        """Every comment on the page."""
        return [one.comment for thread in self.threads for one in (thread, *thread.answers)]


@dataclass(frozen=True)
class Place:
    """Where in the talk the reader wants to be: behind or ahead of a thread, at a comment; since: what they have read."""

    after: str = ""
    before: str = ""
    comment: str = ""
    since: int | None = None


def read_talk(post: Post, viewer: Viewer, *, order: str = "best", after: str = "", place: Place | None = None) -> Talk:
    """The threads under the post that the viewer may read, in a fixed number of queries however many they are."""
    order, place = order if order in ORDERS else "best", place or Place(after=after)
    shown = Comment.objects.visible_to(viewer).filter(post=post)
    answered = shown.filter(parent=OuterRef("pk"), state=PostState.VISIBLE)
    roots = Comment.objects.filter(post=post, parent__isnull=True).filter(Q(pk__in=shown.values("pk")) | Exists(answered))
    wanted = find_wanted(shown, place.comment)
    page = _page_of_roots(roots.select_related("author"), order, place, wanted)
    threads = _threads(page.rows, shown)
    if wanted is not None and wanted.parent_id:
        _show_answer(threads, wanted, shown)
    return Talk(_marked(threads, viewer, place, wanted), order, page.after, page.before)


def find_wanted(shown: CommentQuerySet, wish: str) -> Comment | None:
    """The comment an address asks for, if the reader may see it."""
    return shown.filter(pk=int(wish[:18])).select_related("parent").first() if wish.isdecimal() else None


def read_answers(root: Comment, viewer: Viewer, *, after: str = "", before: str = "") -> Thread:
    """One page of the answers in one thread, oldest first, as a thread of their own."""
    shown = Comment.objects.visible_to(viewer).filter(post=root.post_id)
    chain = shown.filter(parent=root).select_related("author")
    page = (
        take_page_before(chain, order=OLDEST, before=before, size=MORE_ANSWERS)
        if before
        else take_page(chain, order=OLDEST, after=after, size=MORE_ANSWERS)
    )
    readable = root.state == PostState.VISIBLE or shown.filter(pk=root.pk).exists()
    thread = Thread(root, gone=not readable, answers=[Thread(one) for one in page.rows], total=chain.count())
    thread.earlier, thread.later = page.before, page.after
    return _marked([thread], viewer, Place(), None)[0]


def _page_of_roots(roots: QuerySet[Comment], order: str, place: Place, wanted: Comment | None) -> Page[Comment]:
    if place.before:
        return take_page_before(roots, order=ORDERS[order], before=place.before, size=THREADS)
    if wanted is not None and not place.after:
        # A little of what stands ahead, so that nobody lands in the middle of nowhere.
        pivot = wanted.parent or wanted
        first = take_page(roots, order=ORDERS[order], size=THREADS)
        return first if pivot in first.rows else take_around(roots, pivot, order=ORDERS[order], size=THREADS)
    return take_page(roots, order=ORDERS[order], after=place.after, size=THREADS)


def _threads(roots: Sequence[Comment], shown: CommentQuerySet) -> list[Thread]:
    """Each root with the beginning of its chain of answers."""
    ranked = shown.filter(parent__in=roots).annotate(
        place=Window(RowNumber(), partition_by=F("parent_id"), order_by=["created_at", "id"]),
        total=Window(Count("*"), partition_by=F("parent_id")),
    )
    beginnings = ranked.filter(Q(place__lte=ANSWERS) | Q(total__lte=ANSWERS + SPARED))
    by_root = defaultdict(list)
    for answer in beginnings.select_related("author").order_by("created_at", "pk"):
        by_root[answer.parent_id].append(answer)
    # A root that only its answers keep on the page stands there without its words.
    readable = {root.pk for root in roots if root.state == PostState.VISIBLE}
    if doubtful := [root.pk for root in roots if root.pk not in readable]:
        readable |= set(shown.filter(pk__in=doubtful).values_list("pk", flat=True))
    return [_thread(root, by_root[root.pk], gone=root.pk not in readable) for root in roots]


def _thread(root: Comment, answers: Sequence[Comment], *, gone: bool) -> Thread:
    total = getattr(answers[0], "total", len(answers)) if answers else 0
    later = answers[-1].pk if total > len(answers) else None
    return Thread(root, gone=gone, answers=[Thread(one) for one in answers], total=total, later=later)


def _show_answer(threads: Iterable[Thread], wanted: Comment, shown: CommentQuerySet) -> None:
    """The chain of the wanted answer shows it, with its neighbours."""
    for thread in threads:
        if thread.comment.pk == wanted.parent_id and wanted not in [answer.comment for answer in thread.answers]:
            chain = shown.filter(parent=thread.comment).select_related("author")
            page = take_around(chain, wanted, order=OLDEST, size=MORE_ANSWERS)
            thread.answers = [Thread(one) for one in page.rows]
            thread.earlier, thread.later = page.before, page.after


def _marked(threads: list[Thread], viewer: Viewer, place: Place, wanted: Comment | None) -> list[Thread]:
    """Every comment with its signs, and with what is new or asked for."""
    everybody = [one for thread in threads for one in (thread, *thread.answers)]
    signs = signs_on_comments([one.comment.pk for one in everybody], viewer)
    me = viewer.pk if viewer is not None else None
    unread = hidden_from([me])[me] if me else set()

    def mark(one: Thread) -> Thread:
        comment = one.comment
        fresh = place.since is not None and comment.pk > place.since and comment.author_id != me
        asked, folded = wanted is not None and comment.pk == wanted.pk, comment.author_id in unread
        return replace(one, signs=signs[comment.pk], fresh=fresh and not folded, wanted=asked, folded=folded)

    return [replace(mark(thread), answers=[mark(answer) for answer in thread.answers]) for thread in threads]
