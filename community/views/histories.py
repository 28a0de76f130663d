"""What a post or a comment has said before, and what differs."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from community.models import Comment, Post, Revision
from community.models.board import Viewer
from community.privileges import moderates
from community.views.comments import find_comment
from community.views.pages import for_everybody, is_htmx, member_of, sign_in_for
from community.views.posts import find_post
from community.writing.revisions import hide_revision, history_of, post_of, show_revision


@require_safe
@for_everybody
def of_post(request: HttpRequest, post_id: int) -> HttpResponse:
    """Every version of the post, newest first, each beside the one before."""
    post = find_post(request.user, post_id)
    return _show(request, post, post)


@require_safe
@for_everybody
def of_comment(request: HttpRequest, comment_id: int) -> HttpResponse:
    """Every version of the comment, newest first, each beside the one before."""
    comment = find_comment(request.user, comment_id)
    return _show(request, comment, comment.post)


def _show(request: HttpRequest, text: Post | Comment, post: Post) -> HttpResponse:
    keeps = moderates(member_of(request), post.board_id)
    history = history_of(text, moderates=keeps, after=request.GET.get("after", ""))
    context = {"text": text, "post": post, "history": history, "moderates": keeps, "of_comment": isinstance(text, Comment)}
    template = "community/_versions.html" if is_htmx(request) and "after" in request.GET else "community/history.html"
    return render(request, template, context)


@require_POST
def hide(request: HttpRequest, revision_id: int) -> HttpResponse:
    """Only those who moderate may still read this version; the toast shows it again."""
    member = member_of(request)
    if member is None:
        return sign_in_for(request)
    revision = hide_revision(revision=_find(request.user, revision_id), by=member, at=timezone.now())
    messages.info(request, _("This version is hidden."), extra_tags=reverse("revision-show", args=[revision.pk]))
    return _back_to(revision)


@require_POST
def show(request: HttpRequest, revision_id: int) -> HttpResponse:
    """Everybody who may see the text may read this version again."""
    member = member_of(request)
    if member is None:
        return sign_in_for(request)
    revision = show_revision(revision=_find(request.user, revision_id), by=member, at=timezone.now())
    messages.success(request, _("This version is shown again."))
    return _back_to(revision)


def _find(viewer: Viewer, revision_id: int) -> Revision:
    """The version, or 404 for whoever may not see the text it is of."""
    revision = get_object_or_404(Revision.objects.select_related("post", "comment__post"), pk=revision_id)
    get_object_or_404(Post.objects.visible_to(viewer), pk=post_of(revision).pk)
    if revision.comment_id:
        get_object_or_404(Comment.objects.visible_to(viewer), pk=revision.comment_id)
    return revision


def _back_to(revision: Revision) -> HttpResponse:
    name, pk = ("comment-history", revision.comment_id) if revision.comment_id else ("post-history", revision.post_id)
    return HttpResponseRedirect(reverse(name, args=[pk]))
