"""Who wins a contest, as a pure rule."""

import random
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from community.contest_results import Scored, jury_part, settle_contest

WEIGHTS = {1: 2, 2: 1}
ENTRIES = [10, 20, 30, 40]
sheet = st.fixed_dictionaries({1: st.integers(0, 10), 2: st.integers(0, 10)})
sheets = st.lists(st.builds(Scored, st.sampled_from(ENTRIES), st.integers(1, 4), sheet), max_size=12)
votes = st.dictionaries(st.sampled_from(ENTRIES), st.integers(0, 30))
shares = st.integers(0, 100)


def settled(said=(), given_votes=None, fan_weight=50, entries=ENTRIES):
    return settle_contest(entries, sheets=said, weights=WEIGHTS, votes=given_votes or {}, fan_weight=fan_weight)


def order(*args, **more):
    return [one.entry for one in settled(*args, **more)]


def test_the_jury_part_is_the_mean_of_weighted_averages():
    assert jury_part([{1: 10, 2: 4}], WEIGHTS) == 80
    assert jury_part([{1: 10, 2: 4}, {1: 4, 2: 4}], WEIGHTS) == 60


def test_a_sheet_that_leaves_a_criterion_out_does_not_count():
    assert jury_part([{1: 10}], WEIGHTS) == 0
    assert jury_part([{1: 10}, {1: 5, 2: 5}], WEIGHTS) == 50
    assert jury_part([], WEIGHTS) == jury_part([{}], {}) == 0


def test_fan_votes_are_measured_by_the_most_any_entry_has():
    first, second = settled(given_votes={10: 20, 20: 5}, fan_weight=100)[:2]
    assert (first.entry, first.fans, second.entry, second.fans) == (10, 100, 20, 25)


def test_both_parts_count_by_their_weights():
    found = settled([Scored(10, 1, {1: 10, 2: 10})], {20: 3}, fan_weight=40)
    assert [(one.entry, one.total) for one in found[:2]] == [(10, 60), (20, 40)]


def test_level_totals_fall_to_the_jury_then_to_votes_then_to_the_earlier():
    assert order([Scored(20, 1, {1: 10, 2: 10})], {10: 3}) == [20, 10, 30, 40]
    assert order(given_votes={30: 2, 20: 1}, fan_weight=0) == [30, 20, 10, 40]
    assert order() == ENTRIES


def test_figures_are_kept_in_hundredths_and_shown_in_tenths():
    one = settled([Scored(10, 1, {1: 7, 2: 6})], fan_weight=0)[0]
    assert (one.hundredths(one.jury), one.shown_jury, one.shown_total) == (6667, "66.7", "66.7")


@given(sheets, votes, shares, st.randoms(use_true_random=False))
def test_the_order_of_sheets_never_matters(said, given_votes, share, chance: random.Random):
    shuffled = list(said)
    chance.shuffle(shuffled)
    assert settled(shuffled, given_votes, share) == settled(said, given_votes, share)


@given(sheets, votes, shares)
def test_everybody_has_one_place_and_nobody_passes_a_hundred(said, given_votes, share):
    found = settled(said, given_votes, share)
    assert sorted(one.entry for one in found) == ENTRIES
    assert [one.place for one in found] == [1, 2, 3, 4]
    assert all(0 <= part <= 100 for one in found for part in (one.fans, one.jury, one.total))
    assert [one.total for one in found] == sorted((one.total for one in found), reverse=True)


@given(sheets, votes, shares)
def test_whoever_leads_with_fans_and_jury_alike_wins(said, given_votes, share):
    found = settled(said, given_votes, share)
    for one in found:
        if all(one.fans > other.fans and one.jury > other.jury for other in found if other != one):
            assert one.place == 1


@given(sheets, votes, st.sampled_from(ENTRIES))
def test_one_more_vote_never_costs_a_place(said, given_votes, entry):
    def place(counted):
        return next(one.place for one in settled(said, counted) if one.entry == entry)

    more = {**given_votes, entry: given_votes.get(entry, 0) + 1}
    assert place(more) <= place(given_votes)


@given(sheets, votes)
def test_a_weight_of_nothing_leaves_the_other_part_alone(said, given_votes):
    assert all(one.total == one.jury for one in settled(said, given_votes, 0))
    assert all(one.total == one.fans for one in settled(said, given_votes, 100))
    assert all(isinstance(one.total, Fraction) for one in settled(said, given_votes, 33))
