"""Where the people of the demo meet, played by the product's own operations."""

import tomllib
import zoneinfo
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from community.meetups.answering import answer_meetup, check_in
from community.meetups.arranging import arrange_meetup
from community.meetups.talks import accept_talk, decline_talk, free_slots, open_slots, propose_talk
from community.models import Meetup, Talk
from config.demo.gatherings import crowd_of, spread
from config.demo.script import HERE
from config.demo.stage import Stage, Step

Row = dict[str, Any]


def steps_of_meetups(stage: Stage) -> Iterator[Step]:
    """Every meetup, who wants to come, and who came."""
    for row in tomllib.loads((HERE / "meetups.toml").read_text(encoding="utf-8"))["meetups"]:
        yield Step(row["arranged_ago"], partial(arrange, stage, row))
        people = crowd_of(stage, row["slug"])[: row["come"]]
        for place, name in enumerate(people):
            yield Step(
                spread(row["arranged_ago"] - 0.1, max(row["starts_ago"], 0.0) + 0.1, place, len(people)),
                partial(come, stage, row, name),
            )
        yield from _steps_of_talks(stage, row)
        for name in people[: row.get("came", 0)]:
            yield Step(row["starts_ago"], partial(arrive, stage, row, name))


def _steps_of_talks(stage: Stage, row: Row) -> Iterator[Step]:
    if "slots" in row:
        yield Step(row["slots"]["ago"], partial(open_for_talks, stage, row))
    for talk in row.get("talks", ()):
        yield Step(talk["ago"], partial(propose, stage, row, talk))
        for answered, act in (("accepted_ago", accept), ("declined_ago", decline)):
            if answered in talk:
                yield Step(talk[answered], partial(act, stage, row, talk))


def open_for_talks(stage: Stage, row: Row, at: datetime) -> None:
    """The host has time for talks."""
    said = row["slots"]
    open_slots(meetup=_meetup(row), count=said["count"], minutes=said["minutes"], by=stage.members[row["by"]], at=at)


def propose(stage: Stage, row: Row, talk: Row, at: datetime) -> None:
    """The fan would like to talk about it."""
    speaker = stage.members[talk["by"]]
    propose_talk(meetup=_meetup(row), speaker=speaker, title=talk["title"], about=talk["about"], at=at)


def accept(stage: Stage, row: Row, talk: Row, at: datetime) -> None:
    """The talk has the first slot that is free."""
    slot = free_slots(_meetup(row)).order_by("position")[0]
    accept_talk(talk=_talk(talk), slot=slot, by=stage.members[row["by"]], answer=talk.get("answer", ""), at=at)


def decline(stage: Stage, row: Row, talk: Row, at: datetime) -> None:
    """Not this time, said kindly."""
    decline_talk(talk=_talk(talk), answer=talk["answer"], by=stage.members[row["by"]], at=at)


def _meetup(row: Row) -> Meetup:
    return Meetup.objects.get(slug=row["slug"])


def _talk(talk: Row) -> Talk:
    return Talk.objects.select_related("meetup").get(title=talk["title"])


def arrange(stage: Stage, row: Row, at: datetime) -> Meetup:
    """The meetup is announced."""
    there = stage.moment(row["starts_ago"]).astimezone(zoneinfo.ZoneInfo(row["zone"]))
    starts = there.replace(hour=row["clock"], minute=0, second=0, microsecond=0)
    fields = {name: row[name] for name in ("slug", "title", "kind", "city", "address", "link", "capacity") if name in row}
    if "link" in row:
        fields["link"] = f"https://{row['link']}"
    host = stage.members[row["by"]]
    meetup = Meetup(
        board=stage.boards[row["board"]], host=host, about=row["about"].strip(), time_zone=row["zone"], published=True,
        starts_at=starts, ends_at=starts + timedelta(hours=row["hours"]), created_at=at, **fields,
    )  # fmt: skip
    return arrange_meetup(meetup=meetup, by=host, at=at)


def come(stage: Stage, row: Row, name: str, at: datetime) -> None:
    """The fan has a place, or waits for one."""
    answer_meetup(meetup=Meetup.objects.get(slug=row["slug"]), member=stage.members[name], going=True, at=at)


def arrive(stage: Stage, row: Row, name: str, at: datetime) -> None:
    """The fan was there."""
    meetup = Meetup.objects.get(slug=row["slug"])
    # The day counts from the hour of loading, the meetup has an hour of its own.
    there = min(max(at, meetup.starts_at), meetup.ends_at)
    check_in(meetup=meetup, member=stage.members[name], code=meetup.code, at=there)
