"""What crawlers ask for: where they may go, and what there is."""

from datetime import datetime

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.html import escape
from django.views.decorators.http import require_safe

from community.sitemaps import REGISTER

HOUR = 3600
# Nothing of these belongs into an index, and each visit would cost.
KEPT_OUT = (
    "/accounts/", "/admin/", "/api/", "/me/", "/session/", "/settings/", "/search/", "/mail/", "/posts/new/", "/posts/similar/",
    "/posts/*/vote/", "/posts/*/follow/", "/posts/*/react/", "/posts/*/same/", "/posts/*/comments/", "/comments/*/*/",
)  # fmt: skip


@require_safe
def robots(_request: HttpRequest) -> HttpResponse:
    """Where crawlers may not go, and where the map is."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in KEPT_OUT), ""]
    lines.append(f"Sitemap: {settings.SITE_URL}{reverse('sitemap')}")
    return _for_an_hour(HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8"))


@require_safe
def sitemap_index(_request: HttpRequest) -> HttpResponse:
    """Every file of the map, with when something in it last moved."""
    files = [
        _place("sitemap", reverse("sitemap-part", args=[f"{name}-{part}"]), at)
        for name, source in REGISTER.items()
        for part, at in sorted(source.parts().items())
    ]
    return _xml("sitemapindex", files)


@require_safe
def sitemap(_request: HttpRequest, name: str) -> HttpResponse:
    """One file of the map."""
    kind, _dash, part = name.rpartition("-")
    if kind not in REGISTER or not part.isascii() or not part.isdecimal() or len(part) > 9:
        raise Http404
    pages = [_place("url", page.path, page.at) for page in REGISTER[kind].pages(int(part))]
    if not pages:
        raise Http404
    return _xml("urlset", pages)


def _place(tag: str, path: str, at: datetime | None) -> str:
    moved = f"<lastmod>{at.isoformat(timespec='seconds')}</lastmod>" if at else ""
    return f"<{tag}><loc>{escape(settings.SITE_URL + path)}</loc>{moved}</{tag}>"


def _xml(root: str, places: list[str]) -> HttpResponse:
    text = "\n".join(
        [
            '<?xml version="1.0" encoding="UTF-8"?>',
            f'<{root} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">',
            *places,
            f"</{root}>",
        ]
    )
    return _for_an_hour(HttpResponse(text + "\n", content_type="application/xml; charset=utf-8"))


def _for_an_hour(response: HttpResponse) -> HttpResponse:
    patch_cache_control(response, public=True, max_age=HOUR)
    return response
