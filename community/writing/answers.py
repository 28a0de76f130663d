"""One comment answers the question: the asker says so, or who keeps the board."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from community import standing
from community.activity import record
from community.models import Comment, Member, Post, PostKind, PostState
from community.models.board import Viewer
from community.privileges import Privilege, has, moderates
from community.refusals import Conflict, NotAllowed
from community.verbs import AnswerAccepted, AnswerUnaccepted, Verb


def may_accept(viewer: Viewer, post: Post) -> bool:
    """Whether the person may say what answers this question."""
    if not isinstance(viewer, Member) or post.kind != PostKind.QUESTION:
        return False
    return viewer.pk == post.author_id or moderates(viewer, post.board_id)


@transaction.atomic
def accept_answer(*, comment: Comment, by: Member, at: datetime) -> Post:
    """The question is answered by this comment, and by no other; its author hears of it.

    Raises NotAllowed for whoever did not ask and keeps no board, and for a moderator's own answer to somebody else.
    """
    post = _locked(comment.post_id)
    _check(post, by)
    # Whoever hides it at this very moment waits, or is seen here.
    answer = Comment.objects.select_for_update(no_key=True).get(pk=comment.pk)
    if answer.author_id == by.pk != post.author_id and not has(by, Privilege.TRIAGE):
        raise NotAllowed(_("Let the one who asked accept your answer, or another moderator."))
    if answer.state != PostState.VISIBLE:
        raise Conflict(_("This comment is not shown, so it cannot answer the question."))
    if post.accepted_answer_id == answer.pk:
        return post
    _take_back(post, by, at)
    post.accepted_answer = answer
    post.save(update_fields=["accepted_answer"])
    standing.settle_answered(post.pk)
    record(
        Verb.ANSWER_ACCEPTED,
        key=f"answer_accepted:{post.pk}:{answer.pk}:{at.isoformat()}",
        actor=by,
        subject=post.pk,
        data=AnswerAccepted(comment_id=answer.pk, author_id=answer.author_id),
        at=at,
    )
    return post


@transaction.atomic
def unaccept_answer(*, post: Post, by: Member, at: datetime) -> Post:
    """The question is open again. Without an accepted answer nothing happens."""
    post = _locked(post.pk)
    _check(post, by)
    _take_back(post, by, at)
    standing.settle_answered(post.pk)
    return post


def accepted_answer_of(post: Post, viewer: Viewer) -> Comment | None:
    """The comment that answers the question, as far as the viewer may see it."""
    if post.kind != PostKind.QUESTION or not post.accepted_answer_id:
        return None
    shown = Comment.objects.visible_to(viewer).filter(pk=post.accepted_answer_id, state=PostState.VISIBLE)
    return shown.select_related("author").first()


def _check(post: Post, by: Member) -> None:
    if post.kind != PostKind.QUESTION:
        raise Conflict(_("Only a question has an accepted answer."))
    if not may_accept(by, post):
        raise NotAllowed(_("Whoever asked decides which comment answers the question."))


def _take_back(post: Post, by: Member, at: datetime) -> None:
    before = Comment.objects.filter(pk=post.accepted_answer_id).first() if post.accepted_answer_id else None
    if before is None:
        return
    post.accepted_answer = None
    post.save(update_fields=["accepted_answer"])
    record(
        Verb.ANSWER_UNACCEPTED,
        key=f"answer_unaccepted:{post.pk}:{before.pk}:{at.isoformat()}",
        actor=by,
        subject=post.pk,
        data=AnswerUnaccepted(comment_id=before.pk, author_id=before.author_id),
        at=at,
    )


def _locked(post_id: int) -> Post:
    return Post.objects.select_for_update(no_key=True, of=("self",)).select_related("board", "author").get(pk=post_id)
