"""A visitor may report before signing in."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from community.care.reports import report, target_for
from community.models import Member
from community.pending import Outcome, pending


@pending(
    "report",
    describe=lambda _data: _("Your report is kept."),
    mend_at=lambda data: reverse("report", args=[data["kind"], data["id"]]),
)
def report_after_all(member: Member, data: Mapping[str, Any], at: datetime) -> Outcome:
    """The moderators will look at what the visitor reported."""
    target = target_for(member, data["kind"], data["id"])
    report(target=target, by=member, rule=data["rule"], words=data["words"], at=at)
    return Outcome(target.url, _("Thank you. A moderator will look at it, and you hear what came of it."))
