"""The feeds of the roadmap and of what has shipped."""

from collections.abc import Iterable

from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from community.feeds import MOST, Entry, Feed, answer_feed
from community.views.pages import for_everybody
from feedback.lanes import lanes_of, wanted_items
from feedback.models import Release

NOBODY = None


@require_safe
@for_everybody
def releases(request: HttpRequest) -> HttpResponse:
    """What shipped, the latest first."""
    rows = Release.objects.shipped().select_related("product", "shipped_by")[:MOST]
    entries = [
        Entry(
            key=f"release/{row.pk}",
            title=f"{row.product} {row.version}: {row.title}",
            path=row.get_absolute_url(),
            html=row.notes_html,
            at=row.created_at,
            updated_at=row.shipped_at or row.created_at,
            author=str(row.shipped_by or ""),
            labels=[str(row.product)],
        )
        for row in rows
    ]
    return answer_feed(request, Feed(_("Releases") + " · Sprout", reverse("releases")), entries)


@require_safe
@for_everybody
def roadmap(request: HttpRequest) -> HttpResponse:
    """Where each piece of work stands; one that moved is told of anew."""
    return answer_feed(request, Feed(_("Roadmap") + " · Sprout", reverse("roadmap")), _work())


def _work() -> Iterable[Entry]:
    latest = wanted_items().order_by(F("moved_at").desc(), "-pk")[:MOST]
    ids = list(latest.values_list("pk", flat=True))
    cards = [card for lane in lanes_of(wanted_items().filter(pk__in=ids), viewer=NOBODY) for card in lane.cards]
    for card in sorted(cards, key=lambda card: (card.item.moved_at, card.item.pk), reverse=True):
        item = card.item
        links = format_html_join("", '<li><a href="{}">{}</a></li>',
                                 ((wish.post.get_absolute_url(), wish.post.title) for wish in card.wishes))  # fmt: skip
        yield Entry(
            # A reader shows an entry once: each step is one of its own.
            key=f"roadmap/{item.pk}/{item.column}",
            title=f"{item.get_column_display()}: {item.title}",
            path=f"{reverse('roadmap')}?column={item.column}",
            html=format_html("<p>{}</p><ul>{}</ul>", item.summary, links),
            at=item.moved_at,
            updated_at=item.moved_at,
            labels=[str(item.product), str(item.get_column_display())],
        )
