"""What every request of a signed-in member does: their language, their time zone, and that they were here."""

import zoneinfo
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.cache import add_never_cache_headers

from community.models import Member
from community.refusals import Refused
from community.sign_in import may_enter
from community.traces import traced
from community.views.refused import answer_opened, answer_refusal


class MemberMiddleware:
    """A session opens only where its member may enter; times are in their zone; a refusal becomes a kind page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path_info:
            # The database knows no such sign, so nothing can be there.
            raise Http404
        # A visitor without a session costs no query and stays cacheable.
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            self._settle_in(request)
        with traced(request):
            response = self.get_response(request)
            if response.status_code == 405 and request.method == "GET" and not response.content:
                response = answer_opened(request, response)
        timezone.deactivate()
        # What does not say that it is for everybody is one person's: forms carry tokens.
        if not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return answer_refusal(request, exception) if isinstance(exception, Refused) else None

    def _settle_in(self, request: HttpRequest) -> None:
        member = request.user
        assert isinstance(member, Member)
        # A session is made in one place and may be carried to another.
        if not may_enter(member, request):
            request.user = AnonymousUser()
            return
        try:
            timezone.activate(zoneinfo.ZoneInfo(member.time_zone))
        except (zoneinfo.ZoneInfoNotFoundError, ValueError):
            timezone.activate(zoneinfo.ZoneInfo("UTC"))
        if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES and member.language in dict(settings.LANGUAGES):
            translation.activate(member.language)
            request.LANGUAGE_CODE = member.language  # type: ignore[attr-defined]
