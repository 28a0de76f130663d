"""A visitor's vote counts once they have signed in."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from community.models import Member
from community.pending import Outcome, pending
from community.pending_acts import page_of, title_of
from community.refusals import Conflict
from feedback.models import Suggestion
from feedback.votes import cast_vote


@pending("vote", describe=lambda data: _("Your vote for “%(title)s” is kept.") % {"title": title_of(data)}, mend_at=page_of)
def vote_after_all(member: Member, data: Mapping[str, Any], at: datetime) -> Outcome:
    """The member stands for the suggestion and follows it."""
    shown = Suggestion.objects.visible_to(member).select_related("post__author", "root")
    suggestion = shown.filter(pk=data["post"]).first()
    if suggestion is None:
        raise Conflict(_("This suggestion is not here any more."))
    cast_vote(member=member, suggestion=suggestion, need=data.get("need"), at=at)
    thanks = _("Thank you. Your vote for “%(title)s” counts, and you follow it.") % {"title": suggestion.post.title}
    return Outcome(suggestion.post.get_absolute_url(), thanks)
