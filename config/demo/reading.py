"""How the demo's people read: signs they leave on what others said, and how far the fan has come."""

import tomllib
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Any

from community.members import note_visit
from community.reactions import react
from community.read_marks import note_read
from config.demo.script import HERE
from config.demo.stage import Stage, Step


def steps_of_reading(stage: Stage) -> Iterator[Step]:
    """Every sign, and every visit that leaves something to come back for."""
    script = tomllib.loads((HERE / "reading.toml").read_text(encoding="utf-8"))
    for row in script["signs"]:
        for place, username in enumerate(row["by"]):
            # An hour apart, as people come by.
            yield Step(row["ago"] - place / 24, partial(sign, stage, row, username))
    for row in script["visits"]:
        yield Step(row["ago"], partial(visit, stage, row))


def sign(stage: Stage, row: dict[str, Any], username: str, at: datetime) -> bool:
    """The member's sign stands there."""
    on = {"comment": stage.comments[row["post"], row["remark"]]} if "remark" in row else {"post": stage.posts[row["post"]]}
    return react(member=stage.members[username], sign=row["sign"], at=at, **on)


def visit(stage: Stage, row: dict[str, Any], at: datetime) -> None:
    """The member has read what was there then."""
    member, post = stage.members[row["by"]], stage.posts[row["post"]]
    note_visit(member=member, at=at, read=True)
    note_read(member=member, post=post, at=at)
