"""Facts about contests."""

from dataclasses import dataclass

from community.verbs.base import Fact, Verb


@dataclass(frozen=True)
class ContestArranged(Fact):
    """Made or changed by staff. Subject: the contest."""

    verb = Verb.CONTEST_ARRANGED
    board_id: int
    published: bool
    fan_weight: int


@dataclass(frozen=True)
class ContestEntered(Fact):
    """An entry is in. Subject: the entry."""

    verb = Verb.CONTEST_ENTERED
    contest_id: int


@dataclass(frozen=True)
class ContestEntryChanged(Fact):
    """Edited, taken back, hidden or shown again. Subject: the entry."""

    verb = Verb.CONTEST_ENTRY_CHANGED
    contest_id: int
    moment: str
    state: str


@dataclass(frozen=True)
class TeammateAsked(Fact):
    """Somebody is asked to be named as a co-author. Subject: the entry."""

    verb = Verb.TEAMMATE_ASKED
    contest_id: int
    member_id: int


@dataclass(frozen=True)
class TeammateAnswered(Fact):
    """They agreed, or would rather not. Subject: the entry."""

    verb = Verb.TEAMMATE_ANSWERED
    contest_id: int
    member_id: int
    agreed: bool


@dataclass(frozen=True)
class FanVoteCast(Fact):
    """Given, or taken back. Subject: the entry."""

    verb = Verb.FAN_VOTE_CAST
    contest_id: int
    stands: bool


@dataclass(frozen=True)
class EntryJudged(Fact):
    """A juror has scored the entry by every criterion. Subject: the entry."""

    verb = Verb.ENTRY_JUDGED
    contest_id: int


@dataclass(frozen=True)
class ContestDecided(Fact):
    """The result is announced. Subject: the contest. winners: entries, the first place first."""

    verb = Verb.CONTEST_DECIDED
    winners: tuple[int, ...]


@dataclass(frozen=True)
class ContestWon(Fact):
    """One person, alone or in a team, has an honoured place. Subject: the entry."""

    verb = Verb.CONTEST_WON
    contest_id: int
    author_id: int
    place: int


@dataclass(frozen=True)
class ContestPhaseBegan(Fact):
    """Entries or votes are open, or the jury is at work. Subject: the contest."""

    verb = Verb.CONTEST_PHASE_BEGAN
    phase: str
