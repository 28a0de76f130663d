"""A visitor who would like to be in a circle is in it once they have signed in."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from community.circles import opening
from community.circles.joining import join_circle
from community.models import Circle, Member
from community.pending import Outcome, pending
from community.refusals import Conflict


def thanks_for(circle: Circle) -> str:
    """What is said to somebody who has just come."""
    if circle.state == "open" and circle.memberships.count() == opening.OPENS_AT:
        return _("With you there are enough: “%(name)s” is open.") % {"name": circle}
    if circle.state == "open":
        return _("Welcome to “%(name)s”. You hear of what is said there.") % {"name": circle}
    return _("Thank you. You hear of it the moment “%(name)s” opens.") % {"name": circle}


def _circle(data: Mapping[str, Any]) -> Circle | None:
    return Circle.objects.standing().filter(slug=data["circle"]).first()


@pending(
    "circle",
    describe=lambda data: _("You would like to be in “%(name)s”.") % {"name": _circle(data) or ""},
    # Its own page may be gone by then.
    mend_at=lambda _data: reverse("circles"),
)
def join_after_all(member: Member, data: Mapping[str, Any], at: datetime) -> Outcome:
    """The member is in it."""
    circle = _circle(data)
    if circle is None:
        raise Conflict(_("This circle is not here any more."))
    joined = join_circle(circle=circle, member=member, at=at)
    return Outcome(joined.get_absolute_url(), thanks_for(joined))
