"""Heat: what is moving, cooling by half each week without anybody touching it."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from feedback.heat import EPOCH, HALF_LIFE, STEPS, heat_of, shown, step_of
from tests.factories import NOW

weights = st.sampled_from([200, 500, 1000])
steps = st.integers(0, HALF_LIFE * 52 * 40)
votes = st.lists(st.tuples(weights, steps), max_size=40)


def total(cast):
    return sum(heat_of(weight, step) for weight, step in cast)


def test_the_worked_example_two_now_one_a_week_ago_one_two_weeks_ago():
    ages = [0, 0, 1, 2]
    heat = sum(heat_of(1000, step_of(NOW - timedelta(weeks=age))) for age in ages)
    assert shown(heat, at=NOW) == 275


def test_a_newcomers_vote_warms_a_fifth_as_much():
    assert shown(heat_of(200, step_of(NOW)), at=NOW) == 20


def test_the_table_is_the_nearest_whole_number_of_each_root_of_two():
    """Checked by exact powers: (STEP ± ½)^168 must lie on either side of 2^r · 2^(20·168)."""
    for step, value in enumerate(STEPS):
        target = Fraction(2) ** (step + 20 * HALF_LIFE)
        assert (Fraction(2 * value - 1, 2)) ** HALF_LIFE <= target <= (Fraction(2 * value + 1, 2)) ** HALF_LIFE


def test_an_hour_is_a_step_and_the_epoch_is_step_zero():
    assert step_of(EPOCH) == 0
    assert step_of(EPOCH + timedelta(hours=1)) == 1
    assert step_of(EPOCH - timedelta(seconds=1)) == -1


def test_a_vote_from_long_before_the_epoch_has_gone_cold_and_nothing_breaks():
    assert heat_of(1000, step_of(datetime(2010, 7, 1, tzinfo=UTC))) == 0
    assert 0 < heat_of(1000, step_of(EPOCH - timedelta(weeks=4))) < heat_of(1000, 0)


def test_after_sixty_years_the_number_still_fits_its_column():
    crowd = 10**9 * heat_of(1000, step_of(EPOCH + timedelta(weeks=52 * 60)))
    assert len(str(crowd)) < 1000


@given(votes, st.randoms())
def test_the_order_of_votes_is_irrelevant_to_the_last_digit(cast, chance):
    shuffled = list(cast)
    chance.shuffle(shuffled)
    assert total(shuffled) == total(cast)


@given(votes, weights, steps)
def test_a_withdrawn_vote_takes_away_exactly_what_it_gave(cast, weight, step):
    assert total([*cast, (weight, step)]) - heat_of(weight, step) == total(cast)


@given(votes, votes, st.integers(0, 500))
def test_waiting_never_changes_the_order(one, other, weeks):
    """What is shown later is what is shown now, halved: by exact fractions the comparison stays the same."""
    unit = heat_of(1000, HALF_LIFE * weeks)
    later = [Fraction(total(cast), unit) for cast in (one, other)]
    assert (later[0] < later[1]) == (total(one) < total(other))


@given(weights, steps)
def test_a_week_halves_exactly(weight, step):
    assert heat_of(weight, step + HALF_LIFE) == 2 * heat_of(weight, step)


@given(weights, st.integers(-4000, 4000))
def test_a_later_vote_is_never_worth_less(weight, step):
    assert heat_of(weight, step + 1) >= heat_of(weight, step)
