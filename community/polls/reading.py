"""Polls as one person sees them: what they said, and the result where it is shown. A handful of queries for any number."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Count

from community.models import Ballot, BallotChoice, Poll, PollKind, PollOption, PollShows
from community.models.board import Viewer
from community.tallies import Runoff, leaders, run_off, tenths

DECIDE_WITHIN = timedelta(days=7)


@dataclass(frozen=True)
class Line:
    """One option of a shown result. votes: in a ranked poll first preferences; share: tenths of a per cent of the voters.

    rank: the viewer's own for it, from 1, or 0; cells: in a ranked poll one for each round.
    """

    option: PollOption
    votes: int
    share: int
    leads: bool
    rank: int
    cells: Sequence["Cell"] = ()

    @property
    def percent(self) -> str:
        return f"{self.share / 10:.1f}".removesuffix(".0")


@dataclass(frozen=True)
class Cell:
    """An option in one round of a ranked poll. out: it goes out with this round; gone: it went before."""

    votes: int
    out: bool = False
    gone: bool = False


@dataclass(frozen=True)
class Slip:
    """One option as the ballot offers it. rank: what the viewer gave it, from 1, or 0."""

    option: PollOption
    rank: int


@dataclass(frozen=True)
class PollView:
    """A poll ready to be drawn. mine: what the viewer chose; lines: empty while the result is not shown."""

    poll: Poll
    options: Sequence[PollOption]
    mine: Sequence[int]
    voters: int
    ended_at: datetime | None
    lines: Sequence[Line] = ()
    runoff: Runoff | None = None

    @property
    def is_open(self) -> bool:
        return self.ended_at is None

    @property
    def shows_result(self) -> bool:
        return bool(self.lines)

    @property
    def winners(self) -> list[PollOption]:
        """Who leads, or has won; several where they are level."""
        return [line.option for line in self.lines if line.leads]

    @property
    def rounds(self) -> range:
        """The numbers of the rounds of a ranked poll, from 1; nothing where the first one decided."""
        count = len(self.runoff.rounds) if self.runoff else 0
        return range(1, count + 1) if count > 1 else range(0)

    @property
    def slips(self) -> list[Slip]:
        """The options as the ballot offers them."""
        return [Slip(option, rank_in(self.mine, option.pk)) for option in self.options]

    @property
    def places(self) -> range:
        """The places to give in a ranked poll."""
        return range(1, min(self.poll.most, len(self.options)) + 1)

    @property
    def decide_by(self) -> datetime | None:
        """Until when the team owes its decision, if it owes one."""
        owed = self.poll.weight and self.ended_at and self.poll.decided_at is None
        return self.ended_at + DECIDE_WITHIN if owed and self.ended_at else None


def rank_in(choices: Sequence[int], option: int) -> int:
    """The option's place among the choices, from 1; 0 where it is not among them."""
    return choices.index(option) + 1 if option in choices else 0


def read_polls(polls: Iterable[Poll], *, viewer: Viewer, at: datetime) -> dict[int, PollView]:
    """Post → its poll as the viewer sees it, now. Whoever asks has made sure that they may see the posts."""
    asked = {poll.pk: poll for poll in polls}
    if not asked:
        return {}
    options, mine = defaultdict[int, list[PollOption]](list), _own_choices(asked, viewer)
    for option in PollOption.objects.filter(poll__in=asked).order_by("poll_id", "position"):
        options[option.poll_id].append(option)
    voters = dict(Ballot.objects.filter(poll__in=asked).values_list("poll_id").annotate(Count("pk")).order_by())
    shown = [poll for poll in asked.values() if shows_result(poll, voted=poll.pk in mine, at=at)]
    plain = _counts([poll.pk for poll in shown if poll.kind != PollKind.RANKED])
    views = {}
    for pk, poll in asked.items():
        view = PollView(poll, options[pk], mine.get(pk, []), voters.get(pk, 0), poll.ended_at(at))
        views[pk] = _with_result(view, plain) if poll in shown else view
    return views


def shows_result(poll: Poll, *, voted: bool, at: datetime) -> bool:
    """Whether the result is for the eyes of somebody who has voted, or not."""
    if poll.ended_at(at) or poll.shows == PollShows.ALWAYS:
        return True
    return poll.shows == PollShows.VOTED and voted


def count_rankings(poll_id: int) -> dict[tuple[int, ...], int]:
    """Each ranking that somebody gave → how many gave it, counted by the database."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT ranking, count(*) FROM (
                   SELECT array_agg(choice.option_id ORDER BY choice.rank) AS ranking
                   FROM community_ballotchoice choice JOIN community_ballot ballot ON ballot.id = choice.ballot_id
                   WHERE ballot.poll_id = %s GROUP BY ballot.id
               ) said GROUP BY ranking""",
            [poll_id],
        )
        return {tuple(ranking): count for ranking, count in cursor.fetchall()}


def _own_choices(polls: Iterable[int], viewer: Viewer) -> dict[int, list[int]]:
    if viewer is None or not viewer.is_authenticated:
        return {}
    rows = BallotChoice.objects.filter(ballot__poll__in=list(polls), ballot__member=viewer.pk)
    mine = defaultdict[int, list[int]](list)
    for poll_id, option_id in rows.order_by("ballot_id", "rank").values_list("ballot__poll_id", "option_id"):
        mine[poll_id].append(option_id)
    return mine


def _counts(polls: Sequence[int]) -> dict[int, int]:
    if not polls:
        return {}
    rows = BallotChoice.objects.filter(option__poll__in=polls).values_list("option_id")
    return dict(rows.annotate(Count("pk")).order_by())


def _with_result(view: PollView, plain: Mapping[int, int]) -> PollView:
    ids, runoff = [option.pk for option in view.options], None
    if view.poll.kind == PollKind.RANKED:
        runoff = run_off(count_rankings(view.poll.pk), ids)
        votes = dict(runoff.rounds[0].votes)
        ahead = [runoff.winner]
    else:
        votes = {option: plain.get(option, 0) for option in ids}
        ahead = list(leaders(votes))
    lines = [
        Line(
            option=one,
            votes=votes[one.pk],
            share=tenths(votes[one.pk], view.voters),
            leads=one.pk in ahead,
            rank=rank_in(view.mine, one.pk),
            cells=_cells(one.pk, runoff) if runoff else (),
        )
        for one in view.options
    ]
    return replace(view, lines=lines, runoff=runoff)


def _cells(option: int, runoff: Runoff) -> list[Cell]:
    return [
        Cell(count.votes.get(option, 0), out=option in count.out, gone=option not in count.votes) for count in runoff.rounds
    ]
