"""Circles of the demo: proposed, joined one by one, and talked in where they opened, by the real operations."""

import tomllib
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Any

from community.circles.joining import join_circle
from community.circles.proposing import propose_circle
from community.comments import write_comment
from community.models import Circle, Post
from community.posts import write_post
from config.demo.gatherings import spread
from config.demo.script import HERE
from config.demo.stage import Stage, Step

Row = dict[str, Any]


def steps_of_circles(stage: Stage) -> Iterator[Step]:
    """Every circle, who came to it, and what is said there."""
    for row in tomllib.loads((HERE / "circles.toml").read_text(encoding="utf-8"))["circles"]:
        yield Step(row["ago"], partial(propose, stage, row))
        for place, username in enumerate(row["people"]):
            day = spread(row["ago"] - 0.1, row["until"], place, len(row["people"]))
            # Not before they were members themselves.
            yield Step(min(day, stage.script.people[username].joined - 1), partial(come, stage, row, username))
        for talk in row.get("talk", []):
            yield Step(talk["ago"], partial(begin_talk, stage, row, talk))
            for said in talk["answers"]:
                yield Step(said["ago"], partial(answer_talk, stage, talk, said))


def propose(stage: Stage, row: Row, at: datetime) -> Circle:
    """Somebody asks for a circle."""
    said = {name: row[name] for name in ("name", "about", "kind", "keeps")}
    return propose_circle(by=stage.members[row["by"]], at=at, **said)


def come(stage: Stage, row: Row, username: str, at: datetime) -> Circle:
    """Somebody joins it, and may be the one who opens it."""
    return join_circle(circle=Circle.objects.get(name=row["name"]), member=stage.members[username], at=at)


def begin_talk(stage: Stage, row: Row, talk: Row, at: datetime) -> Post:
    """A post in the circle's own board."""
    board = Circle.objects.select_related("board").get(name=row["name"]).board
    assert board is not None
    said = {name: talk[name] for name in ("kind", "title", "body")}
    return write_post(author=stage.members[talk["by"]], board=board, at=at, **said)


def answer_talk(stage: Stage, talk: Row, said: Row, at: datetime) -> None:
    """A comment there."""
    post = Post.objects.select_related("board").get(title=talk["title"], board__circle__isnull=False)
    write_comment(author=stage.members[said["by"]], post=post, body=said["text"], at=at)
