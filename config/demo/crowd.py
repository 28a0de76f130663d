"""The crowd of the demo: a seeded throw decides who votes for what, when and how strongly. Imports no Django."""

import random
from dataclasses import dataclass

from config.demo.script import Entry, Person, Remark, Script

SEED = 20_240_317  # who votes in a demo is no secret
LATEST = 0.02  # days before now: nothing happens in the future
EARLY_BOARD = "early"


@dataclass(frozen=True)
class Ballot:
    """One vote to cast."""

    voter: str
    entry: str
    ago: float
    need: str


@dataclass(frozen=True)
class Nod:
    """One agreement with a comment, named by its place under the post."""

    member: str
    entry: str
    remark: int
    ago: float


def ballots(script: Script) -> list[Ballot]:
    """Every vote besides the authors' own."""
    dice = random.Random(SEED)  # nosec B311
    ends = _ends(script)
    return [
        ballot
        for entry in script.entries.values()
        if entry.is_wish
        for ballot in _ballots_of(entry, script.fans, ends.get(entry.id, LATEST), dice)
    ]


def nods(script: Script) -> list[Nod]:
    """Every agreement with a comment."""
    dice = random.Random(SEED + 1)  # nosec B311
    return [
        nod
        for entry in script.entries.values()
        for place, remark in enumerate(entry.remarks)
        for nod in _nods_of(entry, place, remark, script.fans, dice)
    ]


def _ends(script: Script) -> dict[str, float]:
    """Until when an entry takes votes: its release, or the merge after which people find the other one."""
    ends = {pk: drop.ago + 0.05 for drop in script.drops for pk in drop.ships}
    return ends | {pair.duplicate: pair.ago + 0.02 for pair in script.merges if pair.undone is None}


def _ballots_of(entry: Entry, fans: list[Person], end: float, dice: random.Random) -> list[Ballot]:
    crowd = [fan for fan in fans if fan.username != entry.by and (entry.board != EARLY_BOARD or fan.tester)]
    crowd = [fan for fan in crowd if fan.joined - 0.6 > end + 0.1]
    chosen = _pick(crowd, [_appetite(entry, fan) for fan in crowd], max(entry.votes - 1, 0), dice)
    return [Ballot(fan.username, entry.id, _when(entry, fan, end, dice), _need(entry, fan, dice)) for fan in chosen]


def _pick(crowd: list[Person], weights: list[float], count: int, dice: random.Random) -> list[Person]:
    """So many of the crowd, each at most once, the keener the likelier (Efraimidis and Spirakis 2006)."""
    keyed = sorted(((dice.random() ** (1 / weight), place) for place, weight in enumerate(weights)), reverse=True)
    return [crowd[place] for _key, place in keyed[:count]]


def _appetite(entry: Entry, fan: Person) -> float:
    weight = float(fan.keen)
    weight *= 3.0 if _family(fan.lang) == _family(entry.lang) else 0.7
    weight *= 2.5 if fan.persona in entry.pull else 1.0
    return weight * (8.0 if any(remark.by == fan.username for remark in entry.remarks) else 1.0)


def _family(lang: str) -> str:
    return lang.split("-")[0]


def _when(entry: Entry, fan: Person, end: float, dice: random.Random) -> float:
    """Days before now: most in the first days, some when staff moved it, the rest whenever."""
    start = min(entry.ago, fan.joined - 0.5)
    spoken = next((remark.ago for remark in entry.remarks if remark.by == fan.username and remark.ago > end), None)
    throw = dice.random()
    if spoken is not None:
        ago = spoken - 0.03
    elif throw < 0.45:
        ago = start - dice.expovariate(1 / 1.6)
    elif throw < 0.75 and entry.turns:
        ago = dice.choice(entry.turns).ago - dice.expovariate(1 / 1.0)
    else:
        ago = dice.uniform(end, start)
    return ago if end < ago < start - 0.01 else dice.uniform(end + 0.01, start - 0.02)


def _need(entry: Entry, fan: Person, dice: random.Random) -> str:
    throw = dice.random() * 100 - (12 if fan.persona in entry.pull else 0)
    if throw < entry.must:
        return "must"
    return "nice" if throw > 100 - entry.nice else "important"


def _nods_of(entry: Entry, place: int, remark: Remark, fans: list[Person], dice: random.Random) -> list[Nod]:
    crowd = [fan for fan in fans if fan.username != remark.by and fan.joined > remark.ago + 0.5]
    crowd = [fan for fan in crowd if entry.board != EARLY_BOARD or fan.tester]
    warmth = dice.expovariate(1 / 1.0) + (9 if remark.helped else 0) + (1.5 if place == 0 else 0)
    chosen = _pick(crowd, [_appetite(entry, fan) for fan in crowd], int(min(warmth, len(crowd))), dice)
    return [Nod(fan.username, entry.id, place, max(remark.ago - dice.expovariate(1 / 1.5) - 0.02, LATEST)) for fan in chosen]
