"""The notices of contests in words."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from community.mail_render import tame_name
from community.models import Contest, ContestEntry, ContestPlace, EntryState, Notice, Phase
from community.notice_words import Wording, worded
from community.readers import Readers


class Told:
    """What these notices are about, and who of their readers may see it."""

    def __init__(self, notices: Sequence[Notice]) -> None:
        ids = [notice.data["entry_id"] for notice in notices if "entry_id" in notice.data]
        self.entries = ContestEntry.objects.select_related("contest__board", "author").in_bulk(ids)
        contests = {notice.data["contest_id"] for notice in notices if "contest_id" in notice.data}
        self.contests = Contest.objects.select_related("board").in_bulk(contests)
        first = ContestPlace.objects.filter(contest__in=contests, place=1, total__gt=0, entry__state=EntryState.VISIBLE)
        self.winners = {place.contest_id: place.entry for place in first.select_related("entry__author")}
        self.readers = Readers({notice.member_id: notice.member for notice in notices}.values())

    def entry_of(self, notice: Notice) -> ContestEntry | None:
        """The entry a notice is about, where its reader may see the contest."""
        entry = self.entries.get(notice.data["entry_id"])
        return entry if entry is not None and self.readers.may_see_board(notice.member, entry.contest.board) else None

    def contest_of(self, notice: Notice) -> Contest | None:
        """The contest a notice is about, where its reader may see it."""
        contest = self.contests.get(notice.data["contest_id"])
        seen = contest is not None and contest.published and self.readers.may_see_board(notice.member, contest.board)
        return contest if seen else None


@worded("teammate_asked", prepare=Told)
def say_who_asks(notice: Notice, told: Told) -> Wording | None:
    """Somebody named one as a co-author."""
    entry = told.entry_of(notice)
    if entry is None or entry.state != EntryState.VISIBLE:
        return None
    names = {"name": tame_name(str(entry.author)), "title": entry.title}
    return Wording(
        sentence=_("%(name)s wants to name you as a co-author of “%(title)s”") % names,
        url=entry.get_absolute_url(),
        action=_("Agree, or rather not"),
    )


@worded("contest_entry_hidden", prepare=Told)
def say_why_hidden(notice: Notice, told: Told) -> Wording | None:
    """One's entry was hidden, and why."""
    entry = told.entry_of(notice)
    if entry is None or entry.state != EntryState.HIDDEN:
        return None
    names = {"title": entry.title, "contest": entry.contest.title}
    return Wording(
        sentence=_("“%(title)s” does not take part in “%(contest)s” any more") % names,
        url=entry.contest.get_absolute_url(),
        quote=entry.hidden_reason,
        by=str(_("A moderator")),
    )


@worded("contest_decided", prepare=Told)
def say_who_won(notice: Notice, told: Told) -> Wording | None:
    """A contest one took part in is decided."""
    contest = told.contests.get(notice.data["contest_id"])
    if contest is None or not told.readers.may_see_board(notice.member, contest.board):
        return None
    winner: Any = told.winners.get(contest.pk)
    if winner is None:
        sentence = _("“%(contest)s” is decided") % {"contest": contest.title}
    else:
        names = {"contest": contest.title, "entry": winner.title, "name": tame_name(str(winner.author))}
        sentence = _("“%(contest)s” is decided: “%(entry)s” by %(name)s won") % names
    return Wording(sentence=sentence, url=contest.get_absolute_url(), action=_("See the whole result"))


def _day(moment: datetime) -> str:
    return formats.date_format(timezone.localtime(moment), "DATETIME_FORMAT")


@worded("contest_phase", prepare=Told)
def say_that_a_phase_began(notice: Notice, told: Told) -> Wording | None:
    """A contest one takes part in or follows goes on."""
    contest = told.contest_of(notice)
    if contest is None:
        return None
    name = {"contest": contest.title}
    sentence, action = {
        Phase.ENTRIES: (
            _("“%(contest)s” is open: entries until %(when)s") % {**name, "when": _day(contest.entries_until)},
            _("See what it is about"),
        ),
        Phase.VOTES: (
            _("Fans vote in “%(contest)s” until %(when)s") % {**name, "when": _day(contest.votes_until)},
            _("See the entries, and vote"),
        ),
        Phase.JURY: (
            _("The jury of “%(contest)s” is at work until %(when)s") % {**name, "when": _day(contest.jury_until)},
            _("See the entries"),
        ),
    }[Phase(notice.data["phase"])]
    return Wording(sentence=sentence, url=contest.get_absolute_url(), action=action)


@worded("contest_jury_asked", prepare=Told)
def say_that_the_jury_is_asked(notice: Notice, told: Told) -> Wording | None:
    """One sits on the jury, and it is its time."""
    contest = told.contest_of(notice)
    if contest is None or contest.announced_at is not None:
        return None
    words = {"contest": contest.title, "when": _day(contest.jury_until)}
    sentence = _("It is the jury's turn in “%(contest)s”: please score the entries until %(when)s") % words
    return Wording(sentence=sentence, url=reverse("contest-jury", args=[contest.slug]), action=_("Score the entries"))
