"""Where meetups are shown outside their own pages."""

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html

from community.meetups.reading import answers_of, with_counts
from community.models import Meetup
from community.slots import slot

SHOWN = 2


@slot("community_head")
def meetups_head(_request: HttpRequest, _nothing: Any, _prepared: None) -> str:
    """The styles of the cards."""
    return format_html('<link rel="stylesheet" href="{}">', static("css/meetups.css"))


@slot("community_main", order=10)
def next_meetups(request: HttpRequest, _nothing: Any, _prepared: None) -> str:
    """The next ones; nothing where there never was one."""
    seen = Meetup.objects.visible_to(request.user)
    rows = list(with_counts(seen.coming(at=timezone.now()).filter(cancelled_at=None))[:SHOWN])
    if not rows and not seen.exists():
        return ""
    answers = answers_of(request.user, rows)
    cards = [(meetup, answers.get(meetup.pk, "")) for meetup in rows]
    return render_to_string("community/_meetups_next.html", {"cards": cards}, request)
