"""Comments are written, edited and deleted."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from community import rendering, screening, standing
from community.activity import record
from community.dressing import dress
from community.follows import follow_post
from community.models import Activity, Board, Comment, Member, Post, PostKind, PostState
from community.posts import UNDO_FOR
from community.privileges import Privilege, moderates, require, require_moderator
from community.refusals import Conflict, Invalid, NotAllowed
from community.screening import Manner
from community.traces import untraced
from community.verbs import CommentChanged, CommentEdited, CommentHeld, CommentWritten, Verb
from community.writing.revisions import remember, revise


@transaction.atomic
def write_comment(
    *,
    author: Member,
    post: Post,
    body: str,
    at: datetime,
    parent: Comment | None = None,
    manner: Manner | None = None,
) -> Comment:
    """The comment stands under the post, its author follows the post. Or it is held, and counts as written once released.

    An answer to an answer joins the first one's thread. manner: how it came in; None from our own programs, never screened.
    Raises Invalid for an empty or oversized text, NotAllowed where the board is closed to the author.
    """
    text = _checked(author, post, body, parent)
    doubt = screening.screen(screening.Text(author, post.board, "comment", "", text, at, manner)) if manner else None
    comment = Comment.objects.create(
        post=post,
        author=author,
        state=PostState.HELD if doubt else PostState.VISIBLE,
        parent_id=(parent.parent_id or parent.pk) if parent else None,
        body=text,
        body_html=rendering.render(text),
        renderer=rendering.RENDERER,
        created_at=at,
    )
    dress(comment, by=author, at=at, fresh=True)
    follow_post(member=author, post=post, at=at)
    if doubt is None:
        standing.count_comments(post.pk, 1, at=at)
        _record_written(comment, at)
        return comment
    return _keep_held(comment, doubt, at)


def _keep_held(comment: Comment, doubt: screening.Answer, at: datetime) -> Comment:
    screening.keep_hold(comment, doubt, at=at, fresh=True)
    fact = CommentHeld(comment_id=comment.pk, reasons=list(doubt.reasons))
    key = f"comment_held:{comment.pk}"
    record(Verb.COMMENT_HELD, key=key, actor=comment.author, subject=comment.post_id, data=fact, at=at)
    return comment


def _checked(author: Member, post: Post, body: str, parent: Comment | None) -> str:
    """The text, where the author may say it here."""
    require(author, Privilege.WRITE)
    if not Board.objects.open_to(author, "comment").filter(pk=post.board_id).exists():
        raise NotAllowed(_("Comments are closed for you in this board."))
    text = rendering.check_source(body)
    if not text:
        raise Invalid(_("Please write something first."), fields={"body": _("Please write something first.")})
    if parent is not None and parent.post_id != post.pk:
        raise Invalid(_("That comment belongs to another post."))
    return text


def _record_written(comment: Comment, at: datetime) -> None:
    fact = CommentWritten(comment_id=comment.pk, parent_id=comment.parent_id, state=comment.state)
    key = f"comment_written:{comment.pk}"
    record(Verb.COMMENT_WRITTEN, key=key, actor=comment.author, subject=comment.post_id, data=fact, at=at)


@transaction.atomic
def edit_comment(
    *, comment: Comment, by: Member, body: str, at: datetime, reason: str = "", manner: Manner | None = None
) -> Comment:
    """The comment says something else, and what it said before is kept; nothing is recorded where nothing differs.

    What it says now may have to wait. reason: why it was changed, for everybody to read.
    """
    require(by, Privilege.WRITE)
    comment = _locked(comment)
    _may_change(comment, by)
    text = rendering.check_source(body)
    if not text:
        raise Invalid(_("Please write something first."), fields={"body": _("Please write something first.")})
    if text == comment.body:
        return comment
    told = screening.Text(by, comment.post.board, "comment", "", text, at, manner, comment) if manner else None
    doubt = screening.screen(told) if told else None
    remember(comment)
    comment.body, comment.body_html, comment.edited_at = text, rendering.render(text), at
    comment.renderer = rendering.RENDERER
    comment.save(update_fields=["body", "body_html", "renderer", "edited_at"])
    dress(comment, by=by, at=at)
    revision = revise(comment, by=by, at=at, reason=reason)
    record(
        Verb.COMMENT_EDITED,
        key=f"comment_edited:{comment.pk}:{revision.number}",
        actor=by,
        subject=comment.post_id,
        data=CommentEdited(comment_id=comment.pk, revision=revision.number),
        at=at,
    )
    if doubt and comment.state in (PostState.VISIBLE, PostState.HELD):
        return hold_comment(comment=comment, why=doubt, at=at)
    return comment


@transaction.atomic
def hold_comment(*, comment: Comment, why: screening.Answer, at: datetime) -> Comment:
    """The comment waits for a moderator; until then only its author and those who moderate see it."""
    comment = _locked(comment)
    if comment.state not in (PostState.VISIBLE, PostState.HELD):
        raise Conflict(_("That was done already."))
    screening.keep_hold(comment, why, at=at, fresh=False)
    return comment if comment.state == PostState.HELD else _change(comment, PostState.HELD, comment.author, at)


@transaction.atomic
def release_comment(*, comment: Comment, by: Member, at: datetime) -> Comment:
    """The comment stands as if it were written now. Raises Conflict where it does not wait any more."""
    require_moderator(by, comment.post.board_id)
    comment = _locked(comment)
    screening.take_hold(comment, at=at)
    return _show(comment, by, at)


@transaction.atomic
def decline_comment(*, comment: Comment, by: Member, at: datetime) -> Comment:
    """The comment waits no longer and is hidden. Raises Conflict where it does not wait any more."""
    require_moderator(by, comment.post.board_id)
    comment = _locked(comment)
    screening.take_hold(comment, at=at)
    return _change(comment, PostState.HIDDEN, by, at)


@transaction.atomic
def delete_comment(*, comment: Comment, by: Member, at: datetime) -> Comment:
    """The comment is gone; its answers stay. Its author can bring it back for 14 days."""
    comment = _locked(comment)
    _may_change(comment, by)
    return _change(comment, PostState.DELETED, by, at)


@transaction.atomic
def hide_comment(*, comment: Comment, by: Member, at: datetime) -> Comment:
    """Only those who moderate still see the comment."""
    comment = _locked(comment)
    require_moderator(by, comment.post.board_id)
    return _change(comment, PostState.HIDDEN, by, at)


@transaction.atomic
def restore_comment(*, comment: Comment, by: Member, at: datetime) -> Comment:
    """The comment is shown again; one that its author took back is what it was before: visible, waiting or hidden."""
    comment = _locked(comment)
    if comment.state != PostState.DELETED:
        require_moderator(by, comment.post.board_id)
        return _show(comment, by, at)
    _may_change(comment, by)
    # Who keeps the board is, with their own text, its author: what a colleague hid stays hidden.
    if comment.author_id != by.pk and moderates(by, comment.post.board_id):
        return _show(comment, by, at)
    told = Activity.objects.filter(subject_id=comment.post_id, verb=Verb.COMMENT_CHANGED, data__comment_id=comment.pk)
    deleted = told.filter(data__state=PostState.DELETED).order_by("-pk").first()
    if deleted is not None and at - deleted.at > UNDO_FOR:
        raise Conflict(_("It was taken back more than 14 days ago. Please write to a moderator."))
    was = deleted.data.get("was") if deleted else ""
    earlier = told.exclude(data__state=PostState.DELETED).order_by("-pk").values_list("data__state", flat=True).first()
    return _change(comment, PostState(was or earlier or PostState.VISIBLE), by, at)


def _locked(comment: Comment) -> Comment:
    rows = Comment.objects.select_for_update(no_key=True, of=("self",)).select_related("post__board", "author")
    return rows.get(pk=comment.pk)


def _may_change(comment: Comment, by: Member) -> None:
    if comment.author_id != by.pk and not moderates(by, comment.post.board_id):
        raise NotAllowed(_("Only its author can change this."))


def _show(comment: Comment, by: Member, at: datetime) -> Comment:
    """The locked comment is shown; one that was never shown counts as written at this moment, by its author."""
    keys = [f"comment_held:{comment.pk}", f"comment_written:{comment.pk}"]
    if set(Activity.objects.filter(key__in=keys).values_list("key", flat=True)) != {keys[0]}:
        return _change(comment, PostState.VISIBLE, by, at)
    comment.created_at = at
    comment.save(update_fields=["created_at"])
    _change(comment, PostState.VISIBLE, by, at)
    # Who sits before the screen now is a moderator; their traces are not the author's.
    with untraced():
        _record_written(comment, at)
    return comment


def _change(comment: Comment, state: PostState, by: Member, at: datetime) -> Comment:
    if comment.state == state:
        raise Conflict(_("That was done already."))
    if state in (PostState.VISIBLE, PostState.HIDDEN):
        screening.settle_holds(comment, at=at)
    was, comment.state = comment.state, state
    comment.save(update_fields=["state"])
    if PostState.VISIBLE in (was, state):
        standing.count_comments(comment.post_id, 1 if state == PostState.VISIBLE else -1)
    if Post.objects.filter(pk=comment.post_id, accepted_answer=comment.pk, kind=PostKind.QUESTION).exists():
        standing.settle_answered(comment.post_id)
    record(
        Verb.COMMENT_CHANGED,
        key=f"comment_changed:{comment.pk}:{state}:{at.isoformat()}",
        actor=by,
        subject=comment.post_id,
        data=CommentChanged(comment_id=comment.pk, state=state, was=was),
        at=at,
    )
    return comment
