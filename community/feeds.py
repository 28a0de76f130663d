"""Feeds: Atom that any reader takes, with addresses and ids that never change, and nothing that a visitor may not see.

A feed is the same for everybody: whoever is signed in gets what a visitor gets, since readers keep what they fetched.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.feedgenerator import Atom1Feed
from django.utils.timezone import now
from django.utils.translation import get_language

MOST = 30
# Signs that no XML may hold, not even as references.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_RELATIVE = re.compile(r'(<(?:a|img)\b[^>]*?\s(?:href|src)=")/(?!/)')


@dataclass(frozen=True)
class Entry:
    """One thing a feed tells of. key: unique on this site for ever; html: safe already."""

    key: str
    title: str
    path: str
    html: str
    at: datetime
    updated_at: datetime
    author: str = ""
    labels: Sequence[str] = ()


@dataclass(frozen=True)
class Feed:
    """A feed as it is served. path: of the page that shows the same."""

    title: str
    path: str
    subtitle: str = ""


def absolute(path: str) -> str:
    return f"{settings.SITE_URL}{path}"


def stable_id(key: str, at: datetime) -> str:
    """A tag URI (RFC 4151): it survives a new title, another board and another address of the site's pages."""
    return f"tag:{urlsplit(settings.SITE_URL).hostname},{at.date().isoformat()}:{key}"


def clean(text: str) -> str:
    """The text without what XML forbids."""
    return _FORBIDDEN.sub("", text)


def at_home(html: str) -> str:
    """The HTML with the site's own addresses written out, since a reader shows it elsewhere."""
    return clean(_RELATIVE.sub(rf"\1{settings.SITE_URL}/", html))


def answer_feed(request: HttpRequest, feed: Feed, entries: Iterable[Entry]) -> HttpResponse:
    """The feed, or 304 for a reader that has it."""
    rows = list(entries)
    told = [(feed, get_language(), settings.SITE_URL), *((row.key, row.updated_at, row.title, row.author) for row in rows)]
    etag = f'"{sha256(repr(told).encode()).hexdigest()[:32]}"'
    latest = max((row.updated_at for row in rows), default=None)
    modified = int(latest.timestamp()) if latest else None
    known = get_conditional_response(request, etag=etag, last_modified=modified)
    if known is not None:
        return known
    response = HttpResponse(write_atom(request, feed, rows, latest), content_type="application/atom+xml; charset=utf-8")
    response["ETag"] = etag
    if latest is not None:
        response["Last-Modified"] = latest.strftime("%a, %d %b %Y %H:%M:%S GMT")
    return response


def write_atom(request: HttpRequest, feed: Feed, rows: Sequence[Entry], latest: datetime | None) -> str:
    """The feed as XML."""
    atom = Feeding(
        title=clean(feed.title),
        link=absolute(feed.path),
        description=clean(feed.subtitle),
        subtitle=clean(feed.subtitle),
        language=get_language(),
        feed_url=absolute(request.get_full_path()),
        feed_guid=absolute(request.get_full_path()),
        author_name="Sprout",
        updated=latest or now(),
    )
    for row in rows:
        atom.add_item(
            title=clean(row.title),
            link=absolute(row.path),
            description=at_home(row.html),
            unique_id=stable_id(row.key, row.at),
            author_name=clean(row.author) or "Sprout",
            pubdate=row.at,
            updateddate=row.updated_at,
            categories=[clean(label) for label in row.labels],
        )
    return atom.writeString("utf-8")


class Feeding(Atom1Feed):
    """Atom whose time is that of its newest entry, also where there is none."""

    def latest_post_date(self) -> datetime:
        found: datetime = self.feed["updated"]
        return found
