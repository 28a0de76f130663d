"""The notices of meetups and talks in words."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from community.mail_render import tame_name
from community.meetups.reading import when_there
from community.models import Meetup, Notice, Talk, TalkState
from community.notice_words import Wording, worded
from community.readers import Readers


class Told:
    """The meetups that notices are about, and who of their readers may see them."""

    def __init__(self, notices: Sequence[Notice]) -> None:
        self.meetups = Meetup.objects.select_related("board").in_bulk([notice.data["meetup_id"] for notice in notices])
        talks = [notice.data["talk_id"] for notice in notices if "talk_id" in notice.data]
        self.talks = Talk.objects.select_related("speaker").in_bulk(talks)
        self.readers = Readers({notice.member_id: notice.member for notice in notices}.values())

    def of(self, notice: Notice) -> Meetup | None:
        found = self.meetups.get(notice.data["meetup_id"])
        seen = (
            found is not None
            and found.published
            and found.hidden_at is None
            and self.readers.may_see_board(notice.member, found.board)
        )
        return found if seen else None


@worded("meetup_near", prepare=Told)
def say_that_it_is_near(notice: Notice, told: Told) -> Wording | None:
    """Tomorrow, or sooner."""
    meetup = told.of(notice)
    if meetup is None or meetup.cancelled_at is not None:
        return None
    words = _("“%(title)s” begins soon: %(when)s") % {"title": meetup.title, "when": when_there(meetup)}
    return Wording(words, meetup.get_absolute_url(), action=_("See the meetup"))


@worded("meetup_arranged", prepare=Told)
def say_that_it_moved(notice: Notice, told: Told) -> Wording | None:
    """Another time or another place."""
    meetup = told.of(notice)
    if meetup is None or meetup.cancelled_at is not None:
        return None
    where = meetup.city or _("online")
    words = _("“%(title)s” has another time or place: %(when)s, %(where)s")
    told_words = words % {"title": meetup.title, "when": when_there(meetup), "where": where}
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
    words = _("You have a place at “%(title)s”, %(when)s") % {"title": meetup.title, "when": when_there(meetup)}
    return Wording(words, meetup.get_absolute_url(), action=_("See the meetup"))


@worded("meetup_hidden", prepare=Told)
def say_that_it_is_hidden(notice: Notice, told: Told) -> Wording | None:
    """A moderator took it out of sight; or it is there again, and then it can be looked at."""
    meetup = told.meetups.get(notice.data["meetup_id"])
    if meetup is None or not told.readers.may_see_board(notice.member, meetup.board):
        return None
    if meetup.hidden_at is not None:
        words = _("“%(title)s” is not shown for now: a moderator has a question about it") % {"title": meetup.title}
        return Wording(words, reverse("meetups"), action=_("See other meetups"))
    words = _("“%(title)s” is shown again, and your answer to it stands") % {"title": meetup.title}
    return Wording(words, meetup.get_absolute_url(), action=_("See the meetup"))


@worded("talk_proposed", prepare=Told)
def say_who_proposes(notice: Notice, told: Told) -> Wording | None:
    """Somebody would like to talk at one's meetup."""
    meetup, talk = told.of(notice), told.talks.get(notice.data["talk_id"])
    if meetup is None or talk is None or talk.state != TalkState.PROPOSED:
        return None
    names = {"name": tame_name(str(talk.speaker)), "talk": talk.title, "meetup": meetup.title}
    words = _("%(name)s proposes a talk for “%(meetup)s”: “%(talk)s”") % names
    return Wording(words, reverse("meetup-talks", args=[meetup.slug]), quote=talk.about, action=_("Say yes or no"))


@worded("talk_answered", prepare=Told)
def say_what_the_host_said(notice: Notice, told: Told) -> Wording | None:
    """One's talk is in the programme, or not this time."""
    meetup, talk = told.of(notice), told.talks.get(notice.data["talk_id"])
    if meetup is None or talk is None or talk.state not in (TalkState.ACCEPTED, TalkState.DECLINED):
        return None
    names = {"talk": talk.title, "meetup": meetup.title}
    if talk.state == TalkState.ACCEPTED:
        words = _("“%(talk)s” is in the programme of “%(meetup)s”") % names
    else:
        words = _("“%(talk)s” does not fit into “%(meetup)s” this time") % names
    return Wording(words, meetup.get_absolute_url(), quote=talk.answer, action=_("See the meetup"))


@worded("talk_left", prepare=Told)
def say_that_a_talk_left(notice: Notice, told: Told) -> Wording | None:
    """A slot in one's programme is free again."""
    meetup, talk = told.of(notice), told.talks.get(notice.data["talk_id"])
    if meetup is None or talk is None or talk.state == TalkState.ACCEPTED:
        return None
    words = _("“%(talk)s” is not in the programme of “%(meetup)s” any more, so its slot is free")
    told_words = words % {"talk": talk.title, "meetup": meetup.title}
    return Wording(told_words, reverse("meetup-talks", args=[meetup.slug]), action=_("See what is proposed"))
