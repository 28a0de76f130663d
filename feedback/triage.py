"""Triage: staff say what a suggestion is, who answers for it, how far it has grown, and what the answer is."""

from datetime import datetime
from typing import Any, TypedDict, Unpack

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from community import rendering
from community.activity import record
from community.models import Member, PostKind
from community.posts import convert_post
from community.privileges import Privilege, require
from community.refusals import Conflict, Invalid
from community.standing import set_standing
from community.verbs import StatusChanged, SuggestionAnswered, SuggestionTriaged, Verb
from feedback.clusters import lock_suggestions, restate_clusters
from feedback.models import Department, InternalNote, Release, Status, StatusChange, Suggestion
from feedback.models.suggestion import NEED_A_REASON, Frequency, Severity

MOST_EVIDENCE, BEST_FIT = 10_000, 3


class View(TypedDict, total=False):
    """What staff may say about a suggestion; whatever is left out stays as it is.

    strategy_fit: 0–3, with a reason when above 0; evidence: 0–10,000 basis points, with its source when above 0.
    """

    kind: str
    severity: int
    frequency: int | None
    department: Department | None
    assignee: Member | None
    strategy_fit: int
    strategy_reason: str
    evidence: int
    evidence_source: str


@transaction.atomic
def change_status(
    *, suggestion: Suggestion, to: str, by: Member, at: datetime, answer: str = "", release: Release | None = None
) -> StatusChange:
    """The whole cluster has the status, its history says who and when, and an answer given with it is the official one.

    Raises Invalid where declining gives no reason, Conflict for a merged suggestion: its canonical decides.
    """
    require(by, Privilege.TRIAGE)
    if to not in Status.values:
        raise Invalid(_("Please choose a status."), fields={"status": _("Please choose one.")})
    text = rendering.check_source(answer)
    if to in NEED_A_REASON and not text:
        reason = _("Please say why, and what would change it.")
        raise Invalid(_("Nobody's suggestion ends in silence: declining takes a public reason."), fields={"answer": reason})
    row = lock_canonical(suggestion)
    if row.status == to:
        raise Conflict(_("It has this status already."))
    change = StatusChange.objects.create(suggestion=row, before=row.status, after=to, by=by, answer=text, at=at)
    row.status, row.triaged_at = to, row.triaged_at or at
    row.save(update_fields=["status", "triaged_at", *_answered(row, text, by, at)])
    _restate(row, at)
    record(
        Verb.STATUS_CHANGED,
        key=f"status_changed:{change.pk}",
        actor=by,
        subject=row.pk,
        data=StatusChanged(change.pk, row.post.author_id, change.before, change.after, release.pk if release else None),
        at=at,
    )
    return change


@transaction.atomic
def answer_suggestion(*, suggestion: Suggestion, by: Member, at: datetime, answer: str) -> Suggestion:
    """The official answer is this one, under the name of who gave it; the status stays."""
    require(by, Privilege.TRIAGE)
    text = rendering.check_source(answer)
    if not text:
        raise Invalid(_("Please write something first."), fields={"answer": _("Please write something first.")})
    row = lock_canonical(suggestion)
    if row.answer == text:
        raise Conflict(_("That is the answer already."))
    row.triaged_at = row.triaged_at or at
    row.save(update_fields=["triaged_at", *_answered(row, text, by, at)])
    _restate(row, at)
    record(
        Verb.SUGGESTION_ANSWERED,
        key=f"suggestion_answered:{row.pk}:{at.isoformat()}",
        actor=by,
        subject=row.pk,
        data=SuggestionAnswered(author_id=row.post.author_id),
        at=at,
    )
    return row


@transaction.atomic
def triage_suggestion(*, suggestion: Suggestion, by: Member, at: datetime, **view: Unpack[View]) -> Suggestion:
    """Staff's view of the suggestion is this one; only what differs is recorded, and nothing where nothing does."""
    require(by, Privilege.TRIAGE)
    before, kind = suggestion.post.kind, view.get("kind", suggestion.post.kind)
    fields: dict[str, list[Any]] = {} if kind == before else {"kind": [before, kind]}
    # The post before the suggestion: whoever hides or deletes locks in this order too.
    if fields:
        convert_post(post=suggestion.post, kind=kind, by=by, at=at)
    row = lock_suggestions([suggestion.pk])[suggestion.pk]
    _check_view(view, row)
    fields |= _take(row, view)
    if fields or row.triaged_at is None:
        row.triaged_at = row.triaged_at or at
        row.save()
    if fields:
        record(
            Verb.SUGGESTION_TRIAGED,
            key=f"suggestion_triaged:{row.pk}:{at.isoformat()}:{'+'.join(sorted(fields))}"[:160],
            actor=by,
            subject=row.pk,
            data=SuggestionTriaged(fields=fields),
            at=at,
        )
    return row


