"""Forms parse what people type and show it again with what to mend; the operations decide."""

import zoneinfo
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community.models import Audience, Board, Member, Persona, Post, PostKind
from community.models.board import Viewer
from community.refusals import Refused

# What a fan may write; announcements are the team's.
KINDS = (PostKind.SUGGESTION, PostKind.BUG, PostKind.QUESTION, PostKind.DISCUSSION)


class KindForm(forms.Form):
    """A form whose fields look like ours and which takes an operation's refusal to heart."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if not isinstance(field.widget, forms.RadioSelect | forms.CheckboxInput | forms.HiddenInput):
                field.widget.attrs.setdefault("class", "input")

    def take(self, refusal: Refused) -> None:
        """The refusal stands beside the field it is about, or above the form."""
        told = False
        for name, sentence in refusal.fields.items():
            if name in self.fields:
                # Some refusals only name the limit; then the whole sentence says more.
                self.add_error(name, sentence if " " in sentence or len(sentence) > 12 else refusal.sentence)
                told = True
        if not told:
            self.add_error(None, refusal.sentence)


class WritingForm(KindForm):
    """Title, text and tags: what can still be mended later."""

    title = forms.CharField(
        label=gettext_lazy("What do you wish for?"),
        help_text=gettext_lazy("Say what it does for you, not where the button goes."),
        max_length=160,
        widget=forms.TextInput(attrs={"class": "input input-title", "autocomplete": "off"}),
    )
    body = forms.CharField(
        label=gettext_lazy("Tell us about the last time you needed it"),
        help_text=gettext_lazy("Markdown works: **bold**, lists, links."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    tags = forms.CharField(
        label=gettext_lazy("Tags"),
        help_text=gettext_lazy("Up to five words, parted by commas."),
        required=False,
        max_length=220,
    )

    def clean_tags(self) -> list[str]:
        words: str = self.cleaned_data["tags"]
        for comma in "，、;；\n":
            words = words.replace(comma, ",")
        return [word.strip() for word in words.split(",") if word.strip()]


class PostForm(WritingForm):
    """The composer."""

    kind = forms.ChoiceField(
        label=gettext_lazy("It is"),
        choices=[(kind.value, kind.label) for kind in KINDS],
        initial=PostKind.SUGGESTION.value,
        widget=forms.RadioSelect(attrs={"class": "vh"}),
    )
    board = forms.ModelChoiceField(
        label=gettext_lazy("Board"),
        queryset=Board.objects.none(),
        to_field_name="slug",
        empty_label=None,
        error_messages={
            "required": gettext_lazy("Please choose a board."),
            "invalid_choice": gettext_lazy("Please choose one of these boards."),
        },
    )
    field_order = ["title", "body", "kind", "board", "tags"]

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        boards = self.fields["board"]
        assert isinstance(boards, forms.ModelChoiceField)
        boards.queryset = boards_to_post_in(viewer)

    def draft(self, extras: Mapping[str, Any]) -> dict[str, Any]:
        """What was typed, for the session: plain values, under the names the form reads."""
        data = self.cleaned_data
        kept = {name: data[name] for name in ("title", "body", "kind", "tags")}
        return kept | {"board": data["board"].slug, "extras": dict(extras)}


def boards_to_post_in(viewer: Viewer) -> Any:
    """The boards a person may post in; a visitor is offered what they may use once they have signed in."""
    if viewer is not None and viewer.is_authenticated:
        return Board.objects.open_to(viewer, "post")
    return Board.objects.visible_to(None).filter(post__in=[Audience.ANYONE, Audience.MEMBERS])


class PostEditForm(WritingForm):
    """The same text once more."""

    @classmethod
    def for_post(cls, post: Post, data: Any) -> "PostEditForm":
        tags = ", ".join(tag.name for tag in post.tags.all())
        return cls(data, initial={"title": post.title, "body": post.body, "tags": tags})


class CommentForm(KindForm):
    """One text."""

    body = forms.CharField(
        label=gettext_lazy("Add to it"),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Please write something first.")},
    )
    parent = forms.IntegerField(required=False, widget=forms.HiddenInput)


class SettingsForm(KindForm):
    """How a member is shown and spoken to."""

    display_name = forms.CharField(
        label=gettext_lazy("Name"), max_length=60, help_text=gettext_lazy("It stands beside what you write, and in thanks.")
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
    persona = forms.ModelChoiceField(
        label=gettext_lazy("Which kind of user are you?"),
        queryset=Persona.objects.all(),
        to_field_name="slug",
        required=False,
        empty_label=gettext_lazy("I would rather not say"),
        help_text=gettext_lazy("It shows how widely a suggestion is wished for. Nobody else sees it."),
    )

    def __init__(self, *args: Any, member: Member, **kwargs: Any) -> None:
        names = ("display_name", "bio", "language", "time_zone", "persona")
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
