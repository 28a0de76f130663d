"""The page of one post, and what its author may do with it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from community import slots
from community.care.decisions import bring_back
from community.forms.writing import PostEditForm
from community.manners import manner_of
from community.members import note_visit
from community.models import Board, Comment, Draft, Follow, Member, Post, PostKind, PostState
from community.models.board import Viewer
from community.notice_box import read_on_page
from community.posts import delete_post, edit_post
from community.privileges import moderates
from community.reactions import signs_on_post
from community.read_marks import News, news_under, note_read
from community.refusals import Invalid, TooMany
from community.sent import sent
from community.threads import Place, Thread, read_talk
from community.views.heads import head_of_post
from community.views.pages import for_everybody, is_htmx, member_of, sign_in_for
from community.views.picture_fields import with_pictures
from community.writing.answers import may_accept
from community.writing.conversions import boards_to_move_to, kinds_open_to
from community.writing.drafts import discard_drafts, draft_for
from community.writing.kinds import words_of


def find_post(viewer: Viewer, post_id: int) -> Post:
    """The post, or 404 for whoever may not see it."""
    posts = Post.objects.visible_to(viewer).select_related(
        "author", "board", "standing__folded_into", "accepted_answer__author"
    )
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
    member = member_of(request)
    news = news_under(member=member, post=found, since=_since(request)) if member else News()
    context = talk_of(request, found, news)
    if is_htmx(request) and ("after" in request.GET or "before" in request.GET):
        return render(request, "community/_threads.html", context | {"part": "after" if "after" in request.GET else "before"})
    if member:
        note_visit(member=member, at=timezone.now(), read=True)
        note_read(member=member, post=found, at=timezone.now())
        read_on_page(member=member, post=found, at=timezone.now())
    context |= {
        "section": "suggestions" if found.is_wish else "community",
        "standing": found.standing,
        "tags": found.tags.all(),
        "canonical": canonical_of(found, request.user),
        "following": bool(member) and Follow.objects.filter(post=found, member=member, muted=False).exists(),
        "may_change": member is not None and member.pk == found.author_id,
        "signs": signs_on_post(found, request.user),
        "news": news,
        "words": words_of(found.kind),
        "accepted": accepted_of(found),
        **_moves_of(member, found, keeps=context["moderates"]),
    }
    context["head"] = head_of_post(found, context["talk"], into=context["canonical"], whole=member is None)
    return render(request, "community/post.html", context)


def talk_of(request: HttpRequest, found: Post, news: News) -> dict[str, Any]:
    """The page of the talk that was asked for, with what may be done there."""
    asked = request.GET
    since = news.since if news.count else None
    place = Place(asked.get("after", ""), asked.get("before", ""), asked.get("comment", ""), since)
    talk = read_talk(found, request.user, order=asked.get("talk", ""), place=place)
    prepare_names(request, found, talk.threads)
    member = member_of(request)
    return {
        "post": found,
        "talk": talk,
        "may_comment": may_comment(member, found),
        "moderates": moderates(member, found.board_id),
        "may_accept": may_accept(member, found),
        "since": since,
    }


def accepted_of(found: Post) -> Comment | None:
    """The comment that answers the question, while it is shown."""
    answer = found.accepted_answer if found.kind == PostKind.QUESTION else None
    return answer if answer and answer.state == PostState.VISIBLE else None


def _moves_of(member: Member | None, found: Post, *, keeps: bool) -> dict[str, bool]:
    """Whether the member may make something else of the post, or take it to another board."""
    if member is None or not (keeps or member.pk == found.author_id):
        return {}
    return {"may_convert": bool(kinds_open_to(member, found)), "may_move": keeps and bool(boards_to_move_to(member, found))}


def _since(request: HttpRequest) -> int | None:
    """What the reader had seen when they came; carried along while they look around."""
    asked = request.GET.get("since", "")
    return int(asked[:18]) if asked.isdecimal() else None


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
@with_pictures
def edit(request: HttpRequest, post_id: int) -> HttpResponse:
    """The author mends the title, the text or the tags."""
    found, member = find_post(request.user, post_id), member_of(request)
    if member is None:
        return sign_in_for(request)
    if member.pk != found.author_id and not moderates(member, found.board_id):
        raise Http404
    own, kept = member.pk == found.author_id, draft_for(member, Draft.Form.POST_EDIT, post_id)
    typed = kept.data if kept and request.GET.get("draft") else None
    form = PostEditForm.for_post(found, request.POST if request.method == "POST" else None, own=own, typed=typed)
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        try:
            edit_post(post=found, by=member, at=now, manner=manner_of(request.POST, at=now), **form.cleaned_data)
        except (Invalid, TooMany) as refusal:
            form.take(refusal)
        else:
            discard_drafts(member=member, form=Draft.Form.POST_EDIT, subject=post_id)
            messages.success(request, _("Your changes are saved."))
            return sent(HttpResponseRedirect(Post.objects.get(pk=post_id).get_absolute_url()), f"post_edit-{post_id}")
    context = {"form": form, "post": found, "own": own, "kept": kept if request.method != "POST" and not typed else None}
    return render(request, "community/post_edit.html", context, status=422 if form.errors else 200)


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
def restore(request: HttpRequest, post_id: int) -> HttpResponse:
    """The post is back as if it had never been away."""
    member = member_of(request)
    if member is None:
        return sign_in_for(request)
    gone = get_object_or_404(Post.objects.filter(board__in=Board.objects.visible_to(member)), pk=post_id)
    if gone.author_id != member.pk and not moderates(member, gone.board_id):
        raise Http404
    back = bring_back(thing=gone, by=member, at=timezone.now())
    messages.success(request, _("It is back, with everything that belonged to it."))
    return HttpResponseRedirect(back.get_absolute_url())
