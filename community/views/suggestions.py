"""The list of suggestions, filtered, sorted and searched."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from community.lists import OF_WISHES, Wanted, boards_with_counts, count_by_status, narrowed, suggestions_for, tags_of
from community.models import Tag
from community.paging import take_page
from community.views.heads import head_of_list
from community.views.lists import SORT_NAMES, chips_of, feed_of
from community.views.pages import for_everybody, is_htmx, prepare_rows
from community.views.search import allow_search


@require_safe
@for_everybody
def suggestions(request: HttpRequest) -> HttpResponse:
    """One page of the wanted suggestions; htmx gets the rows alone."""
    wanted = Wanted.from_query(request.GET)
    if wanted.words:
        allow_search(request)
    rows = suggestions_for(request.user, wanted)
    page = take_page(narrowed(rows, wanted).with_posts(), order=wanted.order, after=request.GET.get("after", ""))
    prepare_rows(request, page.rows)
    context = {"wanted": wanted, "rows": page.rows, "after": page.after}
    if is_htmx(request) and "after" in request.GET:
        return render(request, "community/_rows.html", context)
    counts = count_by_status(rows)
    boards = boards_with_counts(request.user)
    board = next((board for board, _count in boards if board.slug == wanted.board), None)
    tag = Tag.objects.filter(slug=wanted.tag).first() if wanted.tag else None
    told, feeds = _("What people wish for, and what becomes of it."), feed_of(_("Suggestions"), reverse("feed-suggestions"))
    context |= {
        "section": "suggestions",
        "sorts": [(key, SORT_NAMES[key]) for key in OF_WISHES],
        "picks": {"counts": counts, "total": sum(counts.values()), "wanted": wanted},
        "boards": boards,
        "board": board,
        "all_boards": sum(count for _board, count in boards),
        "tags": tags_of(page.rows),
        "chips": chips_of(wanted, board=board, tag=tag),
        "head": head_of_list(request, title=_("Suggestions"), description=told, feeds=feeds),
    }
    return render(request, "community/suggestions.html", context)
