"""Circles that search engines may find: those that are open."""

from collections.abc import Iterable

from django.urls import reverse

from community.circles.reading import last_active
from community.models import Circle
from community.sitemaps import Page, mapped


@mapped("circles")
def circles(_part: int) -> Iterable[Page]:
    """The list, and each with when somebody last wrote there."""
    yield Page(reverse("circles"))
    rows = Circle.objects.open().annotate(active_at=last_active(None)).order_by("pk")
    for circle in rows:
        yield Page(circle.get_absolute_url(), circle.active_at or circle.opened_at)
