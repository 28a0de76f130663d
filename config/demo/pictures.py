"""What the people of the demo show each other, whom they name and quote, and how they look."""

import tomllib
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Any

from community.comments import write_comment
from community.members import note_visit
from community.mentions.quotes import quote
from community.models import Comment
from community.pictures.attachments import add_picture, markdown_of
from community.pictures.faces import set_avatar
from config.demo.drawings import draw, draw_face
from config.demo.script import HERE
from config.demo.stage import Stage, Step

Row = dict[str, Any]


def steps_of_pictures(stage: Stage) -> Iterator[Step]:
    """Every face, every picture in a comment, and every quote."""
    script = tomllib.loads((HERE / "pictures.toml").read_text(encoding="utf-8"))
    for row in script["faces"]:
        yield Step(row["ago"], partial(show_face, stage, row))
    for row in script["comments"]:
        yield Step(row["ago"], partial(say, stage, row))


def show_face(stage: Stage, row: Row, at: datetime) -> None:
    """The member has a picture of their own."""
    drawn = {name: row[name] for name in ("skin", "hair", "shirt", "ground", "long") if name in row}
    set_avatar(member=stage.members[row["by"]], data=draw_face(**drawn), filename="me.png", at=at)


def say(stage: Stage, row: Row, at: datetime) -> Comment:
    """The comment stands there, with its picture and with what it quotes."""
    author, said = stage.members[row["by"]], row["text"].strip()
    note_visit(member=author, at=at, read=True)
    if "draws" in row:
        shot = add_picture(owner=author, data=draw(row["draws"]), filename=f"{row['draws']}.png", at=at)
        said = f"{said}\n\n{markdown_of(shot, row['words'])}"
    above = stage.comments.get((row["post"], row["quotes"])) if "quotes" in row else None
    body = f"{quote(above)}{said}" if above else said
    return write_comment(author=author, post=stage.posts[row["post"]], body=body, at=at, parent=above)
