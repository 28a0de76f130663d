"""Meetups on the pages: the list, one of them, its calendar and its door."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from community import limits, slots
from community.forms.base import KindForm
from community.meetups.answering import answer_meetup, check_in, note_presence
from community.meetups.calendar import calendar
from community.meetups.pending_acts import thanks_for
from community.meetups.reading import (
    PROGRAMME,
    answer_of,
    answers_of,
    entry_of,
    may_join,
    people_of,
    talks_at,
    with_counts,
)
from community.meetups.talks import may_host
from community.models import Attendance, AttendanceState, Meetup, Member
from community.models.board import Viewer
from community.paging import take_page
from community.privileges import moderates
from community.refusals import Refused
from community.views.pages import ask_first, for_everybody, is_htmx, member_of, sign_in_first, sign_in_for

MOST_IN_CALENDAR = 100
WHERE = ("online", "here")


class CodeForm(KindForm):
    """What the host said in the room."""

    code = forms.CharField(
        label=gettext_lazy("Check-in code"),
        max_length=12,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "class": "input code"}),
    )


def find_meetup(viewer: Viewer, slug: str) -> Meetup:
    """The meetup, or 404 for whoever may not see it."""
    return get_object_or_404(with_counts(Meetup.objects.visible_to(viewer)).select_related("host", "board", "recap"), slug=slug)


@require_safe
@for_everybody
def meetups(request: HttpRequest) -> HttpResponse:
    """What comes, online or in a city, and what was."""
    now, seen = timezone.now(), Meetup.objects.visible_to(request.user)
    page = take_page(with_counts(seen.over(at=now)), order=("-starts_at", "-id"), after=request.GET.get("after", ""))
    context: dict[str, Any] = {"over": page.rows, "after": page.after, "section": "community"}
    if is_htmx(request) and "after" in request.GET:
        return render(request, "community/_meetups_over.html", context)
    where, city = request.GET.get("where", ""), request.GET.get("city", "").replace("\x00", "")[:60]
    coming = with_counts(seen.coming(at=now)).select_related("host")
    cities = sorted(set(seen.coming(at=now).exclude(city="").values_list("city", flat=True)))
    if where in WHERE:
        coming = coming.exclude(link="") if where == "online" else coming.exclude(city="")
    if city:
        coming = coming.filter(city=city)
    rows = list(coming[:MOST_IN_CALENDAR])
    answers = answers_of(request.user, rows)
    context |= {"coming": [(row, answers.get(row.pk, "")) for row in rows], "cities": cities, "city": city, "where": where}
    return render(request, "community/meetups.html", context)


@require_safe
@for_everybody
def meetup(request: HttpRequest, slug: str) -> HttpResponse:
    """When, where, what, who comes, and whether there is a place."""
    return _page(request, find_meetup(request.user, slug))


def _page(request: HttpRequest, found: Meetup, form: CodeForm | None = None) -> HttpResponse:
    """The meetup's page, with what to mend where its door did not open."""
    slots.prepare(request, "name_mark", [found.host])
    member = member_of(request)
    context = _state(found, member) | {
        "form": form or CodeForm(),
        "section": "community",
        "keeps_door": _keeps_door(found, member),
        "own": member is not None and member.pk == found.host_id,
        "moderates": member is not None and moderates(member, found.board_id),
        **talks_at(found, member, timezone.now()),
        "recap": found.recap if found.recap and found.recap.state == "visible" else None,
    }
    return render(request, "community/meetup.html", context, status=422 if form else 200)


def _state(found: Meetup, member: Member | None) -> dict[str, Any]:
    """Everything that changes with an answer."""
    now, people, answer = timezone.now(), people_of(found), answer_of(found, member)
    return {
        "meetup": found,
        "answer": answer,
        "takes_answers": found.takes_answers(now),
        "door_open": found.door_is_open(now),
        "over": found.ends_at <= now,
        "people": people,
        "more_people": max(found.going - len(people), 0),  # type: ignore[attr-defined]
        "has_link": bool(found.link) and may_join(found, member, answer),
    }


