"""What members and hosts type about talks."""

from django import forms
from django.utils.translation import gettext_lazy

from community.forms.base import KindForm


class TalkForm(KindForm):
    """A proposal: what it is called and what it is about."""

    title = forms.CharField(label=gettext_lazy("Title of your talk"), max_length=120)
    about = forms.CharField(
        label=gettext_lazy("What it is about"),
        help_text=gettext_lazy("Two or three sentences, for whoever wonders whether to come. Up to 1,000 signs."),
        widget=forms.Textarea(attrs={"rows": 5}),
        required=False,
        max_length=1000,
    )


class SlotsForm(KindForm):
    """How many more slots the host opens, and how long each is."""

    count = forms.IntegerField(label=gettext_lazy("Slots"), min_value=1, max_value=12, initial=3)
    minutes = forms.IntegerField(label=gettext_lazy("Minutes each"), min_value=5, max_value=120, initial=10)


class AnswerForm(KindForm):
    """Why a talk does not fit this time."""

    answer = forms.CharField(
        label=gettext_lazy("What you say to it"),
        help_text=gettext_lazy("They read it. Say what was good, why it does not fit, and what would."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=280,
    )
