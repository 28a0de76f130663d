"""A visitor who wants to come has a place once they have signed in."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from community.meetups.answering import answer_meetup
from community.models import AttendanceState, Meetup, Member
from community.pending import Outcome, pending
from community.refusals import Conflict


def _meetup(data: Mapping[str, Any], viewer: Member | None) -> Meetup | None:
    return Meetup.objects.visible_to(viewer).filter(slug=data["meetup"]).first()


def _title(data: Mapping[str, Any]) -> str:
    meetup = _meetup(data, None)
    return meetup.title if meetup else ""


@pending(
    "meetup",
    describe=lambda data: _("You want to come to “%(title)s”.") % {"title": _title(data)},
    mend_at=lambda data: reverse("meetup", args=[data["meetup"]]),
)
def go_after_all(member: Member, data: Mapping[str, Any], at: datetime) -> Outcome:
    """The member has a place, or waits for one."""
    meetup = _meetup(data, member)
    if meetup is None:
        raise Conflict(_("This meetup is not here any more."))
    answered = answer_meetup(meetup=meetup, member=member, going=True, at=at)
    return Outcome(meetup.get_absolute_url(), thanks_for(answered.state))


def thanks_for(state: str) -> str:
    """What a fresh answer is answered with."""
    if state == AttendanceState.GOING:
        return _("You have a place. See you there.")
    if state == AttendanceState.WAITING:
        return _("You are on the waiting list, and hear at once when a place is free.")
    return _("Your place is free for somebody else. Thank you for saying so.")
