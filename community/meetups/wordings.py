"""The notices of meetups in words."""

from collections.abc import Sequence

from django.utils import formats
from django.utils.translation import gettext as _

from community.meetups.reading import local
from community.models import Meetup, Notice
from community.notice_words import Wording, worded
from community.readers import Readers


class Told:
    """The meetups that notices are about, and who of their readers may see them."""

    def __init__(self, notices: Sequence[Notice]) -> None:
        self.meetups = Meetup.objects.select_related("board").in_bulk([notice.data["meetup_id"] for notice in notices])
        self.readers = Readers({notice.member_id: notice.member for notice in notices}.values())

    def of(self, notice: Notice) -> Meetup | None:
        found = self.meetups.get(notice.data["meetup_id"])
        seen = found is not None and found.published and self.readers.may_see_board(notice.member, found.board)
        return found if seen else None


def _when(meetup: Meetup) -> str:
    """Day and time where it takes place."""
    return f"{formats.date_format(local(meetup, meetup.starts_at), 'SHORT_DATETIME_FORMAT')} ({meetup.time_zone})"


@worded("meetup_near", prepare=Told)
def say_that_it_is_near(notice: Notice, told: Told) -> Wording | None:
    """Tomorrow, or sooner."""
    meetup = told.of(notice)
    if meetup is None or meetup.cancelled_at is not None:
        return None
    words = _("“%(title)s” begins soon: %(when)s") % {"title": meetup.title, "when": _when(meetup)}
    return Wording(words, meetup.get_absolute_url(), action=_("See the meetup"))


@worded("meetup_arranged", prepare=Told)
def say_that_it_moved(notice: Notice, told: Told) -> Wording | None:
    """Another time or another place."""
    meetup = told.of(notice)
    if meetup is None or meetup.cancelled_at is not None:
        return None
    where = meetup.city or _("online")
    words = _("“%(title)s” has another time or place: %(when)s, %(where)s")
    told_words = words % {"title": meetup.title, "when": _when(meetup), "where": where}
    return Wording(told_words, meetup.get_absolute_url(), action=_("See the meetup"))


@worded("meetup_cancelled", prepare=Told)
def say_that_it_is_off(notice: Notice, told: Told) -> Wording | None:
    """It does not take place, and why."""
    meetup = told.of(notice)
    if meetup is None:
        return None
    words = _("“%(title)s” does not take place") % {"title": meetup.title}
    return Wording(words, meetup.get_absolute_url(), quote=meetup.cancelled_why, action=_("See other meetups"))


@worded("meetup_place_freed", prepare=Told)
def say_that_there_is_a_place(notice: Notice, told: Told) -> Wording | None:
    """The wait is over."""
    meetup = told.of(notice)
    if meetup is None or meetup.cancelled_at is not None:
        return None
    words = _("You have a place at “%(title)s”, %(when)s") % {"title": meetup.title, "when": _when(meetup)}
    return Wording(words, meetup.get_absolute_url(), action=_("See the meetup"))
