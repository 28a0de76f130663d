"""A visitor's ballot counts once they have signed in."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from community.models import Member, Poll
from community.pending import Outcome, pending
from community.pending_acts import page_of, title_of
from community.polls.voting import cast_ballot
from community.refusals import Conflict


@pending(
    "ballot", describe=lambda data: _("Your vote in “%(title)s” is kept.") % {"title": title_of(data)}, mend_at=page_of
)  # fmt: skip
def ballot_after_all(member: Member, data: Mapping[str, Any], at: datetime) -> Outcome:
    """The member's ballot says what they chose as a visitor."""
    poll = Poll.objects.visible_to(member).select_related("post__board").filter(pk=data["post"]).first()
    if poll is None:
        raise Conflict(_("This poll is not here any more."))
    cast_ballot(poll=poll, member=member, choices=data["choices"], at=at)
    thanks = _("Thank you. Your vote in “%(title)s” counts.") % {"title": poll.post.title}
    return Outcome(poll.get_absolute_url(), thanks)
