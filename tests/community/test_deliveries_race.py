"""Two workers at once: each debt is paid by exactly one of them. The control shows that the claim is what does it."""

import threading

import pytest
from django.db import connection, transaction

from community import deliveries
from community.activity import Happening, record_many
from community.listening import listen
from community.models import Delivery
from community.verbs import MemberJoined, Verb
from tests.factories import NOW

DEBTS = 60


@pytest.fixture
def runs(committed_db, no_listeners):
    """What two threads, each with its own connection, were handed for the same debts."""
    handed, both = [], threading.Barrier(2, timeout=10)

    def slow(activities):
        handed.extend(activity.pk for activity in activities)
        threading.Event().wait(0.05)

    listen(Verb.MEMBER_JOINED, name="test.slow", batch=10)(slow)
    with transaction.atomic():
        record_many([Happening(f"k{n}", None, n, MemberJoined(cohort="x")) for n in range(DEBTS)], at=NOW)
    Delivery.objects.update(due_at=NOW)

    def work():
        both.wait()
        deliveries.pay("test.slow", at=NOW)
        connection.close()

    def race():
        workers = [threading.Thread(target=work) for _ in range(2)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        return handed

    return race


def test_each_debt_is_handed_to_one_worker(runs):
    handed = runs()
    assert len(handed) == len(set(handed)) == DEBTS


def test_control_without_the_claim_debts_are_handed_out_twice(runs, monkeypatch):
    def unclaimed(entry, *, at, ids):
        owed = Delivery.objects.filter(listener=entry.name, due_at__lte=at).select_related("activity")
        return list(owed.order_by("due_at", "pk")[: entry.batch])

    monkeypatch.setattr(deliveries, "_claim", unclaimed)
    assert len(runs()) > DEBTS
