"""The list of suggestions, filtered, sorted and searched."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from community.lists import Wanted, boards_with_counts, count_by_status, narrowed, suggestions_for, tags_of
from community.paging import take_page
from community.views.pages import for_everybody, is_htmx, prepare_rows

SORT_NAMES = {"hot": _("Hot"), "top": _("Most wanted"), "new": _("New"), "needs-votes": _("Needs votes")}


@require_safe
@for_everybody
def suggestions(request: HttpRequest) -> HttpResponse:
    """One page of the wanted suggestions; htmx gets the rows alone."""
    wanted = Wanted.from_query(request.GET)
    rows = suggestions_for(request.user, wanted)
    page = take_page(narrowed(rows, wanted).with_posts(), order=wanted.order, after=request.GET.get("after", ""))
    prepare_rows(request, page.rows)
    context = {"wanted": wanted, "rows": page.rows, "after": page.after}
    if is_htmx(request) and "after" in request.GET:
        return render(request, "community/_rows.html", context)
    counts = count_by_status(rows)
    boards = boards_with_counts(request.user)
    context |= {
        "section": "suggestions",
        "sorts": SORT_NAMES.items(),
        "picks": {"counts": counts, "total": sum(counts.values()), "wanted": wanted},
        "boards": boards,
        "board": next((board for board, _count in boards if board.slug == wanted.board), None),
        "all_boards": sum(count for _board, count in boards),
        "tags": tags_of(page.rows),
    }
    return render(request, "community/suggestions.html", context)


@require_safe
@for_everybody
def search(request: HttpRequest) -> HttpResponse:
    """A place to type, or the list of what says the words."""
    words = Wanted.from_query(request.GET).words
    if words:
        return HttpResponseRedirect(f"{reverse('suggestions')}?{urlencode({'q': words})}")
    return render(request, "community/search.html")
