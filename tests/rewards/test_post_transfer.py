"""Posting: once per key, exact, whole, and debts first."""

import pytest
from django.db import IntegrityError

from community.refusals import Invalid
from rewards import ledger
from rewards.models import Account, Entry, Transfer
from tests.factories import NOW, make_member
from tests.rewards.ledgers import check_now, debt_of, give, make_cause, points_of, total

pytestmark = pytest.mark.django_db


def test_a_grant_comes_from_the_mint_and_all_balances_sum_to_zero(author):
    give(author.pk, 200)
    assert points_of(author.pk) == 200
    assert Account.objects.get(owner_kind="mint").balance == -200
    assert total() == 0


def test_the_same_key_with_the_same_input_is_the_same_transfer(author):
    cause = make_cause()
    first = give(author.pk, 50, key="once", activity=cause)
    assert give(author.pk, 50, key="once", activity=cause) == first
    assert points_of(author.pk) == 50
    check_now()


def test_asking_again_later_is_still_the_same_transfer(author, hours):
    asked = {"key": "k", "reason": "gift", "activity": make_cause(), "rule_version": 1}
    legs = ledger.grant(author.pk, "points", 5)
    first = ledger.post_transfer(entries=legs, at=NOW, **asked)
    assert ledger.post_transfer(entries=legs, at=NOW + hours(30), **asked) == first


@pytest.mark.parametrize("amount", [51, 49, 5])
def test_the_same_key_with_another_amount_is_refused(author, amount):
    cause = make_cause()
    give(author.pk, 50, key="once", activity=cause)
    with pytest.raises(ledger.KeyReused):
        give(author.pk, amount, key="once", activity=cause)
    assert points_of(author.pk) == 50


def test_the_same_key_with_another_cause_is_refused(author):
    give(author.pk, 50, key="once")
    with pytest.raises(ledger.KeyReused):
        give(author.pk, 50, key="once")


def test_one_key_with_two_inputs_in_one_call_posts_nothing(author):
    cause = make_cause()
    asked = [ledger.Posting("same", "gift", ledger.grant(author.pk, "points", amount), cause.pk, NOW, 1) for amount in (1, 2)]
    with pytest.raises(ledger.KeyReused):
        ledger.post_transfers(asked)
    assert not Transfer.objects.exists()


@pytest.mark.parametrize("key", ["", "k" * 256, "nul\0byte"])
def test_a_key_that_cannot_be_kept_is_refused_in_a_sentence(author, key):
    asked = ledger.Posting(key, "gift", ledger.grant(author.pk, "points", 1), make_cause().pk, NOW, 1)
    with pytest.raises(Invalid, match="1 to 255"):
        ledger.post_transfers([asked])


@pytest.mark.parametrize("key", ["k" * 255, "鍵" * 255, "ключ 🌱"])
def test_any_other_key_is_kept_to_the_letter(author, key):
    assert Transfer.objects.get(pk=give(author.pk, 1, key=key).pk).key == key


@pytest.mark.parametrize("amounts", [(5, -4), (0, 0), (1.5, -1.5), (True, -1)])
def test_amounts_are_whole_and_balanced(author, amounts):
    pots = (ledger.of_member(author.pk, "points"), ledger.mint_for(author.pk, "points"))
    asked = ledger.Posting("k", "gift", dict(zip(pots, amounts, strict=True)), make_cause().pk, NOW, 1)
    with pytest.raises(Invalid):
        ledger.post_transfers([asked])


def test_two_currencies_never_meet_in_one_transfer(author):
    legs = {ledger.of_member(author.pk, "points"): 5, ledger.mint_for(author.pk, "honour"): -5}
    with pytest.raises(Invalid):
        ledger.post_transfers([ledger.Posting("k", "gift", legs, make_cause().pk, NOW, 1)])


def test_many_transfers_take_as_many_statements_as_two(django_assert_num_queries):
    cause = make_cause()

    def asked(count):
        return [
            ledger.Posting(f"{count}:{n}", "gift", ledger.grant(n, "points", n), cause.pk, NOW, 1) for n in range(1, count + 1)
        ]

    with django_assert_num_queries(5):  # a savepoint and its release, transfers, accounts, entries
        ledger.post_transfers(asked(2))
    with django_assert_num_queries(5):
        ledger.post_transfers(asked(200))
    assert total() == 0
    assert Entry.objects.count() == 404


def test_answers_come_in_the_order_of_the_questions():
    cause = make_cause()
    asked = [ledger.Posting(key, "gift", ledger.grant(7, "points", 1), cause.pk, NOW, 1) for key in ("b", "a", "c", "a")]
    assert [transfer.key for transfer in ledger.post_transfers(asked)] == ["b", "a", "c", "a"]
    assert points_of(7) == 3


def test_a_transfer_without_a_cause_is_refused(author):
    asked = ledger.Posting("k", "gift", ledger.grant(author.pk, "points", 1), 10**12, NOW, 1)
    ledger.post_transfers([asked])
    with pytest.raises(IntegrityError, match="activity"):
        check_now()


def test_points_are_spent_down_to_zero_and_not_below(author):
    give(author.pk, 100)
    ledger.spend(member=author, amount=60, key="a", activity=make_cause(), at=NOW)
    ledger.spend(member=author, amount=40, key="b", activity=make_cause(), at=NOW)
    with pytest.raises(ledger.NotEnough):
        ledger.spend(member=author, amount=1, key="c", activity=make_cause(), at=NOW)
    assert points_of(author.pk) == 0


def test_a_refused_spend_leaves_its_key_free(author):
    cause = make_cause()
    with pytest.raises(ledger.NotEnough):
        ledger.spend(member=author, amount=5, key="perk", activity=cause, at=NOW)
    give(author.pk, 5)
    assert ledger.spend(member=author, amount=5, key="perk", activity=cause, at=NOW).pk


@pytest.mark.parametrize("amount", [0, -5])
def test_nothing_and_less_cannot_be_spent(author, amount):
    with pytest.raises(Invalid):
        ledger.spend(member=author, amount=amount, key="k", activity=make_cause(), at=NOW)


def test_balances_name_points_honour_and_debt(author):
    give(author.pk, 30)
    give(author.pk, 70, currency="honour")
    other = make_member()
    assert ledger.balances_of([author.pk, other.pk]) == {
        author.pk: {"points": 30, "honour": 70, "debt": 0},
        other.pk: {"points": 0, "honour": 0, "debt": 0},
    }


def test_the_database_says_when_it_was_posted_whoever_asks(author):
    transfer = give(author.pk, 1)
    assert transfer.at == NOW
    assert transfer.posted_at != NOW
    assert debt_of(author.pk) == 0
