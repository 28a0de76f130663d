"""Where contests are shown outside their own pages."""

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html

from community.contests.reading import ends_at, label_of, steps_of, with_counts
from community.models import Contest
from community.slots import slot

SHOWN = 2


@slot("community_head")
def contests_head(_request: HttpRequest, _nothing: Any, _prepared: None) -> str:
    """The styles of the cards."""
    return format_html('<link rel="stylesheet" href="{}">', static("css/contests.css"))


@slot("community_main", order=20)
def running_contests(request: HttpRequest, _nothing: Any, _prepared: None) -> str:
    """What one can take part in now; nothing where nothing runs and nothing ever did."""
    now, seen = timezone.now(), Contest.objects.visible_to(request.user).select_related("board__product")
    running = with_counts(seen.running(at=now)[:SHOWN])
    cards = [
        {
            "contest": one,
            "phase": one.phase(now),
            "phase_label": label_of(one, one.phase(now)),
            "ends_at": ends_at(one, now),
            "steps": steps_of(one, now),
        }
        for one in running
    ]
    if not cards and not seen.exists():
        return ""
    return render_to_string("community/_contests_running.html", {"cards": cards}, request)
