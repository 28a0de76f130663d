"""Instant runoff: what it promises whatever the ballots are, and how ties fall."""

import itertools
import random

from hypothesis import given
from hypothesis import strategies as st

from community.tallies import leaders, run_off, tenths

OPTIONS = [1, 2, 3, 4]
rankings = st.permutations(OPTIONS).flatmap(lambda order: st.integers(1, len(OPTIONS)).map(lambda most: tuple(order[:most])))
polls = st.dictionaries(rankings, st.integers(1, 6), max_size=12)


def rounds_of(ballots, options=OPTIONS):
    return [(dict(one.votes), one.out) for one in run_off(ballots, options).rounds]


def test_more_than_half_of_the_first_preferences_win_at_once():
    assert rounds_of({(1, 2): 6, (2, 1): 5}, [1, 2]) == [({1: 6, 2: 5}, ())]
    assert run_off({(1, 2): 6, (2, 1): 5}, [1, 2]).winner == 1


def test_the_last_goes_out_and_its_ballots_pass_on():
    ballots = {(1,): 4, (2,): 3, (3, 2): 2}
    assert run_off(ballots, [1, 2, 3]).winner == 2
    assert rounds_of(ballots, [1, 2, 3]) == [({1: 4, 2: 3, 3: 2}, (3,)), ({1: 4, 2: 5}, ())]


def test_a_ballot_that_names_nobody_still_in_is_spent():
    found = run_off({(1,): 4, (2,): 3, (3,): 2}, [1, 2, 3])
    assert [one.spent for one in found.rounds] == [0, 2]
    assert found.winner == 1


def test_what_nobody_names_goes_out_together():
    assert rounds_of({(1, 2): 1, (2, 1): 1})[0] == ({1: 1, 2: 1, 3: 0, 4: 0}, (3, 4))


def test_of_the_level_the_one_with_fewer_before_goes_out():
    # 2 and 3 meet level in the second round; 3 had fewer in the first.
    ballots = {(1,): 5, (2,): 4, (3,): 3, (4, 3): 1}
    assert [out for _votes, out in rounds_of(ballots)] == [(4,), (3,), ()]


def test_of_the_level_all_along_the_last_listed_goes_out():
    assert run_off({(1,): 1, (2,): 1}, [1, 2]).winner == 1
    assert run_off({(1,): 1, (2,): 1}, [2, 1]).winner == 2


def test_nobody_wins_where_nobody_voted():
    assert run_off({}, OPTIONS).winner is None
    assert run_off({}, []).winner is None


@given(polls, st.randoms(use_true_random=False))
def test_the_order_in_which_ballots_come_never_matters(ballots, chance: random.Random):
    shuffled = list(ballots.items())
    chance.shuffle(shuffled)
    assert run_off(dict(shuffled), OPTIONS) == run_off(ballots, OPTIONS)


@given(polls)
def test_a_majority_of_first_preferences_always_wins(ballots):
    first = {option: sum(count for said, count in ballots.items() if said[0] == option) for option in OPTIONS}
    for option, count in first.items():
        if count * 2 > sum(first.values()):
            assert run_off(ballots, OPTIONS).winner == option
            assert len(run_off(ballots, OPTIONS).rounds) == 1


@given(polls)
def test_no_ballot_is_lost_or_counted_twice_in_any_round(ballots):
    total = sum(ballots.values())
    assert all(sum(one.votes.values()) + one.spent == total for one in run_off(ballots, OPTIONS).rounds)


@given(polls)
def test_every_round_sends_somebody_out_until_one_wins(ballots):
    found = run_off(ballots, OPTIONS)
    assert all(one.out for one in found.rounds[:-1]) and not found.rounds[-1].out
    assert (found.winner is None) == (not ballots)
    assert len(found.rounds) <= len(OPTIONS)


@given(polls)
def test_one_more_ballot_for_the_winner_alone_keeps_a_majority_winner(ballots):
    found = run_off(ballots, OPTIONS)
    if found.winner and len(found.rounds) == 1:
        more = {**ballots, (found.winner,): ballots.get((found.winner,), 0) + 1}
        assert run_off(more, OPTIONS).winner == found.winner


@given(polls)
def test_whoever_would_beat_nobody_head_to_head_cannot_win(ballots):
    """The Condorcet loser never wins an instant runoff, since the last round is a duel."""

    def beats(one, other):
        def prefers(said):
            return one in said and (other not in said or said.index(one) < said.index(other))

        ahead = sum(count for said, count in ballots.items() if prefers(said))
        behind = sum(c for s, c in ballots.items() if other in s and (one not in s or s.index(other) < s.index(one)))
        return ahead - behind

    winner = run_off(ballots, OPTIONS).winner
    if winner is not None:
        assert any(beats(winner, other) >= 0 for other in OPTIONS if other != winner)


def test_leaders_are_all_who_are_level_and_nobody_where_nobody_voted():
    assert leaders({1: 3, 2: 3, 3: 1}) == [1, 2]
    assert leaders({1: 0, 2: 0}) == leaders({}) == []


def test_shares_are_rounded_half_up_and_never_divide_by_nothing():
    assert [tenths(1, 3), tenths(2, 3), tenths(1, 8), tenths(5, 5), tenths(0, 0)] == [333, 667, 125, 1000, 0]
    assert all(0 <= tenths(part, whole) <= 1000 for part, whole in itertools.combinations(range(1, 20), 2))
