"""What everybody may read: the rules of the community, and what moderation comes to in numbers."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from community.care.house_rules import rules_in_force
from community.care.numbers import months
from community.rendering import render as render_markdown
from community.views.pages import for_everybody


@require_safe
@for_everybody
def rules(request: HttpRequest) -> HttpResponse:
    """The rules in the reader's language."""
    text = rules_in_force()
    return render(request, "community/care/rules.html", {"html": render_markdown(str(text)), "text": text})


@require_safe
@for_everybody
def transparency(request: HttpRequest) -> HttpResponse:
    """Reports, holds, decisions and appeals, month by month."""
    return render(request, "community/care/transparency.html", {"months": months(at=timezone.now())})
