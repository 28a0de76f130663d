"""What the people of the demo follow and mute, and how often they want to hear."""

import tomllib
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from community.follows import Ear, Thing, listen_to
from community.mail_choices import Wish, choose_wishes
from community.models import Board, Member, Pace, Tag
from config.demo.script import HERE
from config.demo.stage import Stage, Step

Row = dict[str, Any]


def steps_of_hearing(stage: Stage) -> Iterator[Step]:
    """Every follow, mute and choice."""
    script = tomllib.loads((HERE / "hearing.toml").read_text(encoding="utf-8"))
    for row in script["follows"]:
        yield Step(row["ago"], partial(follow, stage, row))
    for row in script["choices"]:
        yield Step(row["ago"], partial(choose, stage, row))


def follow(stage: Stage, row: Row, at: datetime) -> None:
    """The person hears of it from now on, or no more. A tag is followed where a post carries it by then."""
    kind = next(kind for kind in (Thing.BOARD, Thing.TAG, Thing.PERSON) if kind.value in row)
    name, ear = row[kind.value], Ear.MUTE if row.get("mute") else Ear.FOLLOW
    for thing in _things(stage, kind, name):
        listen_to(member=stage.members[row["by"]], kind=kind, thing=thing, ear=ear, at=at)


def _things(stage: Stage, kind: Thing, name: str) -> Sequence[Board | Member | Tag]:
    if kind == Thing.BOARD:
        return [stage.boards[name]]
    return _tags(stage, name) if kind == Thing.TAG else [stage.members[name]]


def _tags(stage: Stage, slug: str) -> list[Tag]:
    names = next(tag["name"] for tag in stage.script.places["tags"] if tag["slug"] == slug)
    return list(Tag.objects.filter(name__in=names.values()))


def choose(stage: Stage, row: Row, at: datetime) -> None:
    """The person hears of this list as often as they say."""
    choose_wishes(member=stage.members[row["by"]], wishes={row["list"]: Wish(Pace(row["pace"]))}, at=at)
