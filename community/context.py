"""What the frame of every page needs, without a query for visitors."""

from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from community.care.queue import count_waiting
from community.models import Member, Role
from community.notice_box import count_unread
from community.privileges import tell_suspension


def frame(request: HttpRequest) -> dict[str, Any]:
    """The member, the theme and, lazily, the number of unread notices."""
    theme = request.COOKIES.get("theme", "")
    user, now = getattr(request, "user", None), timezone.now()
    # Without a cookie nobody is asked for: the lazy user would cost a query.
    member = user if settings.SESSION_COOKIE_NAME in request.COOKIES and isinstance(user, Member) else None
    return {
        "member": member,
        "suspension": tell_suspension(member) if member and member.is_suspended(at=now) else "",
        "cases_waiting": (lambda: count_waiting(member, at=now)) if member and member.role != Role.MEMBER else 0,
        "theme": theme if theme in {"light", "dark"} else "",
        # The bell says the number four times, to eyes and to ears; it is asked for once, and not at all without a bell.
        "unread_notices": cache(lambda: count_unread(member)) if member else 0,
        "languages": settings.LANGUAGES,
        "site_url": settings.SITE_URL,
    }
