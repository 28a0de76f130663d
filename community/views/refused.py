"""A refusal, shown: a note for htmx, a page for everybody else."""

from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from community.refusals import OnlySent, Refused, TooMany


def answer_refusal(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """The person reads what to do next; the status says what it was to machines."""
    if getattr(request, "htmx", False):
        response = render(request, "_refused.html", {"refusal": refusal}, status=refusal.status)
        # The note appears among the toasts and leaves the pressed button as it was.
        response["HX-Retarget"], response["HX-Reswap"] = "#toasts", "beforeend"
    else:
        response = render(request, "refused.html", {"refusal": refusal, "back": _page_before(request)}, status=refusal.status)
    if isinstance(refusal, TooMany):
        response["Retry-After"] = str(refusal.retry_after)
    return response


def answer_opened(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Whoever opens an address that only takes what a form sends reads so, where the browser would show a page of its own."""
    page = answer_refusal(
        request, OnlySent(_("This address only takes what a button sends. Go to the page and press it there."))
    )
    page["Allow"] = response["Allow"]
    return page


def _page_before(request: HttpRequest) -> str:
    before = urlsplit(request.META.get("HTTP_REFERER", ""))
    return before.path + (f"?{before.query}" if before.query else "") if before.netloc == request.get_host() else ""
