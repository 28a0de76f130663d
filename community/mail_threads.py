"""News that can wait is gathered: by its thread for an hour, for a member's next morning, or for their roadmap mail."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from django.db import connection, transaction
from django.db.models import Q

from community import spread, weeks
from community.mailings import message_id_of
from community.models import Mailing, MailList, Pace

KIND, DAILY, WEEKLY = "news", "daily", MailList.DIGEST.value
PAUSE = timedelta(hours=1)
# Time for a slip to be deleted again, and for what happens together to arrive together.
GATHER = {MailList.STATUS: timedelta(seconds=60)}
GATHER_OTHERS = timedelta(seconds=120)
MAILS = """
    unnest(%(kinds)s::text[], %(periods)s::text[], %(members)s::bigint[], %(data)s::text[], %(names)s::text[],
           %(dues)s::timestamptz[]) AS mail(kind, period, member, data, message_id, due_at)
"""
# Without a named constraint: of two who begin the same mail at once, neither may stumble over its Message-ID instead.
BEGIN = f"""
    INSERT INTO community_mailing
        (kind, period, member_id, state, data, message_id, due_at, attempts, ambiguous, error)
    SELECT mail.kind, mail.period, mail.member, 'waiting', mail.data::jsonb, mail.message_id, mail.due_at, 0, false, ''
    FROM {MAILS} ORDER BY mail.member, mail.kind, mail.period
    ON CONFLICT DO NOTHING
    RETURNING kind, period, member_id
"""  # noqa: S608 - only our own words are put together
# In one order, so that two who join the same mails never wait for each other.
JOIN = f"""
    WITH waiting AS (
        SELECT row.id, mail.data::jsonb AS data FROM {MAILS}
        JOIN community_mailing row ON (row.kind, row.period, row.member_id) = (mail.kind, mail.period, mail.member)
        WHERE row.state = 'waiting' AND row.claimed_at IS NULL
        ORDER BY row.member_id, row.kind, row.period
        FOR NO KEY UPDATE OF row
    )
    UPDATE community_mailing SET data = community_mailing.data || jsonb_build_object(
        'news', coalesce(community_mailing.data->'news', '[]'::jsonb) || (waiting.data->'news'))
    FROM waiting WHERE community_mailing.id = waiting.id
    RETURNING kind, period, member_id
"""  # noqa: S608 - only our own words are put together


@dataclass(frozen=True)
class Item:
    """One activity for one member's mail: of its thread, or of the morning or week that comes next in their zone."""

    member_id: int
    thread: str
    activity_id: int
    mail_list: MailList
    pace: Pace = Pace.NOW
    zone: tzinfo = UTC


# A member, and what their mails are gathered by: a thread, or the day or week.
Bundle = tuple[int, Pace, str]


@dataclass(frozen=True)
class Place:
    """The mail an item goes into; `due_at` counts where it is a new one."""

    kind: str
    period: str
    due_at: datetime


@transaction.atomic
def gather_mails(items: Iterable[Item], *, at: datetime) -> None:
    """Each item is in a mail that nobody has begun to send: the waiting one of its bundle, or the next one allowed."""
    left: dict[Bundle, list[Item]] = defaultdict(list)
    for item in items:
        left[item.member_id, item.pace, item.thread if item.pace == Pace.NOW else ""].append(item)
    morning = spread.width_of_morning() if any(pace != Pace.NOW for _, pace, _ in left) else timedelta()
    later = at
    while left:
        # A mail that is claimed this very moment is not joined; the next round finds the hour, day or week after it.
        for bundle in _join(left, _places(left, at, later, morning)):
            del left[bundle]
        later += timedelta(days=1)


def _join(bundles: Mapping[Bundle, list[Item]], places: Mapping[Bundle, Place]) -> list[Bundle]:
    """Each bundle begins its mail, or joins it where it waits already; those that found it taken are left out."""
    by_key = {(places[bundle].kind, places[bundle].period, bundle[0]): bundle for bundle in bundles}
    with connection.cursor() as cursor:
        cursor.execute(BEGIN, _values(by_key, bundles, places))
        begun = [by_key[key] for key in cursor.fetchall()]
        rest = {key: bundle for key, bundle in by_key.items() if bundle not in set(begun)}
        if rest:
            cursor.execute(JOIN, _values(rest, bundles, places))
            return begun + [by_key[key] for key in cursor.fetchall()]
        return begun


def _values(
    by_key: Mapping[tuple[str, str, int], Bundle], bundles: Mapping[Bundle, list[Item]], places: Mapping[Bundle, Place]
) -> dict[str, Any]:
    return {
        "kinds": [kind for kind, _, _ in by_key],
        "periods": [period for _, period, _ in by_key],
        "members": [member_id for _, _, member_id in by_key],
        "data": [_data(bundles[bundle]) for bundle in by_key.values()],
        "names": [message_id_of(*key) for key in by_key],
        "dues": [places[bundle].due_at for bundle in by_key.values()],
    }


def _data(items: list[Item]) -> str:
    thread = items[0].thread if items[0].pace == Pace.NOW else ""
    return json.dumps({"thread": thread, "news": [[item.activity_id, item.mail_list.value] for item in items]})


def _places(bundles: Mapping[Bundle, list[Item]], at: datetime, later: datetime, morning: timedelta) -> dict[Bundle, Place]:
    threads = {bundle for bundle in bundles if bundle[1] == Pace.NOW}
    known: dict[tuple[int, str], list[Mailing]] = defaultdict(list)
    recent = Q(sent_at__isnull=True) | Q(sent_at__gt=at - PAUSE) | Q(due_at__gt=at - PAUSE)
    if threads:
        for row in Mailing.objects.filter(recent, kind=KIND, member__in={member_id for member_id, _, _ in threads}):
            known[row.member_id, row.period.rpartition("@")[0]].append(row)
    return {
        bundle: _place(bundle[2], items, known[bundle[0], bundle[2]], at)
        if bundle in threads
        else _gathering(bundle, items[0].zone, later, morning)
        for bundle, items in bundles.items()
    }


def _place(thread: str, items: list[Item], before: list[Mailing], at: datetime) -> Place:
    """The waiting mail of the thread, or a new one that is due an hour after the thread's last."""
    due_at = at + min(GATHER.get(item.mail_list, GATHER_OTHERS) for item in items)
    for row in before:
        if row.state == Mailing.State.WAITING and row.claimed_at is None:
            return Place(KIND, row.period, row.due_at)
        due_at = max(due_at, max(row.due_at, row.sent_at or row.due_at) + PAUSE)
    return Place(KIND, f"{thread}@{due_at.astimezone(UTC):%Y-%m-%dT%H}", due_at)


def _gathering(bundle: Bundle, zone: tzinfo, later: datetime, morning: timedelta) -> Place:
    """The member's next morning, or the roadmap mail of their week."""
    member_id, pace, _ = bundle
    if pace == Pace.DAILY:
        day, due_at = weeks.next_morning(zone, at=later)
        return Place(DAILY, f"{day:%Y-%m-%d}", due_at + spread.offset_of(member_id, morning))
    week = weeks.next_due_week(zone, at=later)
    return Place(WEEKLY, week.name, weeks.due_at(week, zone) + spread.offset_of(member_id, morning))
