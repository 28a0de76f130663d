"""A crowd's mails are spread over the morning; a small community's are not."""

from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community import digest, spread, weeks
from community.models import Mailing, Member
from tests.factories import NOW, make_member


@given(st.integers(1, 10**12), st.integers(0, 10**8))
def test_everybody_has_a_place_in_the_morning_and_keeps_it(member_id, people):
    width = spread.width_for(people)
    assert timedelta() <= spread.offset_of(member_id, width) <= width <= spread.WIDEST
    assert spread.offset_of(member_id, width) == spread.offset_of(member_id, width)


def test_a_small_community_is_written_to_at_eight():
    assert spread.width_for(999) == timedelta()


def test_a_million_do_not_go_in_one_minute():
    width = spread.width_for(1_000_000)
    minutes = Counter(int(spread.offset_of(pk, width).total_seconds() // 60) for pk in range(1, 100_001))
    assert width == timedelta(hours=3)
    assert max(minutes.values()) < 1.2 * 100_000 / 180


@pytest.mark.django_db
def test_digests_fall_due_over_the_morning_and_never_before_eight(monkeypatch):
    monkeypatch.setattr(spread, "width_of_morning", lambda: timedelta(hours=2))
    for _ in range(30):
        make_member()
    monday = weeks.due_at(weeks.week_named("2026-W46", weeks.UTC), weeks.UTC)
    digest.plan_due_digests(at=monday)
    dues = set(Mailing.objects.values_list("due_at", flat=True))
    assert len(dues) == Member.objects.count()
    assert monday <= min(dues) < max(dues) <= monday + timedelta(hours=2)


@pytest.mark.django_db
def test_the_width_comes_from_an_estimate_and_costs_one_small_query(django_assert_num_queries):
    with django_assert_num_queries(1):
        assert spread.width_of_morning() <= spread.WIDEST


def test_the_next_morning_is_always_ahead_and_less_than_a_day_and_an_hour_away():
    at = NOW
    for hour in range(48):
        _day, due = weeks.next_morning(weeks.UTC, at=at + timedelta(hours=hour))
        assert timedelta() < due - (at + timedelta(hours=hour)) <= timedelta(hours=25)
