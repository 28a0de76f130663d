"""Facts about what waits for a moderator, what was reported and what was decided."""

from dataclasses import dataclass

from community.verbs.base import Fact, Verb


@dataclass(frozen=True)
class PostHeld(Fact):
    """A new post waits for a moderator; it counts as written once it is released. Subject: the post."""

    verb = Verb.POST_HELD
    board_id: int
    kind: str
    state: str
    reasons: list[str]


@dataclass(frozen=True)
class CommentHeld(Fact):
    """A new comment waits for a moderator; it counts as written once it is released. Subject: the post."""

    verb = Verb.COMMENT_HELD
    comment_id: int
    reasons: list[str]


@dataclass(frozen=True)
class Reported(Fact):
    """Subject: what was reported. withdrawn: the reporter took it back."""

    verb = Verb.REPORTED
    report_id: int
    target_kind: str
    rule: str
    withdrawn: bool


@dataclass(frozen=True)
class DecisionMade(Fact):
    """Subject: what it was about. The words are in the decision itself."""

    verb = Verb.DECISION_MADE
    decision_id: int
    verdict: str
    target_kind: str
    member_id: int
    board_id: int | None
    rule: str


@dataclass(frozen=True)
class Appealed(Fact):
    """Subject: the decision."""

    verb = Verb.APPEALED
    appeal_id: int
    board_id: int | None
