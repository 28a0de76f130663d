"""Which card comes next: laws of the routing, without a database."""

from hypothesis import given
from hypothesis import strategies as st

from feedback.routing import OF_THE_TEAM, Card, deal, priority

counts = st.integers(0, 5_000)
cards = st.lists(st.builds(Card, st.integers(1, 10_000), counts, counts, counts, st.booleans()), unique_by=lambda card: card.pk)
seeds = st.text(max_size=20)


@given(cards, seeds)
def test_every_card_is_dealt_exactly_once(stack, seed):
    assert sorted(deal(stack, seed=seed)) == sorted(card.pk for card in stack)


@given(cards, seeds)
def test_the_same_seed_deals_the_same_in_whatever_order_the_cards_came(stack, seed):
    assert deal(stack, seed=seed) == deal(stack[::-1], seed=seed)


@given(cards, seeds, st.integers(0, 50))
def test_a_card_taken_out_leaves_the_others_where_they_were(stack, seed, at):
    if stack:
        gone = stack[at % len(stack)]
        assert deal([card for card in stack if card != gone], seed=seed) == [
            pk for pk in deal(stack, seed=seed) if pk != gone.pk
        ]


@given(cards, seeds)
def test_whoever_goes_on_answering_sees_everything_in_the_end(stack, seed):
    seen = []
    while stack:
        top = deal(stack, seed=seed)[0]
        seen.append(top)
        stack = [card for card in stack if card.pk != top]
    assert len(seen) == len(set(seen))


@given(counts, counts, counts)
def test_nothing_is_ever_without_a_chance(wants, againsts, skips):
    assert priority(Card(1, wants, againsts, skips)) > 0


@given(st.integers(1, 400), counts)
def test_what_was_answered_more_often_the_same_way_is_less_pressing(wants, more):
    assert priority(Card(1, wants + more, 0, 0)) <= priority(Card(1, wants, 0, 0)) * 1.1


@given(st.integers(0, 200))
def test_whatever_is_skipped_again_and_again_comes_later(skips):
    assert priority(Card(1, 5, 0, skips + 1)) < priority(Card(1, 5, 0, skips))


def test_the_formula_gives_what_pol_is_gives():
    # One want, nobody else: S 1, p 1/3, a 2/3, D 4 · 2/3 · 1/3 = 8/9, newness 1 + 8 · 2^(-1/5).
    assert abs(priority(Card(1, 1)) - ((2 / 3) * (17 / 9) * (2 / 3) * (1 + 8 * 2**-0.2)) ** 2) < 1e-9


def test_a_divided_one_is_more_pressing_than_one_that_is_plain():
    assert priority(Card(1, 20, 20)) > priority(Card(2, 2, 38))
    assert priority(Card(1, 30, 10)) > priority(Card(2, 39, 1)) / 2


def test_new_ones_are_seen_sooner():
    stack = [Card(pk, wants=40) for pk in range(1, 60)] + [Card(100, wants=1)]
    places = [deal(stack, seed=str(seed)).index(100) for seed in range(200)]
    assert sum(places) / len(places) < 6 and sum(place < 10 for place in places) > 150


def test_different_people_are_dealt_differently():
    stack = [Card(pk, wants=1) for pk in range(40)]
    assert len({deal(stack, seed=str(seed))[0] for seed in range(60)}) > 15


def test_what_the_team_wrote_is_half_as_pressing():
    assert priority(Card(1, 3, by_team=True)) == OF_THE_TEAM * priority(Card(1, 3))
