"""What the frame of every page needs, without a query for visitors."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from community.models import Notice


def frame(request: HttpRequest) -> dict[str, Any]:
    """The member, the theme and, lazily, the number of unread notices."""
    theme = request.COOKIES.get("theme", "")
    member = getattr(request, "user", None)
    signed_in = settings.SESSION_COOKIE_NAME in request.COOKIES and member is not None and member.is_authenticated
    return {
        "member": member if signed_in else None,
        "theme": theme if theme in {"light", "dark"} else "",
        "unread_notices": (lambda: min(Notice.objects.filter(member=member).unread().count(), 99)) if signed_in else 0,
        "languages": settings.LANGUAGES,
        "site_url": settings.SITE_URL,
    }
