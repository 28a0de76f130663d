"""Traces: which network and device an act came from, as hashes under a salt that changes each ISO week.

They tell whether two acts of one week came from the same place, and nothing else; after 14 days they are gone.
"""

import hashlib
import hmac
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest

from community.limits import client_address
from community.models import Activity, Trace
from community.verbs import Verb

TRACED = frozenset(
    {Verb.VOTE_CAST, Verb.POST_WRITTEN, Verb.POST_HELD, Verb.COMMENT_WRITTEN, Verb.COMMENT_HELD, Verb.MEMBER_JOINED}
)
_request: ContextVar[HttpRequest | None] = ContextVar("request", default=None)


@contextmanager
def traced(request: HttpRequest) -> Iterator[None]:
    """Facts recorded inside carry the traces of this request."""
    token = _request.set(request)
    try:
        yield
    finally:
        _request.reset(token)


@contextmanager
def untraced() -> Iterator[None]:
    """Facts recorded inside carry no traces: the act was another person's, and long ago."""
    token = _request.set(None)
    try:
        yield
    finally:
        _request.reset(token)


def leave_traces(activities: Iterable[Activity], *, at: datetime) -> None:
    """The facts have their traces, where a person at a browser caused them."""
    request = _request.get()
    if request is None:
        return
    network = _hash(client_address(request), at)
    device = _hash(f"{request.headers.get('User-Agent', '')}|{request.headers.get('Accept-Language', '')}", at)
    rows = [Trace(activity=fact, network=network, device=device, at=at) for fact in activities if fact.verb in TRACED]
    Trace.objects.bulk_create(rows)


def _hash(text: str, at: datetime) -> str:
    year, week, _day = at.isocalendar()
    salt = f"{settings.SECRET_KEY}|traces|{year}-{week}".encode()
    return hmac.new(salt, text.encode(), hashlib.sha256).hexdigest()[:32]
