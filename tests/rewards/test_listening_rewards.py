"""The listener as workers run it: in batches, late, twice, and beside a bad fact."""

from datetime import timedelta

import pytest

from community import deliveries
from community.listening import REGISTER, Registered, listeners_of
from community.models import Activity, Delivery
from community.verbs import Verb
from rewards.listeners import settle_points
from rewards.models import Transfer
from tests.factories import NOW, make_member, make_post
from tests.rewards.facts import adopt, merge, ship, turn, unmerge
from tests.rewards.ledgers import balances

pytestmark = pytest.mark.django_db
LISTENER = "rewards.points"


@pytest.mark.parametrize(
    "verb", ["status_changed", "suggestion_shipped", "suggestion_merged", "suggestion_unmerged", "post_changed"]
)
def test_every_fact_that_bears_on_points_is_owed_to_the_ledger(verb):
    assert LISTENER in listeners_of(Verb(verb))


@pytest.mark.parametrize("verb", ["vote_cast", "comment_written", "post_written", "member_joined"])
def test_mere_volume_is_not_even_heard(verb):
    assert LISTENER not in listeners_of(Verb(verb))


def owe_again(count):
    """The broker and the sweep may both have rung: the same debts once more."""
    facts = Activity.objects.filter(verb__in=REGISTER[LISTENER].verbs).order_by("?")[:count]
    Delivery.objects.bulk_create([Delivery(activity=fact, listener=LISTENER) for fact in facts], ignore_conflicts=True)


@pytest.mark.parametrize("batch", [1, 3, 200])
def test_small_batches_and_double_deliveries_end_the_same(batch, voter):
    people = [make_member() for _ in range(3)]
    posts = [make_post(author=people[number % 3]) for number in range(9)]
    for number, post in enumerate(posts):
        adopt(post, NOW + timedelta(hours=number))
        ship(post, NOW + timedelta(hours=number))
        merge(post, number, by=voter, at=NOW + timedelta(hours=number))
    for number in (0, 4):
        unmerge(posts[number], number)
    turn(posts[5], "hidden", NOW + timedelta(days=1))
    entry = Registered(LISTENER, REGISTER[LISTENER].verbs, settle_points, batch)
    while deliveries.pay_batch(entry, at=NOW + timedelta(days=900)):
        pass
    for _again in range(3):
        owe_again(10)
        while deliveries.pay_batch(entry, at=NOW + timedelta(days=900)):
            pass
    assert [balances(one) for one in people] == [(1800, 540, 0), (1800, 540, 0), (1200, 360, 0)]
    assert balances(voter) == (100, 25, 0)
    assert not Delivery.objects.filter(listener=LISTENER).exists()


def test_one_fact_nobody_can_read_does_not_hold_up_the_others(author):
    adopt(make_post(author=author))
    broken = Activity.objects.create(key="broken", verb=Verb.STATUS_CHANGED, subject_id=10**9, data={}, at=NOW)
    Delivery.objects.create(activity=broken, listener=LISTENER)
    deliveries.pay(LISTENER, at=NOW + timedelta(days=900))
    assert balances(author) == (200, 60, 0)
    parked = Delivery.objects.get(listener=LISTENER)
    assert parked.activity == broken
    assert "KeyError" in parked.error


def test_what_failed_halfway_left_nothing_behind(author, monkeypatch):
    adopt(make_post(author=author))
    monkeypatch.setattr("rewards.awards.hold_levels", lambda *args, **kwargs: 1 / 0)
    deliveries.pay(LISTENER, at=NOW + timedelta(days=900))
    assert not Transfer.objects.exists()
    assert "ZeroDivisionError" in Delivery.objects.get(listener=LISTENER).error
