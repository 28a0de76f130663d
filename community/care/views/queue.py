"""The moderators' page: what waits and for how long, and every decision one press away."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from community import slots
from community.care import decisions, sanctions
from community.care.appeals import decide_appeal
from community.care.forms import ReasonForm, end_of
from community.care.queue import KINDS, count_waiting, read_queue
from community.care.signals import kin_of
from community.care.targets import Target
from community.care.views.shared import for_members, for_moderators, kept_target
from community.models import Appeal, Board, Decision, Member
from community.refusals import Invalid, Refused
from community.views.pages import is_htmx, next_of


@require_safe
@for_moderators
def queue(request: HttpRequest, member: Member) -> HttpResponse:
    """What waits for this moderator, the oldest first."""
    at, kind = timezone.now(), request.GET.get("kind", "")
    board = request.GET.get("board", "").replace("\x00", "")[:50]
    cases = read_queue(member, at=at, kind=kind if kind in KINDS else "", board=board)
    authors = [case.target.author for case in cases]
    slots.prepare(request, "name_mark", list({author.pk: author for author in authors}.values()))
    context = {
        "cases": cases,
        "kin": kin_of([author.pk for author in authors], at=at),
        "total": count_waiting(member, at=at),
        "kind": kind,
        "board": board,
        "boards": boards_of(member),
        "bulk": any(case.kind == "held" for case in cases),
    }
    return render(request, "community/care/queue.html", context)


def boards_of(member: Member) -> list[Board]:
    """The boards the member keeps."""
    boards = Board.objects.all() if member.speaks_for_the_team else member.moderated_boards.all()
    return list(boards)


def _done(request: HttpRequest, sentence: str, *, undo: str = "", goal: str = "") -> HttpResponse:
    messages.success(request, sentence, extra_tags=undo)
    return HttpResponseRedirect(next_of(request, goal or reverse("moderation")))


@require_POST
@for_members
def approve(request: HttpRequest, member: Member, kind: str, target_id: int) -> HttpResponse:
    """What waited is shown."""
    target, trust = kept_target(member, kind, target_id), request.POST.get("trust") == "1"
    decisions.let_through(target=target, by=member, at=timezone.now(), trust=trust)
    told = _("“%(title)s” is let through.") % {"title": target.title}
    return _done(request, told + " " + _("Its author waits no more.") if trust else told)


@require_POST
@for_members
def approve_many(request: HttpRequest, member: Member) -> HttpResponse:
    """Everything that was ticked is shown; what somebody else decided meanwhile is left alone and counted."""
    done, left = 0, 0
    for key in request.POST.getlist("case")[:50]:
        kind, _dash, number = key.partition("-")
        try:
            target = kept_target(member, kind, int(number) if number.isdecimal() and len(number) < 18 else 0)
            decisions.let_through(target=target, by=member, at=timezone.now())
            done += 1
        except (Refused, Http404):
            left += 1
    if left:
        told = ngettext("%(count)d was decided by somebody else.", "%(count)d were decided by somebody else.", left)
        messages.info(request, told % {"count": left})
    return _done(request, ngettext("%(count)d is let through.", "%(count)d are let through.", done) % {"count": done})


@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def decline(request: HttpRequest, member: Member, kind: str, target_id: int) -> HttpResponse:
    """What waited is hidden, with a reason for its author."""
    return _with_reason(request, member, kept_target(member, kind, target_id), decisions.decline, _("Decline"))


@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def hide(request: HttpRequest, member: Member, kind: str, target_id: int) -> HttpResponse:
    """The text is hidden, with a reason for its author, who may appeal."""
    return _with_reason(request, member, kept_target(member, kind, target_id), decisions.hide, _("Hide"))


def hide_post(request: HttpRequest, post_id: int) -> HttpResponse:
    """From the post's own page."""
    return hide(request, "post", post_id)


def hide_comment(request: HttpRequest, comment_id: int) -> HttpResponse:
    """From the comment's own place."""
    return hide(request, "comment", comment_id)


def _with_reason(
    request: HttpRequest, member: Member, target: Target, operation: Callable[..., Decision], word: str
) -> HttpResponse:
    form, at = ReasonForm(request.POST if request.method == "POST" else None), timezone.now()
    if request.method == "POST" and form.is_valid():
        said = dict(form.cleaned_data)
        also = said.pop("also")
        try:
            # Where the author may not be judged, nothing is hidden either.
            with transaction.atomic():
                operation(target=target, by=member, at=at, **said)
                if also:
                    judge(target.author, also, by=member, rule=said["rule"], words=said["words"], at=at)
        except Invalid as refusal:
            form.take(refusal)
        else:
            undo = reverse("text-restore", args=[target.kind, target.id])
            told = _("“%(title)s” is hidden. Its author reads why and may appeal.") % {"title": target.title}
            return _done(request, told, undo=undo, goal=target.url)
    template = "community/care/_reason.html" if is_htmx(request) and request.method != "POST" else "community/care/reason.html"
    context = {"form": form, "target": target, "word": word, "next": next_of(request, "")}
    return render(request, template, context, status=422 if form.errors else 200)


def judge(member: Member, choice: str, *, by: Member, rule: str, words: str, at: Any) -> Decision:
    """The sanction that a form chose."""
    name, until = end_of(choice, at)
    if name == "warn":
        return sanctions.warn_member(member=member, by=by, rule=rule, words=words, at=at)
    if name == "limit" and until:
        return sanctions.limit_member(member=member, by=by, rule=rule, words=words, until=until, at=at)
    return sanctions.suspend_member(member=member, by=by, rule=rule, words=words, until=until, at=at)


@require_POST
@for_members
def in_order(request: HttpRequest, member: Member, kind: str, target_id: int) -> HttpResponse:
    """The reports are settled; the text stays."""
    decisions.find_in_order(target=_reported(member, kind, target_id), by=member, at=timezone.now())
    return _done(request, _("Found to be in order. Whoever reported it hears so."))


def _reported(member: Member, kind: str, target_id: int) -> Target:
    if kind != "member":
        return kept_target(member, kind, target_id)
    person = get_object_or_404(Member, pk=target_id)
    return decisions.target_of_member(person)


@require_POST
@for_members
def restore(request: HttpRequest, member: Member, kind: str, target_id: int) -> HttpResponse:
    """What was hidden is shown again."""
    target = kept_target(member, kind, target_id)
    decisions.show_again(target=target, by=member, at=timezone.now())
    messages.success(request, _("It is shown again, with everything that belonged to it."))
    return HttpResponseRedirect(target.url)


@require_POST
@for_moderators
def decide(request: HttpRequest, member: Member, appeal_id: int) -> HttpResponse:
    """Another moderator looked again."""
    row = get_object_or_404(Appeal.objects.kept_by(member), pk=appeal_id)
    outcome = request.POST.get("outcome", "")
    if outcome not in ("overturn", "uphold"):
        raise Invalid(_("Please choose one."))
    overturn = outcome == "overturn"
    decide_appeal(appeal=row, by=member, overturn=overturn, words=request.POST.get("words", ""), at=timezone.now())
    return _done(request, _("Overturned: everything is as it was before.") if overturn else _("The decision stands."))


@require_POST
@for_moderators
def confirm(request: HttpRequest, member: Member, decision_id: int) -> HttpResponse:
    """A second person confirmed a long suspension."""
    row = get_object_or_404(Decision.objects.kept_by(member).select_related("member"), pk=decision_id)
    sanctions.confirm_suspension(decision=row, by=member, at=timezone.now())
    return _done(request, _("Confirmed. The suspension lasts as long as was proposed."))
