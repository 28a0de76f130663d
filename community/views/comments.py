"""Comments by htmx in their place, and by plain forms."""

from django.contrib import messages
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from community.care.decisions import bring_back
from community.comments import delete_comment, edit_comment, write_comment
from community.forms.writing import CommentEditForm, CommentForm
from community.manners import manner_of
from community.models import Comment, Draft, Member, Post
from community.models.board import Viewer
from community.pending import draft_of, drop_draft
from community.privileges import moderates
from community.reactions import signs_on_comments
from community.read_marks import note_read
from community.refusals import Conflict, Invalid, TooMany
from community.threads import Thread, read_answers
from community.views.mentions import quoted_text
from community.views.pages import for_everybody, go, is_htmx, member_of, sign_in_first, sign_in_for
from community.views.picture_fields import with_pictures
from community.views.posts import find_post, may_comment, prepare_names
from community.writing.drafts import discard_drafts, draft_for
from community.writing.kinds import words_of


def find_comment(viewer: Viewer, comment_id: int) -> Comment:
    """The comment, or 404 for whoever may not see it."""
    comments = Comment.objects.visible_to(viewer).select_related("author", "post__author", "parent")
    return get_object_or_404(comments, pk=comment_id)


@require_safe
@for_everybody
def comment(request: HttpRequest, comment_id: int) -> HttpResponse:
    """The short address of a comment leads to the page of the talk it stands on."""
    return HttpResponseRedirect(find_comment(request.user, comment_id).get_absolute_url())


@require_safe
@for_everybody
def answers(request: HttpRequest, comment_id: int) -> HttpResponse:
    """The answers in one thread, a page at a time; htmx gets them alone, to stand where the press was."""
    root = get_object_or_404(_roots_for(request.user), pk=comment_id)
    post = find_post(request.user, root.post_id)
    asked = request.GET
    thread = read_answers(root, request.user, after=asked.get("after", ""), before=asked.get("before", ""))
    prepare_names(request, post, [thread])
    member = member_of(request)
    context = {
        "thread": thread,
        "comment": root,
        "post": post,
        "may_comment": may_comment(member, post),
        "moderates": moderates(member, post.board_id),
        "part": "before" if "before" in asked else "after",
    }
    return render(request, "community/_answers.html" if is_htmx(request) else "community/thread.html", context)


def _roots_for(viewer: Viewer) -> QuerySet[Comment]:
    """Comments that begin a thread; one that is gone still holds its answers, if the viewer may see any."""
    answered = Comment.objects.visible_to(viewer).filter(parent=OuterRef("pk"))
    shown = Q(pk__in=Comment.objects.visible_to(viewer).values("pk")) | Exists(answered)
    return Comment.objects.filter(shown, parent__isnull=True).select_related("author")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@with_pictures
def new_comment(request: HttpRequest, post_id: int) -> HttpResponse:
    """The comment stands under the post; a visitor's waits until they have signed in."""
    post, member = find_post(request.user, post_id), member_of(request)
    if request.method != "POST":
        typed = _begun(request, member, post)
        parent = _parent(post, request.user, request.GET.get("parent", "") or typed.pop("parent", ""))
        quoted = quoted_text(request, post)
        if quoted:
            typed["body"] = f"{typed.get('body', '')}\n\n{quoted}".lstrip()
        form = CommentForm(initial={**typed, "parent": parent.pk if parent else None})
        return _show_form(request, form, post=post, parent=parent)
    form = CommentForm(request.POST)
    parent = _parent(post, request.user, request.POST.get("parent", ""))
    if not form.is_valid():
        return _show_form(request, form, post=post, parent=parent)
    body, now = form.cleaned_data["body"], timezone.now()
    manner = manner_of(request.POST, at=now)
    if member is None:
        kept = {"post": post.pk, "parent": parent.pk if parent else None, "body": body, "manner": manner.kept()}
        return sign_in_first(request, "comment", kept)
    try:
        comment = write_comment(author=member, post=post, body=body, parent=parent, at=now, manner=manner)
    except (Invalid, Conflict, TooMany) as refusal:
        form.take(refusal)
        return _show_form(request, form, post=post, parent=parent)
    drop_draft(request, "comment")
    discard_drafts(member=member, form=Draft.Form.COMMENT, subject=post.pk)
    note_read(member=member, post=post, at=timezone.now())
    return _show_comment(request, comment, post=post, fresh=True)


