"""The formula of the score: the worked examples to the last unit, and its laws."""

from itertools import groupby

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.scoring import (
    VERSIONS,
    WEIGHTS,
    WHOLE,
    Constants,
    Judgement,
    Person,
    add_up,
    damp,
    equal_shares,
    score_of,
)

GROWN = VERSIONS[2]
DAILY, EXPERT, NOVICE = 1, 2, 3
UNJUDGED = Judgement()
SHARES = {DAILY: 4000, EXPERT: 2000, NOVICE: 4000}


def established():
    """The 48 of the worked example "dark mode by sunset"."""
    kinds = [(18, DAILY, 1000), (14, DAILY, 500), (6, EXPERT, 500), (10, NOVICE, 0)]
    return [Person(2, need, persona=persona) for count, persona, need in kinds for _ in range(count)]


def newcomers():
    return [Person(1, 1000, "week:2026-W40")] * 12 + [Person(0, 1000, "code:link")] * 20


def fakes(count, links=1):
    return [Person(0, 1000, f"code:fake-{number % links}") for number in range(count)]


def numbers(people, judgement=UNJUDGED, constants=GROWN, nameless=None):
    return score_of(add_up(people, constants, nameless), judgement, SHARES, constants)


DARK_MODE = Judgement(evidence=4200, strategy_fit=2)


def test_the_worked_example_to_the_last_unit():
    score = numbers(established() + newcomers(), DARK_MODE)
    assert (score.supporters, score.needs) == (58_000, 38_000)
    assert (score.demand, score.impact, score.breadth, score.evidence, score.strategy) == (6590, 7169, 8066, 4200, 6667)
    assert score.numerator == 672_485


def test_the_shown_parts_of_the_worked_example():
    points = numbers(established() + newcomers(), DARK_MODE).points()
    assert points == {"demand": 263_600, "impact": 179_225, "breadth": 120_990, "evidence": 42_000, "strategy": 66_670}


def test_what_ten_important_votes_of_daily_users_add_to_it():
    more = [*established(), *newcomers(), *[Person(2, 500, persona=DAILY)] * 10]
    gain = numbers(more, DARK_MODE).numerator - numbers(established() + newcomers(), DARK_MODE).numerator
    assert gain == 21_175  # +2.12


def test_a_major_bug_with_25_established_people_affected():
    bug = numbers([Person(2)] * 25, Judgement(is_bug=True, severity=4))
    assert bug.impact == 5555


@pytest.mark.parametrize(
    ("attack", "supporters", "hundredths"),
    [
        (fakes(50), 68_000, 6966),
        (fakes(500), 77_000, 7070),
        (fakes(5000, 50), 77_000, 7070),
        (fakes(50_000, 999), 77_000, 7070),
    ],
    ids=["50 in one link", "500", "5,000 in 50 links", "50,000 in 999 links"],
)
def test_what_fake_accounts_can_do_to_a_known_suggestion(attack, supporters, hundredths):
    score = numbers(established() + newcomers() + attack, DARK_MODE)
    assert score.supporters == supporters
    assert score.numerator // 100 == hundredths


@pytest.mark.parametrize(("count", "supporters"), [(0, 5_000), (20, 9_000), (100, 12_500), (5_000, 12_500)])
def test_what_fake_accounts_can_do_to_an_obscure_one(count, supporters):
    assert numbers([Person(2, 500)] * 5 + fakes(count)).supporters == supporters


def test_a_young_community_lets_newcomers_carry_fifty_votes():
    crowd = [Person(0, 1000, f"week:{number}") for number in range(1000)]
    assert numbers(crowd, constants=VERSIONS[1]).supporters == 50_000
    assert numbers(crowd, constants=VERSIONS[2]).supporters == 5_000


def test_ten_full_votes_of_a_cohort_count_fully_then_by_the_square_root():
    assert [damp(weight, GROWN) for weight in (0, 9_999, 10_000, 10_001, 40_000, 1_000_000)] == [
        *(0, 9_999, 10_000, 10_000, 20_000, 100_000)
    ]


def test_nameless_imported_votes_are_one_cohort_of_the_least_weight():
    score = numbers([], nameless={"import:1": 30, "import:2": 100})
    assert score.supporters == 5_000
    assert add_up([], GROWN, {"import:1": 30, "import:2": 100}).newcomers == 6_000 + damp(20_000, GROWN)
    assert score.needs == 0


def test_newcomers_and_people_without_a_persona_add_nothing_to_breadth():
    assert numbers([Person(2, 1000)] * 20 + [Person(1, 1000, "w", DAILY)] * 20).breadth == 0


def test_equal_shares_come_to_exactly_the_whole():
    assert equal_shares([7, 3, 5]) == {3: 3334, 5: 3333, 7: 3333}
    assert equal_shares([]) == {}


@pytest.mark.parametrize("wrong", [{"demand_half": 0}, {"need_half": -1}, {"cohort_full": 1.5}, {"newcomer_bonus": -1}])
def test_constants_the_formula_cannot_use_are_refused(wrong):
    with pytest.raises(ValueError, match="whole number"):
        Constants(**wrong)


