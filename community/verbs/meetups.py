"""Facts about meetups."""

from dataclasses import dataclass

from community.verbs.base import Fact, Verb


@dataclass(frozen=True)
class MeetupArranged(Fact):
    """Made or changed by staff. `moved`: its time or place is another than those who come were told. Subject: the meetup."""

    verb = Verb.MEETUP_ARRANGED
    board_id: int
    published: bool
    moved: bool
    revision: int


@dataclass(frozen=True)
class MeetupCancelled(Fact):
    """Subject: the meetup."""

    verb = Verb.MEETUP_CANCELLED
    board_id: int


@dataclass(frozen=True)
class MeetupAnswered(Fact):
    """A member goes, waits or does not go. Subject: the meetup."""

    verb = Verb.MEETUP_ANSWERED
    member_id: int
    state: str


@dataclass(frozen=True)
class MeetupPlaceFreed(Fact):
    """Somebody on the waiting list has a place. Subject: the meetup."""

    verb = Verb.MEETUP_PLACE_FREED
    member_id: int


@dataclass(frozen=True)
class MeetupNear(Fact):
    """It begins within a day. Subject: the meetup."""

    verb = Verb.MEETUP_NEAR
    board_id: int


@dataclass(frozen=True)
class MeetupAttended(Fact):
    """A member was there. Subject: the meetup."""

    verb = Verb.MEETUP_ATTENDED
    member_id: int


@dataclass(frozen=True)
class MeetupHidden(Fact):
    """A moderator keeps it out of sight, or shows it again. Subject: the meetup."""

    verb = Verb.MEETUP_HIDDEN
    board_id: int
    hidden: bool


@dataclass(frozen=True)
class SlotsChanged(Fact):
    """The host opened slots for talks (above 0) or closed a free one (below). Subject: the meetup."""

    verb = Verb.SLOTS_CHANGED
    count: int
    minutes: int


@dataclass(frozen=True)
class TalkProposed(Fact):
    """Subject: the talk."""

    verb = Verb.TALK_PROPOSED
    meetup_id: int


@dataclass(frozen=True)
class TalkChanged(Fact):
    """Accepted, declined, withdrawn, hidden or shown again. before: what it was. Subject: the talk."""

    verb = Verb.TALK_CHANGED
    meetup_id: int
    state: str
    before: str
