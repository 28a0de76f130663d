"""The box beside the composer: who may have wished the same already."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from feedback.own_votes import own_votes
from feedback.similar import find_similar
from feedback.slots import label_of
from feedback.text import says_enough

MOST_BODY = 2000


@require_safe
def similar(request: HttpRequest) -> HttpResponse:
    """Up to five suggestions like the half-typed one, once the title says enough."""
    title, body = request.GET.get("title", "")[:200], request.GET.get("body", "")[:MOST_BODY]
    found = find_similar(title=title, body=body, asker=request.user, limit=5) if says_enough(title) else []
    mine = own_votes(request.user, [one.post_id for one in found])
    rows = [
        {
            "one": one,
            "votes": mine.shown(one.post_id, one.votes),
            "voted": one.post_id in mine.needs,
            "label": label_of(one.status),
        }
        for one in found
    ]
    response = render(request, "feedback/_similar.html", {"rows": rows})
    patch_cache_control(response, private=True, no_store=True)
    return response
