"""What became of an application, an invitation or a rest, in words."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from community.groups.listeners import KIND
from community.mail_render import tame_name
from community.models import GroupMembership, MembershipState, Notice
from community.notice_words import Wording, worded

Prepared = dict[tuple[int, int], GroupMembership]


def _memberships(notices: Sequence[Notice]) -> Prepared:
    """Each reader's membership, as it is now."""
    groups, members = {notice.data["group_id"] for notice in notices}, {notice.member_id for notice in notices}
    rows = GroupMembership.objects.filter(group__in=groups, member__in=members).select_related("group", "decided_by")
    return {(row.group_id, row.member_id): row for row in rows}


@worded(KIND, prepare=_memberships)
def say_how_it_stands(notice: Notice, memberships: Prepared) -> Wording | None:
    """What became of an application, an invitation, or a rest, as long as it is still so."""
    row = memberships.get((notice.data["group_id"], notice.member_id))
    if row is None or row.state != notice.data["state"]:
        return None
    told = {"group": tame_name(str(row.group))}
    sentence, action = {
        MembershipState.INVITED: (_("You are invited to “%(group)s”"), _("Read what it asks")),
        MembershipState.ACCEPTED: (_("Welcome to “%(group)s”: its boards are open to you"), _("Go in")),
        MembershipState.DECLINED: (_("An answer to your application for “%(group)s”"), _("Read it")),
        MembershipState.RESTING: (_("Your place in “%(group)s” rests until you are back"), _("Come back with one tap")),
        MembershipState.EMERITUS: (_("You are an emeritus of “%(group)s” now, and keep its mark"), _("See the group")),
    }[MembershipState(row.state)]
    declined = row.state == MembershipState.DECLINED
    return Wording(
        sentence=sentence % told,
        url=row.group.get_absolute_url(),
        quote=row.reason if declined else "",
        by=tame_name(str(row.decided_by)) if declined and row.decided_by else "",
        action=action,
    )
