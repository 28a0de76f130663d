"""The notices of circles in words."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from community.mail_render import tame_name
from community.models import Circle, Notice
from community.notice_words import Wording, worded

Prepared = dict[int, Circle]


def _circles(notices: Sequence[Notice]) -> Prepared:
    return Circle.objects.select_related("steward").in_bulk([notice.data["circle_id"] for notice in notices])


@worded("circle_opened", prepare=_circles)
def say_that_it_is_open(notice: Notice, circles: Prepared) -> Wording | None:
    """There were enough of them."""
    circle = circles.get(notice.data["circle_id"])
    if circle is None or circle.state != "open":
        return None
    words = _("“%(name)s” is open: you were enough") % {"name": tame_name(circle.name)}
    return Wording(words, circle.get_absolute_url(), quote=circle.about, action=_("Say hello"))


@worded("circle_reopened", prepare=_circles)
def say_that_it_is_back(notice: Notice, circles: Prepared) -> Wording | None:
    """It was closed by mistake."""
    circle = circles.get(notice.data["circle_id"])
    if circle is None or circle.state == "closed":
        return None
    words = _("“%(name)s” is back, as it was before") % {"name": tame_name(circle.name)}
    return Wording(words, circle.get_absolute_url(), action=_("See the circle"))


@worded("circle_seeks", prepare=_circles)
def say_that_it_looks_for_somebody(notice: Notice, circles: Prepared) -> Wording | None:
    """Nobody looks after it now; as soon as somebody does, there is nothing to say."""
    circle = circles.get(notice.data["circle_id"])
    if circle is None or circle.state != "open" or circle.steward_id is not None:
        return None
    words = _("“%(name)s” looks for somebody to look after it. You?") % {"name": tame_name(circle.name)}
    return Wording(words, circle.get_absolute_url(), action=_("See the circle"))


@worded("circle_closed", prepare=_circles)
def say_that_it_is_closed(notice: Notice, circles: Prepared) -> Wording | None:
    """And why."""
    circle = circles.get(notice.data["circle_id"])
    if circle is None or circle.state != "closed":
        return None
    words = _("“%(name)s” is closed") % {"name": tame_name(circle.name)}
    return Wording(words, circle.get_absolute_url(), quote=circle.closed_because, action=_("Other circles"))
