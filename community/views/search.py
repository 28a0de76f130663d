"""Search: everything people said, and what they may mean while they type."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from community.limits import client_address, spend
from community.models import Board, PostKind
from community.refusals import TooMany
from community.search import Wanted, find
from community.search.places import places_named, suggest
from community.search.wanted import NEW, RELEVANCE
from community.views.heads import FeedLink, Head
from community.views.pages import for_everybody, is_htmx, member_of, prepare_rows

SORT_NAMES = {RELEVANCE: gettext_lazy("Best match"), NEW: gettext_lazy("Newest first")}
# Visitors search so often in a minute, each and all together (research on reliability, 3.2); typing asks in between.
A_MINUTE, ALL_A_MINUTE = 15, 150
TYPING_A_MINUTE, ALL_TYPING_A_MINUTE = 60, 600


@require_safe
@for_everybody
def search(request: HttpRequest) -> HttpResponse:
    """A place to type and, for what was typed, what says it; htmx gets the next hits alone."""
    wanted = Wanted.from_query(request.GET)
    context = {"wanted": wanted, "kinds": PostKind.choices, "sorts": SORT_NAMES.items(), "head": _head(wanted)}
    if wanted.is_empty:
        return render(request, "community/search.html", context)
    allow_search(request)
    found = find(request.user, wanted, after=request.GET.get("after", ""))
    prepare_rows(request, [hit.row for hit in found.hits])
    context |= {"found": found}
    if is_htmx(request) and "after" in request.GET:
        return render(request, "community/_hits.html", context)
    context |= {"boards": Board.objects.visible_to(request.user), "places": places_named(request.user, wanted.words)}
    return render(request, "community/search.html", context)


@require_safe
@for_everybody
def suggestions_while_typing(request: HttpRequest) -> HttpResponse:
    """Up to six lines for the words typed so far; none for those who ask too often."""
    words = Wanted.from_query(request.GET).words
    try:
        allow_search(request, typing=True)
        found = suggest(request.user, words)
    except TooMany:
        found = []
    return render(request, "community/_find_list.html", {"found": found, "words": words})


def _head(wanted: Wanted) -> Head:
    """No other search lists this one; what is new for these words can be read as a feed."""
    url = f"{reverse('feed-search')}?{urlencode({'q': wanted.words})}"
    feeds = (FeedLink(_("What is new for “%(words)s”") % {"words": wanted.words}, url),) if wanted.words else ()
    return Head(_("Search"), reverse("search"), index=False, feeds=feeds)


def allow_search(request: HttpRequest, *, typing: bool = False) -> None:
    """A visitor may search now, or TooMany says when again; members are not counted."""
    if member_of(request) is not None:
        return
    each, together = (TYPING_A_MINUTE, ALL_TYPING_A_MINUTE) if typing else (A_MINUTE, ALL_A_MINUTE)
    what = "typing" if typing else "search"
    try:
        spend(what=what, who=f"network:{client_address(request)}", limit=each, seconds=60)
        spend(what=what, who="visitors", limit=together, seconds=60)
    except TooMany as refusal:
        sentence = _(
            "That was a lot of searching in one minute. Please try again in %(seconds)d seconds, or sign in: then nobody counts."
        )
        raise TooMany(sentence % {"seconds": refusal.retry_after}, retry_after=refusal.retry_after) from refusal
