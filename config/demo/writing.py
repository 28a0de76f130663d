"""How the people of the demo write: templates they begin with, texts they mend, answers that helped, a draft that waits."""

import tomllib
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from typing import Any

from community.models import Draft, Post, PostTemplate
from community.posts import convert_post, edit_post
from community.writing.answers import accept_answer
from community.writing.drafts import save_draft
from community.writing.templates import keep_template
from config.demo.script import HERE
from config.demo.stage import Stage, Step

Row = dict[str, Any]


def steps_of_writing(stage: Stage) -> Iterator[Step]:
    """What helps to write, and what is done with what was written."""
    told = tomllib.loads((HERE / "writing.toml").read_text(encoding="utf-8"))
    kinds: dict[str, Callable[[Stage, Row, datetime], object]] = {
        "accepted": accept, "edits": mend, "conversions": convert, "drafts": begin,
    }  # fmt: skip
    for name, act in kinds.items():
        for row in told[name]:
            yield Step(row["ago"], partial(act, stage, row))
    for number, row in enumerate(told["templates"]):
        yield Step(60.0 - number / 100, partial(offer, stage, row | {"position": number}))


def offer(stage: Stage, row: Row, _at: datetime) -> PostTemplate:
    """A post of this kind can begin with it."""
    by = next(stage.members[person.username] for person in stage.script.people.values() if person.is_staff)
    names, bodies = row["name"], row["body"]
    template = PostTemplate(
        kind=row["kind"], board=stage.boards.get(row.get("board", "")), position=row["position"],
        name=names["en"], name_zh_hans=names["zh-hans"], name_zh_hant=names["zh-hant"],
        body=bodies["en"], body_zh_hans=bodies["zh-hans"], body_zh_hant=bodies["zh-hant"],
    )  # fmt: skip
    return keep_template(template=template, by=by)


def accept(stage: Stage, row: Row, at: datetime) -> Post:
    """The asker says which comment helped."""
    return accept_answer(comment=stage.comments[row["post"], row["answer"]], by=stage.members[row["by"]], at=at)


def mend(stage: Stage, row: Row, at: datetime) -> Post:
    """A word is put right, and what stood there before is kept."""
    post = Post.objects.get(pk=stage.posts[row["post"]].pk)
    body, reason = post.body.replace(row["old"], row["new"]), row.get("reason", "")
    return edit_post(post=post, by=stage.members[row["by"]], title=post.title, body=body, at=at, reason=reason)


def convert(stage: Stage, row: Row, at: datetime) -> Post:
    """The post becomes another kind and keeps everything."""
    return convert_post(post=stage.posts[row["post"]], kind=row["to"], by=stage.members[row["by"]], at=at)


def begin(stage: Stage, row: Row, at: datetime) -> Draft | None:
    """Somebody typed something and did not send it yet."""
    return save_draft(member=stage.members[row["by"]], form=row["form"], data=row["typed"], at=at)
