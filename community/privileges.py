"""Who may do what: one map from privilege to the least role, trust or level."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils import formats, timezone
from django.utils.translation import gettext_lazy as _

from community.models import Board, Member, Role
from community.models.board import Viewer
from community.refusals import NotAllowed


class Privilege(StrEnum):
    """A right that somebody is asked for."""

    WRITE = "write"
    VOTE = "vote"
    PROPOSE_MERGE = "propose_merge"
    PROPOSE_CIRCLE = "propose_circle"
    MODERATE = "moderate"
    TRIAGE = "triage"
    MERGE = "merge"
    PLAN = "plan"
    SHIP = "ship"
    CONFIGURE = "configure"


@dataclass(frozen=True)
class Least:
    """What a privilege takes at least."""

    role: Role = Role.MEMBER
    trust: int = 0
    level: int = 0


RANK = {Role.MEMBER: 0, Role.MODERATOR: 1, Role.STAFF: 2, Role.ADMIN: 3}
RULES: dict[Privilege, Least] = {
    Privilege.WRITE: Least(),
    Privilege.VOTE: Least(),
    Privilege.PROPOSE_MERGE: Least(trust=1),
    Privilege.PROPOSE_CIRCLE: Least(trust=1),
    Privilege.MODERATE: Least(role=Role.MODERATOR),
    Privilege.TRIAGE: Least(role=Role.STAFF),
    Privilege.MERGE: Least(role=Role.STAFF),
    Privilege.PLAN: Least(role=Role.STAFF),
    Privilege.SHIP: Least(role=Role.STAFF),
    Privilege.CONFIGURE: Least(role=Role.ADMIN),
}


def has(viewer: Viewer, privilege: Privilege) -> bool:
    """Whether the person holds the privilege now. Staff hold whatever honour or trust would open; the suspended hold none."""
    if not isinstance(viewer, Member) or not viewer.is_active or viewer.closed_at or viewer.is_suspended(at=timezone.now()):
        return False
    least, rank = RULES[privilege], RANK[Role(viewer.role)]
    if rank < RANK[least.role]:
        return False
    return rank >= RANK[Role.STAFF] or (viewer.trust >= least.trust and viewer.level >= least.level)


def moderates(viewer: Viewer, board_id: int) -> bool:
    """Whether the person keeps this very board: a moderator who was given it, or staff."""
    if not isinstance(viewer, Member) or not has(viewer, Privilege.MODERATE):
        return False
    if RANK[Role(viewer.role)] >= RANK[Role.STAFF]:
        return True
    return Board.moderators.through.objects.filter(member_id=viewer.pk, board_id=board_id).exists()


def require_moderator(viewer: Viewer, board_id: int) -> Member:
    """The person keeps this board, or NotAllowed says so."""
    if not moderates(viewer, board_id):
        require(viewer, Privilege.MODERATE)
        raise NotAllowed(str(_("You are no moderator of this board.")))
    assert isinstance(viewer, Member)
    return viewer


def require(viewer: Viewer, privilege: Privilege) -> Member:
    """The person holds the privilege, or NotAllowed says in a sentence what it takes."""
    if has(viewer, privilege):
        assert isinstance(viewer, Member)  # noqa: S101 - has() is False for anybody else
        return viewer
    if not isinstance(viewer, Member):
        raise NotAllowed(str(_("Please sign in first.")), code="sign-in")
    if viewer.is_suspended(at=timezone.now()):
        raise NotAllowed(tell_suspension(viewer), code="suspended")
    raise NotAllowed(str(_("This takes a right that your account does not have.")))


def tell_suspension(member: Member) -> str:
    """What a suspended member is told wherever they would act: until when, and what they still can do."""
    if member.suspended_until is None:
        return str(_("Your account is suspended. You can read, appeal, take your data with you and close the account."))
    end = formats.date_format(timezone.localtime(member.suspended_until), "DATETIME_FORMAT")
    told = str(
        _("Your account is suspended until %(end)s. You can read, appeal, take your data with you and close the account.")
    )
    return told % {"end": end}
