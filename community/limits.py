"""Limits: how often somebody may do a thing within a window; counted in Redis, open when Redis is not there."""

import ipaddress
import logging
import time
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import gettext as _

from community.refusals import TooMany

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Allowance:
    """What is left of a limit; `reset` in seconds."""

    limit: int
    left: int
    reset: int


def client_address(request: HttpRequest) -> str:
    """The caller's address: the peer, or what exactly TRUSTED_PROXIES proxies have added; IPv6 by its /64."""
    address = request.META.get("REMOTE_ADDR", "")
    if settings.TRUSTED_PROXIES:
        hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
        if len(hops) >= settings.TRUSTED_PROXIES:
            address = hops[-settings.TRUSTED_PROXIES]
    return network_of(address)


def network_of(address: str) -> str:
    """Whom an address belongs to, however it is written: IPv4 as it is, IPv6 by the first address of its /64."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv4Address):
        return address
    if found.ipv4_mapped:
        return str(found.ipv4_mapped)
    return str(ipaddress.IPv6Network((found, 64), strict=False).network_address)


def spend(*, what: str, who: str, limit: int, seconds: int) -> Allowance:
    """One of `limit` per window of `seconds` is used up; TooMany once none is left."""
    window = int(time.time()) // seconds
    reset = (window + 1) * seconds - int(time.time())
    if not settings.RATE_LIMITS:
        return Allowance(limit, limit, reset)
    key = f"limit:{what}:{who}:{window}"
    try:
        cache.add(key, 0, timeout=seconds + 5)
        used = cache.incr(key)
    except Exception as fault:  # noqa: BLE001 - without Redis people may still write; the log says so
        log.warning("Limits are not counted: %s", fault)
        return Allowance(limit, limit, reset)
    if used > limit:
        raise TooMany(_("That was a lot in a short time. Please try again in a moment."), retry_after=reset)
    return Allowance(limit, limit - used, reset)
