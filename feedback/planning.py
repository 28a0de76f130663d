"""The best plan within a capacity, exactly; no clock, no framework, no chance.

Units: effort and capacity in quarter team-weeks (4 = one week of one team), value in score numerators (0…1,000,000 an
item), shares in basis points. The model is told in research on scoring, 3.5: the greatest total value within capacity,
least and most per theme, and a least share of what is used for things the community asked for.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from heapq import heappop, heappush
from itertools import chain, combinations

WHOLE = 10_000
# Where rules cannot all hold as few as possible are given up, the first ones first, and the proposal says which.
RELAXED = ("community", "least", "most")
EXTRA = (1, 2, 4)
# A state: what is used, and what of it serves the community. A best: value, first-timers, the chosen set as bits.
State = tuple[int, int]
Best = tuple[int, int, int]
Table = dict[State, Best]
NOTHING: Table = {(0, 0): (0, 0, 0)}


class CannotPlan(Exception):
    """No plan holds even the rules that are never given up; `needed`: what the musts take, in quarter team-weeks."""

    def __init__(self, needed: int) -> None:
        super().__init__(f"What must be in takes {needed} quarter team-weeks.")
        self.needed = needed


@dataclass(frozen=True)
class Candidate:
    """A piece of work that may be planned.

    after: the one that has to be planned with it or be done before; must: in every plan; first_timers: how many people
    would see a suggestion of theirs adopted for the first time.
    """

    id: int
    value: int
    effort: int
    theme: str = ""
    community: bool = False
    after: int | None = None
    must: bool = False
    first_timers: int = 0


@dataclass(frozen=True)
class Rules:
    """capacity: what there is to give; community: the least share of what is used; least, most: per theme."""

    capacity: int
    community: int = 0
    least: Mapping[str, int] = field(default_factory=dict)
    most: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Proposal:
    """The chosen ids in ascending order, what they are worth and take, and which rules had to be given up for it."""

    chosen: tuple[int, ...]
    value: int
    used: int
    community: int
    relaxed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Missed:
    """A candidate that is not in: what the plan would lose by taking it in, or None where no plan has room for it."""

    id: int
    price: int | None


@dataclass(frozen=True)
class Wider:
    """What more capacity would bring: its worth, who comes in for it and who goes."""

    extra: int
    gain: int
    enters: tuple[int, ...]
    leaves: tuple[int, ...]


def propose(candidates: Iterable[Candidate], rules: Rules) -> Proposal:
    """The plan of the greatest value that holds the rules; ties by more first-timers, less effort, lower ids.

    Where rules contradict each other as few as possible are given up: community before least before most. Raises CannotPlan
    where what must be in does not fit at all, ValueError for work without effort or that waits for itself.
    """
    field_of = _Field.of(candidates)
    said = [name for name in RELAXED if getattr(rules, name)]
    for given_up in chain.from_iterable(combinations(said, size) for size in range(len(said) + 1)):
        found = _best(field_of, _without(rules, given_up))
        if found is not None:
            return replace(found, relaxed=given_up)
    raise CannotPlan(sum(one.effort for one in field_of.ordered if one.must))


def just_missed(candidates: Sequence[Candidate], rules: Rules, proposal: Proposal, *, most: int = 8) -> list[Missed]:
    """The worthiest that are not in, each with its price of entry: the value the plan loses with it as a must."""
    kept = _without(rules, proposal.relaxed)
    out = sorted((one for one in candidates if one.id not in proposal.chosen), key=lambda one: (-one.value, one.id))
    missed = []
    for one in out[:most]:
        forced = [replace(other, must=True) if other.id == one.id else other for other in candidates]
        found = _best(_Field.of(forced), kept)
        missed.append(Missed(one.id, None if found is None else proposal.value - found.value))
    return missed


def with_more(candidates: Sequence[Candidate], rules: Rules, proposal: Proposal) -> list[Wider]:
    """What one, two and four more quarter team-weeks would bring; what brings nothing is left out."""
    kept, wider, worth = _without(rules, proposal.relaxed), [], 0
    for extra in EXTRA:
        found = _best(_Field.of(candidates), replace(kept, capacity=kept.capacity + extra))
        if found is not None and found.value - proposal.value > worth:
            worth = found.value - proposal.value
            before, after = set(proposal.chosen), set(found.chosen)
            wider.append(Wider(extra, worth, tuple(sorted(after - before)), tuple(sorted(before - after))))
    return wider


def _without(rules: Rules, given_up: Collection[str]) -> Rules:
    return Rules(
        rules.capacity,
        0 if "community" in given_up else rules.community,
        {} if "least" in given_up else rules.least,
        {} if "most" in given_up else rules.most,
    )


@dataclass(frozen=True)
class _Field:
    """The candidates in order of their ids, each with the bit that stands for it: of two sets the one that holds the lower
    ids is the greater number."""

    ordered: tuple[Candidate, ...]

    @classmethod
    def of(cls, candidates: Iterable[Candidate]) -> "_Field":
        ordered = tuple(sorted(candidates, key=lambda one: one.id))
        known = {one.id: one for one in ordered}
        for one in ordered:
            if one.effort < 1:
                raise ValueError(f"{one.id} has no effort.")
            _check_line(one, known)
        # What is done already needs no planning; what comes before a must is a must.
        freed = tuple(one if one.after in known else replace(one, after=None) for one in ordered)
        forced = {before.id for one in freed if one.must for before in _line(one, known)}
        return cls(tuple(replace(one, must=True) if one.id in forced else one for one in freed))

    @cached_property
    def bits(self) -> Mapping[int, int]:
        return {one.id: 1 << (len(self.ordered) - 1 - place) for place, one in enumerate(self.ordered)}

    def chosen(self, bits: int) -> tuple[int, ...]:
        return tuple(pk for pk, bit in self.bits.items() if bits & bit)


def _line(one: Candidate, known: Mapping[int, Candidate]) -> list[Candidate]:
    """The candidate, what it comes after, what that comes after, and so on."""
    line = [one]
    while line[-1].after in known and len(line) <= len(known):
        line.append(known[line[-1].after or 0])
    return line


def _check_line(one: Candidate, known: Mapping[int, Candidate]) -> None:
    if len(_line(one, known)) > len(known):
        raise ValueError(f"{one.id} waits for itself.")


def _best(field_of: _Field, rules: Rules) -> Proposal | None:
    """The best plan under these very rules, or None.

    Work that waits for work of another ruled theme is bound by branch and bound: the best plan that ignores such bonds is
    worth at least as much as any that keeps them, so the first one found in the order of worth that keeps them all is the best.
    """
    ruled = {*rules.least, *rules.most}
    themes = {one.id: one.theme if one.theme in ruled else None for one in field_of.ordered}
    bonds = [(one.id, one.after) for one in field_of.ordered if one.after is not None and themes[one.after] != themes[one.id]]
    waiting: list[tuple[tuple[int, int, int, int], int, State, frozenset[int], frozenset[int]]] = []

    def look(wanted: frozenset[int], unwanted: frozenset[int]) -> None:
        found = _solve(field_of, themes, rules, wanted, unwanted)
        if found is not None:
            (value, first, less, bits), state = found
            heappush(waiting, ((-value, -first, -less, -bits), len(waiting), state, wanted, unwanted))

    look(frozenset(), frozenset())
    while waiting:
        (value, _first, _less, bits), _place, state, wanted, unwanted = heappop(waiting)
        chosen = field_of.chosen(-bits)
        broken = next((bond for bond in bonds if bond[0] in chosen and bond[1] not in chosen), None)
        if broken is None:
            return Proposal(chosen, -value, *state)
        look(wanted, unwanted | {broken[0]})
        look(wanted | {broken[1]}, unwanted)
    return None


def _solve(
    field_of: _Field, themes: Mapping[int, str | None], rules: Rules, wanted: frozenset[int], unwanted: frozenset[int]
) -> tuple[tuple[int, int, int, int], State] | None:  # fmt: skip
    """The rank and the use of the best plan with all that is wanted and nothing unwanted; bonds between themes do not bind."""
    best: tuple[tuple[int, int, int, int], State] | None = None
    for state, (value, first, bits) in _join(field_of, themes, rules, wanted, unwanted).items():
        used, community = state
        if community * WHOLE >= rules.community * used:
            rank = (value, first, -used, bits)
            if best is None or rank > best[0]:
                best = (rank, state)
    return best


def _join(
    field_of: _Field, themes: Mapping[int, str | None], rules: Rules, wanted: frozenset[int], unwanted: frozenset[int]
) -> Table:  # fmt: skip
    """The tables of all themes joined into one, in the order of their names."""
    table = NOTHING
    for theme in sorted({*themes.values(), *rules.least}, key=lambda name: (name is not None, name or "")):
        group = [
            replace(
                one,
                after=one.after if one.after is not None and themes[one.after] == theme else None,
                must=one.must or one.id in wanted,
            )
            for one in field_of.ordered
            if themes[one.id] == theme
        ]
        room = min(rules.capacity, rules.most.get(theme, rules.capacity)) if theme else rules.capacity
        least = rules.least.get(theme, 0) if theme else 0
        kept = _table(group, field_of.bits, unwanted, _Room(room, least, rules.community))
        mine = {state: best for state, best in kept.items() if state[0] >= least}
        table = _product(table, mine, _Room(rules.capacity, 0, rules.community))
    return table


@dataclass(frozen=True)
class _Room:
    """What may be used, what has to be, and the share of it that has to serve the community."""

    most: int
    least: int
    community: int

    def thinned(self, table: Table) -> Table:
        """Without states that can never become the best: another uses no more, owes the community no more, and ranks higher.

        Adding the same to both keeps their order. Below the least use only states of equal use are compared.
        """
        kept: Table = {}
        spare: list[int | None] = [None] * (self.most + 1)
        for (used, community), best in sorted(table.items(), key=lambda row: (row[1][:2], -row[0][0], row[1][2]), reverse=True):
            over = community * WHOLE - self.community * used if self.community else 0
            known = spare[used]
            if known is not None and known >= over:
                continue
            kept[used, community] = best
            for more in range(used, self.most + 1 if used >= self.least else used + 1):
                here = spare[more]
                if here is not None and here >= over:
                    break
                spare[more] = over
        return kept


def _table(group: Sequence[Candidate], bits: Mapping[int, int], unwanted: frozenset[int], room: _Room) -> Table:
    """For each use of a theme's room the best set. A tree of what waits for what is walked from the root: whoever is left
    out leaves out all that waits for it, so one step skips the whole branch."""
    order, sizes = _walk(group)
    tables: list[Table] = [{} for _ in range(len(order) + 1)]
    tables[0] = dict(NOTHING)
    for place, one in enumerate(order):
        here = room.thinned(tables[place])
        if not _has_must(order[place : place + sizes[place]]):
            _keep(tables[place + sizes[place]], here.items())
        if one.id not in unwanted:
            _keep(tables[place + 1], _taken(one, here, room.most, bits[one.id]))
        tables[place] = {}
    return room.thinned(tables[-1])


def _has_must(branch: Iterable[Candidate]) -> bool:
    return any(one.must for one in branch)


def _taken(one: Candidate, table: Table, room: int, bit: int) -> list[tuple[State, Best]]:
    return [
        ((used + one.effort, community + one.effort * one.community), (value + one.value, first + one.first_timers, bits | bit))
        for (used, community), (value, first, bits) in table.items()
        if used + one.effort <= room
    ]


def _keep(table: Table, found: Iterable[tuple[State, Best]]) -> None:
    for state, best in found:
        kept = table.get(state)
        if kept is None or best > kept:
            table[state] = best


def _walk(group: Sequence[Candidate]) -> tuple[list[Candidate], list[int]]:
    """Everybody after what they wait for, branch by branch, and how large each one's branch is."""
    waiting: dict[int | None, list[Candidate]] = {}
    for one in group:
        waiting.setdefault(one.after, []).append(one)
    order: list[Candidate] = []
    sizes: dict[int, int] = {}
    stack = [(one, False) for one in reversed(waiting.get(None, []))]
    while stack:
        one, done = stack.pop()
        if done:
            sizes[one.id] = 1 + sum(sizes[child.id] for child in waiting.get(one.id, []))
            continue
        order.append(one)
        stack.append((one, True))
        stack += [(child, False) for child in reversed(waiting.get(one.id, []))]
    return order, [sizes[one.id] for one in order]


def _product(left: Table, right: Table, room: _Room) -> Table:
    """Both tables at once: each use of one beside each use of the other, as far as there is room."""
    joined: Table = {}
    for (used, community), (value, first, bits) in left.items():
        fits = (
            ((used + more, community + shared), (value + worth, first + firsts, bits | others))
            for (more, shared), (worth, firsts, others) in right.items()
            if used + more <= room.most
        )
        _keep(joined, fits)
    return room.thinned(joined)
