"""A visitor may apply to a group before signing in."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from community.groups.entering import apply_to_group
from community.models import Member, MembershipState, TesterGroup
from community.pending import Outcome, pending
from community.refusals import Conflict


def thanks_for(state: str, group: TesterGroup) -> str:
    """What is said to somebody who has just applied or joined."""
    if state == MembershipState.ACCEPTED:
        return _("Welcome to “%(group)s”. Its boards are open to you.") % {"group": group}
    return _("Thank you. “%(group)s” has your application, and you hear from us either way.") % {"group": group}


@pending(
    "group",
    describe=lambda data: (
        _("Your application for “%(group)s” is kept.") % {"group": TesterGroup.objects.filter(slug=data["group"]).first() or ""}
    ),
    mend_at=lambda data: reverse("group-apply", args=[data["group"]]),
)
def apply_after_all(member: Member, data: Mapping[str, Any], at: datetime) -> Outcome:
    """Who has signed in by now has applied."""
    group = TesterGroup.objects.filter(slug=data["group"]).first()
    if group is None:
        raise Conflict(_("This group is not here any more."))
    row = apply_to_group(group=group, member=member, words=data["words"], agreed=data["agreed"], at=at)
    return Outcome(group.get_absolute_url(), thanks_for(row.state, group))
