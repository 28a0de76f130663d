"""Personal data: where each app holds it, how a member takes it along, and how it goes when they leave.

An app's `personal` module is found by name. A test goes through every model that refers to a member and finds it here.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Model

from community.models import Member

Rows = Iterable[Mapping[str, Any]]
Write = Callable[[Member], Rows]


@dataclass(frozen=True)
class Leaving:
    """A member on their way out. keeps_words: what they wrote stays, without their name."""

    member: Member
    keeps_words: bool
    at: datetime


Erase = Callable[[Leaving], None]
PARTS: dict[str, Write] = {}
ERASERS: list[tuple[int, Erase]] = []
EXPORTED: set[type[Model]] = set()
ERASED: set[type[Model]] = set()
KEPT: dict[type[Model], str] = {}


def exports(name: str, *models: type[Model]) -> Callable[[Write], Write]:
    """The function gives the rows of `<name>.json` in a member's export, in plain values; they come from these models."""

    def register(write: Write) -> Write:
        PARTS[name] = write
        EXPORTED.update(models)
        return write

    return register


def erases(*models: type[Model], order: int = 50) -> Callable[[Erase], Erase]:
    """The function takes out of these models what is the member's own, inside the transaction in which they leave."""

    def register(erase: Erase) -> Erase:
        ERASERS.append((order, erase))
        ERASERS.sort(key=lambda entry: entry[0])
        ERASED.update(models)
        return erase

    return register


def keeps(model: type[Model], why: str) -> None:
    """Rows of the model outlive the member, nameless, for this reason."""
    KEPT[model] = why


def erase_all(leaving: Leaving) -> None:
    """Every app has let go of what was the member's."""
    for _order, erase in ERASERS:
        erase(leaving)
