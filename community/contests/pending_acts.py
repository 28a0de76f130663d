"""What a visitor does in a contest counts once they have signed in."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from community.contests.entering import enter_contest
from community.contests.judging import vote_for_entry
from community.models import Contest, ContestEntry, Member
from community.pending import Outcome, pending
from community.refusals import Conflict


def _entry_of(data: Mapping[str, Any], viewer: Member | None) -> ContestEntry | None:
    return ContestEntry.objects.visible_to(viewer).select_related("contest__board").filter(pk=data["entry"]).first()


def _title(data: Mapping[str, Any]) -> str:
    entry = _entry_of(data, None)
    return entry.title if entry else ""


def _page(data: Mapping[str, Any]) -> str:
    entry = _entry_of(data, None)
    return entry.get_absolute_url() if entry else reverse("contests")


@pending("fan_vote", describe=lambda data: _("Your vote for “%(title)s” is kept.") % {"title": _title(data)}, mend_at=_page)
def vote_after_all(member: Member, data: Mapping[str, Any], at: datetime) -> Outcome:
    """The member's vote is with the entry."""
    entry = _entry_of(data, member)
    if entry is None:
        raise Conflict(_("This entry is not here any more."))
    vote_for_entry(entry=entry, member=member, at=at)
    return Outcome(entry.get_absolute_url(), _("Thank you. Your vote for “%(title)s” counts.") % {"title": entry.title})


@pending(
    "contest_entry",
    describe=lambda data: _("“%(title)s” is kept.") % {"title": data["title"]},
    mend_at=lambda data: reverse("contest-enter", args=[data["contest"]]),
)
def enter_after_all(member: Member, data: Mapping[str, Any], at: datetime) -> Outcome:
    """The entry the visitor wrote takes part under the name they signed in with."""
    contest = Contest.objects.visible_to(member).select_related("board").filter(slug=data["contest"]).first()
    if contest is None:
        raise Conflict(_("This contest is not here any more."))
    entry = enter_contest(
        contest=contest, author=member, title=data["title"], body=data["body"], team=data["team"], at=at
    )  # fmt: skip
    return Outcome(entry.get_absolute_url(), _("Thank you. “%(title)s” takes part.") % {"title": entry.title})
