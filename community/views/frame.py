"""What every page's frame asks for: who is here, and how they want it to look."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from community.members import edit_profile
from community.views.pages import go, member_of, next_of

YEAR = 365 * 24 * 3600


@never_cache
@require_safe
def session(request: HttpRequest) -> JsonResponse:
    """The token and the member's name, for script at the first intent; pages for visitors carry neither."""
    member = member_of(request)
    brief = {"username": member.username, "name": member.display_name} if member else None
    return JsonResponse({"token": get_token(request), "member": brief})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def look(request: HttpRequest) -> HttpResponse:
    """The browser keeps the chosen language and theme; a member's mails follow the language."""
    goal = next_of(request, "/")
    if request.method != "POST":
        wish = {"language": request.GET.get("language", ""), "theme": request.GET.get("theme", "")}
        return render(request, "community/look.html", {"next": goal, "wish": wish})
    response = go(request, goal)
    language, theme = request.POST.get("language", ""), request.POST.get("theme", "")
    if language in dict(settings.LANGUAGES):
        _keep(response, settings.LANGUAGE_COOKIE_NAME, language)
        member = member_of(request)
        if member:
            edit_profile(
                member=member, display_name=member.display_name, bio=member.bio, language=language,
                time_zone=member.time_zone, at=timezone.now(),
            )  # fmt: skip
    if theme in ("light", "dark"):
        _keep(response, "theme", theme)
    elif theme == "auto":
        response.delete_cookie("theme")
    return response


def _keep(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(name, value, max_age=YEAR, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)
