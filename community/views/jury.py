"""The jury's page: declare first, then score each entry by each criterion."""

from collections import defaultdict
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from community.contests.judging import TOP, declare_interests, is_juror, score_entry
from community.contests.reading import cards_of
from community.models import Contest, ContestEntry, JuryDeclaration, JuryScore, Member
from community.views.contests import find_contest
from community.views.pages import is_htmx, member_of, sign_in_for


@never_cache
@require_safe
def jury(request: HttpRequest, slug: str) -> HttpResponse:
    """All entries with what the juror gave them so far; 404 for everybody else."""
    found, member = find_contest(request.user, slug), member_of(request)
    if member is None:
        return sign_in_for(request)
    if not is_juror(found, member):
        raise Http404
    ids = list(found.entries.taking_part().order_by("created_at", "pk").values_list("pk", flat=True))
    sheets = _sheets(found, member, ids)
    context = {
        "contest": found,
        "section": "community",
        "declaration": JuryDeclaration.objects.filter(contest=found, juror=member).first(),
        "open": found.takes_scores(timezone.now()) and found.announced_at is None,
        "sheets": sheets,
        "done": sum(sheet["done"] for sheet in sheets),
        "asked": sum(not sheet["card"].own for sheet in sheets),
    }
    return render(request, "community/contest_jury.html", context)


def _sheets(contest: Contest, juror: Member, ids: list[int]) -> list[dict[str, Any]]:
    """Each entry with its criteria and the juror's scores."""
    criteria = list(contest.criteria.all())
    given = defaultdict[int, dict[int, int]](dict)
    for row in JuryScore.objects.filter(entry__in=ids, juror=juror):
        given[row.entry_id][row.criterion_id] = row.score
    return [
        {
            "card": card,
            "rows": [(criterion, given[card.entry.pk].get(criterion.pk)) for criterion in criteria],
            "done": len(given[card.entry.pk]) == len(criteria),
            "scale": range(TOP + 1),
        }
        for card in cards_of(ids, viewer=juror)
    ]


@require_POST
def declare(request: HttpRequest, slug: str) -> HttpResponse:
    """The juror has said whom they are close to."""
    found, member = find_contest(request.user, slug), member_of(request)
    if member is None:
        return sign_in_for(request)
    declare_interests(contest=found, juror=member, interests=request.POST.get("interests", ""), at=timezone.now())
    messages.success(request, _("Thank you. You can score now."))
    return HttpResponseRedirect(reverse("contest-jury", args=[slug]))


@require_POST
def score(request: HttpRequest, slug: str, entry_id: int) -> HttpResponse:
    """The juror's scores for one entry are kept. Fields: `score-<criterion>`, 0 to 10."""
    found, member = find_contest(request.user, slug), member_of(request)
    if member is None:
        return sign_in_for(request)
    entries = ContestEntry.objects.visible_to(member).select_related("contest")
    entry = get_object_or_404(entries, pk=entry_id, contest=found)
    score_entry(entry=entry, juror=member, scores=_typed(request), at=timezone.now())
    if is_htmx(request):
        sheet = _sheets(found, member, [entry.pk])[0]
        return render(request, "community/_jury_sheet.html", {"contest": found, "sheet": sheet, "open": True, "fresh": True})
    return HttpResponseRedirect(f"{reverse('contest-jury', args=[slug])}#entry-{entry.pk}")


def _typed(request: HttpRequest) -> dict[int, int]:
    pairs = [(name.removeprefix("score-"), str(value)) for name, value in request.POST.items() if name.startswith("score-")]
    return {int(pk): int(value) for pk, value in pairs if _is_number(pk) and _is_number(value)}


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19
