"""The page of one post, and what its author may do with it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from community import slots
from community.forms import PostEditForm
from community.members import note_visit
from community.models import Board, Follow, Member, Post
from community.models.board import Viewer
from community.posts import delete_post, edit_post, hide_post, restore_post
from community.privileges import moderates
from community.refusals import Invalid
from community.threads import Thread, read_talk
from community.views.pages import for_everybody, is_htmx, member_of, sign_in_for


def find_post(viewer: Viewer, post_id: int) -> Post:
    """The post, or 404 for whoever may not see it."""
    posts = Post.objects.visible_to(viewer).select_related("author", "board", "standing__folded_into")
    return get_object_or_404(posts, pk=post_id)


@require_safe
@for_everybody
def short(request: HttpRequest, post_id: int) -> HttpResponse:
    """The short address leads to the readable one."""
    return HttpResponseRedirect(find_post(request.user, post_id).get_absolute_url())


@require_safe
@for_everybody
def post(request: HttpRequest, post_id: int, slug: str) -> HttpResponse:
    """The post with its answer, its talk and how it grew; an old title's address leads here for good."""
    found = find_post(request.user, post_id)
    if slug != found.slug:
        query = request.META.get("QUERY_STRING", "")
        return HttpResponsePermanentRedirect(found.get_absolute_url() + (f"?{query}" if query else ""))
    talk = read_talk(found, request.user, order=request.GET.get("talk", ""), after=request.GET.get("after", ""))
    member = member_of(request)
    prepare_names(request, found, talk.threads)
    keeps = moderates(member, found.board_id)
    context = {"post": found, "talk": talk, "may_comment": may_comment(member, found), "moderates": keeps}
    if is_htmx(request) and "after" in request.GET:
        return render(request, "community/_threads.html", context)
    if member:
        note_visit(member=member, at=timezone.now(), read=True)
    context |= {
        "section": "suggestions",
        "standing": found.standing,
        "tags": found.tags.all(),
        "canonical": canonical_of(found, request.user),
        "following": bool(member) and Follow.objects.filter(post=found, member=member, muted=False).exists(),
        "may_change": member is not None and member.pk == found.author_id,
    }
    return render(request, "community/post.html", context)


def prepare_names(request: HttpRequest, found: Post, threads: list[Thread]) -> None:
    """What stands beside the names on the page is loaded, once for all of them."""
    people = {found.author}
    for thread in threads:
        people |= {thread.comment.author, *(answer.comment.author for answer in thread.answers)}
    slots.prepare(request, "name_mark", sorted(people, key=lambda person: person.pk))


def may_comment(member: Member | None, found: Post) -> bool:
    """Whether a box to write in is of use; a visitor is asked to sign in at the very end."""
    if member is None:
        return found.board.comment in ("anyone", "members")
    return Board.objects.open_to(member, "comment").filter(pk=found.board_id).exists()


def canonical_of(found: Post, viewer: Viewer) -> Post | None:
    """The post this one was merged into, if the viewer may see it."""
    into = found.standing.folded_into_id
    return Post.objects.visible_to(viewer).filter(pk=into).first() if into else None


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, post_id: int) -> HttpResponse:
    """The author mends the title, the text or the tags."""
    found, member = find_post(request.user, post_id), member_of(request)
    if member is None:
        return sign_in_for(request)
    if member.pk != found.author_id and not moderates(member, found.board_id):
        raise Http404
    form = PostEditForm.for_post(found, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            edit_post(post=found, by=member, at=timezone.now(), **form.cleaned_data)
        except Invalid as refusal:
            form.take(refusal)
        else:
            messages.success(request, _("Your changes are saved."))
            return HttpResponseRedirect(Post.objects.get(pk=post_id).get_absolute_url())
    return render(request, "community/post_edit.html", {"form": form, "post": found}, status=422 if form.errors else 200)


@require_POST
def delete(request: HttpRequest, post_id: int) -> HttpResponse:
    """The post is gone; the toast brings it back."""
    found, member = find_post(request.user, post_id), member_of(request)
    if member is None:
        return sign_in_for(request)
    delete_post(post=found, by=member, at=timezone.now())
    messages.info(
        request, _("“%(title)s” is taken back.") % {"title": found.title}, extra_tags=reverse("post-restore", args=[post_id])
    )
    return HttpResponseRedirect(reverse("suggestions"))


@require_POST
def hide(request: HttpRequest, post_id: int) -> HttpResponse:
    """Only its author and those who moderate still see the post; the toast shows it again."""
    found, member = find_post(request.user, post_id), member_of(request)
    if member is None:
        return sign_in_for(request)
    hide_post(post=found, by=member, at=timezone.now())
    told = _("“%(title)s” is hidden. Its author still sees it.") % {"title": found.title}
    messages.info(request, told, extra_tags=reverse("post-restore", args=[post_id]))
    return HttpResponseRedirect(found.get_absolute_url())


@require_POST
def restore(request: HttpRequest, post_id: int) -> HttpResponse:
    """The post is back as if it had never been away."""
    member = member_of(request)
    if member is None:
        return sign_in_for(request)
    gone = get_object_or_404(Post.objects.filter(board__in=Board.objects.visible_to(member)), pk=post_id)
    if gone.author_id != member.pk and not moderates(member, gone.board_id):
        raise Http404
    back = restore_post(post=gone, by=member, at=timezone.now())
    messages.success(request, _("It is back, with everything that belonged to it."))
    return HttpResponseRedirect(back.get_absolute_url())
