"""A member's page."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.views.decorators.http import require_safe

from community import slots
from community.accounts.names import member_formerly
from community.models import Member, Standing
from community.paging import take_page
from community.profiles import traces_of
from community.views.heads import head_of_member
from community.views.pages import for_everybody, is_htmx, prepare_rows

SHOWN = ("suggestions", "talk")


@require_safe
@for_everybody
def member(request: HttpRequest, username: str) -> HttpResponse:
    """What they brought about, what they wish for, and what they say; a former name leads on, a former member is gone."""
    person = Member.objects.shown().filter(username=username).first()
    if person is None:
        now_called = member_formerly(username)
        if now_called is None:
            raise Http404
        return HttpResponsePermanentRedirect(now_called.get_absolute_url())
    if person.closed_at is not None:
        return render(request, "community/member_left.html", {"section": "community"}, status=410)
    if not person.is_active:
        raise Http404
    show = request.GET.get("show", "")
    show = show if show in SHOWN else SHOWN[0]
    fragment, context = (_talk if show == "talk" else _suggestions)(request, person)
    if is_htmx(request) and "after" in request.GET:
        return render(request, fragment, context)
    wishes = _wishes(request, person)
    slots.prepare(request, "name_mark", [person])
    total = wishes.count()
    context |= {
        "head": head_of_member(person, wrote=bool(total or person.bio)),
        "section": "community",
        "show": show,
        "person": person,
        "shipped": wishes.filter(status="shipped").count(),
        "total": total,
        "is_me": request.user == person,
    }
    return render(request, "community/member.html", context)


def _wishes(request: HttpRequest, person: Member) -> Any:
    return Standing.objects.visible_to(request.user).listed().suggestions().filter(post__author=person)


def _suggestions(request: HttpRequest, person: Member) -> tuple[str, dict[str, Any]]:
    page = take_page(
        _wishes(request, person).with_posts(), order=("-created_at", "-post_id"), after=request.GET.get("after", "")
    )
    prepare_rows(request, page.rows)
    return "community/_rows.html", {"rows": page.rows, "after": page.after, "level": 3}


def _talk(request: HttpRequest, person: Member) -> tuple[str, dict[str, Any]]:
    return "community/_traces.html", {"traces": traces_of(person, request.user, after=request.GET.get("after", ""))}
