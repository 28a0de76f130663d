"""ISO weeks as one time zone lives them. Pure: no clock, no database."""

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from community.sections import Week

DUE_HOUR = 8  # the digest of a week is due on the Monday after it, at eight in the morning
_NAME = re.compile(r"([0-9]{4})-W([0-9]{2})")


def week_named(name: str, zone: tzinfo) -> Week:
    """The week `2026-W47` from Monday to Monday, midnight in the zone. Raises ValueError where there is no such week."""
    found = _NAME.fullmatch(name)
    if found is None:
        raise ValueError(f"{name} is no week: write it like 2026-W47.")
    monday = date.fromisocalendar(int(found[1]), int(found[2]), 1)
    return Week(name, _moment(monday, 0, zone), _moment(monday + timedelta(days=7), 0, zone))


def week_of(day: date, zone: tzinfo) -> Week:
    """The week a day lies in."""
    year, number, _ = day.isocalendar()
    return week_named(f"{year}-W{number:02d}", zone)


def due_at(week: Week, zone: tzinfo) -> datetime:
    """When the digest of the week is due: the Monday after it, at eight on the clocks of the zone."""
    return _moment(week.end.astimezone(zone).date(), DUE_HOUR, zone)


def last_due_week(zone: tzinfo, *, at: datetime) -> Week:
    """The week whose digest fell due last; never two at once, however long nobody looked."""
    today = at.astimezone(zone).date()
    before = week_of(today - timedelta(days=7), zone)
    return before if due_at(before, zone) <= at else week_of(today - timedelta(days=14), zone)


def next_due_week(zone: tzinfo, *, at: datetime) -> Week:
    """The week whose digest falls due next."""
    today = at.astimezone(zone).date()
    before = week_of(today - timedelta(days=7), zone)
    return before if due_at(before, zone) > at else week_of(today, zone)


def next_morning(zone: tzinfo, *, at: datetime) -> tuple[date, datetime]:
    """The next day that begins to be read, and the moment it does: eight on the clocks there."""
    day = at.astimezone(zone).date()
    due = _moment(day, DUE_HOUR, zone)
    if due <= at:
        day += timedelta(days=1)
        due = _moment(day, DUE_HOUR, zone)
    return day, due


def last_day(week: Week, zone: tzinfo) -> date:
    """The Sunday that ends the week."""
    return week.end.astimezone(zone).date() - timedelta(days=1)


def _moment(day: date, hour: int, zone: tzinfo) -> datetime:
    # An hour that the clocks skip is the same moment as the one after it; one that comes twice, its first.
    return datetime.combine(day, time(hour), tzinfo=zone).astimezone(UTC)
