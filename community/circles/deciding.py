"""Closing a circle from its page or from the admin is a decision like any other: on record, told, open to an appeal."""

from datetime import datetime

from django.db import transaction

from community.care.decisions import hide
from community.circles.closing import close_circle
from community.circles.targets import told_of_circle
from community.models import Circle, Member
from community.refusals import Invalid


@transaction.atomic
def decide_to_close(*, circle: Circle, by: Member, reason: str, at: datetime) -> None:
    """The circle is closed and its open reports are settled. Where its proposer has left, nobody is there to decide about."""
    if circle.proposed_by is None:
        close_circle(circle=circle, by=by, reason=reason, at=at)
        return
    try:
        hide(target=told_of_circle(circle), by=by, rule="other", words=reason, at=at)
    except Invalid as refusal:
        # Care calls the sentence `words`; the forms of circles call it the reason.
        raise Invalid(refusal.sentence, fields={"reason": refusal.sentence}) from None
