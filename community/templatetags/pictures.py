"""What stands below a text field: the pictures in it, each with its words, and the way to add more."""

from typing import Any

from django import template
from django.template import Context

from community.models import Attachment
from community.rendering import pictures_in

register = template.Library()


@register.inclusion_tag("community/_picture_fields.html", takes_context=True)
def picture_fields(context: Context, text: str | None, field_id: str, post: Any = None, comment: Any = None) -> dict[str, Any]:
    """text: what stands in the field; field_id: its id, made whole by the comment's; post: whose people are offered first."""
    request = context["request"]
    member = context.get("member")
    shown = pictures_in(text) if member and text and "/pictures/" in text else {}
    mine = Attachment.objects.filter(pk__in=shown, owner=member).order_by("pk") if shown else []
    return {
        "member": member,
        "thumbs": [{"picture": one, "alt": shown[one.pk], "decorative": one.decorative} for one in mine],
        "faults": getattr(request, "picture_faults", []),
        "field_id": field_id if not field_id.endswith("-") else f"{field_id}{comment.pk if comment else 0}",
        "post": post,
        "path": request.get_full_path(),
    }
