"""One case of the triage desk: what somebody wrote, what is known of it, and everything that can be decided about it.

Each decision is a form with an address of its own. A refusal shows the case again, with what was typed.
"""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from community.admin.base import DeskAdmin, act, colleague
from community.forms.base import KindForm
from community.refusals import Invalid, Refused
from feedback.admin.forms import LinkForm, NoteForm, StatusForm, TriageForm
from feedback.growth import same_wishes, status_sign
from feedback.guessing import accept_guess, decline_guess, proposed_for
from feedback.history import history_of
from feedback.judgements import share_not_for_me
from feedback.links import suggestion_of_link
from feedback.merges import merge_suggestions, preview_merge, unmerge_suggestion
from feedback.models import MergeProposal, PostGuess, RoadmapItem, Suggestion
from feedback.roadmap import adopt_suggestion
from feedback.similar import find_similar
from feedback.telling import hearers_of
from feedback.triage import answer_suggestion, change_status, triage_suggestion, write_note

# Measured on the demo: true duplicates score 0.16 to 0.28, what merely shares a word mostly less than this.
LEAST_ALIKE, MOST_ALIKE = 0.12, 4
View = Callable[[DeskAdmin, HttpRequest, Suggestion], HttpResponse]


def find_case(request: HttpRequest, pk: int) -> Suggestion:
    """The suggestion with all the page needs; deleted ones are staff's to see here, too."""
    cases = Suggestion.objects.select_related(
        "post__author", "post__board__product", "post__standing", "root__post", "answered_by"
    )
    return get_object_or_404(cases, pk=pk)


def address_of(suggestion: Suggestion, name: str = "change") -> str:
    return reverse(f"admin:feedback_suggestion_{name}", args=[suggestion.pk])


def show_case(
    desk: DeskAdmin, request: HttpRequest, case: Suggestion, forms: Mapping[str, KindForm] | None = None, status: int = 200
) -> HttpResponse:
    """The case as a page; `forms` are those that were refused."""
    given = forms or {}
    cluster = list(Suggestion.objects.of_cluster(case.root_id).values_list("pk", flat=True))
    similar = find_similar(title=case.post.title, body=case.post.body, asker=request.user, ignore=cluster, limit=MOST_ALIKE)
    alike = [(one, status_sign(one.status)) for one in similar if one.score >= LEAST_ALIKE and one.post_id != case.root_id]
    context = {
        **desk.admin_site.each_context(request),
        "opts": desk.opts,
        "title": case.post.title,
        "case": case,
        "status": status_sign(case.post.standing.status),
        "status_form": given.get("status") or StatusForm.of(case),
        "triage_form": given.get("triage") or TriageForm.of(case),
        "note_form": given.get("note") or NoteForm(),
        "link_form": given.get("link") or LinkForm(),
        "guesses": proposed_for(case),
        "passed": share_not_for_me(case),
        "notes": case.notes.select_related("author"),
        "history": history_of(case),
        "same": same_wishes(case.pk, viewer=request.user),
        "similar": alike,
        "proposals": MergeProposal.objects.about(case.pk).select_related("duplicate__post", "into__post", "proposed_by"),
        "items": RoadmapItem.objects.filter(suggestions__root=case.root_id).distinct(),
        "told": len(hearers_of([case.pk])[case.pk] - {colleague(request).pk}),
        "places": {name: address_of(case, name) for name in ("status", "triage", "note", "adopt", "merge", "guess")},
    }
    return TemplateResponse(request, "admin/feedback/case.html", context, status=status)


def decide(
    desk: DeskAdmin, request: HttpRequest, case: Suggestion, name: str, form: KindForm, operation: Callable[[], str]
) -> HttpResponse:
    """The form's decision is taken and said, or the case is shown again with the form as typed."""
    if form.is_valid():
        try:
            messages.success(request, operation())
            return HttpResponseRedirect(address_of(case))
        except Refused as refusal:
            form.take(refusal)
    return show_case(desk, request, find_case(request, case.pk), {name: form}, status=422)


def set_status(desk: DeskAdmin, request: HttpRequest, case: Suggestion) -> HttpResponse:
    """The status, the answer, or both are as given."""
    form = StatusForm.of(case, request.POST)

    def operation() -> str:
        by, now = colleague(request), timezone.now()
        status, answer = form.cleaned_data["status"], form.cleaned_data["answer"].replace("\r\n", "\n").strip()
        # The box comes with the answer there is; only another one is given anew, and only that is a reason to decline.
        answer = "" if answer == case.answer else answer
        if status == case.status and answer:
            answer_suggestion(suggestion=case, by=by, at=now, answer=answer)
            return _("Your answer is public, and everybody concerned is told.")
        change_status(suggestion=case, to=status, by=by, at=now, answer=answer)
        return _("The new status is public, and everybody concerned is told.")

    return decide(desk, request, case, "status", form, operation)


def set_view(desk: DeskAdmin, request: HttpRequest, case: Suggestion) -> HttpResponse:
    """Kind, severity, frequency, department, assignee, fit and evidence are as given."""
    form = TriageForm.of(case, request.POST)

    def operation() -> str:
        triage_suggestion(suggestion=case, by=colleague(request), at=timezone.now(), **form.cleaned_data)
        return _("Saved.")

    return decide(desk, request, case, "triage", form, operation)