@transaction.atomic
def write_note(*, suggestion: Suggestion, by: Member, body: str, at: datetime) -> InternalNote:
    """The team reads the note beside the suggestion; nobody else ever does."""
    require(by, Privilege.TRIAGE)
    text = rendering.check_source(body)
    if not text:
        raise Invalid(_("Please write something first."), fields={"body": _("Please write something first.")})
    return InternalNote.objects.create(suggestion=suggestion, author=by, body=text, at=at)


def lock_canonical(suggestion: Suggestion) -> Suggestion:
    """The suggestion is ours until the transaction ends, or Conflict says which one decides for it."""
    row = lock_suggestions([suggestion.pk])[suggestion.pk]
    if not row.is_canonical:
        raise Conflict(_("It was merged into “%(title)s”, which decides for both.") % {"title": row.root.post.title})
    if row.post.kind not in (PostKind.SUGGESTION, PostKind.BUG):
        raise Conflict(_("This post is not a suggestion any more."))
    return row


def _answered(row: Suggestion, text: str, by: Member, at: datetime) -> list[str]:
    if not text:
        return []
    row.answer, row.answer_html, row.answered_by, row.answered_at = text, rendering.render(text), by, at
    return ["answer", "answer_html", "answered_by", "answered_at"]


def _restate(row: Suggestion, at: datetime) -> None:
    restate_clusters([row.pk])
    set_standing(row.pk, active_at=Greatest(F("active_at"), Value(at)))


def _check_view(view: View, row: Suggestion) -> None:
    if view.get("severity", row.severity) not in Severity.values:
        raise Invalid(_("Please choose a severity."), fields={"severity": _("Please choose one.")})
    if view.get("frequency") is not None and view.get("frequency") not in Frequency.values:
        raise Invalid(_("Please choose a frequency."), fields={"frequency": _("Please choose one.")})
    assignee = view.get("assignee")
    if assignee is not None and not (assignee.is_staff and assignee.is_active):
        raise Invalid(_("Only staff can take it on."), fields={"assignee": _("Please choose a colleague.")})
    fit, evidence = view.get("strategy_fit", row.strategy_fit), view.get("evidence", row.evidence)
    if not 0 <= fit <= BEST_FIT:
        raise Invalid(_("The fit is a number from 0 to 3."), fields={"strategy_fit": _("From 0 to 3.")})
    if fit and not view.get("strategy_reason", row.strategy_reason).strip():
        raise Invalid(_("Please say why it fits."), fields={"strategy_reason": _("A fit above 0 takes a reason.")})
    if not 0 <= evidence <= MOST_EVIDENCE:
        raise Invalid(_("Evidence is a number from 0 to 10,000."), fields={"evidence": _("From 0 to 10,000.")})
    if evidence and not view.get("evidence_source", row.evidence_source).strip():
        raise Invalid(_("Please say where it comes from."), fields={"evidence_source": _("Evidence takes a source.")})


def _take(row: Suggestion, view: View) -> dict[str, list[Any]]:
    """The row has the view; what differed, before and after, as ids and numbers (of words only that they did)."""
    fields: dict[str, list[Any]] = {}
    for name in ("severity", "frequency", "department", "assignee", "strategy_fit", "evidence"):
        if name in view:
            column = f"{name}_id" if name in ("department", "assignee") else name
            before = getattr(row, column)
            setattr(row, name, view[name])  # type: ignore[literal-required]
            if getattr(row, column) != before:
                fields[name] = [before, getattr(row, column)]
    for name in ("strategy_reason", "evidence_source"):
        words = str(view.get(name, getattr(row, name))).strip()[:280]
        if words != getattr(row, name):
            setattr(row, name, words)
            fields[name] = []
    return fields
