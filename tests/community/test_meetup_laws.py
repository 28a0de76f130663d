"""Whatever people answer in whatever order: never more than the places, no free place while somebody waits, and the queue is fair."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from community.meetups.answering import answer_meetup
from community.meetups.arranging import arrange_meetup
from community.models import Attendance, Meetup
from tests.community.test_meetups import make_meetup
from tests.factories import NOW, make_member, make_staff

pytestmark = pytest.mark.django_db
ACTS = st.lists(st.tuples(st.integers(0, 5), st.booleans()), min_size=1, max_size=14)
LOOSE = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def people():
    return [make_member() for _number in range(6)]


def play(meetup, people, acts) -> None:
    for minute, (who, going) in enumerate(acts):
        answer_meetup(meetup=meetup, member=people[who], going=going, at=NOW + timedelta(minutes=minute))


def by_state(meetup) -> dict[str, list[Attendance]]:
    rows = list(Attendance.objects.filter(meetup=meetup).order_by("queued_at", "pk"))
    return {state: [row for row in rows if row.state == state] for state in ("going", "waiting", "out")}


@LOOSE
@given(acts=ACTS, capacity=st.integers(1, 4))
def test_never_more_than_the_places_and_none_free_while_somebody_waits(people, acts, capacity):
    meetup = make_meetup(capacity=capacity)
    play(meetup, people, acts)
    now = by_state(meetup)
    assert len(now["going"]) <= capacity
    assert len(now["going"]) == capacity or not now["waiting"]


@LOOSE
@given(acts=ACTS, capacity=st.integers(1, 4))
def test_nobody_waits_who_asked_before_somebody_that_has_a_place(people, acts, capacity):
    meetup = make_meetup(capacity=capacity)
    play(meetup, people, acts)
    now = by_state(meetup)
    if now["waiting"]:
        assert max(row.queued_at for row in now["going"]) < min(row.queued_at for row in now["waiting"])


@LOOSE
@given(acts=ACTS)
def test_without_a_limit_nobody_waits(people, acts):
    meetup = make_meetup()
    play(meetup, people, acts)
    assert not by_state(meetup)["waiting"]


@LOOSE
@given(acts=ACTS)
def test_the_last_word_of_each_is_what_counts(people, acts):
    meetup = make_meetup()
    play(meetup, people, acts)
    last = dict(acts)
    comes = {row.member_id for row in by_state(meetup)["going"]}
    assert comes == {people[who].pk for who, going in last.items() if going}


@LOOSE
@given(acts=ACTS, capacity=st.integers(1, 3), more=st.integers(0, 4))
def test_more_places_are_given_in_the_order_of_the_queue(people, acts, capacity, more):
    meetup = make_meetup(capacity=capacity)
    play(meetup, people, acts)
    waiting = [row.member_id for row in by_state(meetup)["waiting"]]
    meetup = Meetup.objects.get(pk=meetup.pk)
    meetup.capacity = capacity + more
    arrange_meetup(meetup=meetup, by=make_staff(), at=NOW)
    assert [row.member_id for row in by_state(meetup)["waiting"]] == waiting[more:]
