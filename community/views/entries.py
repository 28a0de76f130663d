"""Entries of a contest on the pages: sent in, looked at, voted for, mended, taken back, hidden, and grown into suggestions."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from community import slots
from community.contests.deciding import adopt_entry
from community.contests.entering import (
    answer_invitation,
    edit_entry,
    enter_contest,
    may_moderate,
    withdraw_entry,
)
from community.contests.judging import take_vote_back, vote_for_entry
from community.contests.reading import cards_of, marks_of, votes_left
from community.forms.contests import EntryForm
from community.models import ContestEntry, EntryState, Post, Teammate
from community.models.board import Viewer
from community.pending import draft_of, drop_draft
from community.privileges import Privilege, has
from community.refusals import Refused
from community.views.contests import find_contest, may_take_part
from community.views.pages import ask_first, for_everybody, is_htmx, member_of, sign_in_first, sign_in_for
from community.views.picture_fields import with_pictures


def find_entry(viewer: Viewer, slug: str, entry_id: int) -> ContestEntry:
    """The entry, or 404 for whoever may not see it."""
    entries = ContestEntry.objects.visible_to(viewer).select_related("contest__board", "author", "place", "post")
    return get_object_or_404(entries, pk=entry_id, contest__slug=slug)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@with_pictures
def enter(request: HttpRequest, slug: str) -> HttpResponse:
    """The entry takes part; a visitor's waits until they have signed in."""
    found, member = find_contest(request.user, slug), member_of(request)
    kept = draft_of(request, "contest_entry")
    begun = {**kept, "team": ", ".join(kept.get("team", []))} if kept.get("contest") == slug else {}
    form = EntryForm(request.POST if request.method == "POST" else None, initial=begun)
    if request.method == "POST" and form.is_valid():
        if member is None:
            return sign_in_first(request, "contest_entry", {"contest": slug, **form.cleaned_data})
        try:
            entry = enter_contest(contest=found, author=member, at=timezone.now(), **form.cleaned_data)
        except Refused as refusal:
            form.take(refusal)
        else:
            drop_draft(request, "contest_entry")
            messages.success(request, _("Thank you. “%(title)s” takes part.") % {"title": entry.title})
            return HttpResponseRedirect(entry.get_absolute_url())
    closed = request.method != "POST" and not found.takes_entries(timezone.now())
    context = {"contest": found, "form": form, "closed": closed, "section": "community", "entrance": True}
    return render(request, "community/entry_new.html", context, status=422 if form.errors else 200)


@require_safe
@for_everybody
def entry(request: HttpRequest, slug: str, entry_id: int) -> HttpResponse:
    """The entry with its people and, once announced, what fans and jury gave it."""
    found, member, now = find_entry(request.user, slug, entry_id), member_of(request), timezone.now()
    card = cards_of([found.pk], viewer=request.user)[0]
    slots.prepare(request, "name_mark", list(card.people))
    place = card.place
    context: dict[str, Any] = {
        "contest": found.contest,
        "entry": found,
        "card": card,
        "section": "community",
        "takes_votes": found.contest.takes_votes(now) and may_take_part(member, found.contest.board, "vote"),
        "votes_left": votes_left(found.contest, member),
        "marks": marks_of(found) if found.contest.announced_at else [],
        "may_change": member is not None and member.pk == found.author_id and found.contest.takes_entries(now),
        "invited": member is not None and found.team.filter(member=member).first(),
        "asked": found.team.filter(agreed_at=None).select_related("member") if card.own else Teammate.objects.none(),
        "moderates": may_moderate(found, member),
        "entry_hidden": found.state == EntryState.HIDDEN,
        "adopts": has(member, Privilege.TRIAGE) and place is not None and place.place <= found.contest.places,
        "grown": grown_of(request, found),
    }
    return render(request, "community/entry.html", context)


