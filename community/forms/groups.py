"""What people write to come into a group."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community.forms.base import KindForm
from community.models import Layer, MembershipState, TesterGroup


class ApplicationForm(KindForm):
    """A line or two, and one tick where the group asks for something."""

    words = forms.CharField(
        label=gettext_lazy("Why would you like to come?"),
        help_text=gettext_lazy(
            "A line or two is enough. Applications are read by what people brought about, not by who was first."
        ),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    agreed = forms.BooleanField(label="", required=False)

    def __init__(self, *args: Any, group: TesterGroup, state: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agreed"].label = _("I agree with what the group asks.")
        if group.layer == Layer.WIDE or state == MembershipState.INVITED:
            del self.fields["words"]
        if not group.asks:
            del self.fields["agreed"]

    def answers(self) -> dict[str, Any]:
        """What was typed, under the names the operation takes."""
        data = self.cleaned_data
        return {"words": data.get("words", ""), "agreed": bool(data.get("agreed"))}


class VoiceForm(KindForm):
    """Whom one speaks for."""

    username = forms.CharField(
        label=gettext_lazy("Name in addresses"),
        help_text=gettext_lazy("As it stands at the end of their page's address."),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
