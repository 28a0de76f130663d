"""Tags of the moderators' pages."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from community.care.queue import Case
from community.care.words import reason
from community.models import Decision

register = template.Library()


@register.simple_tag
def waited(case: Case) -> str:
    """How long it has waited, and whether that is longer than promised."""
    if case.hours >= 48:
        told = ngettext("%(count)d day", "%(count)d days", case.hours // 24) % {"count": case.hours // 24}
    elif case.hours:
        told = ngettext("%(count)d hour", "%(count)d hours", case.hours) % {"count": case.hours}
    else:
        told = _("just now")
    return _("%(time)s, longer than promised") % {"time": told} if case.late else told


@register.simple_tag
def typed(milliseconds: int) -> str:
    """How long the form was open."""
    seconds = milliseconds // 1000
    if seconds < 120:
        return ngettext("Written in %(count)d second", "Written in %(count)d seconds", seconds) % {"count": seconds}
    return ngettext("Written in %(count)d minute", "Written in %(count)d minutes", seconds // 60) % {"count": seconds // 60}


@register.simple_tag
def rule_of(decision: Decision) -> str:
    """Why, as the table says it."""
    return reason(decision)


@register.filter
def of(known: Mapping[int, Any], key: int) -> Any:
    """What is known under a number, or nothing."""
    return known.get(key)
