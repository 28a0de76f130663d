"""Rebuilding everybody's points, debts, honour and levels from the facts gives what the ledger says, bit for bit."""

from datetime import timedelta

import pytest

from community.models import Member
from rewards import ledger
from rewards.awards import settle_awards
from rewards.rebuild import Holding, differences, held_holdings, rebuilt_holdings
from tests.factories import NOW, make_member, make_post
from tests.rewards.facts import adopt, merge, ship, turn, unmerge
from tests.rewards.ledgers import make_cause

pytestmark = pytest.mark.django_db


def settled(*facts):
    settle_awards(facts)
    return {member: holding for member, holding in rebuilt_holdings().items() if member}


def test_an_empty_ledger_is_rebuilt_from_no_facts():
    assert rebuilt_holdings() == held_holdings() == {}


def test_what_facts_gave_is_rebuilt(author):
    post = make_post(author=author)
    assert settled(adopt(post), ship(post)) == {author.pk: Holding(points=600, honour=180, level=2)} == held_holdings()


def test_spending_refunding_and_owing_are_rebuilt(author, voter):
    post = make_post(author=author)
    report = merge(post, 1, by=voter)
    settle_awards([adopt(post), report])
    ledger.spend(member=voter, amount=20, key="a", activity=make_cause(), at=NOW)
    spent = ledger.spend(member=author, amount=150, key="b", activity=make_cause(), at=NOW)
    settle_awards([unmerge(post, 1)])
    assert rebuilt_holdings() == held_holdings()
    assert held_holdings()[voter.pk] == Holding(debt=20)
    refund = ledger.reverse_transfer(transfer=spent, key="refund", activity=make_cause(), at=NOW)
    assert rebuilt_holdings() == held_holdings()
    ledger.reverse_transfer(transfer=refund, key="no refund after all", activity=make_cause(), at=NOW)
    assert rebuilt_holdings() == held_holdings()
    assert held_holdings()[author.pk].points == 50


def test_a_long_history_with_everything_in_it_is_rebuilt():
    people = [make_member() for _ in range(5)]
    posts = [make_post(author=people[number % 5]) for number in range(30)]
    for number, post in enumerate(posts):
        at = NOW + timedelta(hours=7 * number)
        batch = [adopt(post, at), merge(post, number, people[number * 3 % 5], at)]
        batch += [ship(post, at, canonical=number % 2 == 0)] if number % 3 else [turn(post, "hidden", at)]
        batch += [unmerge(post, number, at)] if number % 4 == 0 else []
        settle_awards(batch[:: 1 if number % 2 else -1])
    assert list(differences()) == []
    assert len(held_holdings()) == 5
    assert all(holding.level for holding in held_holdings().values())


def test_the_moment_of_the_rebuild_does_not_matter(author):
    post = make_post(author=author)
    settle_awards([adopt(post)])
    first = rebuilt_holdings()
    settle_awards([turn(post, "hidden", NOW + timedelta(days=900)), turn(post, "visible", NOW + timedelta(days=901))])
    assert rebuilt_holdings() == first == held_holdings()


def test_a_level_that_nobody_earned_is_told(author):
    Member.objects.filter(pk=author.pk).update(level=5)
    (told,) = differences()
    assert f"member {author.pk} " in told


def test_points_that_no_fact_accounts_for_are_told(author):
    legs = ledger.grant(author.pk, "points", 1000)
    ledger.post_transfer(key="k", reason="adopted", entries=legs, activity=make_cause(), at=NOW, rule_version=1)
    (told,) = differences()
    assert "points=1000" in told
