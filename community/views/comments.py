"""Comments by htmx in their place, and by plain forms."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from community.comments import agree, delete_comment, edit_comment, hide_comment, restore_comment, write_comment
from community.forms import CommentForm
from community.models import Comment, Member, Post, Reaction
from community.models.board import Viewer
from community.pending import draft_of, drop_draft
from community.privileges import moderates
from community.refusals import Invalid
from community.threads import Thread
from community.views.pages import ask_first, is_htmx, member_of, sign_in_first, sign_in_for
from community.views.posts import find_post, prepare_names


def find_comment(viewer: Viewer, comment_id: int) -> Comment:
    """The comment, or 404 for whoever may not see it."""
    comments = Comment.objects.visible_to(viewer).select_related("author", "post__author", "parent")
    return get_object_or_404(comments, pk=comment_id)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new_comment(request: HttpRequest, post_id: int) -> HttpResponse:
    """The comment stands under the post; a visitor's waits until they have signed in."""
    post, member = find_post(request.user, post_id), member_of(request)
    if request.method != "POST":
        kept = draft_of(request, "comment")
        typed = {"body": kept["body"]} if kept.get("post") == post.pk else {}
        parent = _parent(post, request.user, request.GET.get("parent", ""))
        form = CommentForm(initial={**typed, "parent": parent.pk if parent else None})
        return _show_form(request, form, post=post, parent=parent)
    form = CommentForm(request.POST)
    parent = _parent(post, request.user, request.POST.get("parent", ""))
    if not form.is_valid():
        return _show_form(request, form, post=post, parent=parent)
    body = form.cleaned_data["body"]
    if member is None:
        return sign_in_first(request, "comment", {"post": post.pk, "parent": parent.pk if parent else None, "body": body})
    try:
        comment = write_comment(author=member, post=post, body=body, parent=parent, at=timezone.now())
    except Invalid as refusal:
        form.take(refusal)
        return _show_form(request, form, post=post, parent=parent)
    drop_draft(request, "comment")
    return _show_comment(request, comment, post=post, fresh=True)


def _parent(post: Post, viewer: Viewer, wish: str) -> Comment | None:
    if not wish.isdigit():
        return None
    return Comment.objects.visible_to(viewer).filter(post=post, pk=int(wish[:18])).select_related("author").first()


def _show_form(request: HttpRequest, form: CommentForm, *, post: Post, parent: Comment | None) -> HttpResponse:
    template = "community/_comment_form.html" if is_htmx(request) else "community/comment_new.html"
    context = {"form": form, "post": post, "parent": parent, "entrance": True}
    response = render(request, template, context, status=422 if form.errors else 200)
    if form.errors:
        response["HX-Retarget"], response["HX-Reswap"] = f"#comment-form-{parent.pk if parent else 0}", "outerHTML"
    return response


def _show_comment(request: HttpRequest, comment: Comment, *, post: Post, fresh: bool = False) -> HttpResponse:
    if not is_htmx(request):
        return HttpResponseRedirect(f"{post.get_absolute_url()}#comment-{comment.pk}")
    member = member_of(request)
    agreed = Reaction.objects.filter(comment=comment, member=member, sign="agree").exists()
    thread = Thread(comment, agreed=agreed)
    prepare_names(request, post, [thread])
    context = {"thread": thread, "comment": comment, "post": post, "fresh": fresh, "may_comment": True}
    return render(request, "community/_comment_alone.html", context)


def _changeable(member: Member, comment_id: int) -> Comment:
    comment = find_comment(member, comment_id)
    if comment.author_id != member.pk and not moderates(member, comment.post.board_id):
        raise Http404
    return comment


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, comment_id: int) -> HttpResponse:
    """The author mends the comment, in its place."""
    member = member_of(request)
    if member is None:
        return sign_in_for(request)
    comment = _changeable(member, comment_id)
    form = CommentForm(request.POST if request.method == "POST" else None, initial={"body": comment.body})
    if request.method == "POST" and form.is_valid():
        try:
            comment = edit_comment(comment=comment, by=member, body=form.cleaned_data["body"], at=timezone.now())
        except Invalid as refusal:
            form.take(refusal)
        else:
            return _show_comment(request, find_comment(member, comment_id), post=comment.post)
    template = "community/_comment_edit.html" if is_htmx(request) else "community/comment_edit.html"
    response = render(request, template, {"form": form, "comment": comment}, status=422 if form.errors else 200)
    if form.errors:
        response["HX-Retarget"], response["HX-Reswap"] = f"#comment-text-{comment.pk}", "innerHTML"
    return response


@require_POST
def delete(request: HttpRequest, comment_id: int) -> HttpResponse:
    """The comment is gone; one press brings it back."""
    member = member_of(request)
    if member is None:
        return sign_in_for(request)
    comment = _changeable(member, comment_id)
    delete_comment(comment=comment, by=member, at=timezone.now())
    if is_htmx(request):
        return render(request, "community/_comment_gone.html", {"comment": comment})
    messages.info(request, _("Your comment is taken back."), extra_tags=reverse("comment-restore", args=[comment.pk]))
    return HttpResponseRedirect(comment.post.get_absolute_url())


@require_POST
def hide(request: HttpRequest, comment_id: int) -> HttpResponse:
    """Only those who moderate still see the comment; one press shows it again."""
    member = member_of(request)
    if member is None:
        return sign_in_for(request)
    comment = hide_comment(comment=find_comment(member, comment_id), by=member, at=timezone.now())
    messages.info(request, _("The comment is hidden."), extra_tags=reverse("comment-restore", args=[comment.pk]))
    return HttpResponseRedirect(comment.post.get_absolute_url())


@require_POST
def restore(request: HttpRequest, comment_id: int) -> HttpResponse:
    """The comment is shown again."""
    member = member_of(request)
    if member is None:
        return sign_in_for(request)
    seen = Comment.objects.filter(post__in=Post.objects.visible_to(member).values("pk")).select_related("post")
    gone = get_object_or_404(seen, pk=comment_id)
    if gone.author_id != member.pk and not moderates(member, gone.post.board_id):
        raise Http404
    restore_comment(comment=gone, by=member, at=timezone.now())
    comment = find_comment(member, comment_id)
    return _show_comment(request, comment, post=comment.post)


@require_http_methods(["GET", "HEAD", "POST"])
def agree_with(request: HttpRequest, comment_id: int) -> HttpResponse:
    """The member agrees with the comment, or no longer does."""
    comment, member = find_comment(request.user, comment_id), member_of(request)
    if request.method != "POST":
        return ask_first(
            request,
            heading=_("Agree with %(name)s") % {"name": comment.author},
            sentence=_("Agreement lifts a comment, so that the team reads it first."),
            button=_("Agree"),
        )
    if member is None:
        return sign_in_first(request, "agree", {"post": comment.post_id, "comment": comment.pk})
    agreed = agree(comment=comment, member=member, at=timezone.now())
    if not is_htmx(request):
        return HttpResponseRedirect(f"{comment.post.get_absolute_url()}#comment-{comment.pk}")
    comment.refresh_from_db(fields=["agrees"])
    return render(request, "community/_agree.html", {"comment": comment, "agreed": agreed})
