"""Lists of posts of every kind: of everything, of one board, of one tag."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from community import slots
from community.board_rights import matrix_of
from community.lists import OF_TALK, OF_WISHES, Wanted, boards_to_visit, posts_for
from community.models import Audience, Board, Member, PostKind, PostTemplate, Right, Role, Tag
from community.models.board import Viewer
from community.tags import successor_of
from community.views.heads import head_of_list, trail
from community.views.lists import KIND_NAMES, chips_of, feed_of, show_list, tabs_of
from community.views.pages import for_everybody
from community.views.search import allow_search

ALL_KINDS = tuple(PostKind.values)
OPEN = dict.fromkeys(Right.values, Audience.ANYONE)


def wanted_here(request: HttpRequest, **fixed: str) -> Wanted:
    """What the address asks for; wishes alone may be asked for in the orders of wishes."""
    query = request.GET.copy()
    for key, value in fixed.items():
        query[key] = value
    sorts = OF_TALK if query.get("kind") not in (PostKind.SUGGESTION, PostKind.BUG) else OF_WISHES
    return Wanted.from_query(query, sorts=sorts, kinds=ALL_KINDS)


def sorts_of(wanted: Wanted) -> tuple[str, ...]:
    return OF_WISHES if wanted.kind in (PostKind.SUGGESTION, PostKind.BUG) else OF_TALK


@require_safe
@for_everybody
def posts(request: HttpRequest) -> HttpResponse:
    """Everything that is said here, by kind, board, tag, status, author and order."""
    wanted = wanted_here(request)
    boards = boards_to_visit(request.user)
    board = next((board for board, _count in boards if board.slug == wanted.board), None)
    tag = Tag.objects.filter(slug=wanted.tag).first() if wanted.tag else None
    title = KIND_NAMES[PostKind(wanted.kind)] if wanted.kind else _("Everything")
    address = f"{reverse('feed-posts')}?kind={wanted.kind}" if wanted.kind else reverse("feed-posts")
    feeds = feed_of(title, address)
    context: dict[str, Any] = {
        "section": "community",
        "title": title,
        "boards": boards,
        "board": board,
        "chips": lambda: chips_of(wanted, board=board, tag=tag, fixed=("kind",)),
        "head": head_of_list(
            request, title=str(title), description=_("Questions, discussions, stories and news."), feeds=feeds
        ),
        **_tabs(request, wanted),
    }
    return _show(request, wanted, "community/posts.html", context)


@require_safe
@for_everybody
def board(request: HttpRequest, slug: str) -> HttpResponse:
    """A board: what it is for, who may do what, who keeps it, and what is said in it."""
    found = get_object_or_404(Board.objects.visible_to(request.user).select_related("product"), slug=slug)
    wanted = wanted_here(request, board=found.slug)
    keepers = list(
        found.moderators.filter(is_active=True, closed_at__isnull=True).exclude(role=Role.MEMBER).order_by("pk")[:12]
    )
    slots.prepare(request, "name_mark", keepers)
    path = reverse("board", args=[found.slug])
    head = head_of_list(
        request, title=str(found), description=found.about,
        feeds=feed_of(found, reverse("feed-board", args=[found.slug])) if found.is_public else (),
        data=[trail((_("Community"), reverse("community")), (str(found), path))],
    )  # fmt: skip
    context = {
        "section": "community",
        "title": str(found),
        "board": found,
        "keepers": keepers,
        "rights": rights_of(found),
        "may_post": may_post_in(request.user, found),
        "templates": lambda: list(PostTemplate.objects.offered_to(request.user).filter(board=found)[:6]),
        "boards": lambda: boards_to_visit(request.user),
        "chips": lambda: chips_of(wanted, fixed=("board", "kind")),
        "head": head,
        **_tabs(request, wanted),
    }
    return _show(request, wanted, "community/board.html", context)


@require_safe
@for_everybody
def tag(request: HttpRequest, slug: str) -> HttpResponse:
    """What carries a tag, in whatever board; a merged tag leads to where it went, and a tag of nothing one sees is unknown."""
    found = Tag.objects.filter(slug=slug).first()
    if found is None:
        raise Http404
    into = successor_of(slug)
    shown = into or found
    if not posts_for(request.user, Wanted(tag=shown.slug)).exists():
        raise Http404
    if into is not None:
        return HttpResponsePermanentRedirect(reverse("tag", args=[into.slug]))
    wanted = wanted_here(request, tag=found.slug)
    context = {
        "section": "community",
        "title": f"# {found}",
        "tag": found,
        "chips": lambda: chips_of(wanted, fixed=("tag", "kind")),
        "head": head_of_list(request, title=f"# {found}", feeds=feed_of(f"# {found}", reverse("feed-tag", args=[found.slug]))),
        **_tabs(request, wanted),
    }
    return _show(request, wanted, "community/tag.html", context)


def _tabs(request: HttpRequest, wanted: Wanted) -> dict[str, Any]:
    """The kinds there are, counted as if no kind were asked for."""
    tabs, total = tabs_of(posts_for(request.user, Wanted(board=wanted.board, tag=wanted.tag, author=wanted.author)))
    return {"tabs": tabs, "total": total}


def _show(request: HttpRequest, wanted: Wanted, template: str, context: dict[str, Any]) -> HttpResponse:
    if wanted.words:
        allow_search(request)
    rows = posts_for(request.user, wanted)
    return show_list(request, rows, wanted, template=template, sorts=sorts_of(wanted), context=context)


def rights_of(found: Board) -> list[str]:
    """Who may do what, in as few sentences as it takes."""
    if all(getattr(found, right) == audience for right, audience in OPEN.items()) and not found.one_way:
        return [_("Everybody may read, post, comment and vote; you sign in on the way.")]
    said = [line.sentence for line in matrix_of(found).lines]
    return said + ([_("You see your own posts here; the team sees all of them.")] if found.one_way else [])


def may_post_in(viewer: Viewer, found: Board) -> bool:
    """Whether a button to write is of use; a visitor is asked to sign in at the very end."""
    if isinstance(viewer, Member):
        return Board.objects.open_to(viewer, Right.POST).filter(pk=found.pk).exists()
    return found.post in (Audience.ANYONE, Audience.MEMBERS)
