"""Makers of circles for tests: few people open one, so that tests stay short."""

import itertools
from typing import Any

import pytest

from community.circles import opening
from community.circles.joining import join_circle
from community.circles.proposing import propose_circle
from community.models import Circle, Member
from tests.factories import NOW, make_member, make_product

NAMES = itertools.cycle(["Harbour", "Orchid", "Kettle", "Violin", "Granite", "Lantern", "Meadow", "Compass"])
_number = itertools.count(100)


@pytest.fixture
def three_open_it(monkeypatch):
    """Three members are enough."""
    monkeypatch.setattr(opening, "OPENS_AT", 3)


def make_circle(name: str = "", *, by: Member | None = None, keeps: bool = True, at: Any = NOW, **more: Any) -> Circle:
    """A circle that its proposer looks after, unless said otherwise."""
    said = {"about": "Whoever lives here.", "kind": "city"} | more
    return propose_circle(by=by or make_member(), name=name or f"{next(NAMES)} {next(_number)}", keeps=keeps, at=at, **said)


def come(circle: Circle, *members: Member, at: Any = NOW) -> Circle:
    """These join one after the other; as it is afterwards."""
    for member in members:
        join_circle(circle=circle, member=member, at=at)
    return as_it_is(circle)


def make_open_circle(name: str = "", *, people: int = 3, at: Any = NOW, **more: Any) -> Circle:
    """A circle that was opened by so many; use it with `three_open_it`."""
    if not more.pop("bare", False):
        make_product()
    circle = make_circle(name, at=at, **more)
    return come(circle, *[make_member() for _person in range(people - 1)], at=at)


def as_it_is(circle: Circle) -> Circle:
    return Circle.objects.select_related("board", "steward").get(pk=circle.pk)
