"""Rules of segments: data, checked here, and what they mean for one member. Pure: no framework, no clock.

A rule is a small mapping, such as `{"match": "all", "level": 3, "languages": ["zh-hans"], "active_days": 30}`. Each
name is a condition; with `match` "all" every one holds, with "any" one is enough. An empty rule means nobody.
`community.segment_sql` asks the database the same; a test holds both to the same answers.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime, timedelta
from typing import Any

MOST_WORDS, LONGEST_WORD = 20, 60
# Numbers, with the greatest that makes sense.
NUMBERS = {"level": 99, "trust": 2, "active_days": 3650, "posts": 100_000, "votes": 1_000_000, "member_for": 36_500}
WORDS = ("languages", "zones", "personas", "devices", "groups")
# What changes without anybody doing anything here, or is not announced one by one: looked at again every few minutes.
DRIFTING = frozenset({"active_days", "votes", "member_for"})


class RuleFault(ValueError):
    """The rule cannot be read. `name`: the condition it is about."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


@dataclass(frozen=True)
class Rule:
    """Who belongs. What is None or empty is not asked for.

    level, trust, posts, votes: at least so many. active_days: here within so many days; member_for: joined at least so
    many days ago. zones: time zones or parts of the world ("Europe"); devices: words of what somebody says they use.
    personas and groups: slugs.
    """

    match: str = "all"
    level: int | None = None
    trust: int | None = None
    languages: tuple[str, ...] = ()
    zones: tuple[str, ...] = ()
    personas: tuple[str, ...] = ()
    devices: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    active_days: int | None = None
    posts: int | None = None
    votes: int | None = None
    member_for: int | None = None
    joined_before: date | None = None

    @property
    def conditions(self) -> dict[str, Any]:
        """What is asked for, by name."""
        return {name: value for name, value in asdict(self).items() if name != "match" and value not in (None, ())}

    @property
    def drifts(self) -> bool:
        """Whether time alone may change who belongs."""
        return bool(DRIFTING & self.conditions.keys())

    def as_data(self) -> dict[str, Any]:
        """The rule as it is kept."""
        kept = {name: list(value) if isinstance(value, tuple) else value for name, value in self.conditions.items()}
        if self.joined_before is not None:
            kept["joined_before"] = self.joined_before.isoformat()
        return {"match": self.match, **kept} if kept else {}


@dataclass(frozen=True)
class Facts:
    """What a rule may ask about a member. last_here: their last active day; groups: those they are inside of."""

    level: int
    trust: int
    language: str
    time_zone: str
    persona: str
    device: str
    groups: frozenset[str]
    last_here: date | None
    posts: int
    votes: int
    joined_at: datetime


def read_rule(data: Mapping[str, Any]) -> Rule:
    """The rule these data say. Raises RuleFault for an unknown name or a value that makes no sense."""
    known = {field.name for field in fields(Rule)}
    for name in data:
        if name not in known:
            raise RuleFault(str(name)[:40])
    if data.get("match", "all") not in ("all", "any"):
        raise RuleFault("match")
    values: dict[str, Any] = {"match": data.get("match", "all")}
    values |= {name: _number(name, data[name]) for name in NUMBERS if data.get(name) is not None}
    values |= {name: _words(name, data[name]) for name in WORDS if data.get(name)}
    if data.get("joined_before"):
        values["joined_before"] = _day(data["joined_before"])
    return Rule(**values)


def _number(name: str, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= NUMBERS[name]:
        raise RuleFault(name)
    return value


def _words(name: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or len(value) > MOST_WORDS:
        raise RuleFault(name)
    if not all(isinstance(word, str) and word.strip() and len(word) <= LONGEST_WORD and "\x00" not in word for word in value):
        raise RuleFault(name)
    return tuple(dict.fromkeys(word.strip() for word in value))


def _day(value: Any) -> date:
    try:
        return value if isinstance(value, date) else date.fromisoformat(str(value))
    except ValueError:
        raise RuleFault("joined_before") from None


def in_zone(time_zone: str, zone: str) -> bool:
    """The very zone, or one in that part of the world."""
    return time_zone == zone or time_zone.startswith(f"{zone}/")


def first_day(days: int, *, at: datetime) -> date:
    """The first day of "within so many days": today is within none."""
    return (at - timedelta(days=days)).date()


TESTS: dict[str, Callable[[Facts, Any, datetime], bool]] = {
    "level": lambda facts, least, at: facts.level >= least,
    "trust": lambda facts, least, at: facts.trust >= least,
    "languages": lambda facts, names, at: facts.language in names,
    "zones": lambda facts, zones, at: any(in_zone(facts.time_zone, zone) for zone in zones),
    "personas": lambda facts, slugs, at: facts.persona in slugs,
    "devices": lambda facts, words, at: any(word.lower() in facts.device.lower() for word in words),
    "groups": lambda facts, slugs, at: not facts.groups.isdisjoint(slugs),
    "active_days": lambda facts, days, at: facts.last_here is not None and facts.last_here >= first_day(days, at=at),
    "posts": lambda facts, least, at: facts.posts >= least,
    "votes": lambda facts, least, at: facts.votes >= least,
    "member_for": lambda facts, days, at: facts.joined_at <= at - timedelta(days=days),
    "joined_before": lambda facts, day, at: facts.joined_at.date() < day,
}


def belongs(facts: Facts, rule: Rule, *, at: datetime) -> bool:
    """Whether a member with these facts is in the segment by its rule."""
    answers = [TESTS[name](facts, value, at) for name, value in rule.conditions.items()]
    return bool(answers) and (all(answers) if rule.match == "all" else any(answers))
