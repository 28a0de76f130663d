"""Heat: what is moving now. It halves every seven days without anybody touching it; whole numbers only.

A vote at hour step 168·q + r adds the integer weight · STEPS[r] · 2^q, and takes away exactly that when withdrawn. A later
vote is worth more instead of an older one less, so that waiting never changes the order and nothing is ever recomputed.
(Forward exponential decay; Cormode, Shkapenyuk, Srivastava and Xu, 2009.)
"""

from datetime import UTC, datetime, timedelta

HALF_LIFE = 168
# The epoch is recent so that the numbers stay small: 2^150 at the end of 2026. Votes from before it (imports) still
# count, in ever coarser steps; those half a year older round to nothing, as everything so cold should.
EPOCH = datetime(2024, 1, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
SCALE = 20
# Made of exact roots of two in whole numbers, so that no machine's floating point has a say.


def _root_of_two(numerator: int, denominator: int, bits: int) -> int:
    """⌊2^(numerator/denominator) · 2^bits⌉ by bisection over whole numbers."""
    target = 1 << (numerator + denominator * (bits + 1))
    low, high = 1 << bits, 1 << (bits + 2)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if middle**denominator <= target else (low, middle)
    return (low + 1) // 2


STEPS = tuple(_root_of_two(step, HALF_LIFE, SCALE) for step in range(HALF_LIFE))


def step_of(at: datetime) -> int:
    """The hour since the epoch; negative before it."""
    return (at - EPOCH) // HOUR


def heat_of(weight: int, step: int) -> int:
    """What a vote of this weight (milli-votes) cast at this hour adds for ever."""
    weeks, rest = divmod(step, HALF_LIFE)
    warm = weight * STEPS[rest]
    return warm << weeks if weeks >= 0 else warm >> -weeks


def shown(heat: int, *, at: datetime) -> int:
    """The heat in hundredths of a vote as of now: votes of this week, older ones halved each week."""
    return int(heat) * 100 // heat_of(1000, step_of(at))
