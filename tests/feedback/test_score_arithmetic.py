"""The figures people read: whatever is behind them, the parts add up, the heat is a sum, and the stack is a lawful draw."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback import heat, routing, why
from feedback.heat import EPOCH, HALF_LIFE, SCALE, STEPS, heat_of, step_of
from feedback.routing import Card, deal, priority
from feedback.scoring import (
    STRATEGY,
    VERSIONS,
    VOTE_WEIGHTS,
    WEIGHTS,
    WHOLE,
    Constants,
    Judgement,
    Person,
    Sums,
    add_up,
    breadth_of,
    damp,
    effective,
    equal_shares,
    fill,
    score_of,
)
from feedback.why import MOST_CHANGES, History, Part, People
from feedback.why_words import CHANGES, LABELS, Change, full_votes, words_of_change, words_of_part

NOW = datetime(2026, 11, 16, 12, tzinfo=UTC)
weights = st.sampled_from(VOTE_WEIGHTS)
steps = st.integers(-4000, HALF_LIFE * 52 * 30)
milli = st.integers(0, 10**9)
judgements = st.builds(
    Judgement, st.booleans(), st.sampled_from([1, 2, 4, 8]), st.integers(0, WHOLE), st.integers(0, len(STRATEGY) - 1)
)
sums = st.builds(Sums, milli, milli, milli, milli, st.dictionaries(st.integers(1, 6), milli, max_size=6))
constants = st.sampled_from([*VERSIONS.values(), Constants(newcomer_bonus=0), Constants(1, 1, 1, 1, 0, 1)])
shares = st.integers(1, 6).map(lambda count: equal_shares(range(1, count + 1)))
people = st.builds(
    Person, st.integers(0, 2), st.sampled_from([0, 500, 1000]), st.sampled_from(["a", "b", "c"]), st.none() | st.integers(1, 4)
)


class TestParts:
    @given(sums, judgements, shares, constants)
    def test_the_parts_as_drawn_add_up_to_the_score_and_none_is_past_its_weight(self, total, judgement, shares, constants):
        score = score_of(total, judgement, shares, constants)
        parts = [Part(name, weight * getattr(score, name), weight, "") for name, weight in WEIGHTS.items()]
        assert sum(part.numerator for part in parts) == score.numerator == sum(score.points().values())
        assert all(0 <= part.numerator <= part.weight * WHOLE for part in parts)

    @given(sums, judgements, shares, constants)
    def test_what_is_shown_of_the_parts_never_says_more_than_the_score(self, total, judgement, shares, constants):
        score = score_of(total, judgement, shares, constants)
        tenths = [int(Part(name, part, 0, "").points.replace(".", "")) for name, part in score.points().items()]
        shown = score.numerator // 1000
        assert shown - len(tenths) < sum(tenths) <= shown

    @given(st.integers(0, WHOLE * 100))
    def test_points_and_their_exact_figure_are_one_number(self, numerator):
        part = Part("demand", numerator, 40, "")
        assert round(float(part.exact) * WHOLE) == numerator
        assert 0 <= float(part.exact) - float(part.points) < 0.1

    def test_the_weights_are_a_hundred_points_and_each_has_a_name(self):
        assert sum(WEIGHTS.values()) == 100 and list(LABELS) == list(WEIGHTS)
        assert [Part(name, 0, 0, "").label for name in WEIGHTS] == ["Demand", "Impact", "Breadth", "Evidence", "Strategy"]

    @given(st.lists(people, max_size=30), constants)
    def test_every_person_is_in_exactly_one_of_the_sums(self, voters, constants):
        calm = replace(constants, cohort_full=10**9)
        total = add_up(voters, calm)
        assert total.established + total.newcomers == sum(person.weight for person in voters)
        assert total.established_need + total.newcomers_need == sum(person.wish for person in voters)
        assert sum(total.personas.values()) <= total.established

    @given(st.lists(people, max_size=20), st.lists(people, max_size=20), constants)
    def test_two_crowds_together_are_never_more_than_each_alone(self, one, other, constants):
        together, apart = add_up(one + other, constants), [add_up(crowd, constants) for crowd in (one, other)]
        assert together.established == sum(part.established for part in apart)
        assert together.newcomers <= sum(part.newcomers for part in apart)

    @given(milli, milli, constants)
    def test_newcomers_lend_weight_and_never_lead(self, established, newcomers, constants):
        total = effective(established, newcomers, constants)
        assert established <= total <= established + newcomers
        assert total <= established * 3 // 2 + constants.newcomer_bonus

    @given(milli, st.integers(1, 10**6))
    def test_a_part_is_half_full_at_its_half_and_never_quite_full(self, amount, half):
        assert fill(half, half) == WHOLE // 2 and fill(0, half) == 0
        assert fill(amount, half) < WHOLE and fill(amount, half) <= fill(amount + 1, half)

    @given(milli, constants)
    def test_damping_takes_away_and_never_turns_the_order(self, weight, constants):
        assert damp(weight, constants) <= weight
        assert damp(weight, constants) <= damp(weight + 200, constants)

    @given(st.dictionaries(st.integers(1, 6), milli, max_size=6), shares, constants)
    def test_breadth_counts_only_the_kinds_that_have_a_share(self, personas, shares, constants):
        strangers = {pk + 100: 10**9 for pk in personas}
        assert breadth_of(personas | strangers, shares, constants) == breadth_of(personas, shares, constants) < WHOLE

    @given(st.integers(1, 50))
    def test_equal_shares_differ_by_at_most_one(self, count):
        found = equal_shares(range(count)).values()
        assert sum(found) == WHOLE and max(found) - min(found) <= 1

    def test_nobody_has_no_shares(self):
        assert equal_shares([]) == {} and breadth_of({1: 10**6}, {}, Constants()) == 0


class TestWords:
    @given(milli)
    def test_votes_are_said_with_one_decimal_or_none_and_never_rounded_up(self, amount):
        said = full_votes(amount).replace(",", "")
        assert 0 <= amount / 1000 - float(said) < 0.1
        assert "." not in said or not said.endswith(".0")

    @pytest.mark.parametrize(
        ("milli", "said"),
        [(0, "0"), (200, "0.2"), (1000, "1"), (1099, "1"), (1100, "1.1"), (12_500, "12.5"), (2_000_000, "2,000")],
    )
    def test_a_vote_is_one_and_a_newcomers_a_fifth(self, milli, said):
        assert full_votes(milli) == said

    @pytest.mark.parametrize("kind", CHANGES)
    def test_each_change_is_a_sentence_with_its_gain(self, kind):
        said = words_of_change(Change(kind, "Travellers", 1234), 67_890)
        assert said.endswith(".") and "6.7" in said and "%(" not in said

    @pytest.mark.parametrize(
        ("crowd", "said"),
        [
            (People(), "Nobody has said how much they need it."),
            (People(voters=3), "So far everybody calls it nice to have."),
            (People(voters=3, musts=1), "Of 3, 1 says they cannot do without it."),
            (People(voters=1_200, importants=1_100), "Of 1,200, 1,100 call it important."),
        ],
    )
    def test_how_much_it_is_needed_is_said_of_one_and_of_many(self, crowd, said):
        wish = SimpleNamespace(post=SimpleNamespace(kind="suggestion"))
        assert words_of_part("impact", wish, 0, crowd) == said

    @pytest.mark.parametrize(
        ("crowd", "parts"),
        [
            (People(imported=1), ["0 people", "1 nameless vote came"]),
            (People(voters=2, duplicates=3), ["2 people", "for 3 duplicates"]),
            (People(voters=1, waiting=500), ["1 person counts", "worth 0.5 more wait"]),
        ],
    )
    def test_demand_tells_of_what_there_is_and_of_nothing_else(self, crowd, parts):
        said = words_of_part("demand", None, 1000, crowd)
        assert all(part in said for part in parts) and said.count(".") <= len(parts) + 1

    def test_at_most_four_kinds_of_users_are_named_as_they_come(self):
        crowd = People(personas={f"Kind {number}": 1000 * number for number in range(6, 0, -1)})
        said = words_of_part("breadth", None, 0, crowd)
        assert said.startswith("Established voters by kind: Kind 6 6") and "Kind 3 3" in said and "Kind 2" not in said


class TestHistory:
    def test_nothing_to_draw_is_nothing(self):
        assert (History([]).told, History([]).path) == ("", "")

    @given(st.lists(st.integers(0, 10**6), min_size=1, max_size=60))
    def test_who_hears_the_picture_hears_its_first_and_last_and_few_between(self, scores):
        days = [(date(2026, 1, 1) + timedelta(days=place), score) for place, score in enumerate(scores)]
        told = History(days).told.replace(" and ", ", ").split(", ")
        assert told[0] == f"{scores[0] // 1000 / 10:.1f}" and told[-1] == f"{scores[-1] // 1000 / 10:.1f}"
        assert len(told) <= 12

    def test_no_more_changes_are_named_than_there_is_room_for(self, monkeypatch):
        gains = {Change("voters", str(number)): (Sums(established=number * 10_000), Judgement()) for number in range(1, 9)}
        monkeypatch.setattr(why, "_what_ifs", lambda *_given: gains)
        config = SimpleNamespace(shares={}, constants=Constants())
        assert len(why._changes(Sums(), Judgement(), People(), config)) == MOST_CHANGES

    def test_a_gain_nobody_would_see_is_not_named(self, monkeypatch):
        monkeypatch.setattr(why, "_what_ifs", lambda *_given: {Change("voters"): (Sums(established=10), Judgement())})
        config = SimpleNamespace(shares={}, constants=Constants())
        assert why._changes(Sums(), Judgement(), People(), config) == []


class TestHeat:
    @given(weights, weights, st.integers(0, 5000))
    def test_two_votes_at_once_warm_like_one_of_their_weight(self, one, other, step):
        assert heat_of(one, step) + heat_of(other, step) == heat_of(one + other, step)

    @given(weights, steps, st.integers(0, 60))
    def test_weeks_later_it_is_worth_its_power_of_two(self, weight, step, weeks):
        if step >= 0:
            assert heat_of(weight, step + weeks * HALF_LIFE) == heat_of(weight, step) << weeks

    @given(weights, steps)
    def test_heat_is_whole_and_never_below_nothing(self, weight, step):
        assert isinstance(heat_of(weight, step), int) and heat_of(weight, step) >= 0

    @given(st.lists(st.tuples(weights, steps), max_size=30), st.integers(0, 30))
    def test_any_half_of_the_votes_taken_back_leaves_the_other_half(self, cast, at):
        total = sum(heat_of(*vote) for vote in cast)
        for vote in cast[:at]:
            total -= heat_of(*vote)
        assert total == sum(heat_of(*vote) for vote in cast[at:])

    @given(st.datetimes(datetime(2020, 1, 1), datetime(2080, 1, 1), timezones=st.just(UTC)), st.integers(0, 3599))
    def test_all_of_an_hour_is_one_step(self, at, seconds):
        hour = at.replace(minute=0, second=0, microsecond=0)
        assert step_of(hour) == step_of(hour + timedelta(seconds=seconds)) == step_of(hour + timedelta(hours=1)) - 1

    def test_the_steps_rise_from_one_to_just_below_two(self):
        assert STEPS[0] == 1 << SCALE and list(STEPS) == sorted(set(STEPS)) and STEPS[-1] < 2 << SCALE

    @pytest.mark.parametrize(("weeks", "hundredths"), [(0, 100), (1, 50), (2, 25), (3, 12), (10, 0)])
    def test_a_vote_is_shown_as_half_as_much_each_week(self, weeks, hundredths):
        assert heat.shown(heat_of(1000, step_of(NOW - timedelta(weeks=weeks))), at=NOW) == hundredths

    def test_the_epoch_itself_is_warm(self):
        assert heat_of(1000, step_of(EPOCH)) == 1000 << SCALE


counts = st.integers(0, 300)
cards = st.lists(
    st.builds(Card, st.integers(1, 10_000), counts, counts, counts, st.booleans()), max_size=25, unique_by=lambda c: c.pk
)


class TestRouting:
    @given(counts, counts, st.integers(1, 300))
    def test_who_wants_it_draws_more_than_who_skipped_it(self, againsts, skips, wants):
        assert priority(Card(1, wants + skips, againsts, 0)) >= priority(Card(1, wants, againsts, skips))

    @given(st.integers(0, 300), st.integers(0, 300))
    def test_wants_and_its_mirror_are_equally_divided(self, wants, againsts):
        """Of the two, the wanted one is the more pressing; what they have in common cancels out."""
        one, other = priority(Card(1, wants, againsts)), priority(Card(1, againsts, wants))
        ratio = ((wants + 1) / (againsts + 1)) ** 2
        assert one == pytest.approx(other * ratio)

    @given(st.builds(Card, st.just(1), counts, counts, counts))
    def test_the_team_waits_half_as_much_whatever_was_answered(self, card):
        assert priority(replace(card, by_team=True)) * 2 == pytest.approx(priority(card))

    @given(cards, st.text(max_size=8), st.integers(1, 9))
    def test_a_card_that_becomes_more_pressing_never_falls_back(self, stack, seed, factor):
        if stack:
            watched, before = stack[0], deal(stack, seed=seed)
            fresh = [Card(watched.pk), *stack[1:]] if priority(Card(watched.pk)) >= priority(watched) else stack
            assert deal(fresh, seed=seed).index(watched.pk) <= before.index(watched.pk)

    @given(cards, cards, st.text(max_size=8))
    def test_new_cards_slip_in_without_stirring_the_others(self, stack, more, seed):
        known = {card.pk for card in stack}
        whole = stack + [card for card in more if card.pk not in known]
        assert [pk for pk in deal(whole, seed=seed) if pk in known] == deal(stack, seed=seed)

    @given(st.text(max_size=30), st.integers(0, 2**62))
    def test_a_throw_lies_between_nothing_and_one_and_is_always_the_same(self, seed, pk):
        throw = routing._throw(seed, pk)
        assert 0 < throw <= 1 and throw == routing._throw(seed, pk)

    def test_an_empty_stack_deals_nothing(self):
        assert deal([], seed="x") == []

    def test_the_chance_is_in_proportion_to_the_priority(self):
        pressing, calm = Card(1, 30, 30), Card(2, 60, 0)
        share = priority(pressing) / (priority(pressing) + priority(calm))
        first = sum(deal([pressing, calm], seed=str(seed))[0] == 1 for seed in range(2_000)) / 2_000
        assert first == pytest.approx(share, abs=0.04)
