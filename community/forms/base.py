"""A form that looks like ours and takes a refusal to heart."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from community.refusals import Refused


class KindForm(forms.Form):
    """A form whose fields look like ours and which takes an operation's refusal to heart."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if not isinstance(field.widget, forms.RadioSelect | forms.CheckboxInput | forms.HiddenInput):
                field.widget.attrs.setdefault("class", "input")

    def clean(self) -> dict[str, Any] | None:
        """Pictures that came along without script are described before anything is sent."""
        cleaned = super().clean()
        if "body" in self.fields and self.data.get("pictures_again"):
            self.add_error("body", _("Please look at the pictures below and say what each shows; then send it."))
        return cleaned

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
