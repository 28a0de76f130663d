"""What can be reported and decided about. Other areas register their own kinds; queue, reports and log then know them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeVar

from django.db.models import QuerySet

from community.comments import hide_comment, restore_comment
from community.models import Comment, Member, Post, PostState
from community.models.board import Viewer
from community.posts import hide_post, restore_post


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


class Turn(Protocol):
    """Hides a thing, or shows it again."""

    def __call__(self, thing: Any, *, by: Member, at: datetime, why: str) -> Any: ...


@dataclass(frozen=True)
class Kind:
    """How one kind of thing is found, hidden and shown again.

    seen: those the viewer may see; every: all of them, for moderators; shown: those everybody sees who may see the place.
    What has no `hide` cannot be hidden.
    """

    seen: Callable[[Viewer], QuerySet[Any]]
    every: Callable[[], QuerySet[Any]]
    told: Callable[[Any], Target]
    shown: Callable[[], QuerySet[Any]] | None = None
    hide: Turn | None = None
    restore: Turn | None = None


Tell = TypeVar("Tell", bound=Callable[[Any], Target])
REGISTER: dict[str, Kind] = {}


def targets(
    kind: str,
    *,
    seen: Callable[[Viewer], QuerySet[Any]],
    every: Callable[[], QuerySet[Any]],
    shown: Callable[[], QuerySet[Any]] | None = None,
    hide: Turn | None = None,
    restore: Turn | None = None,
) -> Callable[[Tell], Tell]:
    """The function tells what care needs to know of one thing of this kind: `told(thing) -> Target`."""

    def register(told: Tell) -> Tell:
        REGISTER[kind] = Kind(seen, every, told, shown, hide, restore)
        return told

    return register


@targets(
    "post",
    seen=lambda viewer: Post.objects.visible_to(viewer).select_related("author", "board"),
    every=lambda: Post.objects.select_related("author", "board"),
    shown=lambda: Post.objects.filter(state=PostState.VISIBLE),
    hide=lambda post, *, by, at, why: hide_post(post=post, by=by, at=at),
    restore=lambda post, *, by, at, why: restore_post(post=post, by=by, at=at),
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
    shown=lambda: Comment.objects.filter(state=PostState.VISIBLE),
    hide=lambda comment, *, by, at, why: hide_comment(comment=comment, by=by, at=at),
    restore=lambda comment, *, by, at, why: restore_comment(comment=comment, by=by, at=at),
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
