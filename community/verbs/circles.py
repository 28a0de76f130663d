"""Facts about circles."""

from dataclasses import dataclass

from community.verbs.base import Fact, Verb


@dataclass(frozen=True)
class CircleProposed(Fact):
    """The actor asks for a circle. `kept`: they would look after it. Subject: the circle."""

    verb = Verb.CIRCLE_PROPOSED
    kind: str
    kept: bool


@dataclass(frozen=True)
class CircleJoined(Fact):
    """Subject: the circle."""

    verb = Verb.CIRCLE_JOINED
    member_id: int


@dataclass(frozen=True)
class CircleLeft(Fact):
    """Subject: the circle."""

    verb = Verb.CIRCLE_LEFT
    member_id: int


@dataclass(frozen=True)
class CircleStewardChanged(Fact):
    """Who looks after it from now on; nobody where `after` is empty. Subject: the circle."""

    verb = Verb.CIRCLE_STEWARD_CHANGED
    before: int | None
    after: int | None
    is_open: bool


@dataclass(frozen=True)
class CircleOpened(Fact):
    """Enough people and a steward were there. `members`: how many. Subject: the circle."""

    verb = Verb.CIRCLE_OPENED
    board_id: int
    steward_id: int
    members: int


@dataclass(frozen=True)
class CircleClosed(Fact):
    """Subject: the circle."""

    verb = Verb.CIRCLE_CLOSED
    was_open: bool


@dataclass(frozen=True)
class CircleReopened(Fact):
    """What was closed stands as it stood before. Subject: the circle."""

    verb = Verb.CIRCLE_REOPENED
    is_open: bool