def add_note(desk: DeskAdmin, request: HttpRequest, case: Suggestion) -> HttpResponse:
    """The team reads the note."""
    form = NoteForm(request.POST)

    def operation() -> str:
        write_note(suggestion=case, by=colleague(request), at=timezone.now(), body=form.cleaned_data["body"])
        return _("The team can read it.")

    return decide(desk, request, case, "note", form, operation)


def decide_guess(desk: DeskAdmin, request: HttpRequest, case: Suggestion) -> HttpResponse:
    """The guess is accepted, or the suggestion stays as it is."""
    number = request.POST.get("guess", "")
    guess = get_object_or_404(PostGuess, post=case.pk, pk=number if number.isdecimal() else 0)
    by, accepts = colleague(request), request.POST.get("answer") == "accept"
    return act(
        request,
        lambda: accept_guess(guess=guess, by=by, at=timezone.now()) if accepts else decline_guess(guess=guess, by=by),
        done=_("Saved.") if accepts else _("It stays as it is."),
        back=address_of(case),
    )


def adopt(desk: DeskAdmin, request: HttpRequest, case: Suggestion) -> HttpResponse:
    """The suggestion is on the roadmap."""
    return act(
        request,
        lambda: adopt_suggestion(suggestion=case, by=colleague(request), at=timezone.now()),
        done=_("It is on the roadmap, and everybody concerned is told."),
        back=address_of(case),
    )


def merge(desk: DeskAdmin, request: HttpRequest, case: Suggestion) -> HttpResponse:
    """GET shows what merging would do; the one button there does it."""
    form = LinkForm(request.POST if request.method == "POST" else request.GET)
    try:
        if not form.is_valid():
            raise Invalid(_("Please paste a link or a number."))
        into = suggestion_of_link(form.cleaned_data["link"], viewer=request.user)
    except Refused as refusal:
        form.take(refusal)
        return show_case(desk, request, case, {"link": form}, status=422)
    if request.method == "POST":
        return act(
            request,
            lambda: merge_suggestions(duplicate=case, into=into, by=colleague(request), at=timezone.now()),
            done=_("Merged. It can be undone at any time, and nothing is lost."),
            back=address_of(into),
        )
    preview = preview_merge(duplicate=case, into=into)
    back = preview_merge(duplicate=into, into=case)
    sentences = [] if preview.refusal else _consequences(case, preview.votes_before, preview.votes_after, preview.told)
    context = {
        "heading": _("Merge these two?"),
        "pairs": [(_("This one"), case), (_("becomes part of"), into)],
        "sentences": sentences,
        "refusal": preview.refusal,
        "button": _("Merge"),
        "fields": {"link": into.pk},
        "other_way": "" if back.refusal else f"{address_of(into, 'merge')}?link={case.pk}",
        "back": address_of(case),
    }
    return confirm(desk, request, context)


def _consequences(case: Suggestion, before: int, after: int, told: int) -> list[str]:
    return [
        _("Votes: %(before)d now, %(after)d together; whoever voted for both counts once.")
        % {"before": before, "after": after},
        ngettext("%(count)d person hears of it, once.", "%(count)d people hear of it, once each.", told) % {"count": told},
        _("Nothing moves: comments, votes and followers stay where they are, and undoing the merge loses nothing."),
    ]


def unmerge(desk: DeskAdmin, request: HttpRequest, case: Suggestion) -> HttpResponse:
    """GET asks once; the one button parts the suggestion from what it was merged into."""
    if request.method == "POST":
        return act(
            request,
            lambda: unmerge_suggestion(duplicate=case, by=colleague(request), at=timezone.now()),
            done=_("It stands on its own again."),
            back=address_of(case),
        )
    context = {
        "heading": _("Not the same after all?"),
        "pairs": [(_("This one"), case), (_("leaves"), case.root)],
        "sentences": [_("It takes its votes and whatever was merged into it along, as if it had never been merged.")],
        "refusal": _("It is not merged into another one.") if case.is_canonical else "",
        "button": _("Part them"),
        "back": address_of(case),
    }
    return confirm(desk, request, context)


def confirm(desk: DeskAdmin, request: HttpRequest, context: Mapping[str, Any]) -> HttpResponse:
    """A page with one button; opening it changes nothing."""
    frame = {**desk.admin_site.each_context(request), "opts": desk.opts, "title": context["heading"]}
    return TemplateResponse(request, "admin/confirm.html", {**frame, **context})


VIEWS: dict[str, tuple[View, bool]] = {
    "status": (set_status, False),
    "triage": (set_view, False),
    "note": (add_note, False),
    "guess": (decide_guess, False),
    "adopt": (adopt, False),
    "merge": (merge, True),
    "unmerge": (unmerge, True),
}


def case_urls(desk: DeskAdmin) -> list[URLPattern]:
    """One address for each decision about a suggestion."""
    return [
        path(f"<int:pk>/{name}/", desk.admin_site.admin_view(_at(desk, view, may_get)), name=f"feedback_suggestion_{name}")
        for name, (view, may_get) in VIEWS.items()
    ]


def _at(desk: DeskAdmin, view: View, may_get: bool) -> Callable[..., HttpResponse]:
    """The view with its case, for those who may triage; a form's address opened by hand leads to the case."""

    @wraps(view)
    def answer(request: HttpRequest, pk: int) -> HttpResponse:
        case = find_case(request, pk)
        if not desk.has_change_permission(request, case) or (request.method != "POST" and not may_get):
            return HttpResponseRedirect(address_of(case))
        return view(desk, request, case)

    return answer
