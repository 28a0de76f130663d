"""Comments are written, edited, agreed with and deleted."""

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from community import rendering, standing
from community.activity import record
from community.follows import follow_post
from community.models import Board, Comment, Member, Post, PostState, Reaction
from community.privileges import Privilege, moderates, require, require_moderator
from community.refusals import Conflict, Invalid, NotAllowed
from community.verbs import CommentChanged, CommentWritten, Verb


@transaction.atomic
def write_comment(*, author: Member, post: Post, body: str, at: datetime, parent: Comment | None = None) -> Comment:
    """The comment stands under the post, its author follows the post.

    An answer to an answer joins the first one's thread: threads are two levels deep.
    Raises Invalid for an empty or oversized text, NotAllowed where the board is closed to the author.
    """
    require(author, Privilege.WRITE)
    if not Board.objects.open_to(author, "comment").filter(pk=post.board_id).exists():
        raise NotAllowed(_("Comments are closed for you in this board."))
    text = rendering.check_source(body)
    if not text:
        raise Invalid(_("Please write something first."), fields={"body": _("Please write something first.")})
    if parent is not None and parent.post_id != post.pk:
        raise Invalid(_("That comment belongs to another post."))
    comment = Comment.objects.create(
        post=post,
        author=author,
        parent_id=(parent.parent_id or parent.pk) if parent else None,
        body=text,
        body_html=rendering.render(text),
        renderer=rendering.RENDERER,
        created_at=at,
    )
    standing.count_comments(post.pk, 1, at=at)
    follow_post(member=author, post=post, at=at)
    record(
        Verb.COMMENT_WRITTEN,
        key=f"comment_written:{comment.pk}",
        actor=author,
        subject=post.pk,
        data=CommentWritten(comment_id=comment.pk, parent_id=comment.parent_id, state=comment.state),
        at=at,
    )
    return comment


@transaction.atomic
def edit_comment(*, comment: Comment, by: Member, body: str, at: datetime) -> Comment:
    """The comment says something else, and that it was edited."""
    comment = _locked(comment)
    _may_change(comment, by)
    text = rendering.check_source(body)
    if not text:
        raise Invalid(_("Please write something first."), fields={"body": _("Please write something first.")})
    comment.body, comment.body_html, comment.edited_at = text, rendering.render(text), at
    comment.renderer = rendering.RENDERER
    comment.save(update_fields=["body", "body_html", "renderer", "edited_at"])
    return comment


@transaction.atomic
def delete_comment(*, comment: Comment, by: Member, at: datetime) -> Comment:
    """The comment is gone; its answers stay."""
    comment = _locked(comment)
    _may_change(comment, by)
    return _change(comment, PostState.DELETED, by, at)


@transaction.atomic
def hide_comment(*, comment: Comment, by: Member, at: datetime) -> Comment:
    """Only staff still see the comment."""
    comment = _locked(comment)
    require_moderator(by, comment.post.board_id)
    return _change(comment, PostState.HIDDEN, by, at)


@transaction.atomic
def restore_comment(*, comment: Comment, by: Member, at: datetime) -> Comment:
    """The comment is shown again."""
    comment = _locked(comment)
    if comment.state == PostState.DELETED:
        _may_change(comment, by)
    else:
        require_moderator(by, comment.post.board_id)
    return _change(comment, PostState.VISIBLE, by, at)


@transaction.atomic
def agree(*, comment: Comment, member: Member, at: datetime) -> bool:
    """The member agrees with the comment, or no longer does; which of both is answered."""
    comment = _locked(comment)
    taken, _rows = Reaction.objects.filter(comment=comment, member=member, sign="agree").delete()
    if not taken:
        Reaction.objects.create(comment=comment, member=member, sign="agree", created_at=at)
    Comment.objects.filter(pk=comment.pk).update(agrees=F("agrees") + (-1 if taken else 1))
    return not taken


def _locked(comment: Comment) -> Comment:
    return Comment.objects.select_for_update(no_key=True, of=("self",)).select_related("post").get(pk=comment.pk)


def _may_change(comment: Comment, by: Member) -> None:
    if comment.author_id != by.pk and not moderates(by, comment.post.board_id):
        raise NotAllowed(_("Only its author can change this."))


def _change(comment: Comment, state: PostState, by: Member, at: datetime) -> Comment:
    if comment.state == state:
        raise Conflict(_("That was done already."))
    shown_before, comment.state = comment.state == PostState.VISIBLE, state
    comment.save(update_fields=["state"])
    if shown_before or state == PostState.VISIBLE:
        standing.count_comments(comment.post_id, 1 if state == PostState.VISIBLE else -1)
    record(
        Verb.COMMENT_CHANGED,
        key=f"comment_changed:{comment.pk}:{state}:{at.isoformat()}",
        actor=by,
        subject=comment.post_id,
        data=CommentChanged(comment_id=comment.pk, state=state),
        at=at,
    )
    return comment
