"""What a member earned and spent, and how earning works."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from community.views.pages import for_everybody, is_htmx, member_of, sign_in_for
from rewards import sealing
from rewards.ledger import balances_of
from rewards.levels import all_steps, progress_of
from rewards.models import Currency
from rewards.rules import BOOKS
from rewards.statement import honour_of, statement_of
from rewards.words import RULES


@never_cache
@require_safe
def points(request: HttpRequest) -> HttpResponse:
    """The member's statement, of points or of honour."""
    member = member_of(request)
    if member is None:
        return sign_in_for(request)
    currency = Currency.HONOUR if request.GET.get("of") == Currency.HONOUR else Currency.POINTS
    statement = statement_of(member, currency, after=request.GET.get("after", ""))
    context: dict[str, Any] = {"lines": statement.lines, "after": statement.after, "currency": currency}
    if is_htmx(request) and "after" in request.GET:
        return render(request, "rewards/_lines.html", context)
    context |= {"held": balances_of([member.pk])[member.pk], "currencies": Currency}
    return render(request, "rewards/points.html", context)


@require_safe
@for_everybody
def honours(request: HttpRequest) -> HttpResponse:
    """How points and honour are earned, and what they make of one."""
    member = member_of(request)
    mine = progress_of(honour_of(member)) if member and not member.speaks_for_the_team else None
    book = BOOKS[-1]
    context = {
        "section": "community",
        "mine": mine,
        "steps": mine.steps if mine else all_steps(),
        "rules": [(name, *RULES[name], rule) for name, rule in book.rules.items()],
        "version": book.version,
        "head": sealing.head(),
    }
    return render(request, "rewards/honours.html", context)
