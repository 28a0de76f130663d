"""People: their pages, and the page where they meet."""

from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from community import slots
from community.lists import boards_with_counts
from community.models import Member, PostKind, Standing
from community.paging import take_page
from community.views.pages import for_everybody, is_htmx, prepare_rows

TALK = (PostKind.QUESTION, PostKind.DISCUSSION, PostKind.STORY, PostKind.ANNOUNCEMENT)


@require_safe
@for_everybody
def member(request: HttpRequest, username: str) -> HttpResponse:
    """A member's page: what they wished for, what of it has shipped, and their honours."""
    shown = Member.objects.open().filter(Q(claimed_at__isnull=False) | ~Q(source_id=""))
    person = get_object_or_404(shown, username=username)
    mine = Standing.objects.visible_to(request.user).listed().suggestions().filter(post__author=person)
    page = take_page(mine.with_posts(), order=("-created_at", "-post_id"), after=request.GET.get("after", ""))
    prepare_rows(request, page.rows)
    context: dict[str, Any] = {"rows": page.rows, "after": page.after, "level": 3}
    if is_htmx(request) and "after" in request.GET:
        return render(request, "community/_rows.html", context)
    context |= {
        "section": "community",
        "person": person,
        "shipped": mine.filter(status="shipped").count(),
        "total": mine.count(),
        "is_me": request.user == person,
    }
    return render(request, "community/member.html", context)


@require_safe
@for_everybody
def community(request: HttpRequest) -> HttpResponse:
    """Where people talk: the latest discussions, who is here, and the boards."""
    talk = (
        Standing.objects.visible_to(request.user)
        .listed()
        .filter(kind__in=TALK)
        .with_posts()
        .order_by("-active_at", "-post_id")[:10]
    )
    lively = Standing.objects.visible_to(request.user).listed().suggestions().filter(comments__gt=0)
    people = list(Member.objects.open().claimed().order_by("-level", "-active_days", "pk")[:12])
    rows = list(lively.with_posts().order_by("-active_at", "-post_id")[:8])
    prepare_rows(request, rows)
    slots.prepare(request, "name_mark", people)
    context = {
        "section": "community",
        "talk": talk,
        "rows": rows,
        "people": people,
        "boards": boards_with_counts(request.user),
    }
    return render(request, "community/community.html", context)
