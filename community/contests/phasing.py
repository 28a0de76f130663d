"""A phase of a contest that began is on record, once; whoever takes part or follows hears of it."""

from datetime import datetime, timedelta

from django.db import transaction

from community.activity import Happening, record_many
from community.models import Contest, ContestKind, Phase
from community.verbs import ContestPhaseBegan

NEWS_FOR = timedelta(days=2)  # what began longer ago, while nothing ran, is no news any more


@transaction.atomic
def announce_phases(*, at: datetime) -> int:
    """Every phase that has just begun is on record, each contest's once whatever becomes of its dates; how many are new.

    A draft, one taken off the page and one that is decided have no phases to tell of.
    """
    facts = [
        Happening(
            key=f"contest_phase_began:{contest.pk}:{phase}",
            actor=None,
            subject=contest.pk,
            data=ContestPhaseBegan(phase=phase.value),
        )
        for contest in Contest.objects.filter(published=True).running(at=at)
        if (phase := begun(contest, at)) is not None
    ]
    return len(record_many(facts, at=at))


def begun(contest: Contest, at: datetime) -> Phase | None:
    """The phase that began lately, if people are asked to do something in it or to wait for something."""
    phase = contest.phase(at)
    since = {Phase.ENTRIES: contest.opens_at, Phase.VOTES: contest.entries_until, Phase.JURY: contest.votes_until}.get(phase)
    if since is None or since <= at - NEWS_FOR:
        return None
    # In a showcase votes were open all the while, and a jury of nobody does not sit.
    silent = {
        Phase.ENTRIES: False,
        Phase.VOTES: contest.fan_weight == 0 or contest.kind == ContestKind.SHOWCASE,
        Phase.JURY: contest.fan_weight == 100,
    }
    return None if silent[phase] else phase
