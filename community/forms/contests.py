"""What members type into contests."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from community.forms.base import KindForm
from community.models import ContestEntry


class EntryForm(KindForm):
    """An entry: its name, its text, and who made it too."""

    title = forms.CharField(label=gettext_lazy("Name of your entry"), max_length=120)
    body = forms.CharField(
        label=gettext_lazy("What it is, and how it came about"),
        help_text=gettext_lazy("Markdown works: **bold**, lists, links."),
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    team = forms.CharField(
        label=gettext_lazy("Made together with"),
        help_text=gettext_lazy("Usernames, parted by commas. They are asked, and named once they agree."),
        required=False,
        max_length=400,
    )

    @classmethod
    def for_entry(cls, entry: ContestEntry, data: Any) -> "EntryForm":
        team = ", ".join(entry.team.order_by("pk").values_list("member__username", flat=True))
        return cls(data, initial={"title": entry.title, "body": entry.body, "team": team})

    def clean_team(self) -> list[str]:
        words: str = self.cleaned_data["team"]
        for comma in "，、;；\n":
            words = words.replace(comma, ",")
        return [word.strip() for word in words.split(",") if word.strip()]