# --- The laws ------------------------------------------------------------------------------------

needs = st.sampled_from([0, 500, 1000])
people = st.lists(
    st.builds(
        Person,
        trust=st.integers(0, 2),
        need=needs,
        cohort=st.sampled_from(["week:1", "week:2", "code:a", ""]),
        persona=st.sampled_from([None, DAILY, EXPERT, NOVICE]),
    ),
    max_size=80,
)
judgements = st.builds(
    Judgement,
    is_bug=st.booleans(),
    severity=st.sampled_from([1, 2, 4, 8]),
    evidence=st.integers(0, WHOLE),
    strategy_fit=st.integers(0, 3),
)
constants = st.builds(
    Constants,
    demand_half=st.integers(1, 90_000),
    need_half=st.integers(1, 90_000),
    bug_half=st.integers(1, 90_000),
    persona_half=st.integers(1, 9_000),
    newcomer_bonus=st.integers(0, 60_000),
    cohort_full=st.integers(1, 20_000),
)


@given(people, judgements, constants, st.randoms())
def test_any_order_of_votes_gives_the_same(voters, judgement, known, chance):
    shuffled = list(voters)
    chance.shuffle(shuffled)
    assert numbers(shuffled, judgement, known) == numbers(voters, judgement, known)


@given(people, judgements, constants)
def test_the_parts_add_up_and_stay_within_the_scale(voters, judgement, known):
    score = numbers(voters, judgement, known)
    assert sum(score.points().values()) == score.numerator
    assert 0 <= score.numerator <= 1_000_000
    assert all(0 <= getattr(score, part) <= WHOLE for part in WEIGHTS)


@given(people, judgements, constants, st.integers(0, 2), needs, st.sampled_from(["week:1", "code:new"]))
def test_one_more_voter_never_lowers_it(voters, judgement, known, trust, need, cohort):
    more = [*voters, Person(trust, need, cohort)]
    assert numbers(more, judgement, known).numerator >= numbers(voters, judgement, known).numerator


@given(people.filter(bool), judgements, constants, st.data())
def test_a_stronger_need_never_lowers_it(voters, judgement, known, data):
    place = data.draw(st.integers(0, len(voters) - 1))
    louder = list(voters)
    louder[place] = Person(voters[place].trust, 1000, voters[place].cohort, voters[place].persona)
    assert numbers(louder, judgement, known).numerator >= numbers(voters, judgement, known).numerator


@given(people.filter(bool), judgements, st.data())
def test_promoting_a_voter_never_lowers_it(voters, judgement, data):
    place = data.draw(st.integers(0, len(voters) - 1))
    before = voters[place]
    promoted = list(voters)
    promoted[place] = Person(min(before.trust + 1, 2), before.need, before.cohort, before.persona)
    assert numbers(promoted, judgement).numerator >= numbers(voters, judgement).numerator


@given(people, constants)
def test_unestablished_accounts_alone_cannot_pass_the_bound(voters, known):
    firm = [person for person in voters if person.trust == 2]
    bound = numbers(firm, constants=known).supporters * 3 // 2 + known.newcomer_bonus
    assert numbers(voters, constants=known).supporters <= bound


def merged(one, other):
    """Distinct people of both, by id, each with the strongest need."""
    everybody = sorted([*one.items(), *other.items()], key=lambda pair: pair[0])
    groups = {pk: [person for _pk, person in group] for pk, group in groupby(everybody, key=lambda pair: pair[0])}
    return {pk: max(group, key=lambda person: person.need) for pk, group in groups.items()}


@st.composite
def two_crowds(draw):
    """Two suggestions' voters out of one population: a person has one trust, cohort and persona, and a need for each."""
    population = dict(enumerate(draw(people)))
    chosen = [draw(st.sets(st.sampled_from(sorted(population)))) if population else set() for _ in range(2)]
    crowds = []
    for ids in chosen:
        given_needs = {pk: draw(needs) for pk in sorted(ids)}
        crowds.append(
            {
                pk: Person(population[pk].trust, need, population[pk].cohort, population[pk].persona)
                for pk, need in given_needs.items()
            }
        )
    return crowds


@given(two_crowds())
def test_merging_never_creates_demand(crowds):
    one, other = (numbers(crowd.values()).supporters for crowd in crowds)
    both = numbers(merged(*crowds).values()).supporters
    # Two whole-number square roots may round away a thousandth of a vote each.
    assert max(one, other) <= both <= one + other + 2


@given(two_crowds(), st.data())
def test_the_order_of_merges_is_irrelevant_and_merging_twice_changes_nothing(crowds, data):
    one, other = crowds
    third = {pk: person for pk, person in {**one, **other}.items() if data.draw(st.booleans())}
    both = merged(one, other)
    assert merged(both, other) == merged(other, one) == both
    assert numbers(merged(both, third).values()) == numbers(merged(one, merged(third, other)).values())
