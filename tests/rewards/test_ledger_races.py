"""What holds when many processes come at once, and when one of them dies in the middle."""

import random
import time
from collections import Counter

import pytest
from django.db import connection

from rewards import ledger
from rewards.awards import settle_awards
from rewards.models import Account, Entry, Transfer
from tests.factories import NOW, make_member, make_post
from tests.rewards.facts import merge, unmerge
from tests.rewards.ledgers import as_owner, balances, debt_of, give, make_cause, points_of, total
from tests.rewards.racing import killed_after, race


@pytest.fixture
def mara(committed_db):
    return make_member("Mara")


def drift():
    """Accounts whose balance is not the sum of their entries."""
    with connection.cursor() as cursor:
        cursor.execute(
            """select count(*) from rewards_account a
            where balance <> (select coalesce(sum(amount), 0) from rewards_entry e where e.account_id = a.id)"""
        )
        return cursor.fetchone()[0]


@pytest.mark.parametrize("processes", [2, 8, 20])
def test_many_spenders_of_one_account_spend_exactly_what_is_there(mara, processes):
    give(mara.pk, 100)
    cause = make_cause()

    def spend_five_times(number):
        done = []
        for attempt in range(5):
            try:
                ledger.spend(member=mara, amount=10, key=f"{number}:{attempt}", activity=cause, at=NOW)
                done.append("ok")
            except ledger.NotEnough:
                done.append("refused")
        return done

    outcome = Counter(answer for answers in race(spend_five_times, range(processes)) for answer in answers)
    assert outcome == Counter(ok=10, refused=processes * 5 - 10)
    assert (points_of(mara.pk), total(), drift()) == (0, 0, 0)


def test_without_the_guard_the_same_race_overdraws(mara, committed_db):
    """The control: were it to pass, the race above would prove nothing."""
    give(mara.pk, 100)
    cause = make_cause()
    with as_owner(committed_db) as cursor:
        cursor.execute("alter table rewards_account drop constraint balance_on_its_side")

    def look_then_spend(number):
        for attempt in range(5):
            if points_of(mara.pk) >= 10:
                time.sleep(0.02)
                legs = ledger.grant(mara.pk, "points", -10)
                ledger.post_transfer(
                    key=f"{number}:{attempt}", reason="spent", entries=legs, activity=cause, at=NOW, rule_version=0
                )

    race(look_then_spend, range(8))
    account = Account.objects.get(owner_kind="member", owner_id=mara.pk)
    assert account.balance < 0
    assert (total(), drift()) == (0, 0), "the sum is zero all the same, which is why it is not the law that guards spending"


def test_one_key_from_eight_processes_is_one_transfer(mara):
    cause = make_cause()
    answers = race(lambda _number: give(mara.pk, 30, key="once", activity=cause).pk, range(8))
    assert len(set(answers)) == 1
    assert (points_of(mara.pk), Transfer.objects.count()) == (30, 1)


@pytest.mark.parametrize(
    ("count", "processes"), [(60, 3), (200, 12), pytest.param(10_000, 33, marks=pytest.mark.slow, id="10000-33")]
)
def test_each_of_many_transfers_is_reversed_exactly_once_by_three_at_a_time(committed_db, count, processes):
    cause = make_cause()
    asked = [
        ledger.Posting(f"t{number}", "gift", ledger.grant(number % 80, "points", 1 + number), cause.pk, NOW, 1)
        for number in range(count)
    ]
    given = ledger.post_transfers(asked)

    def reverse_my_share(number):
        mine, done = given[number // 3 :: processes // 3], Counter()
        for transfer in random.Random(number).sample(mine, len(mine)):
            try:
                ledger.reverse_transfer(transfer=transfer, key=f"{number}:{transfer.pk}", activity=cause, at=NOW)
                done["ok"] += 1
            except ledger.AlreadyReversed:
                done["refused"] += 1
        return done

    answers = race(reverse_my_share, range(processes))
    assert sum(answers, Counter()) == Counter(ok=count, refused=2 * count)
    assert (total(), drift(), Entry.objects.count()) == (0, 0, 4 * count)
    assert not Account.objects.exclude(balance=0).exists()


def test_earnings_and_a_reversal_at_once_leave_points_or_a_debt_never_both(mara):
    cause = make_cause()
    given = [give(mara.pk, 50, key=f"g{number}") for number in range(4)]
    ledger.spend(member=mara, amount=200, key="all", activity=cause, at=NOW)

    def act(number):
        if number < 4:
            return ledger.reverse_transfer(transfer=given[number], key=f"undo:{number}", activity=cause, at=NOW).pk
        return give(mara.pk, 30, key=f"late:{number}", activity=cause).pk

    answers = race(act, range(10))
    assert all(type(answer) is int for answer in answers), answers
    assert balances(mara) == (0, 0, 20)
    assert (total(), drift()) == (0, 0)


def test_listeners_that_settle_the_same_day_at_once_keep_its_limit(mara):
    facts = [merge(make_post(), number, by=mara) for number in range(8)]
    answers = race(lambda number: len(settle_awards(facts[number::4] + facts[:2])), range(4))
    assert sorted(answers) == [0, 0, 0, 10]
    assert balances(mara) == (100, 25, 0)


def test_paying_and_voiding_at_once_end_as_one_after_the_other(mara):
    posts = [make_post() for _ in range(6)]
    made = [merge(post, number, by=mara) for number, post in enumerate(posts)]
    undone = [unmerge(post, number) for number, post in enumerate(posts[:4])]
    answers = race(lambda number: len(settle_awards([made, undone, undone[:2], made[3:]][number])), range(4))
    assert all(type(answer) is int for answer in answers), answers
    settle_awards(made)
    assert balances(mara) == (40, 10, 0)


@pytest.mark.parametrize("statement", [1, 2, 3, 4, 5, 0])
def test_who_is_killed_while_posting_leaves_all_or_nothing_and_asks_again(mara, statement):
    given, cause = give(mara.pk, 100), make_cause()
    ledger.spend(member=mara, amount=100, key="all", activity=cause, at=NOW)
    asked = {"transfer": given, "key": "undo", "activity": cause, "at": NOW}
    assert killed_after(statement, lambda: ledger.reverse_transfer(**asked))
    assert Transfer.objects.filter(key="undo").count() == (1 if statement == 0 else 0)
    assert (total(), drift()) == (0, 0)
    ledger.reverse_transfer(**asked)
    assert (points_of(mara.pk), debt_of(mara.pk), Transfer.objects.count()) == (0, 100, 4)
