"""How a member is shown and spoken to."""

import zoneinfo
from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community.forms.base import KindForm
from community.models import Member, Persona


class SettingsForm(KindForm):
    """How a member is shown and spoken to."""

    display_name = forms.CharField(
        label=gettext_lazy("Name"), max_length=60, help_text=gettext_lazy("It stands beside what you write, and in thanks.")
    )
    username = forms.CharField(
        label=gettext_lazy("Name in addresses"),
        max_length=40,
        required=False,
        help_text=gettext_lazy(
            "Your page is found by it, and people call you with an @ and it. The old one leads to you for good."
        ),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "autocomplete": "username"}),
    )
    bio = forms.CharField(
        label=gettext_lazy("About you"), max_length=280, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language"), choices=settings.LANGUAGES, help_text=gettext_lazy("Of the pages and of your mails.")
    )
    time_zone = forms.ChoiceField(
        label=gettext_lazy("Time zone"), help_text=gettext_lazy("Dates are shown and mails are sent by it.")
    )
    device = forms.CharField(
        label=gettext_lazy("What do you use?"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("Device and version, if you like. The team finds testers by it; nobody else sees it."),
    )
    persona = forms.ModelChoiceField(
        label=gettext_lazy("Which kind of user are you?"),
        queryset=Persona.objects.all(),
        to_field_name="slug",
        required=False,
        empty_label=gettext_lazy("I would rather not say"),
        help_text=gettext_lazy("It shows how widely a suggestion is wished for. Nobody else sees it."),
    )

    def __init__(self, *args: Any, member: Member, **kwargs: Any) -> None:
        names = ("display_name", "username", "bio", "language", "time_zone", "device", "persona")
        shown: dict[str, Any] = {name: getattr(member, name) for name in names}
        super().__init__(*args, initial=shown, **kwargs)
        zones = self.fields["time_zone"]
        assert isinstance(zones, forms.ChoiceField)
        zones.choices = time_zone_choices(zoneinfo.available_timezones() | {member.time_zone})


def time_zone_choices(names: Iterable[str]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Zones grouped by part of the world; UTC first."""
    parts: dict[str, list[tuple[str, str]]] = {_("Everywhere"): [("UTC", "UTC")]}
    for name in sorted(names):
        part, _slash, city = name.partition("/")
        if city and part not in ("Etc", "SystemV", "US"):
            parts.setdefault(part, []).append((name, city.replace("_", " ")))
    return list(parts.items())
