"""What the people of the demo vote on and compete in: polls and contests, played by the product's own operations."""

import tomllib
import zlib
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Any

from community.contests.arranging import arrange_contest
from community.contests.deciding import adopt_entry, announce_winners
from community.contests.entering import answer_invitation, enter_contest
from community.contests.judging import declare_interests, score_entry, vote_for_entry
from community.models import Contest, ContestEntry, Member, Poll
from community.pictures.attachments import add_picture, markdown_of
from community.polls.asking import announce_closed_polls, decide_poll
from community.polls.voting import cast_ballot
from community.posts import write_post
from config.demo.drawings import draw
from config.demo.script import HERE
from config.demo.stage import Stage, Step

Row = dict[str, Any]
SOON = 0.02  # days between a thing and what follows from it


def steps_of_gatherings(stage: Stage) -> Iterator[Step]:
    """Every poll and contest, with who took part."""
    script = tomllib.loads((HERE / "gatherings.toml").read_text(encoding="utf-8"))
    for row in script["polls"]:
        yield from _steps_of_poll(stage, row)
    for row in script["contests"]:
        yield from _steps_of_contest(stage, row)


def crowd_of(stage: Stage, name: str) -> list[str]:
    """Fans who may take part, in an order of their own for each thing; whoever signs in to look is left to vote themselves."""
    fans = [person for person in stage.script.fans if not person.login and person.joined > 70]
    return [fan.username for fan in sorted(fans, key=lambda fan: zlib.crc32(f"{name}:{fan.username}".encode()))]


def spread(first: float, last: float, number: int, count: int) -> float:
    """The day of one of so many acts between two days, denser at the start."""
    return first - (first - max(last, 0.0)) * (number + 0.5) ** 2 / count**2


def _steps_of_poll(stage: Stage, row: Row) -> Iterator[Step]:
    yield Step(row["ago"], partial(ask, stage, row))
    said = [order for count, order in row["ballots"] for _one in range(count)]
    voters = crowd_of(stage, row["id"])[: len(said)]
    mixed = sorted(range(len(voters)), key=lambda number: zlib.crc32(f"{row['id']}{number}".encode()))
    for place, number in enumerate(mixed):
        day = spread(row["ago"] - 0.05, row["closes_ago"], place, len(mixed))
        yield Step(day, partial(answer, stage, row, voters[number], said[number]))
    if row["closes_ago"] > 0:
        yield Step(row["closes_ago"] - SOON, lambda at: announce_closed_polls(at=at))
    if "decision" in row:
        yield Step(row["decision"]["ago"], partial(decide, stage, row))


def ask(stage: Stage, row: Row, at: datetime) -> None:
    """The post stands in its board and asks its poll."""
    typed = {
        "poll_options": "\n".join(row["options"]),
        "poll_kind": row.get("answer", "single"),
        "poll_most": str(row.get("most", "")),
        "poll_shows": row.get("shows", "voted"),
        "poll_weight": row.get("weight", ""),
        "poll_closes": stage.moment(row["closes_ago"]).isoformat(),
    }
    stage.posts[row["id"]] = write_post(
        author=stage.members[row["by"]],
        board=stage.boards[row["board"]],
        kind=row["kind"],
        title=row["title"],
        body=row["body"].strip(),
        extras=typed,
        at=at,
    )


def _poll(stage: Stage, row: Row) -> Poll:
    return Poll.objects.select_related("post__board").get(post=stage.posts[row["id"]].pk)


def answer(stage: Stage, row: Row, voter: str, order: list[int], at: datetime) -> None:
    """The voter's ballot is cast."""
    poll = _poll(stage, row)
    options = list(poll.options.order_by("position").values_list("pk", flat=True))
    cast_ballot(poll=poll, member=stage.members[voter], choices=[options[place - 1] for place in order], at=at)


def decide(stage: Stage, row: Row, at: datetime) -> None:
    """Staff have said what they do with the result."""
    said = row["decision"]
    decide_poll(poll=_poll(stage, row), text=said["text"], by=stage.members[said["by"]], at=at)


