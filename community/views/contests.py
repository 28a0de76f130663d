"""Contests on the pages: the list, a contest with its entries, and staff's look at the result before it is announced."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from community.contests.deciding import announce_winners, missing_sheets, standing_of
from community.contests.judging import is_juror
from community.contests.reading import cards_of, ends_at, label_of, own_entries, read_entries, steps_of, votes_left, with_counts
from community.follows import Thing, ear_of
from community.models import Audience, Board, Contest, Phase
from community.models.board import Viewer
from community.paging import take_page
from community.privileges import Privilege, has, require
from community.views.pages import for_everybody, is_htmx, member_of, sign_in_for

SHOWN_JURY = 20


def find_contest(viewer: Viewer, slug: str) -> Contest:
    """The contest, or 404 for whoever may not see it."""
    return get_object_or_404(Contest.objects.visible_to(viewer).select_related("board__product"), slug=slug)


@require_safe
@for_everybody
def contests(request: HttpRequest) -> HttpResponse:
    """What runs, what comes, and who won before."""
    now, seen = timezone.now(), Contest.objects.visible_to(request.user).select_related("board__product")
    page = take_page(seen.decided(), order=("-announced_at", "-id"), after=decided_before(request.GET.get("after", "")))
    context: dict[str, Any] = {"decided": with_winners(page.rows), "after": page.after, "section": "community"}
    if is_htmx(request) and "after" in request.GET:
        return render(request, "community/_contests_decided.html", context)
    running, coming = with_counts(seen.running(at=now)), list(seen.coming(at=now))
    context |= {"running": [drawn(one, now) for one in running], "coming": [drawn(one, now) for one in coming]}
    return render(request, "community/contests.html", context)


def decided_before(asked: str) -> str:
    """The id to go on behind, if it is one of a decided contest; any other has no place in their order."""
    known = asked.isascii() and asked.isdigit() and Contest.objects.decided().filter(pk=int(asked[:18])).exists()
    return asked if known else ""


def drawn(contest: Contest, at: Any) -> dict[str, Any]:
    """What a card of a contest says."""
    phase = contest.phase(at)
    told = {"phase": phase, "phase_label": label_of(contest, phase), "ends_at": ends_at(contest, at)}
    return told | {"contest": contest, "steps": steps_of(contest, at)}


def with_winners(rows: list[Contest]) -> list[tuple[Contest, Any]]:
    """Each decided contest with the card of its first place, if anybody has it; a few queries for all."""
    first = dict(
        Contest.objects.filter(pk__in=[row.pk for row in rows], standing__place=1, standing__total__gt=0).values_list(
            "pk", "standing__entry"
        )
    )
    cards = {card.entry.contest_id: card for card in cards_of(list(first.values()), viewer=None)}
    return [(row, cards.get(row.pk)) for row in rows]


@require_safe
@for_everybody
def contest(request: HttpRequest, slug: str) -> HttpResponse:
    """The call, how far it has come, and every entry."""
    found, now, member = find_contest(request.user, slug), timezone.now(), member_of(request)
    page = read_entries(found, viewer=request.user, at=now, after=request.GET.get("after", ""))
    context = drawn(found, now) | {
        "page": page,
        "takes_votes": found.takes_votes(now) and may_take_part(member, found.board, "vote"),
    }
    if is_htmx(request) and "after" in request.GET:
        return render(request, "community/_entry_cards.html", context)
    juror = is_juror(found, member)
    context |= {
        "section": "community",
        "criteria": list(found.criteria.all()),
        "jury": list(found.jury.order_by("display_name", "pk")[:SHOWN_JURY]),
        "jury_weight": 100 - found.fan_weight,
        "votes_left": votes_left(found, member),
        "mine": own_entries(found, member),
        "may_enter": found.takes_entries(now) and may_take_part(member, found.board, "post"),
        "scores": juror and found.takes_scores(now),
        "keeps": has(member, Privilege.TRIAGE),
        "ear": ear_of(member, Thing.CONTEST, found).value,
    }
    return render(request, "community/contest.html", context)


def may_take_part(member: Any, board: Board, right: str) -> bool:
    """Whether a button is of use; a visitor signs in at the very end, and staff do not take part."""
    if member is None:
        return getattr(board, right) in (Audience.ANYONE, Audience.MEMBERS)
    return not member.is_staff and Board.objects.open_to(member, right).filter(pk=board.pk).exists()


@never_cache
@require_safe
def standing(request: HttpRequest, slug: str) -> HttpResponse:
    """How it would end now, for the eyes of staff, with what is still missing."""
    found, member = find_contest(request.user, slug), member_of(request)
    if member is None:
        return sign_in_for(request)
    require(member, Privilege.TRIAGE)
    now = timezone.now()
    placed = standing_of(found)
    cards = {card.entry.pk: card for card in cards_of([one.entry for one in placed], viewer=member)}
    missing = missing_sheets(found)
    phase = found.phase(now)
    context = {
        "contest": found,
        "section": "community",
        "rows": [(one, cards[one.entry]) for one in placed],
        "missing": missing,
        "phase": phase,
        "may_announce": phase == Phase.DECIDING or (phase == Phase.JURY and not missing),
    }
    return render(request, "community/contest_standing.html", context)


@require_POST
def announce(request: HttpRequest, slug: str) -> HttpResponse:
    """The result is announced."""
    found, member = find_contest(request.user, slug), member_of(request)
    if member is None:
        return sign_in_for(request)
    announce_winners(contest=found, by=member, at=timezone.now())
    messages.success(request, _("The result is announced. Everybody who took part hears of it, and the winners are honoured."))
    return HttpResponseRedirect(found.get_absolute_url())
