"""The next morning and the next week, on whatever clock somebody lives by."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.weeks import DUE_HOUR, due_at, last_due_week, next_due_week, next_morning, week_named, week_of

ZONES = ["UTC", "Asia/Shanghai", "America/New_York", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Europe/Berlin", "Asia/Kathmandu",
         "Australia/Lord_Howe", "Africa/Cairo"]  # fmt: skip
zones = st.sampled_from(ZONES).map(ZoneInfo)
moments = st.datetimes(datetime(2024, 1, 1), datetime(2030, 12, 31), timezones=st.just(UTC))


@given(zones, moments)
def test_the_next_morning_is_eight_on_the_clock_there_and_still_to_come(zone, at):
    day, due = next_morning(zone, at=at)
    local = due.astimezone(zone)
    assert timedelta() < due - at <= timedelta(hours=25)
    assert (local.date(), local.hour, local.minute) == (day, DUE_HOUR, 0)


@given(zones, moments)
def test_nobody_has_two_mornings_in_one_day(zone, at):
    day, due = next_morning(zone, at=at)
    after, _due = next_morning(zone, at=due)
    assert after == day + timedelta(days=1)
    assert next_morning(zone, at=due - timedelta(seconds=1)) == (day, due)


@given(zones, moments)
def test_the_week_that_falls_due_next_follows_the_one_that_fell_due_last(zone, at):
    last, following = last_due_week(zone, at=at), next_due_week(zone, at=at)
    assert last.end == following.start
    assert due_at(last, zone) <= at < due_at(following, zone)
    # At the very moment it falls due it is the last one, and the next is ahead.
    due = due_at(following, zone)
    assert last_due_week(zone, at=due) == following and next_due_week(zone, at=due).start == following.end


@given(zones, moments)
def test_a_day_lies_in_its_week_and_the_week_is_found_again_by_its_name(zone, at):
    day = at.astimezone(zone).date()
    week = week_of(day, zone)
    assert week.start <= at < week.end
    assert week_named(week.name, zone) == week


@given(zones, moments)
def test_a_week_begins_at_midnight_on_a_monday(zone, at):
    start = week_of(at.date(), zone).start.astimezone(zone)
    assert start.isoweekday() == 1
    assert start.hour <= 1, "only where the clocks skip midnight"


@pytest.mark.parametrize("name", ["2026-w47", " 2026-W47", "2026-W47\n", "26-W47", "2026-W-1", "0000-W01"])
def test_a_name_is_taken_to_the_letter(name):
    with pytest.raises(ValueError, match="."):
        week_named(name, UTC)
