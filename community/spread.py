"""Mails of a morning are spread over it, so that a crowd's do not fall into one minute. Each member keeps their place."""

import zlib
from datetime import timedelta

from django.db import connection

A_MINUTE = 1000  # mails that one small mail server takes without sweating
WIDEST = timedelta(hours=3)


def width_for(people: int) -> timedelta:
    """How long the morning lasts for so many people: as short as it can be, three hours at most."""
    return min(timedelta(minutes=people // A_MINUTE), WIDEST)


def offset_of(member_id: int, width: timedelta) -> timedelta:
    """The member's place in the morning, the same every day, evenly spread."""
    return width * (zlib.crc32(str(member_id).encode()) / 2**32)


def width_of_morning() -> timedelta:
    """As wide as the community is large, by the planner's own estimate: nobody counts a million rows for this."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = 'community_member'::regclass")
        return width_for(cursor.fetchone()[0])