def _steps_of_contest(stage: Stage, row: Row) -> Iterator[Step]:
    yield Step(row["opens_ago"] + 1, partial(arrange, stage, row))
    votes_from = row["opens_ago"] if row.get("kind") == "showcase" else row["entries_until_ago"]
    for entry in row["entries"]:
        yield Step(entry["ago"], partial(enter, stage, row, entry))
        for mate in entry.get("team", ()):
            yield Step(entry["ago"] - 0.3, partial(agree, stage, entry, mate))
        voters = [name for name in crowd_of(stage, entry["title"]) if name not in {entry["by"], *entry.get("team", ())}]
        first = min(votes_from, entry["ago"]) - SOON
        for place, voter in enumerate(voters[: entry["votes"]]):
            day = spread(first, max(row["votes_until_ago"], 0.0) + SOON, place, entry["votes"])
            yield Step(day, partial(favour, stage, row, entry, voter))
        for juror, scores in zip(row.get("jury", ()), entry.get("scores", ()), strict=False):
            yield Step(row["jury_until_ago"] + 1, partial(judge, stage, entry, juror, scores))
        if "adopted_ago" in entry:
            yield Step(entry["adopted_ago"], partial(adopt, stage, row, entry))
    if "announced_ago" in row:
        yield Step(row["announced_ago"], partial(announce, stage, row))


def arrange(stage: Stage, row: Row, at: datetime) -> None:
    """The contest is announced, with its phases, weights and jury."""
    moments = ("opens", "entries_until", "votes_until", "jury_until")
    fields = {("opens_at" if name == "opens" else name): stage.moment(row[f"{name}_ago"]) for name in moments}
    texts = {name: row.get(name, "").strip() for name in ("brief", "rules", "prizes")}
    numbers = ("kind", "fan_weight", "votes_each", "entries_each", "team_most", "places")
    fields |= texts | {name: row[name] for name in numbers if name in row}
    contest = Contest(board=stage.boards[row["board"]], slug=row["slug"], title=row["title"], published=True, **fields)
    jury = [stage.members[name] for name in row.get("jury", ())]
    criteria = [(name, weight) for name, weight in row.get("criteria", ())]
    arrange_contest(contest=contest, criteria=criteria, jury=jury, by=stage.members[row["by"]], at=at)


def _entry(entry: Row) -> ContestEntry:
    return ContestEntry.objects.select_related("contest__board", "author").get(title=entry["title"])


def _member(stage: Stage, username: str) -> Member:
    return stage.members[username]


def enter(stage: Stage, row: Row, entry: Row, at: datetime) -> None:
    """The entry is in."""
    contest = Contest.objects.select_related("board").get(slug=row["slug"])
    author, body = _member(stage, entry["by"]), entry["body"].strip()
    if "draws" in entry:
        shot = add_picture(owner=author, data=draw(entry["draws"]), filename=f"{entry['draws']}.png", at=at)
        body = f"{body}\n\n{markdown_of(shot, entry['words'])}"
    enter_contest(contest=contest, author=author, title=entry["title"], body=body, team=entry.get("team", ()), at=at)


def agree(stage: Stage, entry: Row, mate: str, at: datetime) -> None:
    """Whoever was named as a co-author is glad to be."""
    answer_invitation(entry=_entry(entry), member=_member(stage, mate), agreed=True, at=at)


def favour(stage: Stage, row: Row, entry: Row, voter: str, at: datetime) -> None:
    """The fan's vote is with the entry, if there is one left to give."""
    member, found = _member(stage, voter), _entry(entry)
    if member.fan_votes.filter(contest=found.contest_id).count() < row["votes_each"]:
        vote_for_entry(entry=found, member=member, at=at)


def judge(stage: Stage, entry: Row, juror: str, scores: list[int], at: datetime) -> None:
    """The juror has scored the entry."""
    found, member = _entry(entry), _member(stage, juror)
    declare_interests(contest=found.contest, juror=member, interests="", at=at)
    criteria = found.contest.criteria.values_list("pk", flat=True)
    score_entry(entry=found, juror=member, scores=dict(zip(criteria, scores, strict=True)), at=at)


def announce(stage: Stage, row: Row, at: datetime) -> None:
    """Everybody knows who won."""
    announce_winners(contest=Contest.objects.get(slug=row["slug"]), by=stage.members[row["by"]], at=at)


def adopt(stage: Stage, row: Row, entry: Row, at: datetime) -> None:
    """The winner is a suggestion."""
    adopt_entry(entry=_entry(entry), by=stage.members[row["by"]], at=at)
