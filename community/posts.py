"""Posts are written, edited, moved, hidden, deleted and brought back."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from community import rendering, screening, standing
from community.activity import record
from community.dressing import dress
from community.follows import follow_post
from community.joins import Joined, Moment, call_joins
from community.languages import guess_language, language_after
from community.models import Activity, Board, Language, Member, Post, PostKind, PostState
from community.privileges import Privilege, has, moderates, require, require_moderator
from community.refusals import Conflict, Invalid, NotAllowed
from community.screening import Manner
from community.tags import name_tags
from community.traces import untraced
from community.verbs import PostChanged, PostEdited, PostHeld, PostWritten, Verb
from community.writing.conversions import require_conversion
from community.writing.revisions import remember, revise

SHORTEST_TITLE, LONGEST_TITLE = 4, 160
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
    manner: Manner | None = None,
) -> Post:
    """The post stands in its board and its lists, higher apps have joined it, and its author follows it.

    Or it is held: then only its author and those who moderate see it, and it is on record as written once it is released.
    extras: further answers of the form, handed to the joins (e.g. feedback reads `need`).
    manner: how it came in; None from our own programs, whose texts are not screened.
    Raises Invalid for a text that does not fit, NotAllowed where the board is not open to the author.
    """
    require(author, Privilege.WRITE)
    may_post(author, board, kind)
    text = rendering.check_source(body)
    post = Post(board=board, author=author, kind=kind, title=check_title(title), body=text, created_at=at)
    post.body_html, post.renderer = rendering.render(text), rendering.RENDERER
    post.language = guess_language(f"{post.title}\n{text}")
    doubt = screening.screen(screening.Text(author, board, kind, post.title, text, at, manner)) if manner else None
    post.state = PostState.HELD if doubt else PostState.VISIBLE
    post.save()
    dress(post, by=author, at=at, fresh=True)
    post.tags.set(name_tags(tags))
    standing.plant_standing(post)
    follow_post(member=author, post=post, at=at)
    call_joins(Joined(post, Moment.WRITTEN, author, at, extras or {}))
    if doubt is None:
        _record_written(post, at)
        return post
    screening.keep_hold(post, doubt, at=at, fresh=True, extras=extras)
    fact = PostHeld(board_id=board.pk, kind=kind, state=post.state, reasons=list(doubt.reasons))
    record(Verb.POST_HELD, key=f"post_held:{post.pk}", actor=author, subject=post.pk, data=fact, at=at)
    return post


def _record_written(post: Post, at: datetime) -> None:
    fact = PostWritten(board_id=post.board_id, kind=post.kind, state=post.state)
    record(Verb.POST_WRITTEN, key=f"post_written:{post.pk}", actor=post.author, subject=post.pk, data=fact, at=at)


def may_post(author: Member, board: Board, kind: str) -> None:
    """The author may write this kind in this board, or NotAllowed or Invalid says why not."""
    if kind not in PostKind.values:
        raise Invalid(_("Please choose what it is."), fields={"kind": _("Please choose one.")})
    if kind == PostKind.ANNOUNCEMENT and not has(author, Privilege.TRIAGE):
        raise NotAllowed(_("Announcements are written by staff."))
    if not Board.objects.open_to(author, "post").filter(pk=board.pk).exists():
        raise NotAllowed(_("This board is not open for your posts. Please choose another one."))


@transaction.atomic
def edit_post(
    *, post: Post, by: Member, title: str, body: str, at: datetime, tags: Iterable[str] | None = None, reason: str = "",
    manner: Manner | None = None,
) -> Post:  # fmt: skip
    """The post says something else, and what it said before is kept; nothing is recorded where nothing differs.

    What it says now may have to wait. reason: why it was changed, for everybody to read.
    """
    require(by, Privilege.WRITE)
    post = _locked(post)
    _may_change(post, by)
    text, line = rendering.check_source(body), check_title(title)
    named = name_tags(tags) if tags is not None else list(post.tags.all())
    if (line, text) == (post.title, post.body) and set(named) == set(post.tags.all()):
        return post
    told = screening.Text(by, post.board, post.kind, line, text, at, manner, post) if manner else None
    doubt = screening.screen(told) if told else None
    remember(post)
    post.language = language_after(post.language, before=f"{post.title}\n{post.body}", now=f"{line}\n{text}")
    post.title, post.body, post.edited_at = line, text, at
    post.body_html, post.renderer = rendering.render(text), rendering.RENDERER
    post.save(update_fields=["title", "body", "body_html", "renderer", "edited_at", "language"])
    dress(post, by=by, at=at)
    post.tags.set(named)
    revision = revise(post, by=by, at=at, reason=reason)
    record(
        Verb.POST_EDITED,
        key=f"post_edited:{post.pk}:{at.isoformat()}",
        actor=by,
        subject=post.pk,
        data=PostEdited(board_id=post.board_id, kind=post.kind, revision=revision.number),
        at=at,
    )
    return hold_post(post=post, why=doubt, at=at) if doubt and post.state in (PostState.VISIBLE, PostState.HELD) else post


@transaction.atomic
def hold_post(*, post: Post, why: screening.Answer, at: datetime) -> Post:
    """The post waits for a moderator; until then only its author and those who moderate see it."""
    post = _locked(post)
    if post.state not in (PostState.VISIBLE, PostState.HELD):
        raise Conflict(_("That was done already."))
    screening.keep_hold(post, why, at=at, fresh=False)
    return post if post.state == PostState.HELD else _change(post, PostState.HELD, Moment.HELD, post.author, at)


@transaction.atomic
def release_post(*, post: Post, by: Member, at: datetime) -> Post:
    """The post stands as if it were written now, and whatever writing brings about is brought about.

    Raises Conflict where it does not wait any more.
    """
    require_moderator(by, post.board_id)
    post = _locked(post)
    screening.take_hold(post, at=at)
    return _show(post, by, at)


@transaction.atomic
def decline_post(*, post: Post, by: Member, at: datetime) -> Post:
    """The post waits no longer and is hidden. Raises Conflict where it does not wait any more."""
    require_moderator(by, post.board_id)
    post = _locked(post)
    screening.take_hold(post, at=at)
    return _change(post, PostState.HIDDEN, Moment.HIDDEN, by, at)


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
        return _show(post, by, at)
    _may_change(post, by)
    # Who keeps the board is, with their own text, its author: what a colleague hid stays hidden.
    if post.author_id != by.pk and moderates(by, post.board_id):
        return _show(post, by, at)
    deleted = _told_of(post).filter(data__state=PostState.DELETED).values_list("at", flat=True).first()
    if deleted is not None and at - deleted > UNDO_FOR:
        raise Conflict(_("It was taken back more than 14 days ago. Please write to a moderator."))
    return _change(post, _state_before_deletion(post), Moment.RESTORED, by, at)


@transaction.atomic
def move_post(*, post: Post, board: Board, by: Member, at: datetime) -> Post:
    """The post stands in another board, with its votes and comments; moving it back is the undoing.

    Raises NotAllowed for whoever does not keep both boards; higher apps raise Conflict where it would tell too much.
    """
    post = _locked(post)
    require_moderator(by, post.board_id)
    require_moderator(by, board.pk)
    if post.board_id == board.pk:
        return post
    was, post.board = post.board_id, board
    post.save(update_fields=["board"])
    return _settle(post, Moment.MOVED, by, at, was=str(was))


@transaction.atomic
def convert_post(*, post: Post, kind: str, by: Member, at: datetime) -> Post:
    """The post is of another kind and keeps text, comments, followers, history; converting it back is the undoing.

    Raises NotAllowed for whoever keeps no such board, but for an author whose post nobody has answered yet.
    """
    post = _locked(post)
    require(by, Privilege.WRITE)
    if post.kind == kind:
        return post
    require_conversion(by, post, kind)
    was, post.kind = post.kind, PostKind(kind)
    post.save(update_fields=["kind"])
    return _settle(post, Moment.CONVERTED, by, at, was=str(was))


@transaction.atomic
def name_language(*, post: Post, language: str, by: Member) -> Post:
    """The post is read out, set in type and listed in this language, whatever was guessed."""
    post = _locked(post)
    require_moderator(by, post.board_id)
    if language not in Language.values:
        raise Invalid(_("Please choose one of the languages."), fields={"language": _("Please choose one.")})
    post.language = language
    post.save(update_fields=["language"])
    return post


def _locked(post: Post) -> Post:
    return Post.objects.select_for_update(no_key=True, of=("self",)).select_related("board", "author").get(pk=post.pk)


def _state_before_deletion(post: Post) -> PostState:
    last = _told_of(post).exclude(data__state=PostState.DELETED).values_list("data__state", flat=True).first()
    return PostState(last or PostState.VISIBLE)


def _told_of(post: Post) -> QuerySet[Activity]:
    """What happened to the post as a whole, the newest first."""
    told = Activity.objects.filter(subject_id=post.pk, verb__in=[Verb.POST_HELD, Verb.POST_WRITTEN, Verb.POST_CHANGED])
    return told.order_by("-pk")


def _may_change(post: Post, by: Member) -> None:
    if post.author_id != by.pk and not moderates(by, post.board_id):
        raise NotAllowed(_("Only its author can change this."))


def _show(post: Post, by: Member, at: datetime) -> Post:
    """The locked post is shown; one that was never shown counts as written at this moment, by its author."""
    if not Activity.objects.filter(key=f"post_held:{post.pk}").exists() or _was_written(post):
        return _change(post, PostState.VISIBLE, Moment.RESTORED, by, at)
    screening.settle_holds(post, at=at)
    post.created_at, post.state = at, PostState.VISIBLE
    post.save(update_fields=["created_at", "state"])
    _settle(post, Moment.RELEASED, by, at, screening.extras_of(post))
    # Who sits before the screen now is a moderator; their traces are not the author's.
    with untraced():
        _record_written(post, at)
    return post


def _was_written(post: Post) -> bool:
    return Activity.objects.filter(key=f"post_written:{post.pk}").exists()


def _change(post: Post, state: PostState, moment: Moment, by: Member, at: datetime) -> Post:
    if post.state == state:
        raise Conflict(_("That was done already."))
    if state in (PostState.VISIBLE, PostState.HIDDEN):
        screening.settle_holds(post, at=at)
    post.state = state
    post.save(update_fields=["state"])
    return _settle(post, moment, by, at)


def _settle(
    post: Post, moment: Moment, by: Member, at: datetime, extras: Mapping[str, Any] | None = None, *, was: str = ""
) -> Post:
    standing.refresh_standing(post)
    if moment == Moment.CONVERTED:
        standing.settle_answered(post.pk)
    call_joins(Joined(post, moment, by, at, extras or {}))
    record(
        Verb.POST_CHANGED,
        key=f"post_changed:{post.pk}:{moment}:{at.isoformat()}",
        actor=by,
        subject=post.pk,
        data=PostChanged(moment=moment, board_id=post.board_id, kind=post.kind, state=post.state, was=was),
        at=at,
    )
    return post
