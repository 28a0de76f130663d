"""What can happen, and what every fact carries."""

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, ClassVar


class Verb(StrEnum):
    """What can happen."""

    MEMBER_JOINED = "member_joined"
    MEMBER_CHANGED = "member_changed"
    ROLE_CHANGED = "role_changed"
    MEMBER_LEFT = "member_left"
    EXPORT_ASKED = "export_asked"
    EXPORT_READY = "export_ready"
    PROFILE_CLAIMED = "profile_claimed"
    CLAIM_DECIDED = "claim_decided"
    PERSONAS_CHANGED = "personas_changed"
    POST_HELD = "post_held"
    POST_WRITTEN = "post_written"
    POST_EDITED = "post_edited"
    POST_CHANGED = "post_changed"
    COMMENT_HELD = "comment_held"
    COMMENT_WRITTEN = "comment_written"
    COMMENT_CHANGED = "comment_changed"
    REACTION_GIVEN = "reaction_given"
    COMMENT_EDITED = "comment_edited"
    ANSWER_ACCEPTED = "answer_accepted"
    ANSWER_UNACCEPTED = "answer_unaccepted"
    REVISION_CHANGED = "revision_changed"
    TAGS_MERGED = "tags_merged"
    REPORTED = "reported"
    DECISION_MADE = "decision_made"
    APPEALED = "appealed"
    VOTE_CAST = "vote_cast"
    VOTE_WITHDRAWN = "vote_withdrawn"
    SUGGESTION_PASSED = "suggestion_passed"
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
    MAIL_PAUSED = "mail_paused"
    MAIL_RESUMED = "mail_resumed"
    PROFILE_CHANGED = "profile_changed"
    AVATAR_CHANGED = "avatar_changed"
    BOARD_ARRANGED = "board_arranged"
    SEGMENT_ARRANGED = "segment_arranged"
    GROUP_ARRANGED = "group_arranged"
    MEMBERSHIP_CHANGED = "membership_changed"
    VOICE_GIVEN = "voice_given"
    BALLOT_CAST = "ballot_cast"
    POLL_CLOSED = "poll_closed"
    POLL_DECIDED = "poll_decided"
    CONTEST_ARRANGED = "contest_arranged"
    CONTEST_ENTERED = "contest_entered"
    CONTEST_ENTRY_CHANGED = "contest_entry_changed"
    TEAMMATE_ASKED = "teammate_asked"
    TEAMMATE_ANSWERED = "teammate_answered"
    FAN_VOTE_CAST = "fan_vote_cast"
    ENTRY_JUDGED = "entry_judged"
    CONTEST_DECIDED = "contest_decided"
    CONTEST_WON = "contest_won"
    MEETUP_ARRANGED = "meetup_arranged"
    MEETUP_CANCELLED = "meetup_cancelled"
    MEETUP_ANSWERED = "meetup_answered"
    MEETUP_PLACE_FREED = "meetup_place_freed"
    MEETUP_NEAR = "meetup_near"
    MEETUP_ATTENDED = "meetup_attended"
    MEETUP_HIDDEN = "meetup_hidden"
    SLOTS_CHANGED = "slots_changed"
    TALK_PROPOSED = "talk_proposed"
    TALK_CHANGED = "talk_changed"
    CONTEST_PHASE_BEGAN = "contest_phase_began"


@dataclass(frozen=True)
class Fact:
    """What an activity carries besides actor, subject and time."""

    verb: ClassVar[Verb]
    version: ClassVar[int] = 1

    def as_data(self) -> dict[str, Any]:
        return asdict(self)
