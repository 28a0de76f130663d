"""The demo community is loaded: the script is played by the product's own operations, in the order of its time, in the past."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.db import connection, transaction

from community.deliveries import drain
from community.models import Comment, Member, Post
from community.progress import shown
from config.demo.care import steps_of_care
from config.demo.circles import steps_of_circles
from config.demo.desk import steps_of_desk
from config.demo.gatherings import steps_of_gatherings
from config.demo.groups import steps_of_groups
from config.demo.hearing import steps_of_hearing
from config.demo.meetups import steps_of_meetups
from config.demo.people import OPENING, build_places, steps_of_people
from config.demo.pictures import steps_of_pictures
from config.demo.reading import steps_of_reading
from config.demo.script import read_script
from config.demo.sorting import steps_of_sorting
from config.demo.stage import Stage, Step
from config.demo.talk import steps_of_talk
from config.demo.writing import steps_of_writing
from feedback.models import Merge, Release, RoadmapItem, Vote
from feedback.score_history import take_snapshots

RHYTHM = 2.0  # days after which debts are paid


@dataclass(frozen=True)
class Loaded:
    """What is there afterwards; `fresh` says whether this run brought it."""

    fresh: bool
    members: int
    posts: int
    comments: int
    votes: int
    merges: int
    items: int
    releases: int


def load_demo(*, at: datetime, show: bool = False) -> Loaded:
    """The demo community is there, its ten weeks ending at `at`; where it was there before, nothing is done.

    All or nothing. Everything that follows from what happened is paid every second day, so that notices reach those
    who followed then; what is more than a day old is never mailed, and nothing that is mailed is younger.
    show: a progress line, where there is a terminal.
    """
    fresh = not Member.objects.filter(is_demo=True).exists()
    if fresh:
        with in_one_piece():
            play(Stage(read_script(), at), show=show)
    return _count(fresh)


@contextmanager
def in_one_piece() -> Iterator[None]:
    """Whatever fails in the block takes all of it back."""
    with transaction.atomic():
        # Nothing inside is worth keeping without the rest, and savepoints are a third of all statements.
        connection.features.uses_savepoints = False
        try:
            yield
        finally:
            connection.features.uses_savepoints = True


def play(stage: Stage, *, show: bool = False) -> None:
    """Every step of the script has happened, in the order of its time."""
    build_places(stage)
    steps = [
        *steps_of_people(stage),
        *steps_of_desk(stage),
        *steps_of_talk(stage),
        *steps_of_groups(stage),
        *steps_of_circles(stage),
        *steps_of_writing(stage),
        *steps_of_gatherings(stage),
        *steps_of_meetups(stage),
        *steps_of_hearing(stage),
        *steps_of_reading(stage),
        *steps_of_pictures(stage),
        *steps_of_care(stage),
    ]
    steps += steps_of_sorting(stage)
    steps.sort(key=lambda step: -step.ago)
    played = shown(steps, "demo", total=len(steps)) if show else steps
    for days, steps_of_days in groupby(played, key=lambda step: min(int(step.ago / RHYTHM), OPENING // RHYTHM)):
        act(stage, steps_of_days)
        drain()
        # What the worker does each night, so that every score has a history to show.
        take_snapshots(at=stage.moment(days * RHYTHM))


def act(stage: Stage, steps: Iterable[Step]) -> None:
    """These steps have happened."""
    for step in steps:
        step.act(stage.moment(step.ago))


def _count(fresh: bool) -> Loaded:
    return Loaded(
        fresh,
        members=Member.objects.filter(is_demo=True).count(),
        posts=Post.objects.filter(author__is_demo=True).count(),
        comments=Comment.objects.filter(author__is_demo=True).count(),
        votes=Vote.objects.standing().filter(member__is_demo=True).count(),
        merges=Merge.objects.filter(undone_at__isnull=True, by__is_demo=True).count(),
        items=RoadmapItem.objects.filter(owner__is_demo=True).count(),
        releases=Release.objects.filter(shipped_by__is_demo=True).count(),
    )
