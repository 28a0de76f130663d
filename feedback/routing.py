"""Which suggestion somebody sees next when they help to sort. Knows no Django, no clock and no dice but its seed.

Pol.is routes comments so that new and dividing ones get seen, and the routes below follow it
(`math/src/polismath/math/conversation.clj`, importance-metric and priority-metric; Small et al. 2021):

    priority = ((1 - p) · (D + 1) · a · (1 + 8 · 2^(-S/5)))²

S: how many have answered; a = (wants + 1) / (S + 2): how wanted it is; p = (skips + 1) / (S + 2): how often it is
passed over without an answer; the last factor is 9 for what nobody has seen and halves its surplus with every five
answers. Pol.is takes for D how far a comment lies from the middle of all opinions; a wish list has no such map, so D is how
divided the answers are: 4 · w · (1 - w), w = (wants + 1) / (wants + againsts + 2), which is 1 for half and half.

The next one is drawn, not picked: the chance is in proportion to the priority, so nothing is ever left out for good.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b

NEWNESS, HALF_SEEN = 8.0, 5.0
# The team has other ways to be heard: what staff wrote comes as if it were half as pressing.
OF_THE_TEAM = 0.5


@dataclass(frozen=True)
class Card:
    """A suggestion that may be dealt, and what people answered so far: wanted it, did not, or went on without a word."""

    pk: int
    wants: int = 0
    againsts: int = 0
    skips: int = 0
    by_team: bool = False


def priority(card: Card) -> float:
    """How pressing it is that somebody sees the card; always above zero."""
    seen = card.wants + card.againsts + card.skips
    passed = (card.skips + 1) / (seen + 2)
    wanted = (card.wants + 1) / (seen + 2)
    side = (card.wants + 1) / (card.wants + card.againsts + 2)
    divided = 4 * side * (1 - side)
    newness = 1 + NEWNESS * 2 ** (-seen / HALF_SEEN)
    return float(((1 - passed) * (divided + 1) * wanted * newness) ** 2) * (OF_THE_TEAM if card.by_team else 1.0)


def deal(cards: Iterable[Card], *, seed: str) -> list[int]:
    """The cards in the order in which they are shown; the same seed deals the same.

    Weighted drawing without putting back (Efraimidis & Spirakis 2006): each card's throw is its own, so that a card taken
    out of the stack leaves the order of the others as it was.
    """
    return [pk for _, pk in sorted((-math.log(_throw(seed, card.pk)) / priority(card), card.pk) for card in cards)]


def _throw(seed: str, pk: int) -> float:
    """Between 0 and 1, both left out; fixed by seed and card."""
    number = int.from_bytes(blake2b(f"{seed}:{pk}".encode(), digest_size=8).digest(), "big")
    return (number + 0.5) / 2**64
