"""Levels: honour alone makes them, from seed to tree."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from community.members import set_level
from community.models import Member


@dataclass(frozen=True)
class Level:
    """A rank. honour: from how much on; stage: which drawing stands for it."""

    number: int
    honour: int
    name: Promise
    stage: str


LEVELS = [
    Level(0, 0, _("Seed"), "open"),
    Level(1, 50, _("Sprout"), "under-review"),
    Level(2, 120, _("Shoot"), "planned"),
    Level(3, 300, _("Branch"), "in-progress"),
    Level(4, 1000, _("Blossom"), "shipped"),
    Level(5, 2500, _("Tree"), "tree"),
]


@dataclass(frozen=True)
class Step:
    """A level as one member sees it: past, now or next."""

    level: Level
    place: str


@dataclass(frozen=True)
class Progress:
    """How far a member has grown, and to what they grow next; `following` is None at the top."""

    honour: int
    level: Level
    following: Level | None
    steps: list[Step]


def level_of(honour: int) -> Level:
    """The highest level this much honour reaches."""
    return [level for level in LEVELS if level.honour <= honour][-1]


def progress_of(honour: int) -> Progress:
    """The six levels as seen from here."""
    now = level_of(honour)
    places = ["past" if level.number < now.number else "now" if level == now else "next" for level in LEVELS]
    following = LEVELS[now.number + 1] if now.number + 1 < len(LEVELS) else None
    return Progress(honour, now, following, [Step(*pair) for pair in zip(LEVELS, places, strict=True)])


def all_steps() -> list[Step]:
    """The six levels as somebody sees them who is not on the way."""
    return [Step(level, "shown") for level in LEVELS]


def hold_levels(honour: Mapping[int, int], *, at: datetime, cause: str) -> list[Member]:
    """Each of these members holds the level their honour reaches; those who rose or fell are returned.

    honour: member id → honour. cause: makes the fact of each change unique.
    """
    members = Member.objects.filter(pk__in=honour).order_by("pk")
    changed = [member for member in members if member.level != level_of(honour[member.pk]).number]
    return [set_level(member=one, level=level_of(honour[one.pk]).number, at=at, cause=cause) for one in changed]
