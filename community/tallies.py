"""How ranked ballots are counted: instant runoff. No Django here.

Each round every ballot counts for the first option on it that is still in. An option with more than half of the ballots
that still count wins. Otherwise the option with the fewest goes out, and its ballots pass on to their next preference.

Ties for the last place: of the options level now, the one that had fewer ballots in the latest earlier round in which they
differed goes out; if they were level in every round, the one listed last in the poll does. Options that nobody counts for
go out together. The same ballots therefore always give the same rounds, in whatever order they came.

Source: the rules of single-winner ranked-choice voting ("instant runoff"), e.g. Tideman, *Collective Decisions and
Voting* (2006), ch. 12; the backward tie-break is that of the Scottish local elections order 2011, rule 51.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

Ranking = tuple[int, ...]


@dataclass(frozen=True)
class Round:
    """One count. votes: option → ballots, in the poll's order; out: who goes; spent: ballots that name nobody still in."""

    votes: Mapping[int, int]
    out: Ranking
    spent: int


@dataclass(frozen=True)
class Runoff:
    """Every round of the count, and who won; None where nobody voted."""

    rounds: tuple[Round, ...]
    winner: int | None


def run_off(ballots: Mapping[Ranking, int], options: Sequence[int]) -> Runoff:
    """The winner by instant runoff, with the rounds that led there.

    ballots: ranking, the first preference first → how many said exactly that. options: all options, in the poll's order.
    """
    left, rounds = list(options), list[Round]()
    while left:
        votes = _count(ballots, left)
        counting = sum(votes.values())
        spent = sum(ballots.values()) - counting
        best = max(left, key=lambda option: votes[option])
        if not counting or votes[best] * 2 > counting or len(left) == 1:
            rounds.append(Round(votes, (), spent))
            return Runoff(tuple(rounds), best if counting else None)
        out = _who_goes(votes, left, rounds)
        rounds.append(Round(votes, out, spent))
        left = [option for option in left if option not in out]
    return Runoff(tuple(rounds), None)


def _count(ballots: Mapping[Ranking, int], left: Sequence[int]) -> dict[int, int]:
    first = Counter[int]()
    for ranking, count in ballots.items():
        choice = next((option for option in ranking if option in left), None)
        if choice is not None:
            first[choice] += count
    return {option: first[option] for option in left}


def _who_goes(votes: Mapping[int, int], left: Sequence[int], rounds: Sequence[Round]) -> Ranking:
    nobody = tuple(option for option in left if not votes[option])
    if nobody:
        return nobody
    # Now, then each round before it, the latest first; then the place in the poll, the last one first.
    history = [votes, *(before.votes for before in reversed(rounds))]
    return (min(left, key=lambda option: ([count[option] for count in history], -left.index(option))),)


def leaders(votes: Mapping[int, int]) -> list[int]:
    """The options with the most votes; several where they are level, none where nobody voted."""
    most = max(votes.values(), default=0)
    return [option for option, count in votes.items() if count == most] if most else []


def tenths(count: int, total: int) -> int:
    """The share in tenths of a per cent, rounded half up: 0 to 1,000."""
    return int(Fraction(count * 1000, total) + Fraction(1, 2)) if total else 0
