"""Circles: all of them, one of them, the way in and out, and the way to a new one."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from community import slots
from community.circles.deciding import decide_to_close
from community.circles.joining import join_circle, leave_circle
from community.circles.pending_acts import thanks_for
from community.circles.proposing import SameCircle, propose_circle
from community.circles.reading import card_of, overview_for, people_of
from community.circles.stewards import lay_down_stewardship, offer_to_steward
from community.forms.circles import CircleForm, CloseForm
from community.lists import Wanted, posts_for
from community.meetups.reading import answers_of, with_counts
from community.models import Circle, Meetup, Member
from community.models.board import Viewer
from community.privileges import Privilege, has, moderates
from community.refusals import Refused
from community.views.heads import Head, head_of_list, trail
from community.views.pages import ask_first, for_everybody, go, is_htmx, member_of, prepare_rows, sign_in_first, sign_in_for

LATEST, NEXT = 5, 3


def find_circle(viewer: Viewer, slug: str) -> Circle:
    """The circle, or 404 for whoever may not see it."""
    return get_object_or_404(Circle.objects.visible_to(viewer).select_related("steward", "board"), slug=slug)


@require_safe
@for_everybody
def circles(request: HttpRequest) -> HttpResponse:
    """The reader's own, the open ones by kind, and those that still look for people."""
    told = _("Find the people of your city, your school or your craft, or ask for a circle and see who comes.")
    context = {
        "section": "community",
        "overview": overview_for(request.user),
        "head": head_of_list(request, title=_("Circles"), description=told),
    }
    return render(request, "community/circles.html", context)


@require_safe
@for_everybody
def circle(request: HttpRequest, slug: str) -> HttpResponse:
    """Who is in it, who looks after it, what it still takes or what is said there, and the way in."""
    found = find_circle(request.user, slug)
    people = people_of(found)
    slots.prepare(request, "name_mark", people)
    context = _state(request, found) | {"people": people, "head": _head(found), "may_close": _may_close(request, found)}
    context["more_people"] = max(context["card"].count - len(people), 0)
    if found.board is not None:
        context |= _said_in(request, found)
    return render(request, "community/circle.html", context)


def _head(found: Circle) -> Head:
    path = found.get_absolute_url()
    step = trail((_("Community"), reverse("community")), (_("Circles"), reverse("circles")), (found.name, path))
    return Head(found.name, path, found.about, index=found.state == "open", data=(step,))


def _state(request: HttpRequest, found: Circle) -> dict[str, Any]:
    """What the reader can do in it now."""
    member = member_of(request)
    return {
        "section": "community",
        "circle": found,
        "card": card_of(found, request.user),
        "keeps": member is not None and found.steward_id == member.pk,
    }


def _said_in(request: HttpRequest, found: Circle) -> dict[str, Any]:
    """The latest of its board, and the next meetups there."""
    assert found.board is not None  # noqa: S101 - asked before
    rows = posts_for(request.user, Wanted(board=found.board.slug)).order_by("-active_at", "-post_id").with_posts()[:LATEST]
    latest = list(rows)
    prepare_rows(request, latest)
    coming = Meetup.objects.visible_to(request.user).coming(at=timezone.now()).filter(board=found.board, cancelled_at=None)
    meetups = list(with_counts(coming)[:NEXT])
    answers = answers_of(request.user, meetups)
    return {"rows": latest, "meetups": [(meetup, answers.get(meetup.pk, "")) for meetup in meetups]}


