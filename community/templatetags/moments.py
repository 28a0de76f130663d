"""Moments as people say them: how long is left, and when exactly."""

from datetime import datetime

from django import template
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timesince import timeuntil

register = template.Library()


@register.filter
def left(moment: datetime | None) -> str:
    """How long it is until then, in one unit: "5 days"."""
    return timeuntil(moment, depth=1) if moment is not None else ""


@register.filter
def when(moment: datetime | None) -> SafeString:
    """Day and hour in the reader's zone, which is named: "November 24, 18:00 UTC"."""
    if moment is None:
        return SafeString("")
    local = timezone.localtime(moment)
    pattern = "MONTH_DAY_FORMAT" if local.year == timezone.localtime().year else "DATE_FORMAT"
    shown = f"{formats.date_format(local, pattern)}, {formats.date_format(local, 'H:i')} {local.tzname()}"
    return format_html('<time datetime="{}">{}</time>', local.isoformat(timespec="minutes"), shown)
