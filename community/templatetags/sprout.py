"""The few tags every template may use; loaded as builtins."""

from datetime import datetime
from typing import Any

from django import template
from django.template import Context
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from community import punctuation, slots
from community.languages import guess_language

register = template.Library()
FACES = {"": (96, 36, 36), "big": (320, 80, 80)}  # the version, and the room it takes


@register.simple_tag(takes_context=True)
def slot(context: Context, name: str, thing: Any = None) -> SafeString:
    """What higher apps show in this place for this object."""
    return mark_safe(slots.fill(context["request"], name, thing))  # noqa: S308 - fillers answer safe HTML


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """An icon of the sprite; decoration, unless it has a label."""
    if label:
        return format_html('<svg class="icon" role="img" aria-label="{}"><use href="#i-{}"/></svg>', label, name)
    return format_html('<svg class="icon" aria-hidden="true"><use href="#i-{}"/></svg>', name)


@register.simple_tag
def comma() -> str:
    """What parts two facts that stand side by side, as the page's language writes it."""
    return punctuation.comma()


@register.simple_tag
def gap() -> str:
    """What parts two sentences: a space, and in Chinese nothing, since its full stop brings its own."""
    return punctuation.gap()


@register.filter
def face(member: Any, size: str = "") -> SafeString:
    """The member's picture, or their initials on one of four tints; a round, or a leaf for staff. size: "big" on their page."""
    tint = "face-staff" if member.speaks_for_the_team else f"face-{member.pk % 4 + 1}"
    where = member.face
    if not where:
        return format_html('<span class="face {}" aria-hidden="true">{}</span>', tint, member.initials)
    # Beside it stands the name, so the picture has no words of its own.
    shown = format_html('<img class="face {}" src="{}/{}.webp" width="{}" height="{}"', tint, where, *FACES[size])
    return shown + SafeString(' alt="" decoding="async">' if size else ' alt="" loading="lazy" decoding="async">')


@register.filter
def day(moment: datetime | None) -> SafeString:
    """A day as people say it, exact on hover; the year only where it is not this one."""
    if moment is None:
        return SafeString("")
    local = timezone.localtime(moment)
    pattern = "MONTH_DAY_FORMAT" if local.year == timezone.localtime().year else "DATE_FORMAT"
    shown = formats.date_format(local, pattern)
    return format_html('<time datetime="{}">{}</time>', local.date().isoformat(), shown)


@register.filter
def lang(written: Any) -> SafeString:
    """` lang="…"` of what somebody wrote, for fonts and screen readers; nothing where nobody can tell.

    A post knows its language; a comment's is guessed from its words.
    """
    known = written.language if hasattr(written, "language") else guess_language(written.body)
    return format_html(' lang="{}"', known) if known else SafeString("")


@register.filter
def tenth(numerator: int) -> str:
    """A score's numerator (0…1,000,000) as it is shown: one decimal of 0–100, rounded down."""
    return f"{numerator // 1000 / 10:.1f}"


@register.simple_tag(takes_context=True)
def query(context: Context, **changes: Any) -> str:
    """The page's own address query with these changes; None takes a key out, and paging starts anew."""
    values = context["request"].GET.copy()
    values.pop("after", None)
    for key, value in changes.items():
        values.pop(key, None)
        if value not in (None, ""):
            values[key] = value
    return f"?{values.urlencode()}" if values else "?"


@register.simple_tag(takes_context=True)
def query_without(context: Context, key: str) -> str:
    """The page's own address query without this key."""
    return query(context, **{key: None})
