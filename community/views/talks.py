"""Talks at a meetup: proposed by members; on the host's desk slots are opened, and talks accepted or kindly declined."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from community.forms.talks import AnswerForm, SlotsForm, TalkForm
from community.meetups.reading import slots_of
from community.meetups.talks import (
    MOST_EACH,
    accept_talk,
    close_slot,
    decline_talk,
    free_slots,
    may_host,
    open_slots,
    propose_talk,
    withdraw_talk,
)
from community.models import Meetup, Member, Talk, TalkSlot, TalkState
from community.refusals import Refused
from community.views.meetups import find_meetup
from community.views.pages import member_of, sign_in_for


def desk_of(meetup: Meetup) -> str:
    return reverse("meetup-talks", args=[meetup.slug])


def _hosted(request: HttpRequest, slug: str, member: Member) -> Meetup:
    """The meetup for its host and staff, 404 for everybody else."""
    found = find_meetup(request.user, slug)
    if not may_host(found, member):
        raise Http404
    return found


def find_talk(request: HttpRequest, slug: str, talk_id: int) -> Talk:
    """The talk, or 404 for whoever may not see it."""
    talks = Talk.objects.visible_to(request.user).select_related("meetup", "speaker")
    return get_object_or_404(talks, pk=talk_id, meetup__slug=slug)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: HttpRequest, slug: str) -> HttpResponse:
    """The member proposes a talk."""
    found, member, now = find_meetup(request.user, slug), member_of(request), timezone.now()
    if member is None:
        return sign_in_for(request)
    form = TalkForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            talk = propose_talk(meetup=found, speaker=member, at=now, **form.cleaned_data)
        except Refused as refusal:
            form.take(refusal)
        else:
            told = _("Thank you. “%(title)s” is with %(host)s, and you hear what becomes of it.")
            messages.success(request, told % {"title": talk.title, "host": found.host})
            return HttpResponseRedirect(found.get_absolute_url())
    mine = found.talks.filter(speaker=member).exclude(state=TalkState.WITHDRAWN)
    free = list(free_slots(found).order_by("position"))
    context = {"meetup": found, "form": form, "mine": mine, "free": free, "open": found.takes_talks(now) and bool(free),
               "most": MOST_EACH, "section": "community"}  # fmt: skip
    return render(request, "community/talk_new.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def desk(request: HttpRequest, slug: str) -> HttpResponse:
    """For the host and staff: the slots, what is proposed for them, and the form to open more."""
    member = member_of(request)
    if member is None:
        return sign_in_for(request)
    found, now = _hosted(request, slug, member), timezone.now()
    form = SlotsForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = open_slots(meetup=found, by=member, at=now, **form.cleaned_data)
        except Refused as refusal:
            form.take(refusal)
        else:
            told = ngettext("%(count)d slot is open for talks.", "%(count)d slots are open for talks.", len(made))
            messages.success(request, told % {"count": len(made)})
            return HttpResponseRedirect(desk_of(found))
    talks = found.talks.select_related("speaker").order_by("created_at", "pk")
    slots = slots_of(found)
    context: dict[str, Any] = {
        "meetup": found,
        "form": form,
        "slots": slots,
        "free": [slot for slot in slots if not hasattr(slot, "talk")],
        "waiting": talks.filter(state=TalkState.PROPOSED),
        "declined": talks.filter(state=TalkState.DECLINED),
        "open": found.takes_talks(now),
        "section": "community",
    }
    return render(request, "community/meetup_talks.html", context, status=422 if form.errors else 200)


@require_POST
def accept(request: HttpRequest, slug: str, talk_id: int) -> HttpResponse:
    """The talk has the slot that was chosen."""
    member = member_of(request)
    if member is None:
        return sign_in_for(request)
    found = _hosted(request, slug, member)
    talk = find_talk(request, slug, talk_id)
    wish = request.POST.get("slot", "")
    slot = get_object_or_404(TalkSlot, pk=int(wish[:18]) if wish.isdecimal() else 0, meetup=found)
    accept_talk(talk=talk, slot=slot, by=member, answer=request.POST.get("answer", ""), at=timezone.now())
    messages.success(request, _("“%(title)s” is in the programme, and %(name)s hears of it.") % _named(talk))
    return HttpResponseRedirect(desk_of(found))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def decline(request: HttpRequest, slug: str, talk_id: int) -> HttpResponse:
    """Not this time, with a reason its speaker reads."""
    member = member_of(request)
    if member is None:
        return sign_in_for(request)
    found = _hosted(request, slug, member)
    talk = find_talk(request, slug, talk_id)
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            decline_talk(talk=talk, answer=form.cleaned_data["answer"], by=member, at=timezone.now())
        except Refused as refusal:
            form.take(refusal)
        else:
            messages.success(request, _("%(name)s has your answer about “%(title)s”.") % _named(talk))
            return HttpResponseRedirect(desk_of(found))
    context = {"meetup": found, "talk": talk, "form": form, "section": "community"}
    return render(request, "community/talk_decline.html", context, status=422 if form.errors else 200)


@require_POST
def withdraw(request: HttpRequest, slug: str, talk_id: int) -> HttpResponse:
    """The speaker takes the talk back."""
    member = member_of(request)
    if member is None:
        return sign_in_for(request)
    talk = find_talk(request, slug, talk_id)
    withdraw_talk(talk=talk, by=member, at=timezone.now())
    messages.success(request, _("“%(title)s” is taken back.") % {"title": talk.title})
    return HttpResponseRedirect(talk.meetup.get_absolute_url())


@require_POST
def close(request: HttpRequest, slug: str, slot_id: int) -> HttpResponse:
    """A free slot is not there any more."""
    member = member_of(request)
    if member is None:
        return sign_in_for(request)
    found = _hosted(request, slug, member)
    close_slot(slot=get_object_or_404(TalkSlot, pk=slot_id, meetup=found), by=member, at=timezone.now())
    messages.success(request, _("The slot is closed."))
    return HttpResponseRedirect(desk_of(found))


def _named(talk: Talk) -> dict[str, Any]:
    return {"title": talk.title, "name": talk.speaker}
