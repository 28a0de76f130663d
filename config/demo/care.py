"""What the moderators of the demo look after: texts that wait, reports, decisions, appeals, and a suspension to confirm."""

import tomllib
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from community.care import decisions
from community.care.appeals import appeal, decide_appeal
from community.care.reports import report
from community.care.sanctions import suspend_member
from community.care.targets import Target, told_of_comment, told_of_post
from community.comments import write_comment
from community.members import welcome_member
from community.models import Appeal, Comment, Decision, Member, Post, Verdict
from community.posts import write_post
from community.screening import Manner
from config.demo.script import HERE
from config.demo.stage import Stage, Step

Row = dict[str, Any]


def steps_of_care(stage: Stage) -> Iterator[Step]:
    """Everything, each at its moment; whatever a row names has happened before it."""
    script = tomllib.loads((HERE / "care.toml").read_text(encoding="utf-8"))
    said: list[Comment] = []
    for row in script["newcomers"]:
        yield Step(row["joined"], partial(come_in, stage, row))
    for row in script["texts"]:
        yield Step(row["ago"], partial(write, stage, row))
    for row in script["comments"]:
        yield Step(row["ago"], partial(remark, stage, row, said))
    for row in script["decisions"]:
        yield Step(row["ago"], partial(decide, stage, row))
    for row in script["appeals"]:
        yield Step(row["ago"], partial(ask_again, stage, row))
        if "decided" in row:
            yield Step(row["decided"], partial(look_again, stage, row))
    for row in script["reports"]:
        yield Step(row["ago"], partial(point_out, stage, row, said))
    for row in script["suspensions"]:
        yield Step(row["ago"], partial(suspend, stage, row))


def come_in(stage: Stage, row: Row, at: datetime) -> Member:
    """Somebody new is here, and nobody knows them yet."""
    address = f"{row['username']}@newcomers.example"
    member = Member.objects.create_user(
        row["username"], address, None, display_name=row["name"], language=row["lang"], time_zone=row["tz"],
        is_demo=True, joined_at=at,
    )  # fmt: skip
    stage.members[row["username"]] = welcome_member(member=member, at=at)
    return member


def write(stage: Stage, row: Row, at: datetime) -> Post:
    """The text stands, or waits for a moderator, as the rules have it."""
    stage.posts[row["id"]] = write_post(
        author=stage.members[row["by"]], board=stage.boards[row["board"]], kind=row["kind"], title=row["title"],
        body=row["body"], at=at, manner=Manner("page", row["typed"]),
    )  # fmt: skip
    return stage.posts[row["id"]]


def remark(stage: Stage, row: Row, said: list[Comment], at: datetime) -> None:
    """So does the comment."""
    post = stage.posts[row["post"]]
    manner = Manner("page", row["typed"])
    said.append(write_comment(author=stage.members[row["by"]], post=post, body=row["text"], at=at, manner=manner))


def decide(stage: Stage, row: Row, at: datetime) -> Decision:
    """A moderator hides a text and says why."""
    by, words = stage.members[row["by"]], row.get("words", "")
    return decisions.hide(target=_target(stage, row), by=by, rule=row["rule"], words=words, at=at)


def _target(stage: Stage, row: Row) -> Target:
    return told_of_post(Post.objects.select_related("author", "board").get(pk=stage.posts[row["text"]].pk))


def ask_again(stage: Stage, row: Row, at: datetime) -> Appeal:
    """Its author sees it differently."""
    post = stage.posts[row["text"]]
    decision = Decision.objects.get(target_kind="post", target_id=post.pk, verdict=Verdict.HIDDEN)
    return appeal(decision=decision, by=post.author, words=row["words"], at=at)


def look_again(stage: Stage, row: Row, at: datetime) -> Decision:
    """Somebody else looks."""
    waiting = Appeal.objects.get(decision__target_kind="post", decision__target_id=stage.posts[row["text"]].pk)
    return decide_appeal(appeal=waiting, by=stage.members[row["by"]], overturn=row["overturn"], words=row["answer"], at=at)


def point_out(stage: Stage, row: Row, said: list[Comment], at: datetime) -> None:
    """A member reports a remark."""
    target = told_of_comment(Comment.objects.select_related("author", "post__board").get(pk=said[row["comment"]].pk))
    report(target=target, by=stage.members[row["by"]], rule=row["rule"], words=row.get("words", ""), at=at)


def suspend(stage: Stage, row: Row, at: datetime) -> Decision:
    """Staff propose a suspension; more than a week waits for a second person."""
    end, by = at + timedelta(days=row["days"]), stage.members[row["by"]]
    return suspend_member(member=stage.members[row["member"]], by=by, rule=row["rule"], words=row["words"], until=end, at=at)
