"""The laws of the rules, without a database."""

import itertools
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rewards import rules
from rewards.rules import Amounts, Book, Claim, Fact, Rule, claim_of, settle, void_by

NOON = datetime(2026, 11, 16, 12, 0, tzinfo=UTC)


def fact(number, verb, subject=1, at=NOON, **data):
    return Fact(number, verb, subject, at, data)


def adopted(number, subject=1, at=NOON, author=7, after="planned"):
    return fact(number, "status_changed", subject, at, author_id=author, before="open", after=after)


def reported(number, subject=1, at=NOON, by=7):
    return fact(number, "suggestion_merged", subject, at, merge_id=number, proposed_by_id=by)


def shipped(number, subject=1, at=NOON, canonical=True):
    return fact(number, "suggestion_shipped", subject, at, author_id=7, canonical=canonical)


def worth(*facts):
    """What each fact, by its number, is worth in points, voided ones left out."""
    void = void_by(facts)
    claims = [claim for claim in map(claim_of, facts) if claim and void(claim) is None]
    return {claim.fact.id: amounts.points for claim, amounts in settle(claims).items()}


def test_adoption_pays_the_author_once_per_suggestion():
    assert worth(adopted(1), adopted(2, after="in-progress"), adopted(3, after="testing")) == {1: 200}


@pytest.mark.parametrize("after", ["under-review", "open", "declined", "not-now", "shipped"])
def test_other_moves_pay_nothing(after):
    assert worth(adopted(1, after=after)) == {}


def test_moving_back_from_the_roadmap_takes_nothing_away():
    assert worth(adopted(1), adopted(2, after="open")) == {1: 200}


def test_adopting_it_a_second_time_does_not_pay_again():
    assert worth(adopted(1), adopted(2, after="open"), adopted(3, at=NOON + timedelta(days=9))) == {1: 200}


def test_shipping_pays_the_author_and_those_who_had_the_same_idea():
    assert worth(shipped(1), shipped(2, subject=2, canonical=False)) == {1: 400, 2: 100}


def test_shipping_twice_pays_once():
    assert worth(shipped(1), shipped(2, at=NOON + timedelta(weeks=2))) == {1: 400}


def test_a_report_that_staff_followed_pays_while_the_merge_stands():
    undo = fact(2, "suggestion_unmerged", merge_id=1)
    assert worth(reported(1)) == {1: 20}
    assert worth(reported(1), undo) == {}


def test_a_merge_that_staff_found_themselves_pays_nobody():
    assert worth(reported(1, by=None)) == {}


def test_the_next_report_of_the_same_duplicate_is_paid_once_the_first_was_undone():
    undo = fact(2, "suggestion_unmerged", merge_id=1)
    assert worth(reported(1), undo, reported(3, by=8)) == {3: 20}


@pytest.mark.parametrize("state", ["hidden", "deleted", "held"])
def test_what_is_not_shown_earns_nothing_while_it_is_not_shown(state):
    hide = fact(2, "post_changed", at=NOON + timedelta(days=400), state=state)
    back = fact(3, "post_changed", at=NOON + timedelta(days=401), state="visible")
    assert worth(adopted(1), hide) == {}
    assert worth(adopted(1), hide, back) == {1: 200}


def test_a_hidden_duplicate_does_not_take_the_reporter_s_reward():
    assert worth(reported(1), fact(2, "post_changed", state="hidden")) == {1: 20}


def accepted(number, subject=1, at=NOON, author=7, comment=5):
    return fact(number, "answer_accepted", subject, at, comment_id=comment, author_id=author)


def unaccepted(number, subject=1, at=NOON, comment=5):
    return fact(number, "answer_unaccepted", subject, at, comment_id=comment, author_id=7)


def test_an_accepted_answer_pays_while_it_is_accepted():
    later = NOON + timedelta(days=40)
    assert worth(accepted(1)) == {1: 30}
    assert worth(accepted(1), unaccepted(2, at=later)) == {}
    assert worth(accepted(1), unaccepted(2, at=later), accepted(3, at=later + timedelta(hours=1))) == {3: 30}


def test_a_question_pays_one_answer_at_a_time():
    swapped = [accepted(1), unaccepted(2), accepted(3, author=8, comment=6)]
    assert worth(*swapped) == {3: 30}
    assert worth(accepted(1), accepted(3, comment=6)) == {1: 30}


@pytest.mark.parametrize("thing", [{"verb": "post_changed"}, {"verb": "comment_changed", "comment_id": 5}])
def test_an_answer_out_of_sight_earns_nothing_while_it_is(thing):
    hide, back = (fact(n, at=NOON + timedelta(days=n), state=state, **thing) for n, state in ((2, "hidden"), (3, "visible")))
    assert worth(accepted(1), hide) == {}
    assert worth(accepted(1), hide, back) == {1: 30}


