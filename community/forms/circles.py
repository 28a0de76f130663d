"""What people write to propose a circle, and what those who moderate write to close one."""

from django import forms
from django.utils.translation import gettext_lazy as _

from community.forms.base import KindForm
from community.models import CircleKind


class CircleForm(KindForm):
    """What it is called, what its people share, and whether one looks after it."""

    name = forms.CharField(label=_("What is it called?"), max_length=60)
    kind = forms.ChoiceField(
        label=_("What do its people share?"),
        choices=CircleKind.choices,
        initial=CircleKind.CITY,
        error_messages={"required": _("Please choose one.")},
    )
    about = forms.CharField(
        label=_("Who is it for?"),
        help_text=_("A sentence or two: who comes, and what you do together."),
        max_length=280,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    keeps = forms.BooleanField(label=_("I would look after it"), required=False)


class CloseForm(KindForm):
    """Why a circle is closed; everybody who was in it reads it."""

    reason = forms.CharField(
        label=_("Why?"),
        help_text=_("Everybody who is in it reads this."),
        max_length=280,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Please say why, in a sentence. Everybody in it reads it.")},
    )
