"""What can be reported and decided about. Other areas register their own kinds; queue, reports and log then know them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import QuerySet

from community.models import Comment, Member, Post, PostState
from community.models.board import Viewer


@dataclass(frozen=True)
class Target:
    """One thing, as care needs it. words: what it says, in plain text; shown: whether everybody sees it now."""

    kind: str
    id: int
    author: Member
    board_id: int | None
    title: str
    words: str
    html: str
    url: str
    state: str
    thing: Any

    @property
    def shown(self) -> bool:
        return self.state == PostState.VISIBLE


@dataclass(frozen=True)
class Kind:
    """How one kind of thing is found. seen: those the viewer may see; every: all of them, for moderators."""

    seen: Callable[[Viewer], QuerySet[Any]]
    every: Callable[[], QuerySet[Any]]
    told: Callable[[Any], Target]


Tell = TypeVar("Tell", bound=Callable[[Any], Target])
REGISTER: dict[str, Kind] = {}


def targets(
    kind: str, *, seen: Callable[[Viewer], QuerySet[Any]], every: Callable[[], QuerySet[Any]]
) -> Callable[[Tell], Tell]:
    """The function tells what care needs to know of one thing of this kind: `told(thing) -> Target`."""

    def register(told: Tell) -> Tell:
        REGISTER[kind] = Kind(seen, every, told)
        return told

    return register


@targets(
    "post",
    seen=lambda viewer: Post.objects.visible_to(viewer).select_related("author", "board"),
    every=lambda: Post.objects.select_related("author", "board"),
)
def told_of_post(post: Post) -> Target:
    return Target(
        "post",
        post.pk,
        post.author,
        post.board_id,
        post.title,
        post.body,
        post.body_html,
        post.get_absolute_url(),
        post.state,
        post,
    )


@targets(
    "comment",
    seen=lambda viewer: Comment.objects.visible_to(viewer).select_related("author", "post__board"),
    every=lambda: Comment.objects.select_related("author", "post__board"),
)
def told_of_comment(comment: Comment) -> Target:
    return Target(
        "comment", comment.pk, comment.author, comment.post.board_id, comment.post.title, comment.body, comment.body_html,
        comment.get_absolute_url(), comment.state, comment,
    )  # fmt: skip


@targets(
    "member",
    seen=lambda _viewer: Member.objects.open().filter(claimed_at__isnull=False),
    every=lambda: Member.objects.all(),
)
def told_of_member(member: Member) -> Target:
    state = PostState.VISIBLE if member.closed_at is None else PostState.DELETED
    return Target("member", member.pk, member, None, str(member), member.bio, "", member.get_absolute_url(), state, member)


def find_target(viewer: Viewer, kind: str, target_id: int) -> Target | None:
    """The thing, as far as the viewer may see it."""
    known = REGISTER.get(kind)
    thing = known.seen(viewer).filter(pk=target_id).first() if known else None
    return known.told(thing) if known and thing is not None else None


def load_targets(wanted: Iterable[tuple[str, int]]) -> dict[tuple[str, int], Target]:
    """All these things, whoever may see them: one query per kind."""
    by_kind: dict[str, set[int]] = {}
    for kind, pk in wanted:
        by_kind.setdefault(kind, set()).add(pk)
    return {
        (kind, thing.pk): REGISTER[kind].told(thing)
        for kind, ids in by_kind.items()
        if kind in REGISTER
        for thing in REGISTER[kind].every().filter(pk__in=ids)
    }
