"""Weeks as people live them: their Monday, their midnight, whatever the clocks do."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest

from community.weeks import due_at, last_day, last_due_week, week_named, week_of

SHANGHAI, NEW_YORK, KIRITIMATI = ZoneInfo("Asia/Shanghai"), ZoneInfo("America/New_York"), ZoneInfo("Pacific/Kiritimati")


def test_a_week_runs_from_midnight_on_monday_to_midnight_on_monday():
    week = week_named("2026-W47", SHANGHAI)
    assert week.start == datetime(2026, 11, 15, 16, tzinfo=UTC)
    assert week.end - week.start == timedelta(days=7)


def test_the_digest_is_due_at_eight_on_monday_on_the_members_own_clock():
    assert due_at(week_named("2026-W47", SHANGHAI), SHANGHAI) == datetime(2026, 11, 23, 0, tzinfo=UTC)
    assert due_at(week_named("2026-W47", NEW_YORK), NEW_YORK) == datetime(2026, 11, 23, 13, tzinfo=UTC)


@pytest.mark.parametrize("zone", [UTC, SHANGHAI, NEW_YORK, KIRITIMATI])
def test_a_minute_before_eight_it_is_still_the_week_before(zone):
    eight = due_at(week_named("2026-W47", zone), zone)
    assert last_due_week(zone, at=eight - timedelta(minutes=1)).name == "2026-W46"
    assert last_due_week(zone, at=eight).name == "2026-W47"


def test_it_is_due_after_its_week_is_over_wherever_one_lives():
    for name in available_timezones():
        zone = ZoneInfo(name)
        week = week_named("2026-W47", zone)
        assert week.end < due_at(week, zone) <= week.end + timedelta(hours=9), name


def test_weeks_join_without_gap_or_overlap_through_a_year_of_changing_clocks():
    for name in ("Europe/Berlin", "America/Sao_Paulo", "Asia/Beirut", "Australia/Lord_Howe", "Africa/Cairo"):
        zone = ZoneInfo(name)
        weeks = [week_of(datetime(2025, 12, 29).date() + timedelta(weeks=n), zone) for n in range(53)]
        assert all(a.end == b.start for a, b in zip(weeks, weeks[1:], strict=False)), name


@pytest.mark.parametrize(("name", "hours"), [("2026-W13", 167), ("2026-W43", 169)])
def test_a_week_with_a_changed_clock_is_an_hour_shorter_or_longer(name, hours):
    berlin = ZoneInfo("Europe/Berlin")
    week = week_named(name, berlin)
    assert week.end - week.start == timedelta(hours=hours)
    assert due_at(week, berlin).astimezone(berlin).hour == 8


def test_a_year_with_53_weeks_has_its_last_one():
    assert week_of(datetime(2026, 12, 31).date(), UTC).name == "2026-W53"
    assert last_day(week_named("2026-W53", UTC), UTC) == datetime(2027, 1, 3).date()
    assert last_due_week(UTC, at=datetime(2027, 1, 4, 8, tzinfo=UTC)).name == "2026-W53"


@pytest.mark.parametrize("name", ["2025-W53", "2026-W00", "2026-47", "W47", "2026-W471", "2026-W4７", ""])
def test_what_is_no_week_is_refused(name):
    with pytest.raises(ValueError, match="."):
        week_named(name, UTC)
