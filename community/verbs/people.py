"""Facts about members."""

from dataclasses import dataclass

from community.verbs.base import Fact, Verb


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
class LevelChanged(Fact):
    """Subject: the member."""

    verb = Verb.LEVEL_CHANGED
    before: int
    after: int


@dataclass(frozen=True)
class MemberLeft(Fact):
    """The account is closed for good. Subject: the member."""

    verb = Verb.MEMBER_LEFT
    keeps_words: bool


@dataclass(frozen=True)
class ExportAsked(Fact):
    """The member wants everything that is held about them. Subject: the member."""

    verb = Verb.EXPORT_ASKED
    export_id: int


@dataclass(frozen=True)
class ExportReady(Fact):
    """Subject: the member whose data is packed."""

    verb = Verb.EXPORT_READY
    export_id: int


@dataclass(frozen=True)
class ProfileClaimed(Fact):
    """What an imported profile brought along is the member's now. Subject: the member."""

    verb = Verb.PROFILE_CLAIMED
    profile_id: int
    claim_id: int


@dataclass(frozen=True)
class ClaimDecided(Fact):
    """A claim was accepted or declined. Subject: the member who made it."""

    verb = Verb.CLAIM_DECIDED
    claim_id: int
    state: str


@dataclass(frozen=True)
class ProfileChanged(Fact):
    """Language, time zone or device differ; the words themselves are in the profile alone. Subject: the member."""

    verb = Verb.PROFILE_CHANGED
    language: str
    time_zone: str


@dataclass(frozen=True)
class AvatarChanged(Fact):
    """The picture of a member was set or removed by themselves, or hidden or shown by a moderator. Subject: the member."""

    verb = Verb.AVATAR_CHANGED
    moment: str
