"""Rules for themes as people write them: "battery 2-6, debt 3-, display -3", in team-weeks."""

import re
from collections.abc import Mapping
from decimal import Decimal

from django.utils.translation import gettext as _

from community.refusals import Invalid

QUARTERS = 4
ONE = re.compile(r"(?P<theme>[^,，\d][^,，]*?)\s+(?P<least>\d+(?:\.\d+)?)?\s*[-–~]\s*(?P<most>\d+(?:\.\d+)?)?")
Weeks = Mapping[str, int]


def read_themes(text: str) -> tuple[dict[str, int], dict[str, int]]:
    """The least and the most of each theme, in quarter team-weeks. Raises Invalid with the part that cannot be read."""
    least: dict[str, int] = {}
    most: dict[str, int] = {}
    for part in filter(None, (one.strip() for one in re.split("[,，\n]", text))):
        found = ONE.fullmatch(part)
        if found is None or not (found["least"] or found["most"]):
            told = _("“%(part)s” cannot be read. Write a theme and weeks, for example: battery 2-6.") % {"part": part[:60]}
            raise Invalid(told, fields={"themes": told})
        theme = " ".join(found["theme"].split())
        for kept, weeks in ((least, found["least"]), (most, found["most"])):
            if weeks:
                kept[theme] = round(Decimal(weeks) * QUARTERS)
    return least, most


def write_themes(least: Weeks, most: Weeks) -> str:
    """The same rules as text; reading it gives them again."""
    themes = sorted({*least, *most})
    return ", ".join(f"{theme} {_weeks(least.get(theme))}-{_weeks(most.get(theme))}" for theme in themes)


def _weeks(quarters: int | None) -> str:
    return "" if quarters is None else f"{quarters / QUARTERS:g}"
