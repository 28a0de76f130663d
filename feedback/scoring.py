"""The priority of a suggestion, 0–100, from whole numbers alone; no clock, no framework, no chance.

Units: milli-votes (1,000 = one established person) and basis points (10,000 = 1). Division is floor division. The score is
the numerator 0…1,000,000, the sum of the weighted parts; its derivation is told in docs/score.md.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from math import isqrt

WHOLE = 10_000
WEIGHTS = {"demand": 40, "impact": 25, "breadth": 15, "evidence": 10, "strategy": 10}
# Honours never buy weight: an established person is the most anybody counts.
VOTE_WEIGHTS = (200, 500, 1000)
ESTABLISHED = 2
NAMELESS_WEIGHT = VOTE_WEIGHTS[0]
STRATEGY = (0, 3333, 6667, 10_000)


@dataclass(frozen=True)
class Constants:
    """The numbers staff may change, by version.

    demand_half, need_half, bug_half, persona_half: milli-votes at which a part is half full.
    newcomer_bonus: what newcomers may add to a suggestion nobody established wants yet.
    cohort_full: how much of one cohort counts fully, before the square root.
    """

    demand_half: int = 30_000
    need_half: int = 15_000
    bug_half: int = 80_000
    persona_half: int = 3_000
    newcomer_bonus: int = 5_000
    cohort_full: int = 10_000

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if not isinstance(value, int) or value < (0 if field.name == "newcomer_bonus" else 1):
                raise ValueError(f"{field.name} must be a whole number above zero.")

    def as_data(self) -> dict[str, int]:
        return asdict(self)


# A young community has hardly anybody established: version 1 lets newcomers carry ten times as much.
VERSIONS = {1: Constants(newcomer_bonus=50_000), 2: Constants()}


@dataclass(frozen=True)
class Person:
    """One distinct voter of a cluster, with the strongest need they gave anywhere in it."""

    trust: int
    need: int = 0
    cohort: str = ""
    persona: int | None = None

    @property
    def weight(self) -> int:
        return VOTE_WEIGHTS[self.trust]

    @property
    def wish(self) -> int:
        """The weight times how much they need it."""
        return self.weight * self.need // 1000


@dataclass(frozen=True)
class Sums:
    """What the voters of one cluster add up to, in milli-votes; `personas` holds established weight by persona."""

    established: int = 0
    established_need: int = 0
    newcomers: int = 0
    newcomers_need: int = 0
    personas: Mapping[int, int] | None = None


@dataclass(frozen=True)
class Judgement:
    """What staff and research say: severity counts for bugs alone, evidence is in basis points, fit 0–3."""

    is_bug: bool = False
    severity: int = 2
    evidence: int = 0
    strategy_fit: int = 0


@dataclass(frozen=True)
class Score:
    """Effective supporters and needs in milli-votes, the five parts in basis points, and the score itself."""

    supporters: int
    needs: int
    demand: int
    impact: int
    breadth: int
    evidence: int
    strategy: int

    @property
    def numerator(self) -> int:
        return sum(weight * getattr(self, part) for part, weight in WEIGHTS.items())

    def points(self) -> dict[str, int]:
        """Each part's share of the numerator; they add up to it exactly."""
        return {part: weight * getattr(self, part) for part, weight in WEIGHTS.items()}


def damp(weight: int, constants: Constants) -> int:
    """What a cohort of this weight counts: fully at first, then by the square root."""
    full = constants.cohort_full
    return weight if weight <= full else isqrt(full * weight)


def effective(established: int, newcomers: int, constants: Constants) -> int:
    """Established weight, and at most half as much again, plus the bonus, from newcomers."""
    return established + min(newcomers, established // 2 + constants.newcomer_bonus)


def fill(amount: int, half: int) -> int:
    """How full a part is, in basis points: half full at `half`, never quite full."""
    return WHOLE * amount // (amount + half)


def breadth_of(personas: Mapping[int, int], shares: Mapping[int, int], constants: Constants) -> int:
    """How many kinds of people want it, by the shares staff gave them; people who did not say add nothing."""
    return sum(share * fill(personas.get(persona, 0), constants.persona_half) for persona, share in shares.items()) // WHOLE


def score_of(sums: Sums, judgement: Judgement, shares: Mapping[int, int], constants: Constants) -> Score:
    """The score of a cluster."""
    supporters = effective(sums.established, sums.newcomers, constants)
    needs = effective(sums.established_need, sums.newcomers_need, constants)
    affected, half = judgement.severity * supporters, constants.bug_half
    if not judgement.is_bug:
        affected, half = needs, constants.need_half
    return Score(
        supporters=supporters,
        needs=needs,
        demand=fill(supporters, constants.demand_half),
        impact=fill(affected, half),
        breadth=breadth_of(sums.personas or {}, shares, constants),
        evidence=judgement.evidence,
        strategy=STRATEGY[judgement.strategy_fit],
    )


def add_up(people: Iterable[Person], constants: Constants, nameless: Mapping[str, int] | None = None) -> Sums:
    """The sums of these people; `nameless`: imported votes by cohort. What the incremental books must equal."""
    established, cohorts, personas = [0, 0], {}, {}  # type: tuple[list[int], dict[str, list[int]], dict[int, int]]
    for person in people:
        if person.trust < ESTABLISHED:
            kept = cohorts.setdefault(person.cohort, [0, 0])
        else:
            kept = established
            if person.persona is not None:
                personas[person.persona] = personas.get(person.persona, 0) + person.weight
        kept[0] += person.weight
        kept[1] += person.wish
    for cohort, count in (nameless or {}).items():
        cohorts.setdefault(cohort, [0, 0])[0] += NAMELESS_WEIGHT * count
    weight, wish = (sum(damp(kept[side], constants) for kept in cohorts.values()) for side in (0, 1))
    return Sums(established[0], established[1], weight, wish, personas)


def equal_shares(personas: Iterable[int]) -> dict[int, int]:
    """10,000 basis points in equal parts; what is left over goes to the first ones."""
    ids = sorted(personas)
    return {pk: WHOLE // len(ids) + (place < WHOLE % len(ids)) for place, pk in enumerate(ids)}
