"""Sections: what each app has to say in the weekly digest."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from community.models import Member


@dataclass(frozen=True)
class Week:
    """The ISO week a digest is about; `start` and `end` are moments in UTC, `end` exclusive."""

    name: str
    start: datetime
    end: datetime


# Prepared once per batch of members, then asked per member; an empty answer leaves the section out.
PrepareSection = Callable[[Sequence[Member], Week], Any]
WriteSection = Callable[[Member, Week, Any], dict[str, Any] | None]


@dataclass(frozen=True)
class Section:
    """One part of the digest: `write` gives the context of `mail/_<name>.html` and `.txt`, or None."""

    name: str
    order: int
    prepare: PrepareSection
    write: WriteSection
    personal: bool


REGISTER: dict[str, Section] = {}


def section(name: str, *, order: int, prepare: PrepareSection, personal: bool) -> Callable[[WriteSection], WriteSection]:
    """The function writes this section for one member. `personal`: it alone makes a digest worth sending."""

    def register(write: WriteSection) -> WriteSection:
        REGISTER[name] = Section(name, order, prepare, write, personal)
        return write

    return register


def all_sections() -> list[Section]:
    """Every section in the order of the mail."""
    return sorted(REGISTER.values(), key=lambda entry: (entry.order, entry.name))
