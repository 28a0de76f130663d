"""Tags of the sign-in pages, and of forms whose widgets are not ours."""

from typing import Any

from django import forms, template
from django.forms.boundfield import BoundField
from django.template import Context
from django.utils import timezone
from django.utils.safestring import SafeString

from community.pending import tell_waiting

register = template.Library()


@register.simple_tag(takes_context=True)
def waiting(context: Context) -> list[str]:
    """A sentence for each thing the visitor did that waits for the sign-in."""
    request = context.get("request")
    return tell_waiting(request, at=timezone.now()) if request is not None else []


@register.filter
def dressed(field: BoundField) -> SafeString | str:
    """The field's control in our look, whoever made its form."""
    widget: Any = field.field.widget
    if not isinstance(widget, forms.CheckboxInput | forms.RadioSelect | forms.HiddenInput):
        widget.attrs.setdefault("class", "input")
    return field.as_widget()
