"""A post goes to another board or becomes another kind of post: first what would happen, then one press; and back again."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from community.boards import shows_to_all_of
from community.models import Board, Member, Post, PostKind
from community.posts import convert_post, move_post
from community.refusals import Conflict
from community.views.pages import member_of, sign_in_for
from community.views.posts import find_post
from community.writing.conversions import boards_to_move_to, kinds_open_to
from community.writing.kinds import words_of


@never_cache
@require_safe
def convert(request: HttpRequest, post_id: int) -> HttpResponse:
    """What the post can become."""
    member, post = member_of(request), find_post(request.user, post_id)
    if member is None:
        return sign_in_for(request)
    kinds = [(kind, words_of(kind)) for kind in kinds_open_to(member, post)]
    if not kinds:
        raise Http404
    return render(request, "community/convert.html", {"post": post, "kinds": kinds})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def convert_to(request: HttpRequest, post_id: int, kind: str) -> HttpResponse:
    """The post is of this kind; the toast converts it back."""
    member, post = member_of(request), find_post(request.user, post_id)
    if member is None:
        return sign_in_for(request)
    if kind not in PostKind.values:
        raise Http404
    if request.method != "POST":
        if kind not in kinds_open_to(member, post):
            raise Http404
        context = {"post": post, "kind": PostKind(kind), "wish": kind in (PostKind.SUGGESTION, PostKind.BUG)}
        return _ask(request, "community/convert_to.html", context)
    before = post.kind
    try:
        post = convert_post(post=post, kind=kind, by=member, at=timezone.now())
    except Conflict as refusal:
        messages.error(request, refusal.sentence)
        return HttpResponseRedirect(post.get_absolute_url())
    undo = reverse("post-convert-to", args=[post.pk, before]) if before in kinds_open_to(member, post) else ""
    told = {"title": post.title, "kind": post.get_kind_display()}
    messages.info(request, _("“%(title)s” is now: %(kind)s. Nothing in it is lost.") % told, extra_tags=undo)
    return HttpResponseRedirect(post.get_absolute_url())


@never_cache
@require_safe
def move(request: HttpRequest, post_id: int) -> HttpResponse:
    """Where the post can go."""
    member, post = member_of(request), find_post(request.user, post_id)
    if member is None:
        return sign_in_for(request)
    boards = boards_to_move_to(member, post)
    if not boards:
        raise Http404
    return render(request, "community/move.html", {"post": post, "boards": boards})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def move_to(request: HttpRequest, post_id: int, board: str) -> HttpResponse:
    """The post stands in this board; the toast moves it back."""
    member, post = member_of(request), find_post(request.user, post_id)
    if member is None:
        return sign_in_for(request)
    target = _target(member, post, board)
    if request.method != "POST":
        context = {"post": post, "board": target, "fewer": not shows_to_all_of(target, post.board)}
        return _ask(request, "community/move_to.html", context)
    before = post.board
    try:
        post = move_post(post=post, board=target, by=member, at=timezone.now())
    except Conflict as refusal:
        messages.error(request, refusal.sentence)
        return HttpResponseRedirect(post.get_absolute_url())
    told = {"title": post.title, "board": target}
    undo = reverse("post-move-to", args=[post.pk, before.slug])
    messages.info(request, _("“%(title)s” stands in %(board)s now.") % told, extra_tags=undo)
    return HttpResponseRedirect(post.get_absolute_url())


def _target(member: Member, post: Post, slug: str) -> Board:
    found = next((board for board in boards_to_move_to(member, post) if board.slug == slug), None)
    if found is None:
        raise Http404
    return found


def _ask(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    return render(request, template, context)