def _keeps_door(found: Meetup, member: Member | None) -> bool:
    return may_host(found, member)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, slug: str) -> HttpResponse:
    """The member comes, or does not; a visitor is asked for their address, and comes once they are in."""
    found, member = find_meetup(request.user, slug), member_of(request)
    going = request.POST.get("answer", "going") != "out"
    if request.method != "POST":
        sentence = _("“%(title)s” keeps a place for you as soon as you are signed in.") % {"title": found.title}
        return ask_first(request, heading=_("Come along"), sentence=sentence, button=_("I am coming"))
    if member is None:
        return sign_in_first(request, "meetup", {"meetup": found.slug})
    row = answer_meetup(meetup=found, member=member, going=going, at=timezone.now())
    if is_htmx(request):
        state = _state(find_meetup(request.user, slug), member)
        return render(request, "community/_meetup_answered.html", state | {"thanks": thanks_for(row.state)})
    messages.success(request, thanks_for(row.state))
    return HttpResponseRedirect(found.get_absolute_url())


@require_POST
def enter(request: HttpRequest, slug: str) -> HttpResponse:
    """The member types the code that was said in the room."""
    found, member = find_meetup(request.user, slug), member_of(request)
    if member is None:
        return sign_in_for(request)
    form = CodeForm(request.POST)
    if form.is_valid():
        try:
            limits.spend(what="check-in", who=f"{member.pk}:{found.pk}", limit=10, seconds=600)
            check_in(meetup=found, member=member, code=form.cleaned_data["code"], at=timezone.now())
        except Refused as refusal:
            form.take(refusal)
        else:
            messages.success(request, _("Welcome. That you were here is on record."))
            return HttpResponseRedirect(found.get_absolute_url())
    return _page(request, found, form)


@never_cache
@require_safe
def door(request: HttpRequest, slug: str) -> HttpResponse:
    """For the host and staff: the code in large letters, and who is expected."""
    found, member = find_meetup(request.user, slug), member_of(request)
    if member is None:
        return sign_in_for(request)
    if not _keeps_door(found, member):
        raise Http404
    rows = Attendance.objects.filter(meetup=found).exclude(state=AttendanceState.OUT).select_related("member")
    page = take_page(rows, order=("queued_at", "id"), after=request.GET.get("after", ""), size=100)
    context = {"meetup": found, "rows": page.rows, "after": page.after, "section": "community"}
    return render(request, "community/meetup_door.html", context | {"door_open": found.door_is_open(timezone.now())})


@require_POST
def let_in(request: HttpRequest, slug: str, member_id: int) -> HttpResponse:
    """The host saw the member."""
    found, member = find_meetup(request.user, slug), member_of(request)
    if member is None:
        return sign_in_for(request)
    if not _keeps_door(found, member):
        raise Http404
    row = get_object_or_404(Attendance.objects.select_related("member"), meetup=found, member=member_id)
    note_presence(meetup=found, member=row.member, by=member, at=timezone.now())
    return HttpResponseRedirect(f"{found.get_absolute_url()}door/#m{member_id}")


@require_safe
@for_everybody
def one_calendar(request: HttpRequest, slug: str) -> HttpResponse:
    """The meetup for one's calendar."""
    found = find_meetup(request.user, slug)
    prefetch_related_objects([found], PROGRAMME)
    return _ics(calendar([entry_of(found)], name=found.title), f"{found.slug}.ics")


@require_safe
@for_everybody
def all_calendar(request: HttpRequest) -> HttpResponse:
    """What everybody may see of what comes, to be subscribed to."""
    rows = Meetup.objects.visible_to(None).coming(at=timezone.now()).prefetch_related(PROGRAMME)[:MOST_IN_CALENDAR]
    return _ics(calendar(map(entry_of, rows), name=_("Meetups · Sprout")), f"meetups-{settings.SITE_HOST}.ics")


def _ics(text: str, name: str) -> HttpResponse:
    answer = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
