"""Rewards's notices in words."""

from django.urls import reverse
from django.utils.translation import gettext as _

from community.models import Notice
from community.notice_words import Wording, worded
from rewards.levels import LEVELS

LEVEL_REACHED = "level_reached"


@worded(LEVEL_REACHED)
def say_level(notice: Notice, _prepared: None) -> Wording | None:
    """One has grown."""
    level = LEVELS[notice.data["level"]]
    return Wording(
        sentence=_("You have grown: you are a %(level)s now") % {"level": level.name},
        url=reverse("honours"),
        stage=level.number + 1,
        label=str(level.name),
        action=_("See what comes next"),
    )
