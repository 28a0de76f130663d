"""Facts about polls. What somebody chose is in no fact: a ballot is between the voter and the count."""

from dataclasses import dataclass

from community.verbs.base import Fact, Verb


@dataclass(frozen=True)
class BallotCast(Fact):
    """Cast, changed or taken back. Subject: the post."""

    verb = Verb.BALLOT_CAST
    revision: int
    stands: bool


@dataclass(frozen=True)
class PollClosed(Fact):
    """By its time, or early by hand. Subject: the post."""

    verb = Verb.POLL_CLOSED
    voters: int
    early: bool


@dataclass(frozen=True)
class PollDecided(Fact):
    """The team has said what it does with the result. Subject: the post."""

    verb = Verb.POLL_DECIDED
    weight: str
