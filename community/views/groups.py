"""Tester groups: the layers, one group, and the way in and out."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from community.forms.groups import ApplicationForm, VoiceForm
from community.groups.entering import apply_to_group, speak_for
from community.groups.leaving import leave_group, return_to_group
from community.groups.pending_acts import thanks_for
from community.groups.reading import (
    Shown,
    boards_of,
    place_in_line,
    rings_for,
    shown_group,
    shown_groups,
    voices_missing,
)
from community.models import Member, TesterGroup
from community.pending import draft_of, drop_draft
from community.refusals import Refused
from community.views.pages import for_everybody, member_of, sign_in_first, sign_in_for


def find_group(request: HttpRequest, slug: str) -> Shown:
    """The group, or 404."""
    shown = shown_group(slug, request.user, at=timezone.now())
    if shown is None:
        raise Http404
    return shown


@require_safe
@for_everybody
def groups(request: HttpRequest) -> HttpResponse:
    """The layers of the community from the outside in, and where the reader stands."""
    shown = shown_groups(request.user, at=timezone.now())
    rings = rings_for(request.user, shown)
    place = max(number for number, ring in enumerate(rings) if ring.reached)
    return render(request, "community/groups.html", {"section": "community", "rings": rings, "place": place, "groups": shown})


@require_safe
@for_everybody
def group(request: HttpRequest, slug: str) -> HttpResponse:
    """What one group asks and gives, who is in, and the reader's own place."""
    return _show(request, find_group(request, slug), VoiceForm())


def _show(request: HttpRequest, shown: Shown, form: VoiceForm, *, status: int = 200) -> HttpResponse:
    context = {
        "section": "community",
        "shown": shown,
        "group": shown.group,
        "boards": boards_of(shown.group, request.user) if request.user.is_authenticated else [],
        "line": place_in_line(shown),
        "voices": voices_missing(shown),
        "form": form if shown.takes_voices and (shown.is_in or request.user.is_staff) else None,
    }
    return render(request, "community/group.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: HttpRequest, slug: str) -> HttpResponse:
    """The member waits for an answer or is in at once; a visitor's application waits until they have signed in."""
    shown, member = find_group(request, slug), member_of(request)
    kept = draft_of(request, "group")
    typed = {"words": kept["words"]} if kept.get("group") == slug else {}
    form = ApplicationForm(
        request.POST if request.method == "POST" else None, initial=typed, group=shown.group, state=shown.state
    )
    if request.method != "POST" or not form.is_valid():
        return _ask(request, shown, form)
    answers = form.answers()
    if member is None:
        return sign_in_first(request, "group", {"group": slug, **answers})
    try:
        row = apply_to_group(group=shown.group, member=member, at=timezone.now(), **answers)
    except Refused as refusal:
        form.take(refusal)
        return _ask(request, shown, form)
    drop_draft(request, "group")
    messages.success(request, thanks_for(row.state, shown.group))
    return HttpResponseRedirect(shown.group.get_absolute_url())


def _ask(request: HttpRequest, shown: Shown, form: ApplicationForm) -> HttpResponse:
    context = {"section": "community", "shown": shown, "group": shown.group, "form": form, "entrance": True}
    return render(request, "community/group_apply.html", context, status=422 if form.errors else 200)


@require_POST
def leave(request: HttpRequest, slug: str) -> HttpResponse:
    """The member is out, no reason asked."""
    member = member_of(request)
    if member is None:
        return sign_in_for(request)
    found = get_object_or_404(TesterGroup, slug=slug)
    leave_group(group=found, member=member, at=timezone.now())
    messages.success(request, _("You have left “%(group)s”. You are welcome back whenever you like.") % {"group": found})
    return HttpResponseRedirect(found.get_absolute_url())


@require_POST
def come_back(request: HttpRequest, slug: str) -> HttpResponse:
    """Who rested takes part again."""
    member = member_of(request)
    if member is None:
        return sign_in_for(request)
    found = get_object_or_404(TesterGroup, slug=slug)
    return_to_group(group=found, member=member, at=timezone.now())
    messages.success(request, _("Good to have you back. Your place was kept."))
    return HttpResponseRedirect(found.get_absolute_url())


@never_cache
@require_POST
def speak(request: HttpRequest, slug: str) -> HttpResponse:
    """Somebody of the inner circle has spoken for somebody."""
    shown, member = find_group(request, slug), member_of(request)
    if member is None:
        return sign_in_for(request)
    if not (shown.takes_voices and (shown.is_in or member.is_staff)):
        raise Http404
    form = VoiceForm(request.POST)
    if not form.is_valid():
        return _show(request, shown, form, status=422)
    other = Member.objects.open().claimed().filter(username=form.cleaned_data["username"].lstrip("@")).first()
    if other is None:
        form.add_error("username", _("There is nobody of this name."))
        return _show(request, shown, form, status=422)
    try:
        invited = speak_for(group=shown.group, member=other, by=member, at=timezone.now())
    except Refused as refusal:
        form.take(refusal)
        return _show(request, shown, form, status=422)
    told = _("%(name)s is invited now.") if invited else _("Your voice for %(name)s is kept. One more, and they are invited.")
    messages.success(request, told % {"name": other})
    return HttpResponseRedirect(shown.group.get_absolute_url())
