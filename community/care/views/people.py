"""One member as moderators see them: what happened before, what signals there are, and what can be decided."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from community.care.forms import SanctionForm
from community.care.queue import histories_of
from community.care.sanctions import lift_sanction, standing_of
from community.care.signals import kin_of
from community.care.views.queue import boards_of, judge
from community.care.views.shared import for_moderators
from community.models import Decision, Hold, Member, Verdict
from community.paging import take_page
from community.refusals import Invalid


@require_http_methods(["GET", "HEAD", "POST"])
@for_moderators
def record(request: HttpRequest, member: Member, username: str) -> HttpResponse:
    """A member's record, and the form to warn, limit or suspend them."""
    person = get_object_or_404(Member.objects.filter(closed_at__isnull=True), username=username)
    form, at = SanctionForm(request.POST if request.method == "POST" else None), timezone.now()
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            judge(person, said["what"], by=member, rule=said["rule"], words=said["words"], at=at)
        except Invalid as refusal:
            form.take(refusal)
        else:
            messages.success(request, _("Decided. %(name)s reads why and may appeal.") % {"name": person})
            return HttpResponseRedirect(reverse("member-record", args=[username]))
    rows = Decision.objects.filter(member=person).kept_by(member).select_related("by", "board")
    page = take_page(rows, order=("-at", "-pk"), after=request.GET.get("after", ""))
    context = {
        "person": person,
        "form": form,
        "rows": page.rows,
        "after": page.after,
        "standing": standing_of(person, at=at),
        "history": histories_of([person.pk])[person.pk],
        "holds": Hold.objects.filter(author=person).kept_by(member).open().count(),
        "kin": kin_of([person.pk], at=at).get(person.pk, []),
        "suspended": person.is_suspended(at=at),
        "limited": person.is_limited(at=at),
    }
    return render(request, "community/care/record.html", context, status=422 if form.errors else 200)


@require_POST
@for_moderators
def lift(request: HttpRequest, member: Member, decision_id: int) -> HttpResponse:
    """A sanction ends early, with a reason."""
    row = get_object_or_404(Decision.objects.kept_by(member).select_related("member"), pk=decision_id)
    lift_sanction(decision=row, by=member, words=request.POST.get("words", ""), at=timezone.now())
    messages.success(request, _("Lifted. %(name)s hears of it.") % {"name": row.member})
    return HttpResponseRedirect(reverse("member-record", args=[row.member.username]))


@require_safe
@for_moderators
def log(request: HttpRequest, member: Member) -> HttpResponse:
    """Every decision in the boards this moderator keeps, the newest first."""
    rows = Decision.objects.kept_by(member).select_related("by", "member", "board")
    board, verdict = request.GET.get("board", "").replace("\x00", "")[:50], request.GET.get("verdict", "")
    if board:
        rows = rows.filter(board__slug=board)
    if verdict in Verdict.values:
        rows = rows.filter(verdict=verdict)
    page = take_page(rows, order=("-at", "-pk"), after=request.GET.get("after", ""))
    context = {"rows": page.rows, "after": page.after, "boards": boards_of(member), "board": board, "verdict": verdict,
               "verdicts": Verdict.choices}  # fmt: skip
    return render(request, "community/care/log.html", context)
