"""Where the people of the demo meet, played by the product's own operations."""

import tomllib
import zoneinfo
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from community.meetups.answering import answer_meetup, check_in
from community.meetups.arranging import arrange_meetup
from community.models import Meetup
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
        for name in people[: row.get("came", 0)]:
            yield Step(row["starts_ago"], partial(arrive, stage, row, name))


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
    check_in(meetup=meetup, member=stage.members[name], code=meetup.code, at=max(at, meetup.starts_at))
