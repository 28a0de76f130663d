"""A visitor's vote counts once they have signed in."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from community.models import Member
from community.pending import Outcome, pending
from community.pending_acts import page_of, title_of
from community.refusals import Conflict, Refused
from feedback.judgements import answer_card
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


def told_of_sorting(data: Mapping[str, Any]) -> str:
    count = len(data["answers"])
    return ngettext(
        "Your answer to %(count)d suggestion is kept.", "Your answers to %(count)d suggestions are kept.", count
    ) % {"count": count}


@pending("sorting", describe=told_of_sorting, mend_at=lambda _data: reverse("sort"))
def sort_after_all(member: Member, data: Mapping[str, Any], at: datetime) -> Outcome:
    """Each suggestion the visitor sorted has heard them; those that are gone or closed by now are left out."""
    shown = (
        Suggestion.objects.visible_to(member)
        .select_related("post__author", "root")
        .in_bulk([pk for pk, _say in data["answers"]])
    )
    heard = 0
    for pk, say in data["answers"]:
        if (suggestion := shown.get(pk)) and suggestion.post.author_id != member.pk:
            try:
                with transaction.atomic():
                    answer_card(member=member, suggestion=suggestion, say=say, at=at)
            except Refused:
                continue
            heard += 1
    thanks = ngettext("Thank you. %(count)d suggestion heard you.", "Thank you. %(count)d suggestions heard you.", heard)
    return Outcome(reverse("sort"), thanks % {"count": heard})
