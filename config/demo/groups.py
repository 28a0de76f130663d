"""Who sees Linden's things early: groups in three layers, their boards and what is said there, by the real operations."""

import tomllib
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Any

from community.boards import arrange_board
from community.comments import write_comment
from community.groups.arranging import arrange_group
from community.groups.entering import accept_application, apply_to_group, decline_application, speak_for
from community.groups.memberships import membership_of
from community.models import Audience, Board, Member, Post, Right, Segment, TesterGroup
from community.posts import write_post
from community.segments import arrange_segment
from config.demo.script import HERE
from config.demo.stage import Stage, Step

Row = dict[str, Any]
CLOSED = {right.value: Audience.SEGMENT for right in Right}


def steps_of_groups(stage: Stage) -> Iterator[Step]:
    """Every group, who came, and what they talk about."""
    script = tomllib.loads((HERE / "groups.toml").read_text(encoding="utf-8"))
    first = max(row["ago"] for row in script["groups"])
    yield Step(first, partial(open_private_board, stage, script["private"]))
    yield Step(first, partial(name_segment, stage, script["segment"]))
    for row in script["groups"]:
        yield Step(row["ago"], partial(found_group, stage, row))
        for place, username in enumerate(row.get("join", [])):
            # A while apart, and not before they were members themselves.
            day = min(row["ago"] - 1.3 * (place + 1), stage.script.people[username].joined - 1)
            yield Step(day, partial(come, stage, row["slug"], username, ""))
        for place, username in enumerate(row.get("seats", [])):
            day = row["ago"] - 2.1 * (place + 1)
            yield Step(day, partial(ask_in, stage, row, username))
            yield Step(day - 0.6, partial(come, stage, row["slug"], username, ""))
    for row in script["applications"]:
        yield Step(row["ago"], partial(come, stage, row["group"], row["by"], row["words"]))
        for answer in ("accepted", "declined"):
            if answer in row:
                yield Step(row[answer]["ago"], partial(decide, stage, row, row[answer]))
    for row in script["talk"]:
        yield Step(row["ago"], partial(begin_talk, stage, row))
        for said in row["answers"]:
            yield Step(said["ago"], partial(answer_talk, stage, row["title"], said))


def _boss(stage: Stage) -> Member:
    return next(stage.members[person.username] for person in stage.script.people.values() if person.role == "admin")


def _named(row: Row) -> Row:
    names = row["name"]
    return {"name": names["en"], "name_zh_hans": names["zh-hans"], "name_zh_hant": names["zh-hant"]}


def found_group(stage: Stage, row: Row, at: datetime) -> TesterGroup:
    """The group is there, with a board of its own where the script gives it one."""
    words = {name: row.get(name, "") for name in ("about", "asks", "gives")}
    group = TesterGroup(
        slug=row["slug"], layer=row["layer"], capacity=row.get("capacity"), least_level=row.get("least_level", 0),
        is_open="closed" not in row, closed_because=row.get("closed", ""), **_named(row), **words,
    )  # fmt: skip
    arrange_group(group=group, by=_boss(stage), at=at)
    if "board" in row:
        segments = {right.value: [group.segment] for right in Right}
        _open_board(stage, row["board"], at, segments, **CLOSED)
    return group


def _open_board(stage: Stage, row: Row, at: datetime, segments: Row | None = None, **rights: Any) -> Board:
    values = {"slug": row["slug"], "product": stage.products[row["product"]], "about": row["about"], "position": 20}
    board = Board(**values, **_named(row), **rights)
    stage.boards[row["slug"]] = arrange_board(board=board, by=_boss(stage), at=at, segments=segments)
    return board


def open_private_board(stage: Stage, row: Row, at: datetime) -> Board:
    """Members write to the team there, and read nothing of each other."""
    return _open_board(stage, row, at, see=Audience.MEMBERS, one_way=True)


def name_segment(stage: Stage, row: Row, at: datetime) -> Segment:
    """Staff can ask these people when it matters."""
    segment = Segment(slug=row["slug"], about=row["about"], **_named(row))
    return arrange_segment(segment=segment, rule=row["rule"], by=_boss(stage), at=at)


def come(stage: Stage, slug: str, username: str, words: str, at: datetime) -> None:
    """Somebody applies, or is in at once where the group is open to everybody."""
    group = TesterGroup.objects.get(slug=slug)
    apply_to_group(group=group, member=stage.members[username], words=words, agreed=True, at=at)


def ask_in(stage: Stage, row: Row, username: str, at: datetime) -> None:
    """Two colleagues speak for somebody, who is invited by it."""
    group = TesterGroup.objects.get(slug=row["slug"])
    for voice in row["voices"]:
        speak_for(group=group, member=stage.members[username], by=stage.members[voice], at=at)


def decide(stage: Stage, row: Row, answer: Row, at: datetime) -> None:
    """An application has its answer."""
    membership = membership_of(TesterGroup.objects.get(slug=row["group"]), stage.members[row["by"]])
    assert membership is not None
    if "reason" in answer:
        decline_application(membership=membership, reason=answer["reason"], by=stage.members[answer["by"]], at=at)
    else:
        accept_application(membership=membership, by=stage.members[answer["by"]], at=at)


def begin_talk(stage: Stage, row: Row, at: datetime) -> Post:
    """A post in a closed board."""
    said = {"title": row["title"], "body": row["body"], "kind": row["kind"]}
    return write_post(author=stage.members[row["by"]], board=stage.boards[row["board"]], at=at, **said)


def answer_talk(stage: Stage, title: str, said: Row, at: datetime) -> None:
    """A comment in a closed board."""
    post = Post.objects.select_related("board").get(title=title, board__slug__in=["pocket-lab", "privately"])
    write_comment(author=stage.members[said["by"]], post=post, body=said["text"], at=at)
