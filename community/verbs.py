"""Every fact Sprout records: its verb and, versioned, what it carries.

Ids, numbers and codes only, never personal text, and enough to rebuild everything that follows from it.
"""

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, ClassVar


class Verb(StrEnum):
    """What can happen."""

    MEMBER_JOINED = "member_joined"
    MEMBER_CHANGED = "member_changed"
    ROLE_CHANGED = "role_changed"
    PERSONAS_CHANGED = "personas_changed"
    POST_WRITTEN = "post_written"
    POST_EDITED = "post_edited"
    POST_CHANGED = "post_changed"
    COMMENT_WRITTEN = "comment_written"
    COMMENT_CHANGED = "comment_changed"
    VOTE_CAST = "vote_cast"
    VOTE_WITHDRAWN = "vote_withdrawn"
    STATUS_CHANGED = "status_changed"
    SUGGESTION_ANSWERED = "suggestion_answered"
    SUGGESTION_TRIAGED = "suggestion_triaged"
    SUGGESTION_MERGED = "suggestion_merged"
    SUGGESTION_UNMERGED = "suggestion_unmerged"
    SCORE_CONFIG_SWITCHED = "score_config_switched"
    ROADMAP_MOVED = "roadmap_moved"
    RELEASE_SHIPPED = "release_shipped"
    SUGGESTION_SHIPPED = "suggestion_shipped"
    POSTS_IMPORTED = "posts_imported"
    IMPORT_UNDONE = "import_undone"
    LEVEL_CHANGED = "level_changed"


@dataclass(frozen=True)
class Fact:
    """What an activity carries besides actor, subject and time."""

    verb: ClassVar[Verb]
    version: ClassVar[int] = 1

    def as_data(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class MemberJoined(Fact):
    """Subject: the member."""

    verb = Verb.MEMBER_JOINED
    cohort: str


@dataclass(frozen=True)
class MemberChanged(Fact):
    """Trust or persona changed, which weighs the member's votes anew. Subject: the member."""

    verb = Verb.MEMBER_CHANGED
    trust: int
    persona_id: int | None


@dataclass(frozen=True)
class RoleChanged(Fact):
    """What the company trusts the member with changed. Subject: the member."""

    verb = Verb.ROLE_CHANGED
    before: str
    after: str


@dataclass(frozen=True)
class PersonasChanged(Fact):
    """There is a new kind of user, or one is called otherwise in the score's shares. Subject: the persona."""

    verb = Verb.PERSONAS_CHANGED
    slug: str


@dataclass(frozen=True)
class PostWritten(Fact):
    """Subject: the post."""

    verb = Verb.POST_WRITTEN
    board_id: int
    kind: str
    state: str


@dataclass(frozen=True)
class PostEdited(Fact):
    """Title, text or tags differ. Subject: the post."""

    verb = Verb.POST_EDITED
    board_id: int
    kind: str


@dataclass(frozen=True)
class PostChanged(Fact):
    """Hidden, restored, deleted, moved or converted. Subject: the post."""

    verb = Verb.POST_CHANGED
    moment: str
    board_id: int
    kind: str
    state: str


@dataclass(frozen=True)
class CommentWritten(Fact):
    """Subject: the post."""

    verb = Verb.COMMENT_WRITTEN
    comment_id: int
    parent_id: int | None
    state: str


@dataclass(frozen=True)
class CommentChanged(Fact):
    """Hidden, restored or deleted. Subject: the post."""

    verb = Verb.COMMENT_CHANGED
    comment_id: int
    state: str


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
class ReleaseShipped(Fact):
    """Subject: the release."""

    verb = Verb.RELEASE_SHIPPED
    product_id: int
    suggestion_ids: list[int]


@dataclass(frozen=True)
class SuggestionShipped(Fact):
    """One fact for each suggestion of a shipped cluster. Subject: the suggestion; `canonical` for its root."""

    verb = Verb.SUGGESTION_SHIPPED
    release_id: int
    author_id: int
    canonical: bool


@dataclass(frozen=True)
class PostsImported(Fact):
    """Subject: the batch; one fact for all its rows."""

    verb = Verb.POSTS_IMPORTED
    posts: int
    comments: int
    votes: int


@dataclass(frozen=True)
class ImportUndone(Fact):
    """Subject: the batch."""

    verb = Verb.IMPORT_UNDONE
    posts: int
    kept: int


@dataclass(frozen=True)
class LevelChanged(Fact):
    """Subject: the member."""

    verb = Verb.LEVEL_CHANGED
    before: int
    after: int
