"""Report something, take it back, and read what came of it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from community.care.forms import ReportForm
from community.care.reports import report, reported_by, withdraw_report
from community.care.targets import Target, find_target, load_targets
from community.care.views.shared import for_members
from community.care.words import answer_to_reporter
from community.models import Member, Report
from community.models.board import Viewer
from community.paging import take_page
from community.refusals import Invalid
from community.views.pages import is_htmx, member_of, sign_in_first


def reportable(viewer: Viewer, kind: str, target_id: int) -> Target:
    target = find_target(viewer, kind, target_id)
    if target is None:
        raise Http404
    return target


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, kind: str, target_id: int) -> HttpResponse:
    """The moderators will look at it; a visitor's report waits until they have signed in."""
    target, member = reportable(request.user, kind, target_id), member_of(request)
    before = reported_by(member, kind, target_id) if member else None
    form = ReportForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if member is None:
            return sign_in_first(request, "report", {"kind": kind, "id": target_id, **form.cleaned_data})
        try:
            made = report(target=target, by=member, at=timezone.now(), **form.cleaned_data)
        except Invalid as refusal:
            form.take(refusal)
        else:
            undo = reverse("report-undo", args=[made.pk])
            messages.success(
                request, _("Thank you. A moderator will look at it, and you hear what came of it."), extra_tags=undo
            )
            return HttpResponseRedirect(_back(target))
    template = "community/care/_report.html" if is_htmx(request) and request.method != "POST" else "community/care/report.html"
    context = {"form": form, "target": target, "before": before, "entrance": True}
    return render(request, template, context, status=422 if form.errors else 200)


def _back(target: Target) -> str:
    return target.url


@require_POST
@for_members
def undo(request: HttpRequest, member: Member, report_id: int) -> HttpResponse:
    """The report is taken back."""
    row = Report.objects.filter(pk=report_id, reporter=member).first()
    if row is None:
        raise Http404
    withdraw_report(report=row, by=member, at=timezone.now())
    messages.info(request, _("Your report is taken back."))
    return HttpResponseRedirect(reverse("my-reports"))


@require_safe
@for_members
def mine(request: HttpRequest, member: Member) -> HttpResponse:
    """What the member reported, and what came of it."""
    rows = Report.objects.filter(reporter=member).select_related("decision")
    page = take_page(rows, order=("-at", "-pk"), after=request.GET.get("after", ""))
    things = load_targets((row.target_kind, row.target_id) for row in page.rows)
    told = [(row, things.get((row.target_kind, row.target_id)), _outcome(row)) for row in page.rows]
    return render(request, "community/care/my_reports.html", {"told": told, "after": page.after})


def _outcome(row: Report) -> str:
    if row.decision is not None:
        return answer_to_reporter(row.decision)
    return _("Taken back.") if row.settled_at else _("A moderator will look at it.")
