"""The planner finds the very best plan: held against every possible one, and against what staff would expect."""

from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback.planning import Candidate, CannotPlan, Rules, just_missed, propose, with_more

THEMES = ["", "battery", "camera", "os"]


def works(*rows, **shared):
    """Candidates by (value, effort), numbered from 1."""
    return [Candidate(number, value, effort, **shared) for number, (value, effort) in enumerate(rows, 1)]


@st.composite
def instances(draw, least=1, most=8):
    number = draw(st.integers(least, most))
    candidates = [
        Candidate(
            id=pk,
            value=draw(st.integers(0, 6)),
            effort=draw(st.integers(1, 6)),
            theme=draw(st.sampled_from(THEMES)),
            community=draw(st.booleans()),
            after=draw(st.sampled_from([None, *range(1, pk)])),
            must=draw(st.integers(0, 9)) == 0,
            first_timers=draw(st.integers(0, 2)),
        )
        for pk in range(1, number + 1)
    ]
    per_theme = st.dictionaries(st.sampled_from(THEMES[1:]), st.integers(1, 8), max_size=2)
    rules = Rules(draw(st.integers(0, 20)), draw(st.sampled_from([0, 5_000, 6_667])), draw(per_theme), draw(per_theme))
    return candidates, rules


def holds(chosen, candidates, rules):
    ids, used = {one.id for one in chosen}, sum(one.effort for one in chosen)
    in_theme = {theme: sum(one.effort for one in chosen if one.theme == theme) for theme in THEMES}
    return (
        used <= rules.capacity
        and all(one.id in ids for one in candidates if one.must)
        and all(one.after is None or one.after in ids for one in chosen)
        and 10_000 * sum(one.effort for one in chosen if one.community) >= rules.community * used
        and all(in_theme[theme] >= least for theme, least in rules.least.items())
        and all(in_theme[theme] <= most for theme, most in rules.most.items())
    )


def every_plan(candidates, rules):
    sets = (chosen for size in range(len(candidates) + 1) for chosen in combinations(candidates, size))
    return [chosen for chosen in sets if holds(chosen, candidates, rules)]


def rank(chosen):
    """Value, then first-timers, then less effort, then lower ids."""
    ids = {one.id for one in chosen}
    return (
        sum(one.value for one in chosen),
        sum(one.first_timers for one in chosen),
        -sum(one.effort for one in chosen),
        [pk in ids for pk in range(1, 20)],
    )


@given(instances())
@settings(max_examples=250, deadline=None)
def test_it_is_the_best_of_all_plans_that_hold_the_rules(instance):
    candidates, rules = instance
    possible = every_plan(candidates, rules)
    if not possible:
        return
    found = propose(candidates, rules)
    best = max(possible, key=rank)
    assert found.chosen == tuple(one.id for one in best) and not found.relaxed
    assert (found.value, found.used) == (rank(best)[0], -rank(best)[2])


@given(instances())
@settings(max_examples=120, deadline=None)
def test_as_few_rules_as_possible_are_given_up_and_named(instance):
    candidates, rules = instance
    names = [name for name in ("community", "least", "most") if getattr(rules, name)]
    ways = [gone for size in range(len(names) + 1) for gone in combinations(names, size)]
    loose = {gone: replace(rules, **{name: 0 if name == "community" else {} for name in gone}) for gone in ways}
    first = next((gone for gone in ways if every_plan(candidates, loose[gone])), None)
    if first is None:
        with pytest.raises(CannotPlan):
            propose(candidates, rules)
        return
    found = propose(candidates, rules)
    assert found.relaxed == first
    assert found.value == max(rank(chosen)[0] for chosen in every_plan(candidates, loose[first]))