def _begun(request: HttpRequest, member: Member | None, post: Post) -> dict[str, str]:
    """What the box begins with: a draft to go on with, or what was not sent before."""
    draft = draft_for(member, Draft.Form.COMMENT, post.pk) if request.GET.get("draft") else None
    if draft is not None:
        return {name: draft.data[name] for name in ("body", "parent") if draft.data.get(name)}
    kept = draft_of(request, "comment")
    return {"body": kept["body"]} if kept.get("post") == post.pk else {}


def _parent(post: Post, viewer: Viewer, wish: str) -> Comment | None:
    if not wish.isdecimal():
        return None
    return Comment.objects.visible_to(viewer).filter(post=post, pk=int(wish[:18])).select_related("author").first()


def _show_form(request: HttpRequest, form: CommentForm, *, post: Post, parent: Comment | None) -> HttpResponse:
    template = "community/_comment_form.html" if is_htmx(request) else "community/comment_new.html"
    context = {"form": form, "post": post, "parent": parent, "entrance": True, "words": words_of(post.kind)}
    response = render(request, template, context, status=422 if form.errors else 200)
    if form.errors:
        response["HX-Retarget"], response["HX-Reswap"] = f"#comment-form-{parent.pk if parent else 0}", "outerHTML"
    return response


def _show_comment(request: HttpRequest, comment: Comment, *, post: Post, fresh: bool = False) -> HttpResponse:
    if not is_htmx(request):
        return HttpResponseRedirect(comment.get_absolute_url())
    signs = signs_on_comments([comment.pk], request.user)[comment.pk]
    thread = Thread(comment, signs=signs)
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
@with_pictures
def edit(request: HttpRequest, comment_id: int) -> HttpResponse:
    """The author mends the comment, in its place."""
    member = member_of(request)
    if member is None:
        return sign_in_for(request)
    comment = _changeable(member, comment_id)
    own, kept = comment.author_id == member.pk, draft_for(member, Draft.Form.COMMENT_EDIT, comment_id)
    typed = kept.data if kept and request.GET.get("draft") else None
    form = CommentEditForm.for_comment(comment, request.POST if request.method == "POST" else None, own=own, typed=typed)
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        try:
            comment = edit_comment(
                comment=comment, by=member, at=now, manner=manner_of(request.POST, at=now), **form.cleaned_data
            )
            discard_drafts(member=member, form=Draft.Form.COMMENT_EDIT, subject=comment_id)
        except (Invalid, TooMany) as refusal:
            form.take(refusal)
        else:
            return _show_comment(request, find_comment(member, comment_id), post=comment.post)
    template = "community/_comment_edit.html" if is_htmx(request) else "community/comment_edit.html"
    context = {"form": form, "comment": comment, "own": own, "kept": kept if request.method != "POST" and not typed else None}
    response = render(request, template, context, status=422 if form.errors else 200)
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
def restore(request: HttpRequest, comment_id: int) -> HttpResponse:
    """The comment is shown again."""
    member = member_of(request)
    if member is None:
        return sign_in_for(request)
    seen = Comment.objects.filter(post__in=Post.objects.visible_to(member).values("pk")).select_related("post")
    gone = get_object_or_404(seen, pk=comment_id)
    if gone.author_id != member.pk and not moderates(member, gone.post.board_id):
        raise Http404
    back = bring_back(thing=gone, by=member, at=timezone.now())
    if not Comment.objects.visible_to(member).filter(pk=comment_id).exists():
        # What a moderator hid before its author took it back is hidden again.
        messages.info(request, _("It is as it was before: hidden by a moderator."))
        return go(request, back.post.get_absolute_url())
    comment = find_comment(member, comment_id)
    return _show_comment(request, comment, post=comment.post)