def grown_of(request: HttpRequest, found: ContestEntry) -> Post | None:
    """The suggestion the entry became, for whoever may see it."""
    return Post.objects.visible_to(request.user).filter(contest_entry=found).first()


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@with_pictures
def edit(request: HttpRequest, slug: str, entry_id: int) -> HttpResponse:
    """Whoever sent it mends it, while entries are taken."""
    found, member = find_entry(request.user, slug, entry_id), member_of(request)
    if member is None:
        return sign_in_for(request)
    if member.pk != found.author_id:
        raise Http404
    form = EntryForm.for_entry(found, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            edit_entry(entry=found, by=member, at=timezone.now(), **form.cleaned_data)
        except Refused as refusal:
            form.take(refusal)
        else:
            messages.success(request, _("Your changes are saved."))
            return HttpResponseRedirect(found.get_absolute_url())
    context = {"contest": found.contest, "entry": found, "form": form, "section": "community"}
    return render(request, "community/entry_new.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, slug: str, entry_id: int) -> HttpResponse:
    """The entry takes part no more; asked once, since its votes go with it."""
    found, member = find_entry(request.user, slug, entry_id), member_of(request)
    if member is None:
        return sign_in_for(request)
    if member.pk != found.author_id:
        raise Http404
    if request.method != "POST":
        told = _("It takes part no more, and votes for it are given back. You may send another one while entries are open.")
        heading = _("Take “%(title)s” back?") % {"title": found.title}
        return ask_first(request, heading=heading, sentence=told, button=_("Take it back"))
    withdraw_entry(entry=found, by=member, at=timezone.now())
    messages.success(request, _("“%(title)s” is taken back.") % {"title": found.title})
    return HttpResponseRedirect(found.contest.get_absolute_url())


@require_http_methods(["GET", "HEAD", "POST"])
def vote(request: HttpRequest, slug: str, entry_id: int) -> HttpResponse:
    """The member's vote is with the entry, or is taken back. want: "vote" or "withdraw"."""
    found, member = find_entry(request.user, slug, entry_id), member_of(request)
    if request.method != "POST":
        return ask_first(
            request,
            heading=_("Vote for “%(title)s”") % {"title": found.title},
            sentence=_("You have %(count)s votes in this contest, and can take one back until voting ends.")
            % {"count": found.contest.votes_each},
            button=_("Vote"),
            fields={"want": "vote"},
        )
    if member is None:
        return sign_in_first(request, "fan_vote", {"entry": found.pk})
    if request.POST.get("want") == "withdraw":
        take_vote_back(entry=found, member=member, at=timezone.now())
    else:
        vote_for_entry(entry=found, member=member, at=timezone.now())
    if not is_htmx(request):
        return HttpResponseRedirect(found.get_absolute_url())
    card = cards_of([found.pk], viewer=member)[0]
    left = votes_left(found.contest, member)
    return render(request, "community/_entry_vote.html", {"card": card, "votes_left": left, "takes_votes": True, "fresh": True})


@require_POST
def join(request: HttpRequest, slug: str, entry_id: int) -> HttpResponse:
    """Whoever is named as a co-author agrees, or would rather not. want: "agree" or "leave"."""
    found, member = find_entry(request.user, slug, entry_id), member_of(request)
    if member is None:
        return sign_in_for(request)
    agreed = request.POST.get("want") == "agree"
    answer_invitation(entry=found, member=member, agreed=agreed, at=timezone.now())
    messages.success(request, _("You are part of the team.") if agreed else _("You are not named with this entry."))
    return HttpResponseRedirect(found.get_absolute_url())


@require_POST
def adopt(request: HttpRequest, slug: str, entry_id: int) -> HttpResponse:
    """A winner becomes a suggestion, under its author's name."""
    found, member = find_entry(request.user, slug, entry_id), member_of(request)
    if member is None:
        return sign_in_for(request)
    post = adopt_entry(entry=found, by=member, at=timezone.now())
    messages.success(request, _("“%(title)s” is a suggestion now.") % {"title": post.title})
    return HttpResponseRedirect(post.get_absolute_url())
