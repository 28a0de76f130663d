"""A segment's rule as staff fill it in: one field per condition, empty where it is not asked for."""

import zoneinfo
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
)

from community.models import Persona, Segment, TesterGroup
from community.segment_rules import NUMBERS, read_rule

CONDITIONS = (
    "match", "level", "trust", "languages", "zones", "personas", "devices", "groups", "active_days", "posts", "votes",
    "member_for", "joined_before",
)  # fmt: skip


def _number(label: Any, name: str, help_text: Any = "") -> forms.IntegerField:
    return forms.IntegerField(
        label=label, help_text=help_text, required=False, min_value=0, max_value=NUMBERS[name],
        widget=UnfoldAdminIntegerFieldWidget,
    )  # fmt: skip


class SegmentForm(forms.ModelForm):
    """What it is called, the rule, and members by hand."""

    match = forms.ChoiceField(
        label=_("Who belongs"),
        choices=[("all", _("Whoever meets all of these")), ("any", _("Whoever meets any of these"))],
        widget=UnfoldAdminSelectWidget,
    )
    level = _number(_("Level at least"), "level")
    trust = _number(_("Trust at least"), "trust", _("0 to 2"))
    languages = forms.MultipleChoiceField(
        label=_("Language is one of"),
        choices=settings.LANGUAGES,
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
    )
    zones = forms.CharField(
        label=_("Time zone is in"), required=False, widget=UnfoldAdminTextInputWidget,
        help_text=_("Parts of the world or zones, parted by commas: Europe, Asia/Taipei. Members choose theirs in their settings."),
    )  # fmt: skip
    personas = forms.ModelMultipleChoiceField(
        label=_("Persona is one of"), queryset=Persona.objects.all(), to_field_name="slug", required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
    )  # fmt: skip
    devices = forms.CharField(
        label=_("Device contains"),
        required=False,
        widget=UnfoldAdminTextInputWidget,
        help_text=_("Words, parted by commas. It is what members say they use."),
    )
    groups = forms.ModelMultipleChoiceField(
        label=_("Is in the tester group"), queryset=TesterGroup.objects.all(), to_field_name="slug", required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
    )  # fmt: skip
    active_days = _number(_("Here within so many days"), "active_days")
    posts = _number(_("Posts written, at least"), "posts")
    votes = _number(_("Suggestions voted for, at least"), "votes")
    member_for = _number(_("Member for so many days"), "member_for")
    joined_before = forms.DateField(
        label=_("Joined before"), required=False, widget=UnfoldAdminTextInputWidget(attrs={"type": "date"})
    )

    class Meta:
        model = Segment
        fields = ["name", "name_zh_hans", "name_zh_hant", "slug", "about", "added", "excluded"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        segment: Segment | None = kwargs.get("instance")
        if segment is not None:
            kwargs["initial"] = conditions_shown(segment.rule) | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)

    def clean_zones(self) -> list[str]:
        """Zones that there are, or the part of one before the slash."""
        words = _parted(self.cleaned_data["zones"])
        known = zoneinfo.available_timezones()
        known |= {name.partition("/")[0] for name in known}
        for word in words:
            if word not in known:
                raise forms.ValidationError(_("There is no time zone “%(word)s”."), params={"word": word})
        return words

    def clean_devices(self) -> list[str]:
        return _parted(self.cleaned_data["devices"])

    def rule(self) -> dict[str, Any]:
        """The rule as data."""
        said = {name: self.cleaned_data.get(name) for name in CONDITIONS}
        for name in ("personas", "groups"):
            said[name] = [thing.slug for thing in said[name] or ()]
        said["match"] = said["match"] or "all"
        return {name: value for name, value in said.items() if value not in (None, "", [])}


def conditions_shown(rule: dict[str, Any]) -> dict[str, Any]:
    """A rule's conditions as the form shows them."""
    read = read_rule(rule)
    shown: dict[str, Any] = {"match": read.match, **read.conditions}
    for name in ("zones", "devices"):
        shown[name] = ", ".join(shown.get(name, ()))
    return shown


def _parted(words: str) -> list[str]:
    for comma in "，、;；\n":
        words = words.replace(comma, ",")
    return [word.strip()[:60] for word in words.split(",") if word.strip()][:20]
