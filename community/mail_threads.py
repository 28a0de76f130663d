"""News that can wait a minute is gathered: never more than one mail per thread and hour to the same member."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Q

from community.mailings import message_id_of
from community.models import Mailing, MailList

KIND = "news"
PAUSE = timedelta(hours=1)
# Time for a slip to be deleted again, and for what happens together to arrive together.
GATHER = {MailList.STATUS: timedelta(seconds=60), MailList.COMMENTS: timedelta(seconds=120)}
JOIN = """
    INSERT INTO community_mailing
        (kind, period, member_id, state, data, message_id, due_at, attempts, ambiguous, error)
    SELECT %(kind)s, mail.period, mail.member, 'waiting', mail.data::jsonb, mail.message_id, mail.due_at, 0, false, ''
    FROM unnest(%(periods)s::text[], %(members)s::bigint[], %(data)s::text[], %(names)s::text[], %(dues)s::timestamptz[])
        AS mail(period, member, data, message_id, due_at)
    ORDER BY mail.member, mail.period
    ON CONFLICT (kind, period, member_id) DO UPDATE
    SET data = jsonb_set(community_mailing.data, '{news}', (community_mailing.data->'news') || (excluded.data->'news'))
    WHERE community_mailing.state = 'waiting' AND community_mailing.claimed_at IS NULL
    RETURNING period, member_id
"""

Thread = tuple[int, str]  # a member, and what the mails are about


@dataclass(frozen=True)
class Item:
    """One activity for one member's mail about one thread."""

    member_id: int
    thread: str
    activity_id: int
    mail_list: MailList


@dataclass(frozen=True)
class Place:
    """The mail an item goes into, by its period; `due_at` counts where it is a new one."""

    period: str
    due_at: datetime


@transaction.atomic
def gather_mails(items: Iterable[Item], *, at: datetime) -> None:
    """Each item is in a mail that nobody has begun to send: the waiting one of its thread, or the next one allowed."""
    left: dict[Thread, list[Item]] = defaultdict(list)
    for item in items:
        left[item.member_id, item.thread].append(item)
    while left:
        # A mail that is claimed this very moment is not joined; the next round finds the hour after it.
        for thread in _join(left, _places(left, at)):
            del left[thread]


def _join(threads: Mapping[Thread, list[Item]], places: Mapping[Thread, Place]) -> list[Thread]:
    by_key = {(places[thread].period, thread[0]): thread for thread in threads}
    values: dict[str, Any] = {
        "kind": KIND,
        "periods": [period for period, _ in by_key],
        "members": [member_id for _, member_id in by_key],
        "data": [_data(threads[thread]) for thread in by_key.values()],
        "names": [message_id_of(KIND, period, member_id) for period, member_id in by_key],
        "dues": [places[thread].due_at for thread in by_key.values()],
    }
    with connection.cursor() as cursor:
        cursor.execute(JOIN, values)
        return [by_key[period, member_id] for period, member_id in cursor.fetchall()]


def _data(items: list[Item]) -> str:
    return json.dumps({"thread": items[0].thread, "news": [[item.activity_id, item.mail_list.value] for item in items]})


def _places(threads: Mapping[Thread, list[Item]], at: datetime) -> dict[Thread, Place]:
    """The waiting mail of each thread, or a new one that is due an hour after the thread's last."""
    known: dict[Thread, list[Mailing]] = defaultdict(list)
    recent = Q(sent_at__isnull=True) | Q(sent_at__gt=at - PAUSE) | Q(due_at__gt=at - PAUSE)
    for row in Mailing.objects.filter(recent, kind=KIND, member__in={member_id for member_id, _ in threads}):
        known[row.member_id, row.period.rpartition("@")[0]].append(row)
    return {thread: _place(thread[1], items, known[thread], at) for thread, items in threads.items()}


def _place(thread: str, items: list[Item], before: list[Mailing], at: datetime) -> Place:
    due_at = at + min(GATHER[item.mail_list] for item in items)
    for row in before:
        if row.state == Mailing.State.WAITING and row.claimed_at is None:
            return Place(row.period, row.due_at)
        due_at = max(due_at, max(row.due_at, row.sent_at or row.due_at) + PAUSE)
    return Place(f"{thread}@{due_at.astimezone(UTC):%Y-%m-%dT%H}", due_at)
