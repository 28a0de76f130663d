"""Facts about boards, segments and tester groups: who may be where."""

from dataclasses import dataclass
from typing import Any

from community.verbs.base import Fact, Verb


@dataclass(frozen=True)
class BoardArranged(Fact):
    """Who may do what in the board. `segments`: ids by right. Subject: the board."""

    verb = Verb.BOARD_ARRANGED
    see: str
    post: str
    comment: str
    vote: str
    one_way: bool
    segments: dict[str, list[int]]
    moderators: list[int]


@dataclass(frozen=True)
class SegmentArranged(Fact):
    """The segment's rule, and how many members it had then. Subject: the segment."""

    verb = Verb.SEGMENT_ARRANGED
    rule: dict[str, Any]
    members: int


@dataclass(frozen=True)
class GroupArranged(Fact):
    """Subject: the tester group."""

    verb = Verb.GROUP_ARRANGED
    layer: int
    capacity: int | None
    is_open: bool


@dataclass(frozen=True)
class MembershipChanged(Fact):
    """How a member stands to a tester group. Subject: the group."""

    verb = Verb.MEMBERSHIP_CHANGED
    member_id: int
    before: str
    after: str


@dataclass(frozen=True)
class VoiceGiven(Fact):
    """The actor spoke for a member. Subject: the group."""

    verb = Verb.VOICE_GIVEN
    member_id: int
