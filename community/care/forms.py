"""What people give reasons in."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from community.care.rules import BROKEN
from community.forms.base import KindForm

RULES = [(code, label) for code, (label, _told) in BROKEN.items()]
# What may come with it for the author: the sanction and its days; 0 is for good.
ALSO = [
    ("", _("nothing more")),
    ("warn", _("a warning")),
    ("limit-7", _("a limit for 7 days")),
    ("suspend-7", _("a suspension for 7 days")),
]
SANCTIONS = [
    ("warn", _("Warn")),
    ("limit-1", _("Limit for a day")),
    ("limit-7", _("Limit for 7 days")),
    ("limit-30", _("Limit for 30 days")),
    ("suspend-1", _("Suspend for a day")),
    ("suspend-7", _("Suspend for 7 days")),
    ("suspend-30", _("Suspend for 30 days (a second person confirms)")),
    ("suspend-365", _("Suspend for a year (a second person confirms)")),
    ("suspend-0", _("Suspend for good (team only; a second person confirms)")),
]


def end_of(choice: str, at: datetime) -> tuple[str, datetime | None]:
    """The sanction and its end: "limit-7" is a limit that ends in seven days."""
    name, _dash, days = choice.partition("-")
    return name, at + timedelta(days=int(days)) if days and days != "0" else None


class ReportForm(KindForm):
    """What is wrong with it."""

    rule = forms.ChoiceField(
        label=_("What is wrong with it?"),
        choices=RULES,
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose a reason.")},
    )
    words = forms.CharField(
        label=_("What should we know?"),
        help_text=_("Only moderators read this."),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class ReasonForm(KindForm):
    """Why something is hidden or declined; the person reads it."""

    rule = forms.ChoiceField(
        label=_("Why?"),
        choices=RULES,
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose a reason; the person reads it.")},
    )
    words = forms.CharField(
        label=_("A sentence to the person"),
        help_text=_("The reason is told in their language. Say what would make it fit."),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    also = forms.ChoiceField(label=_("And for its author"), choices=ALSO, required=False)


class SanctionForm(KindForm):
    """What is decided about a member."""

    what = forms.ChoiceField(label=_("What"), choices=SANCTIONS)
    rule = forms.ChoiceField(
        label=_("Why?"),
        choices=RULES,
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose a reason; the person reads it.")},
    )
    words = forms.CharField(
        label=_("A sentence to the person"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class WordsForm(KindForm):
    """A text and nothing else."""

    words = forms.CharField(
        label=_("Why?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Please say why, in a sentence.")},
    )

    def __init__(self, *args: Any, label: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if label:
            self.fields["words"].label = label