@given(instances(), st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_the_order_in_which_work_is_listed_changes_nothing(instance, chance):
    candidates, rules = instance
    shuffled = chance.sample(candidates, len(candidates))
    try:
        found = propose(candidates, rules)
    except CannotPlan:
        with pytest.raises(CannotPlan):
            propose(shuffled, rules)
        return
    assert propose(shuffled, rules) == found


@given(instances(), st.integers(1, 4))
@settings(max_examples=60, deadline=None)
def test_more_capacity_is_never_worth_less(instance, more):
    candidates, rules = instance
    free = Rules(rules.capacity, rules.community)
    wider = Rules(rules.capacity + more, rules.community)
    candidates = [Candidate(one.id, one.value, one.effort, community=one.community, after=one.after) for one in candidates]
    assert propose(candidates, wider).value >= propose(candidates, free).value


@given(instances(least=2))
@settings(max_examples=40, deadline=None)
def test_the_price_of_entry_is_what_the_best_plan_with_it_is_worth_less(instance):
    candidates, rules = instance
    possible = every_plan(candidates, rules)
    if not possible:
        return
    found = propose(candidates, rules)
    for missed in just_missed(candidates, rules, found):
        with_it = [rank(chosen)[0] for chosen in possible if missed.id in {one.id for one in chosen}]
        assert missed.price == (found.value - max(with_it) if with_it else None)


def test_two_small_things_beat_a_great_one_that_fills_the_room():
    found = propose(works((60, 4), (35, 2), (30, 2)), Rules(4))
    assert (found.chosen, found.value, found.used) == ((2, 3), 65, 4)


def test_nothing_fits_into_no_time():
    assert propose(works((60, 4)), Rules(0)).chosen == ()


def test_among_plans_of_equal_worth_more_first_timers_win():
    known, fresh = Candidate(1, 50, 4), Candidate(2, 50, 4, first_timers=1)
    assert propose([known, fresh], Rules(4)).chosen == (2,)


def test_then_less_effort_wins():
    assert propose(works((50, 4), (50, 3)), Rules(4)).chosen == (2,)


def test_and_at_last_the_one_that_was_there_first():
    assert propose(works((50, 4), (50, 4)), Rules(4)).chosen == (1,)


def test_what_has_to_come_before_is_planned_along_with_it():
    base = Candidate(1, 0, 3)
    top = Candidate(2, 90, 2, after=1)
    assert propose([base, top, Candidate(3, 50, 5)], Rules(5)).chosen == (1, 2)


def test_it_is_not_planned_where_what_comes_before_does_not_fit():
    assert propose([Candidate(1, 0, 9), Candidate(2, 90, 2, after=1)], Rules(5)).chosen == ()


def test_what_comes_before_may_be_of_another_theme_with_rules_of_its_own():
    base = Candidate(1, 0, 4, theme="os")
    top = Candidate(2, 90, 2, theme="camera", after=1)
    rest = Candidate(3, 40, 4, theme="os")
    rules = Rules(10, most={"os": 4, "camera": 4})
    assert propose([base, top, rest], rules).chosen == (1, 2)
    assert propose([base, top, rest], Rules(10, most={"os": 3, "camera": 4})).chosen == ()


def test_work_that_was_done_already_stands_in_nobodys_way():
    assert propose([Candidate(2, 90, 2, after=77)], Rules(2)).chosen == (2,)


def test_a_must_is_in_whatever_it_is_worth_and_so_is_what_it_waits_for():
    rows = [Candidate(1, 0, 2), Candidate(2, 0, 2, after=1, must=True), Candidate(3, 90, 3)]
    assert propose(rows, Rules(5)).chosen == (1, 2)


def test_musts_beyond_the_capacity_are_said_with_what_they_take():
    with pytest.raises(CannotPlan) as told:
        propose([Candidate(1, 5, 6, must=True), Candidate(2, 5, 3, after=1, must=True)], Rules(8))
    assert told.value.needed == 9


def test_half_of_what_is_used_can_be_kept_for_what_people_asked_for():
    inside, asked = Candidate(1, 90, 4), Candidate(2, 30, 4, community=True)
    assert propose([inside, asked], Rules(4, community=5_000)).chosen == (2,)
    assert propose([inside, asked], Rules(8, community=5_000)).chosen == (1, 2)


def test_a_theme_has_at_least_what_was_promised_to_it():
    debt = Candidate(2, 1, 4, theme="debt")
    assert propose([Candidate(1, 90, 4), debt], Rules(4, least={"debt": 4})).chosen == (2,)


def test_a_theme_has_no_more_than_was_allowed():
    rows = works((90, 4), (80, 4), theme="display")
    assert propose([*rows, Candidate(3, 5, 4)], Rules(12, most={"display": 4})).chosen == (1, 3)


def test_a_promise_to_a_theme_nobody_has_work_for_is_given_up_and_said():
    found = propose(works((50, 2)), Rules(4, least={"sound": 2}))
    assert (found.chosen, found.relaxed) == ((1,), ("least",))


def test_a_rule_nobody_set_is_not_among_those_given_up():
    assert propose([Candidate(1, 9, 4, theme="os", must=True)], Rules(4, most={"os": 2})).relaxed == ("most",)


def test_the_list_of_what_just_missed_begins_with_the_worthiest():
    rows = works((60, 4), (50, 4), (20, 4), (55, 9))
    found = propose(rows, Rules(4))
    assert [(one.id, one.price) for one in just_missed(rows, Rules(4), found)] == [(4, None), (2, 10), (3, 40)]


def test_it_is_no_longer_than_asked():
    rows = works((60, 4), (50, 4), (20, 4))
    assert len(just_missed(rows, Rules(4), propose(rows, Rules(4)), most=1)) == 1


def test_a_little_more_room_says_what_it_brings_and_what_it_costs():
    rows = works((60, 4), (90, 5), (30, 1))
    found = propose(rows, Rules(5))
    assert found.chosen == (1, 3)
    one, *_more = with_more(rows, Rules(5), found)
    assert (one.extra, one.gain, one.enters, one.leaves) == (1, 30, (2,), (1,))


def test_room_that_brings_nothing_is_not_spoken_of():
    rows = works((60, 4))
    assert with_more(rows, Rules(4), propose(rows, Rules(4))) == []


def test_what_was_given_up_stays_given_up_when_more_room_is_weighed():
    rows = works((60, 2), (50, 2))
    rules = Rules(2, community=5_000)
    found = propose([Candidate(3, 1, 1, must=True), *rows], rules)
    assert found.relaxed == ("community",)
    one, *_more = with_more([Candidate(3, 1, 1, must=True), *rows], rules, found)
    assert (one.extra, one.enters) == (1, (1,))


@pytest.mark.parametrize("effort", [0, -3])
def test_work_without_effort_is_refused(effort):
    with pytest.raises(ValueError, match="no effort"):
        propose([Candidate(1, 5, effort)], Rules(4))


def test_work_that_waits_for_itself_is_refused():
    with pytest.raises(ValueError, match="waits for itself"):
        propose([Candidate(1, 5, 1, after=2), Candidate(2, 5, 1, after=1)], Rules(4))


def test_a_hundred_pieces_of_work_are_planned_exactly_like_ten():
    """Held against the same hundred with two of them forced, which may never be better."""
    rows = [
        Candidate(pk, pk * 7919 % 997, pk * 31 % 9 + 1, theme=THEMES[pk % 4], community=pk % 3 == 0) for pk in range(1, 101)
    ]
    rules = Rules(40, 5_000, {"battery": 6}, {"camera": 12})
    found = propose(rows, rules)
    assert holds([rows[pk - 1] for pk in found.chosen], rows, rules)
    assert all(one.price is None or one.price >= 0 for one in just_missed(rows, rules, found, most=2))
