"""The talk under a post as its readers see it: threads of two levels, with what the reader agreed to."""

from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, Q

from community.models import Comment, Post, PostState, Reaction
from community.models.board import Viewer
from community.paging import take_page

THREADS = 30
ORDERS = {"best": ("-agrees", "created_at", "id"), "new": ("-created_at", "-id")}


@dataclass
class Thread:
    """A comment with its answers. `gone`: only its answers are left to read."""

    comment: Comment
    gone: bool = False
    answers: list["Thread"] = field(default_factory=list)
    agreed: bool = False


@dataclass(frozen=True)
class Talk:
    """One page of threads; `after` asks for the next."""

    threads: list[Thread]
    order: str
    after: int | None


def read_talk(post: Post, viewer: Viewer, *, order: str = "best", after: str = "") -> Talk:
    """The threads under the post that the viewer may read, in four queries however many they are."""
    order = order if order in ORDERS else "best"
    shown = Comment.objects.visible_to(viewer).filter(post=post)
    answered = shown.filter(parent=OuterRef("pk"), state=PostState.VISIBLE)
    roots = Comment.objects.filter(post=post, parent__isnull=True).filter(Q(pk__in=shown.values("pk")) | Exists(answered))
    page = take_page(roots.select_related("author"), order=ORDERS[order], after=after, size=THREADS)
    answers = shown.filter(parent__in=page.rows).select_related("author").oldest_first()
    by_root = defaultdict(list)
    for answer in answers:
        by_root[answer.parent_id].append(answer)
    agreed = _agreed(viewer, [*page.rows, *answers])
    # A root that only its answers keep on the page stands there without its words.
    readable = {root.pk for root in page.rows if root.state == PostState.VISIBLE}
    if doubtful := [root.pk for root in page.rows if root.pk not in readable]:
        readable |= set(shown.filter(pk__in=doubtful).values_list("pk", flat=True))
    threads = [
        Thread(
            root, root.pk not in readable, [Thread(one, agreed=one.pk in agreed) for one in by_root[root.pk]], root.pk in agreed
        )
        for root in page.rows
    ]
    return Talk(threads, order, page.after)


def _agreed(viewer: Viewer, comments: list[Comment]) -> set[int]:
    if viewer is None or not viewer.is_authenticated or not comments:
        return set()
    signs = Reaction.objects.filter(member_id=viewer.pk, sign="agree", comment__in=comments)
    return set(signs.values_list("comment_id", flat=True))
