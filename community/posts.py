"""Posts are written, edited, moved, hidden, deleted and brought back."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from community import rendering, standing
from community.activity import record
from community.follows import follow_post
from community.joins import Joined, Moment, call_joins
from community.models import Activity, Board, Member, Post, PostKind, PostState, Tag
from community.privileges import Privilege, has, moderates, require, require_moderator
from community.refusals import Conflict, Invalid, NotAllowed
from community.verbs import PostChanged, PostEdited, PostWritten, Verb

SHORTEST_TITLE, LONGEST_TITLE, MOST_TAGS = 4, 160, 5
UNDO_FOR = timedelta(days=14)


def check_title(title: str) -> str:
    """A title that says something, in one line; Han signs say more than letters."""
    line = " ".join(title.split())
    weight = sum(2 if ord(sign) > 0x2E7F else 1 for sign in line)
    if weight < SHORTEST_TITLE:
        raise Invalid(_("Please give it a title of a few words."), fields={"title": _("Please write a few words.")})
    if len(line) > LONGEST_TITLE:
        raise Invalid(_("The title is longer than 160 signs."), fields={"title": _("At most 160 signs; the rest fits below.")})
    return line


def name_tags(names: Iterable[str]) -> list[Tag]:
    """The tags of these names, made where they are new."""
    wanted: dict[str, str] = {}
    for name in (" ".join(name.split()).lstrip("#")[:40] for name in names):
        slug = "-".join("".join(sign if sign.isalnum() else " " for sign in name.lower()).split())[:60]
        if slug:
            wanted.setdefault(slug, name)
    kept = list(wanted.items())[:MOST_TAGS]
    return [Tag.objects.get_or_create(slug=slug, defaults={"name": name})[0] for slug, name in kept]


@transaction.atomic
def write_post(
    *,
    author: Member,
    board: Board,
    kind: str,
    title: str,
    body: str,
    at: datetime,
    tags: Iterable[str] = (),
    extras: Mapping[str, Any] | None = None,
) -> Post:
    """The post stands in its board and its lists, higher apps have joined it, and its author follows it.

    extras: further answers of the form, handed to the joins (e.g. feedback reads `need`).
    Raises Invalid for a text that does not fit, NotAllowed where the board is not open to the author.
    """
    require(author, Privilege.WRITE)
    may_post(author, board, kind)
    text = rendering.check_source(body)
    post = Post(board=board, author=author, kind=kind, title=check_title(title), body=text, created_at=at)
    post.body_html, post.renderer = rendering.render(text), rendering.RENDERER
    post.save()
    post.tags.set(name_tags(tags))
    standing.plant_standing(post)
    follow_post(member=author, post=post, at=at)
    call_joins(Joined(post, Moment.WRITTEN, author, at, extras or {}))
    record(
        Verb.POST_WRITTEN,
        key=f"post_written:{post.pk}",
        actor=author,
        subject=post.pk,
        data=PostWritten(board_id=board.pk, kind=kind, state=post.state),
        at=at,
    )
    return post


def may_post(author: Member, board: Board, kind: str) -> None:
    """The author may write this kind in this board, or NotAllowed or Invalid says why not."""
    if kind not in PostKind.values:
        raise Invalid(_("Please choose what it is."), fields={"kind": _("Please choose one.")})
    if kind == PostKind.ANNOUNCEMENT and not has(author, Privilege.TRIAGE):
        raise NotAllowed(_("Announcements are written by staff."))
    if not Board.objects.open_to(author, "post").filter(pk=board.pk).exists():
        raise NotAllowed(_("This board is not open for your posts. Please choose another one."))


@transaction.atomic
def edit_post(*, post: Post, by: Member, title: str, body: str, at: datetime, tags: Iterable[str] | None = None) -> Post:
    """The post says something else; nothing is recorded where nothing differs."""
    post = _locked(post)
    _may_change(post, by)
    text, line = rendering.check_source(body), check_title(title)
    named = name_tags(tags) if tags is not None else list(post.tags.all())
    if (line, text) == (post.title, post.body) and set(named) == set(post.tags.all()):
        return post
    post.title, post.body, post.body_html, post.edited_at = line, text, rendering.render(text), at
    post.renderer = rendering.RENDERER
    post.save(update_fields=["title", "body", "body_html", "renderer", "edited_at"])
    post.tags.set(named)
    record(
        Verb.POST_EDITED,
        key=f"post_edited:{post.pk}:{at.isoformat()}",
        actor=by,
        subject=post.pk,
        data=PostEdited(board_id=post.board_id, kind=post.kind),
        at=at,
    )
    return post


@transaction.atomic
def delete_post(*, post: Post, by: Member, at: datetime) -> Post:
    """The post is gone from every page; its author or staff can bring it back for 14 days."""
    post = _locked(post)
    _may_change(post, by)
    return _change(post, PostState.DELETED, Moment.DELETED, by, at)


@transaction.atomic
def hide_post(*, post: Post, by: Member, at: datetime) -> Post:
    """Only the author and those who moderate still see the post."""
    require_moderator(by, post.board_id)
    return _change(_locked(post), PostState.HIDDEN, Moment.HIDDEN, by, at)


@transaction.atomic
def restore_post(*, post: Post, by: Member, at: datetime) -> Post:
    """The post is shown again as if it had never been away; what a moderator hid before its author took it back stays hidden."""
    post = _locked(post)
    if post.state != PostState.DELETED:
        require_moderator(by, post.board_id)
        return _change(post, PostState.VISIBLE, Moment.RESTORED, by, at)
    _may_change(post, by)
    if moderates(by, post.board_id):
        return _change(post, PostState.VISIBLE, Moment.RESTORED, by, at)
    deleted = _told_of(post).filter(data__state=PostState.DELETED).values_list("at", flat=True).first()
    if deleted is not None and at - deleted > UNDO_FOR:
        raise Conflict(_("It was taken back more than 14 days ago. Please write to a moderator."))
    return _change(post, _state_before_deletion(post), Moment.RESTORED, by, at)


@transaction.atomic
def move_post(*, post: Post, board: Board, by: Member, at: datetime) -> Post:
    """The post stands in another board, with its votes and comments."""
    post = _locked(post)
    require_moderator(by, post.board_id)
    require_moderator(by, board.pk)
    if post.board_id == board.pk:
        return post
    post.board = board
    post.save(update_fields=["board"])
    return _settle(post, Moment.MOVED, by, at)


@transaction.atomic
def convert_post(*, post: Post, kind: str, by: Member, at: datetime) -> Post:
    """The post is of another kind and keeps its text, comments and followers."""
    post = _locked(post)
    require_moderator(by, post.board_id)
    if post.kind == kind:
        return post
    may_post(by, post.board, kind)
    post.kind = kind
    post.save(update_fields=["kind"])
    return _settle(post, Moment.CONVERTED, by, at)


def _locked(post: Post) -> Post:
    return Post.objects.select_for_update(no_key=True, of=("self",)).select_related("board", "author").get(pk=post.pk)


def _state_before_deletion(post: Post) -> PostState:
    last = _told_of(post).exclude(data__state=PostState.DELETED).values_list("data__state", flat=True).first()
    return PostState(last or PostState.VISIBLE)


def _told_of(post: Post) -> QuerySet[Activity]:
    """What happened to the post as a whole, the newest first."""
    told = Activity.objects.filter(subject_id=post.pk, verb__in=[Verb.POST_WRITTEN, Verb.POST_CHANGED])
    return told.order_by("-pk")


def _may_change(post: Post, by: Member) -> None:
    if post.author_id != by.pk and not moderates(by, post.board_id):
        raise NotAllowed(_("Only its author can change this."))


def _change(post: Post, state: PostState, moment: Moment, by: Member, at: datetime) -> Post:
    if post.state == state:
        raise Conflict(_("That was done already."))
    post.state = state
    post.save(update_fields=["state"])
    return _settle(post, moment, by, at)


def _settle(post: Post, moment: Moment, by: Member, at: datetime) -> Post:
    standing.refresh_standing(post)
    call_joins(Joined(post, moment, by, at))
    record(
        Verb.POST_CHANGED,
        key=f"post_changed:{post.pk}:{moment}:{at.isoformat()}",
        actor=by,
        subject=post.pk,
        data=PostChanged(moment=moment, board_id=post.board_id, kind=post.kind, state=post.state),
        at=at,
    )
    return post
