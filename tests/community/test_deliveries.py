"""Debts are paid in batches, a bad one is parked alone, and nothing is lost while the broker is away."""

from datetime import timedelta

import pytest

from community import deliveries
from community.activity import Happening, record_many
from community.listening import listen
from community.models import Activity, Delivery, Product
from community.tasks import deliver, sweep_deliveries
from community.verbs import MemberJoined, Verb
from tests.factories import NOW

pytestmark = pytest.mark.django_db


class Listener:
    """Remembers what it was handed; fails on the subjects it is told to, leaves others owed."""

    def __init__(self):
        self.batches, self.bad, self.busy = [], set(), set()

    def __call__(self, activities):
        self.batches.append([activity.subject_id for activity in activities])
        Product.objects.bulk_create([Product(slug=f"p{a.subject_id}", name="x") for a in activities], ignore_conflicts=True)
        if self.bad & {activity.subject_id for activity in activities}:
            raise ValueError("a bad one")
        return [activity for activity in activities if activity.subject_id in self.busy]

    @property
    def paid(self):
        return set(Product.objects.values_list("slug", flat=True))


@pytest.fixture
def listener(no_listeners):
    told = Listener()
    listen(Verb.MEMBER_JOINED, name="test.listener", batch=8)(told)
    return told


def owe(count, at=NOW):
    facts = [Happening(f"k{number}", None, number, MemberJoined(cohort="x")) for number in range(1, count + 1)]
    record_many(facts, at=at)
    Delivery.objects.update(due_at=at)


def test_debts_are_paid_in_batches_and_gone(listener):
    owe(20)
    assert deliveries.pay("test.listener", at=NOW) == 20
    assert [len(batch) for batch in listener.batches] == [8, 8, 4]
    assert not Delivery.objects.exists()


def test_one_bad_fact_is_parked_with_its_error_and_the_rest_is_paid(listener):
    listener.bad = {13}
    owe(20)
    deliveries.pay("test.listener", at=NOW)
    debt = Delivery.objects.get()
    assert debt.activity.subject_id == 13 and "ValueError: a bad one" in debt.error
    assert len(listener.paid) == 19


def test_a_failed_batch_leaves_no_effect_of_its_first_try(listener):
    listener.bad = {1, 2, 3, 4}
    owe(4)
    deliveries.pay("test.listener", at=NOW)
    assert listener.paid == set()


def test_a_parked_debt_waits_longer_each_time_and_is_paid_once_the_fault_is_mended(listener):
    listener.bad = {1}
    owe(1)
    deliveries.pay("test.listener", at=NOW)
    assert Delivery.objects.get().due_at == NOW + timedelta(minutes=1)
    deliveries.pay("test.listener", at=NOW + timedelta(minutes=1))
    assert Delivery.objects.get().due_at == NOW + timedelta(minutes=6)
    listener.bad = set()
    assert deliveries.pay("test.listener", at=NOW + timedelta(hours=1)) == 1


def test_what_a_listener_leaves_stays_owed_for_the_next_round(listener):
    listener.busy = {2}
    owe(3)
    deliveries.pay("test.listener", at=NOW, rounds=1)
    assert Delivery.objects.get().activity.subject_id == 2


def test_debts_not_due_yet_are_left_alone(listener):
    owe(3, at=NOW + timedelta(hours=1))
    assert deliveries.pay("test.listener", at=NOW) == 0
    assert deliveries.owing(at=NOW) == []


def test_the_task_pays_and_knows_no_unknown_names(listener):
    owe(3)
    assert deliver("test.listener") == 3
    assert deliver("of.an.older.release") == 0


def test_the_sweep_wakes_whoever_owes_since_longer_than_its_pause(listener, monkeypatch, time_machine):
    rung = []
    monkeypatch.setattr("community.doorbell.ring", rung.extend)
    owe(2)
    time_machine.move_to(NOW + timedelta(seconds=30))
    sweep_deliveries()
    assert rung == ["test.listener"]


def test_drain_pays_consequences_of_consequences(listener):
    @listen(Verb.MEMBER_JOINED, name="test.echo")
    def echo(activities):
        new = [
            Happening(f"echo{a.pk}", None, 100 + a.pk, MemberJoined(cohort="e")) for a in activities if a.data["cohort"] == "x"
        ]
        record_many(new, at=NOW)

    owe(2)
    deliveries.drain()
    assert len(listener.paid) == 4 and not Delivery.objects.exists()


def test_the_state_of_debts_tells_waiting_parked_and_the_oldest(listener):
    listener.bad = {1}
    owe(3)
    deliveries.pay("test.listener", at=NOW, rounds=1)
    owed = Activity.objects.create(key="late", verb="member_joined", at=NOW)
    Delivery.objects.create(activity=owed, listener="test.listener", due_at=NOW - timedelta(seconds=40))
    assert deliveries.state_of_debts(at=NOW) == {"waiting": 2, "parked": 1, "oldest_seconds": 40.0}


def test_a_batch_costs_few_queries_whatever_its_size(listener, django_assert_max_num_queries):
    owe(8)
    with django_assert_max_num_queries(7):
        deliveries.pay("test.listener", at=NOW, rounds=1)
