"""Facts about suggestions: votes, triage, merges, the roadmap and releases."""

from dataclasses import dataclass
from typing import Any

from community.verbs.base import Fact, Verb


@dataclass(frozen=True)
class VoteCast(Fact):
    """A member wants a suggestion, or says again how much. Subject: the suggestion."""

    verb = Verb.VOTE_CAST
    member_id: int
    need: int


@dataclass(frozen=True)
class VoteWithdrawn(Fact):
    """Subject: the suggestion."""

    verb = Verb.VOTE_WITHDRAWN
    member_id: int


@dataclass(frozen=True)
class SuggestionPassed(Fact):
    """A member said "not for me" while sorting, or took that back. Subject: the suggestion."""

    verb = Verb.SUGGESTION_PASSED
    member_id: int
    taken_back: bool = False


@dataclass(frozen=True)
class StatusChanged(Fact):
    """Subject: the suggestion. `change_id` names the row with the public answer; `release_id` where one shipped it."""

    verb = Verb.STATUS_CHANGED
    change_id: int
    author_id: int
    before: str
    after: str
    release_id: int | None = None


@dataclass(frozen=True)
class SuggestionAnswered(Fact):
    """Staff answered in public and left the status as it was. Subject: the suggestion."""

    verb = Verb.SUGGESTION_ANSWERED
    author_id: int


@dataclass(frozen=True)
class SuggestionTriaged(Fact):
    """Staff's view differs: `fields` has [before, after] of each, ids and numbers alone. Subject: the suggestion."""

    verb = Verb.SUGGESTION_TRIAGED
    fields: dict[str, Any]


@dataclass(frozen=True)
class SuggestionMerged(Fact):
    """Subject: the duplicate. `proposed_by_id`: the member who reported it, if not staff."""

    verb = Verb.SUGGESTION_MERGED
    merge_id: int
    into_id: int
    root_id: int
    proposed_by_id: int | None


@dataclass(frozen=True)
class SuggestionUnmerged(Fact):
    """Subject: the duplicate, canonical again."""

    verb = Verb.SUGGESTION_UNMERGED
    merge_id: int
    into_id: int
    root_id: int


@dataclass(frozen=True)
class ScoreConfigSwitched(Fact):
    """Subject: the version."""

    verb = Verb.SCORE_CONFIG_SWITCHED
    before: int | None


@dataclass(frozen=True)
class RoadmapMoved(Fact):
    """A piece of work was planned (`before` is empty) or stands in another column. Subject: the roadmap item."""

    verb = Verb.ROADMAP_MOVED
    before: str
    after: str
    suggestion_ids: list[int]


@dataclass(frozen=True)
class PlanProposed(Fact):
    """Subject: the plan. Capacity and use in quarter team-weeks, value in score numerators."""

    verb = Verb.PLAN_PROPOSED
    product_id: int
    capacity: int
    used: int
    value: int
    item_ids: list[int]


@dataclass(frozen=True)
class PlanDecided(Fact):
    """A plan was adopted or dropped; `item_ids`: what was chosen. Subject: the plan."""

    verb = Verb.PLAN_DECIDED
    adopted: bool
    item_ids: list[int]


@dataclass(frozen=True)
class ReleaseShipped(Fact):
    """Subject: the release."""

    verb = Verb.RELEASE_SHIPPED
    product_id: int
    suggestion_ids: list[int]


@dataclass(frozen=True)
class ReleaseHeld(Fact):
    """Its moment came, and it did not ship. `cause`: a code. Subject: the release."""

    verb = Verb.RELEASE_HELD
    product_id: int
    cause: str


@dataclass(frozen=True)
class SuggestionShipped(Fact):
    """One fact for each suggestion of a shipped cluster. Subject: the suggestion; `canonical` for its root."""

    verb = Verb.SUGGESTION_SHIPPED
    release_id: int
    author_id: int
    canonical: bool
