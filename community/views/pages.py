"""What the views of pages share: caching, rows ready to be drawn, and the way through the sign-in."""

from collections.abc import Callable, Mapping, Sequence
from functools import update_wrapper
from typing import Any, Concatenate, ParamSpec, cast
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme

from community import slots
from community.models import Member
from community.pending import keep_act
from community.read_marks import unread_of

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]
PERSONAL = ("messages", settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME)


def for_everybody(view: View[P]) -> View[P]:
    """A visitor's page may be kept by any shared cache for half a minute; whoever has cookies gets their own."""

    def page(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if any(cookie in request.COOKIES for cookie in PERSONAL) or response.cookies:
            patch_cache_control(response, private=True, no_cache=True)
        elif response.status_code in (200, 301):
            # Browsers ask again each time, so that nobody sees the visitor's page after signing in.
            patch_cache_control(response, public=True, max_age=0, s_maxage=30)
        patch_vary_headers(response, ("Cookie", "Accept-Language", "HX-Request"))
        return response

    return cast(View[P], update_wrapper(page, view))


def member_of(request: HttpRequest) -> Member | None:
    """The signed-in member, or None; a visitor without a session costs no query."""
    user = request.user
    return user if isinstance(user, Member) and user.is_authenticated else None


def is_htmx(request: HttpRequest) -> bool:
    return bool(getattr(request, "htmx", False))


def prepare_rows(request: HttpRequest, rows: Sequence[Any]) -> None:
    """What higher apps show in rows is loaded, once for all rows, and how much of each is new to the member."""
    member = member_of(request)
    fresh = unread_of(member=member, post_ids=[row.post_id for row in rows if row.comments]) if member else {}
    for row in rows:
        row.fresh = fresh.get(row.post_id, 0)
    for name in ("row_vote", "row_status", "row_score", "row_poll"):
        slots.prepare(request, name, rows)


def go(request: HttpRequest, url: str) -> HttpResponse:
    """The browser goes on to the address, by htmx or by itself."""
    if is_htmx(request):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)


def next_of(request: HttpRequest, fallback: str) -> str:
    """The address inside this site that the form asked to go on to."""
    wish = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(wish, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return wish if safe else fallback


def ask_first(
    request: HttpRequest, *, heading: str, sentence: str, button: str, fields: Mapping[str, Any] | None = None
) -> HttpResponse:
    """A page, or a dialog for htmx, with one button that does it by POST; a visitor gives a mail address with it."""
    context = {"heading": heading, "sentence": sentence, "button": button, "fields": fields or {}, "entrance": True}
    template = "community/_ask_first.html" if is_htmx(request) else "community/ask_first.html"
    response = render(request, template, context)
    patch_cache_control(response, private=True, no_store=True)
    return response


def sign_in_first(request: HttpRequest, kind: str, data: Mapping[str, Any]) -> HttpResponse:
    """What the visitor did waits in their session, and they go on to sign in."""
    keep_act(request, kind, data, at=timezone.now())
    if request.POST.get("email"):
        # 307 carries the address they typed on to the form that sends the code.
        return HttpResponse(status=307, headers={"Location": reverse("account_request_login_code")})
    return go(request, reverse("account_login"))


def sign_in_for(request: HttpRequest) -> HttpResponse:
    """The page is for members: sign in, then come back to it."""
    return go(request, f"{reverse('account_login')}?{urlencode({'next': request.get_full_path()})}")
