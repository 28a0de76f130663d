"""The roadmap and what has shipped, for search engines."""

from collections.abc import Iterable

from django.urls import reverse

from community.sitemaps import Page, mapped
from feedback.models import Release


@mapped("releases")
def releases(_part: int) -> Iterable[Page]:
    """The roadmap, and every release that is out."""
    yield Page(reverse("roadmap"))
    yield Page(reverse("releases"))
    for release in Release.objects.shipped():
        yield Page(release.get_absolute_url(), release.shipped_at)
