"""Many want the last places at once: no more get one than there are, and nobody is lost between place and queue."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from community.meetups import answering
from community.meetups.answering import answer_meetup
from community.models import Attendance, Meetup
from tests.community.test_meetups import make_meetup
from tests.factories import NOW, make_member

PEOPLE, PLACES = 12, 4


@pytest.fixture
def crowd(committed_db):
    """A meetup with four places, and twelve who want to come."""
    return make_meetup(capacity=PLACES), [make_member() for _number in range(PEOPLE)]


def at_once(acts) -> list[Exception]:
    """All of these happen at the same moment, each on a connection of its own; what went wrong."""
    ready, faults = threading.Barrier(len(acts), timeout=20), []

    def run(act):
        try:
            ready.wait()
            act()
        except Exception as fault:  # noqa: BLE001 - the test looks at it
            faults.append(fault)
        finally:
            connection.close()

    workers = [threading.Thread(target=run, args=(act,)) for act in acts]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return faults


def counted(meetup) -> dict[str, int]:
    states = list(Attendance.objects.filter(meetup=meetup).values_list("state", flat=True))
    return {state: states.count(state) for state in ("going", "waiting", "out")}


def test_four_of_twelve_have_a_place_and_the_others_wait(crowd):
    meetup, people = crowd
    faults = at_once(
        [lambda member=member: answer_meetup(meetup=meetup, member=member, going=True, at=NOW) for member in people]
    )
    assert not faults and counted(meetup) == {"going": PLACES, "waiting": PEOPLE - PLACES, "out": 0}


def test_places_given_back_at_once_are_given_on_once_each(crowd):
    meetup, people = crowd
    for number, member in enumerate(people):
        answer_meetup(meetup=meetup, member=member, going=True, at=NOW + timedelta(minutes=number))
    later = NOW + timedelta(hours=1)
    leaving = people[:PLACES]
    faults = at_once(
        [lambda member=member: answer_meetup(meetup=meetup, member=member, going=False, at=later) for member in leaving]
    )
    assert not faults and counted(meetup) == {"going": PLACES, "waiting": PEOPLE - 2 * PLACES, "out": PLACES}


def test_one_member_pressing_ten_times_has_one_answer(crowd):
    meetup, people = crowd
    at_once([lambda: answer_meetup(meetup=meetup, member=people[0], going=True, at=NOW) for _press in range(10)])
    assert Attendance.objects.filter(meetup=meetup).count() == 1


def test_control_without_the_lock_too_many_get_a_place(crowd, monkeypatch):
    meetup, people = crowd
    counted_by_now = threading.Barrier(len(people), timeout=20)
    free = answering._free

    def slow(found):
        left = free(found)
        counted_by_now.wait()
        return left

    monkeypatch.setattr(answering, "_locked", lambda found: Meetup.objects.get(pk=found.pk))
    monkeypatch.setattr(answering, "_free", slow)
    at_once([lambda member=member: answer_meetup(meetup=meetup, member=member, going=True, at=NOW) for member in people])
    assert counted(meetup)["going"] > PLACES