def test_another_comment_out_of_sight_takes_nothing():
    assert worth(accepted(1), fact(2, "comment_changed", comment_id=9, state="hidden")) == {1: 30}


def test_three_answers_a_day_are_paid():
    assert sum(worth(*(accepted(n, subject=n, comment=n) for n in range(1, 7))).values()) == 90


def test_answers_are_worth_the_same_in_every_order_of_arrival():
    facts = [accepted(1), unaccepted(2, at=NOON + timedelta(hours=1)), accepted(3, at=NOON + timedelta(hours=2), comment=6)]
    assert {tuple(sorted(worth(*order).items())) for order in itertools.permutations(facts)} == {((3, 30),)}


def test_the_day_s_limit_holds_and_the_earliest_are_paid():
    many = [reported(n, subject=n, at=NOON + timedelta(minutes=n)) for n in range(1, 9)]
    assert worth(*many) == {1: 20, 2: 20, 3: 20, 4: 20, 5: 20, 6: 0, 7: 0, 8: 0}


def test_the_limit_is_per_day_in_utc():
    late = [reported(n, subject=n, at=datetime(2026, 11, 16, 23, 59, tzinfo=UTC)) for n in range(1, 6)]
    early = reported(9, subject=9, at=datetime(2026, 11, 17, 1, 0, tzinfo=UTC))
    assert worth(*late, early)[9] == 20


def test_the_limit_is_per_member_and_rule():
    mine = [reported(n, subject=n) for n in range(1, 6)]
    assert worth(*mine, reported(6, subject=6, by=8), adopted(7, subject=7))[6] == 20


def test_every_order_of_facts_near_the_limit_gives_the_same():
    facts = [reported(n, subject=n, at=NOON + timedelta(minutes=n % 3)) for n in range(1, 7)]
    results = {tuple(sorted(worth(*order).items())) for order in itertools.permutations(facts)}
    assert len(results) == 1


def test_a_voided_fact_gives_its_room_back_to_the_others():
    fakes = [reported(n, subject=n, at=NOON) for n in range(1, 21)]
    honest = [reported(n, subject=n, at=NOON + timedelta(hours=1)) for n in range(21, 26)]
    assert sum(worth(*fakes, *honest)[n] for n in range(21, 26)) == 0
    undone = [fact(100 + n, "suggestion_unmerged", n, merge_id=n) for n in range(1, 21)]
    assert [worth(*fakes, *honest, *undone)[n] for n in range(21, 26)] == [20] * 5


claims = st.builds(
    lambda number, member, hour, name: Claim(
        name, member, (name, number), Fact(number, "x", number, NOON + timedelta(hours=hour), {})
    ),
    st.integers(1, 60),
    st.integers(1, 2),
    st.integers(0, 30),
    st.sampled_from(["adopted", "duplicate", "answer"]),
)


@given(st.lists(claims, max_size=25, unique_by=lambda claim: claim.fact.id), st.randoms())
def test_any_order_is_worth_the_same_and_no_limit_is_passed(many, random):
    shuffled = random.sample(many, len(many))
    assert settle(many) == settle(shuffled)
    for scope in {rules.scope_of(claim) for claim in many}:
        rule = rules.BOOKS[0].rules[scope[0]]
        same = [claim for claim in many if rules.scope_of(claim) == scope]
        assert sum(settle(many)[claim].points for claim in same) == min(rule.daily.points, rule.earns.points * len(same))


@given(st.lists(claims, max_size=20, unique_by=lambda claim: claim.fact.id), st.integers(0, 19))
def test_taking_one_claim_out_never_costs_the_others(many, index):
    rest = [claim for number, claim in enumerate(many) if number != index]
    before, after = settle(many), settle(rest)
    assert all(after[claim].points >= before[claim].points for claim in rest)


def test_a_fact_is_paid_by_the_book_of_its_own_day(monkeypatch):
    richer = Book(2, date(2026, 11, 17), {"adopted": Rule(Amounts(500, 1), Amounts(500, 1))})
    monkeypatch.setattr(rules, "BOOKS", [*rules.BOOKS, richer])
    assert worth(adopted(1), adopted(2, subject=2, at=NOON + timedelta(days=1))) == {1: 200, 2: 500}
    assert [rules.book_of(date(2026, 11, day)).version for day in (16, 17, 18)] == [1, 2, 2]


def test_a_rule_that_a_later_book_drops_pays_nothing_from_then_on(monkeypatch):
    monkeypatch.setattr(rules, "BOOKS", [*rules.BOOKS, Book(2, date(2026, 11, 17), {})])
    assert worth(reported(1, at=NOON + timedelta(days=1))) == {1: 0}


def test_every_rule_earns_something_within_its_own_limit():
    for rule in rules.BOOKS[0].rules.values():
        assert 0 < rule.earns.points <= rule.daily.points
        assert 0 < rule.earns.honour <= rule.daily.honour