def _may_close(request: HttpRequest, found: Circle) -> bool:
    if found.closed_at is not None:
        return False
    if found.board_id is None:
        return has(request.user, Privilege.MODERATE)
    return moderates(request.user, found.board_id)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """The circle waits for members; where it is there already, the way to it is shown."""
    member = member_of(request)
    if member is None:
        return sign_in_for(request)
    form = CircleForm(request.POST if request.method == "POST" else None)
    there: Circle | None = None
    if request.method == "POST" and form.is_valid():
        try:
            made = propose_circle(by=member, at=timezone.now(), **form.cleaned_data)
        except SameCircle as refusal:
            there = refusal.circle
            form.take(refusal)
        except Refused as refusal:
            form.take(refusal)
        else:
            messages.success(request, _("Your circle is proposed. Send its address to who belongs there."))
            return HttpResponseRedirect(made.get_absolute_url())
    context = {"section": "community", "form": form, "there": there}
    return render(request, "community/circle_new.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, slug: str) -> HttpResponse:
    """The member is in it; a visitor is asked for their address, and is in it once they are in."""
    found, member = find_circle(request.user, slug), member_of(request)
    if request.method != "POST":
        sentence = _("You hear of what is said there, or of its opening. You can leave whenever you like.")
        return ask_first(request, heading=_("Join “%(name)s”") % {"name": found}, sentence=sentence, button=_("Join"))
    if member is None:
        return sign_in_first(request, "circle", {"circle": found.slug})
    return _act(request, found, lambda: thanks_for(join_circle(circle=found, member=member, at=timezone.now())))


@require_POST
def leave(request: HttpRequest, slug: str) -> HttpResponse:
    """The member is out, no reason asked."""
    found, member = find_circle(request.user, slug), member_of(request)
    if member is None:
        return sign_in_for(request)

    def act() -> str:
        leave_circle(circle=found, member=member, at=timezone.now())
        return _("You have left “%(name)s”. You are welcome back whenever you like.") % {"name": found}

    return _act(request, found, act)


@require_POST
def offer(request: HttpRequest, slug: str) -> HttpResponse:
    """The member looks after the circle."""
    found, member = find_circle(request.user, slug), member_of(request)
    if member is None:
        return sign_in_for(request)

    def act() -> str:
        offer_to_steward(circle=found, member=member, at=timezone.now())
        return _("Thank you. You look after “%(name)s” now.") % {"name": found}

    return _act(request, found, act)


@require_POST
def lay_down(request: HttpRequest, slug: str) -> HttpResponse:
    """Somebody else may look after it."""
    found, member = find_circle(request.user, slug), member_of(request)
    if member is None:
        return sign_in_for(request)

    def act() -> str:
        lay_down_stewardship(circle=found, member=member, at=timezone.now())
        return _("Done. Thank you for having looked after it.")

    return _act(request, found, act)


def _act(request: HttpRequest, found: Circle, act: Callable[[], str]) -> HttpResponse:
    """It is done; by htmx the reader's place is drawn anew, and the whole page where the circle has opened or is gone."""
    before = found.state
    thanks = act()
    now = Circle.objects.visible_to(request.user).select_related("steward", "board").filter(pk=found.pk).first()
    if is_htmx(request) and now is not None and now.state == before:
        return render(request, "community/_circle_place.html", _state(request, now) | {"thanks": thanks})
    messages.success(request, thanks)
    return go(request, now.get_absolute_url() if now else reverse("circles"))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest, slug: str) -> HttpResponse:
    """Whoever moderates has closed it, with a reason that everybody in it reads."""
    found, member = find_circle(request.user, slug), member_of(request)
    if member is None:
        return sign_in_for(request)
    if not _may_close(request, found):
        raise Http404
    form = CloseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        return _close(request, found, member, form)
    return _ask_why(request, found, form)


def _close(request: HttpRequest, found: Circle, member: Member, form: CloseForm) -> HttpResponse:
    try:
        decide_to_close(circle=found, by=member, reason=form.cleaned_data["reason"], at=timezone.now())
    except Refused as refusal:
        form.take(refusal)
        return _ask_why(request, found, form)
    messages.success(request, _("“%(name)s” is closed. Everybody who was in it reads why.") % {"name": found})
    return HttpResponseRedirect(found.get_absolute_url())


def _ask_why(request: HttpRequest, found: Circle, form: CloseForm) -> HttpResponse:
    context = {"section": "community", "circle": found, "form": form}
    return render(request, "community/circle_close.html", context, status=422 if form.errors else 200)
