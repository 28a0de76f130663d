"""What the staff of the demo do: triage, answer, merge, plan and ship."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Any

from config.demo.script import Aside, Drop, Entry, Pair, Turn, Work
from config.demo.stage import Stage, Step
from feedback.merges import merge_suggestions, propose_merge, unmerge_suggestion
from feedback.models import InternalNote, Merge, MergeProposal, Plan, Release, RoadmapColumn, RoadmapItem, Suggestion
from feedback.models.suggestion import Frequency, Severity
from feedback.plans import propose_plan
from feedback.releases import draft_release, ship_release
from feedback.roadmap import move_item, plan_item, serve_suggestion
from feedback.schedules import schedule_release
from feedback.triage import change_status, triage_suggestion, write_note

SEEN_WITHIN = 0.9  # days until somebody on the team has looked
NOTICED = 0.15  # days between a member's hint and the merge
PREPARED = 1.5  # days a release lies as a draft
PLANNED_AT = 0.2  # days since the planner was asked for the next release
ROOM = 40  # quarter team-weeks it was given


def steps_of_desk(stage: Stage) -> Iterator[Step]:
    """Every decision, in whatever order."""
    for entry in stage.script.entries.values():
        if entry.triage:
            yield Step(_seen(entry), partial(triage, stage, entry))
        for turn in entry.turns:
            yield Step(turn.ago, partial(decide, stage, entry, turn))
    for pair in stage.script.merges:
        yield from _steps_of_merge(stage, pair)
    for pair in stage.script.proposals:
        yield Step(pair.ago, partial(propose, stage, pair))
    for drop in stage.script.drops:
        yield from _steps_of_drop(stage, drop)
    for drop in stage.script.scheduled:
        yield Step(PREPARED, partial(schedule, stage, drop))
    yield Step(PLANNED_AT, partial(plan_what_is_next, stage))
    for aside in stage.script.asides:
        yield Step(aside.ago, partial(jot_down, stage, aside))


def _seen(entry: Entry) -> float:
    """Between the post and the first decision about it."""
    until = entry.turns[0].ago if entry.turns else 0.0
    return entry.ago - min(SEEN_WITHIN, (entry.ago - until) / 2)


def _steps_of_merge(stage: Stage, pair: Pair) -> Iterator[Step]:
    if pair.proposed:
        yield Step(pair.ago + NOTICED, partial(propose, stage, pair))
    yield Step(pair.ago, partial(merge, stage, pair))
    if pair.undone is not None:
        yield Step(pair.undone, partial(part, stage, pair))


def _steps_of_drop(stage: Stage, drop: Drop) -> Iterator[Step]:
    yield Step(drop.ago + PREPARED, partial(draft, stage, drop))
    yield Step(drop.ago, partial(ship, stage, drop))


def plan_what_is_next(stage: Stage, at: datetime) -> Plan:
    """The planner has proposed the next release of the phone's system, and somebody is about to decide."""
    return propose_plan(product=stage.boards["os"].product, capacity=ROOM, by=stage.members["ines"], at=at)


def triage(stage: Stage, entry: Entry, at: datetime) -> Suggestion:
    """The entry has a department, somebody who answers for it, and staff's view."""
    said, by = entry.triage, stage.members[entry.triage["assignee"]]
    view: dict[str, Any] = {"department": stage.departments[said["department"]], "assignee": by}
    if "severity" in said:
        view["severity"] = Severity[said["severity"].upper()]
    if "frequency" in said:
        view["frequency"] = Frequency[said["frequency"].upper()]
    view |= {"strategy_fit": said.get("fit", 0), "strategy_reason": said.get("reason", "")}
    view |= {"evidence": said.get("evidence", 0), "evidence_source": said.get("source", "")}
    return triage_suggestion(suggestion=stage.suggestion(entry.id), by=by, at=at, **view)


def decide(stage: Stage, entry: Entry, turn: Turn, at: datetime) -> object:
    """The entry has the status and its answer, and stands on the roadmap where a piece of work serves it."""
    by, answer = stage.members[turn.by], entry.said(turn)
    work = next((work for work in stage.script.works if entry.id in work.serves), None)
    item = stage.items.get(work.title) if work else None
    if item is not None and work is not None and entry.id == work.serves[0]:
        return move_item(item=item, column=turn.status, by=by, at=at, answer=answer)
    change = change_status(suggestion=stage.suggestion(entry.id), to=turn.status, by=by, at=at, answer=answer)
    if work is not None and turn.status in RoadmapColumn.values:
        put_on_roadmap(stage, work, entry, turn, at)
    return change


def put_on_roadmap(stage: Stage, work: Work, entry: Entry, turn: Turn, at: datetime) -> RoadmapItem:
    """A piece of work serves the entry: the one that is there, or a new one."""
    by, suggestion = stage.members[turn.by], stage.suggestion(entry.id)
    if work.title in stage.items:
        return serve_suggestion(item=stage.items[work.title], suggestion=suggestion, by=by, at=at)
    stage.items[work.title] = plan_item(
        product=stage.products[work.product],
        by=by,
        at=at,
        column=turn.status,
        suggestions=[suggestion],
        title=work.title,
        summary=work.summary,
        effort=work.effort,
        theme=work.theme,
        expected=work.expected,
        owner=stage.members[work.owner],
    )
    return stage.items[work.title]


def propose(stage: Stage, pair: Pair, at: datetime) -> MergeProposal:
    """A member has told staff that two are the same."""
    duplicate, into = stage.suggestion(pair.duplicate), stage.suggestion(pair.into)
    return propose_merge(duplicate=duplicate, into=into, by=stage.members[pair.proposed], at=at, evidence=pair.said)


def merge(stage: Stage, pair: Pair, at: datetime) -> Merge:
    """Two are one."""
    duplicate, into = stage.suggestion(pair.duplicate), stage.suggestion(pair.into)
    return merge_suggestions(duplicate=duplicate, into=into, by=stage.members[pair.by], at=at)


def part(stage: Stage, pair: Pair, at: datetime) -> Merge:
    """One is two again."""
    return unmerge_suggestion(duplicate=stage.suggestion(pair.duplicate), by=stage.members[pair.by], at=at)


def draft(stage: Stage, drop: Drop, at: datetime) -> Release:
    """The release is prepared; its address ends in the ISO week in which it will ship."""
    year, week, _day = stage.moment(drop.ago).isocalendar()
    stage.releases[drop.version] = draft_release(
        product=stage.products[drop.product],
        version=drop.version,
        title=drop.title,
        notes=drop.notes.strip(),
        slug=f"{drop.product}-{year}-w{week:02d}",
        suggestions=[stage.suggestion(pk) for pk in drop.ships],
        by=stage.members[drop.by],
        at=at,
    )
    return stage.releases[drop.version]


def schedule(stage: Stage, drop: Drop, at: datetime) -> Release:
    """The release is prepared and leaves by itself."""
    release, by = draft(stage, drop, at), stage.members[drop.by]
    return schedule_release(release=release, moment=stage.moment(drop.ago), by=by, at=at)


def ship(stage: Stage, drop: Drop, at: datetime) -> Release:
    """The release is out."""
    return ship_release(release=stage.releases[drop.version], by=stage.members[drop.by], at=at)


def jot_down(stage: Stage, aside: Aside, at: datetime) -> InternalNote:
    """The team reads the note."""
    return write_note(suggestion=stage.suggestion(aside.post), by=stage.members[aside.by], body=aside.text, at=at)
