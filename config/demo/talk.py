"""What the people of the demo write, agree with and vote for."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial

from community.comments import write_comment
from community.members import note_visit
from community.models import Comment, Post
from community.posts import write_post
from community.reactions import react
from config.demo import crowd
from config.demo.crowd import Ballot, Nod
from config.demo.script import Entry
from config.demo.stage import Stage, Step
from feedback.models import Need, Vote
from feedback.votes import cast_vote

NEEDS = {"nice": Need.NICE, "important": Need.IMPORTANT, "must": Need.MUST}
SORELY = 25  # of a hundred who cannot do without: then neither can the author


def steps_of_talk(stage: Stage) -> Iterator[Step]:
    """Every post, comment, vote and agreement."""
    for entry in stage.script.entries.values():
        yield Step(entry.ago, partial(post, stage, entry))
        for place, remark in enumerate(entry.remarks):
            yield Step(remark.ago, partial(comment, stage, entry, place))
    for ballot in crowd.ballots(stage.script):
        yield Step(ballot.ago, partial(vote, stage, ballot))
    for nod in crowd.nods(stage.script):
        yield Step(nod.ago, partial(nod_to, stage, nod))


def post(stage: Stage, entry: Entry, at: datetime) -> Post:
    """The entry stands in its board, and its author has been here that day."""
    author = stage.members[entry.by]
    note_visit(member=author, at=at, read=True)
    stage.posts[entry.id] = write_post(
        author=author,
        board=stage.boards[entry.board],
        kind=entry.kind,
        title=entry.title,
        body=entry.body.strip(),
        at=at,
        tags=stage.script.tag_names(entry),
        extras={"need": NEEDS["must" if entry.must >= SORELY else "important"].value},
    )
    return stage.posts[entry.id]


def comment(stage: Stage, entry: Entry, place: int, at: datetime) -> Comment:
    """The remark stands under its post, in the thread of whom it answers."""
    remark = entry.remarks[place]
    author = stage.members[remark.by]
    note_visit(member=author, at=at, read=True)
    above = [number for number in range(place) if entry.remarks[number].by == remark.re]
    parent = stage.comments[entry.id, above[-1]] if above else None
    written = write_comment(author=author, post=stage.posts[entry.id], body=remark.text.strip(), at=at, parent=parent)
    stage.comments[entry.id, place] = written
    return written


def vote(stage: Stage, ballot: Ballot, at: datetime) -> Vote:
    """The voter wants the entry, this much."""
    suggestion = stage.voted_for(stage.script.entries[ballot.entry])
    return cast_vote(member=stage.members[ballot.voter], suggestion=suggestion, need=NEEDS[ballot.need], at=at)


def nod_to(stage: Stage, nod: Nod, at: datetime) -> bool:
    """The member agrees with the remark."""
    return react(comment=stage.comments[nod.entry, nod.remark], member=stage.members[nod.member], sign="agree", at=at)
