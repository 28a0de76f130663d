"""Taking back: exactly, once, and never by a balance below zero."""

import pytest
from django.db import IntegrityError, connection, transaction

from community.refusals import Invalid
from rewards import ledger
from rewards.models import Account, Transfer
from tests.factories import NOW
from tests.rewards.ledgers import check_now, debt_of, give, make_cause, points_of, total

pytestmark = pytest.mark.django_db


def take_back(transfer, key="undo"):
    return ledger.reverse_transfer(transfer=transfer, key=key, activity=make_cause(), at=NOW)


def use(member, amount, key="perk"):
    return ledger.spend(member=member, amount=amount, key=key, activity=make_cause(), at=NOW)


def test_a_reversal_mirrors_its_original_and_names_it(author):
    given = give(author.pk, 80)
    undone = take_back(given)
    assert undone.reverses_id == given.pk
    assert points_of(author.pk) == 0
    mirrored = {entry.account_id: -entry.amount for entry in given.entries.all()}
    assert {entry.account_id: entry.amount for entry in undone.entries.all()} == mirrored


def test_a_transfer_is_taken_back_once(author):
    given = give(author.pk, 80)
    take_back(given, "first")
    with pytest.raises(ledger.AlreadyReversed):
        take_back(given, "second")
    assert points_of(author.pk) == 0


def test_asking_for_the_same_reversal_again_answers_the_same(author):
    given, cause = give(author.pk, 80), make_cause()
    first = ledger.reverse_transfer(transfer=given, key="undo", activity=cause, at=NOW)
    assert ledger.reverse_transfer(transfer=given, key="undo", activity=cause, at=NOW) == first


def test_a_reversal_can_be_taken_back_as_a_new_link(author):
    undone = take_back(give(author.pk, 80))
    again = take_back(undone, "redo")
    assert again.reverses_id == undone.pk
    assert points_of(author.pk) == 80


def test_points_spent_before_they_are_taken_back_become_a_debt(author):
    given = give(author.pk, 100)
    use(author, 70)
    take_back(given)
    assert (points_of(author.pk), debt_of(author.pk)) == (0, 70)
    assert total() == 0
    check_now()


def test_later_earnings_pay_the_debt_first(author):
    given = give(author.pk, 100)
    use(author, 70)
    take_back(given)
    give(author.pk, 30)
    assert (points_of(author.pk), debt_of(author.pk)) == (0, 40)
    give(author.pk, 60)
    assert (points_of(author.pk), debt_of(author.pk)) == (20, 0)
    check_now()


def test_a_refund_pays_the_debt_too(author):
    given = give(author.pk, 100)
    spent = use(author, 70)
    take_back(given)
    take_back(spent, "refund")
    assert (points_of(author.pk), debt_of(author.pk)) == (0, 0)
    check_now()


def test_who_owes_cannot_spend_until_it_is_paid(author):
    given = give(author.pk, 100)
    use(author, 100)
    take_back(given)
    give(author.pk, 90)
    with pytest.raises(ledger.NotEnough):
        use(author, 1, "another perk")


def test_an_uncovered_spend_does_not_hide_behind_a_reversal(author):
    given, cause = give(author.pk, 100), make_cause()
    undo = ledger.reversals([given], key="undo", activity=cause, at=NOW)
    buy = ledger.Posting("buy", "spent", ledger.grant(author.pk, "points", -150), cause.pk, NOW, 1)
    with pytest.raises(ledger.NotEnough):
        ledger.post_transfers([*undo, buy])
    assert points_of(author.pk) == 100


def test_a_debt_is_not_settled_by_hand(author):
    given = give(author.pk, 100)
    use(author, 100)
    take_back(given)
    with pytest.raises(Invalid):
        take_back(Transfer.objects.get(reason=ledger.ADVANCE), "forgive")


def test_honour_taken_back_leaves_no_debt(author):
    take_back(give(author.pk, 60, currency="honour"))
    assert ledger.balances_of([author.pk])[author.pk] == {"points": 0, "honour": 0, "debt": 0}


def test_nobody_opens_a_debt_account_that_is_not_needed(author):
    take_back(give(author.pk, 60))
    assert not Account.objects.filter(owner_kind="debt").exists()


def test_the_database_refuses_a_reversal_that_is_not_a_mirror(author):
    given = give(author.pk, 80)
    crooked = ledger.Posting("k", "taken_back", ledger.grant(author.pk, "points", -79), make_cause().pk, NOW, 1, given.pk)
    with pytest.raises(IntegrityError, match="mirrors its original"):
        ledger.post_transfers([crooked])


def test_the_database_refuses_a_debt_that_no_reversal_leaves(author):
    legs = {ledger.of_member(author.pk, "points"): 500, ledger.Pot("debt", author.pk, "points"): -500}
    give(author.pk, 1)
    with pytest.raises(IntegrityError, match="only a reversal leaves a debt"):
        ledger.post_transfers([ledger.Posting("k", "debt_noted", legs, make_cause().pk, NOW, 1)])


def test_the_database_refuses_points_beside_a_debt(author):
    given = give(author.pk, 100)
    use(author, 100)
    take_back(given)
    account = {row.owner_kind: row.pk for row in Account.objects.filter(currency="points")}
    with pytest.raises(IntegrityError, match="pay a debt first"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            """insert into rewards_transfer (key, input_hash, reason, activity_id, rule_version, at)
            values ('raw', '', 'gift', %s, 1, now()) returning id""",
            [given.activity_id],
        )
        (pk,) = cursor.fetchone()
        cursor.execute(
            "insert into rewards_entry (transfer_id, account_id, amount) values (%s, %s, 10), (%s, %s, -10)",
            [pk, account["member"], pk, account["mint"]],
        )
        cursor.execute("set constraints all immediate")
