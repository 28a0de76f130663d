"""What happened to a suggestion, from the record, in the words of staff."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from community.models import Activity, Member
from community.punctuation import listed
from community.verbs import Verb
from feedback.models import Status, Suggestion

MOST = 60
VERBS = [
    Verb.POST_WRITTEN, Verb.POST_EDITED, Verb.POST_CHANGED, Verb.STATUS_CHANGED, Verb.SUGGESTION_ANSWERED,
    Verb.SUGGESTION_TRIAGED, Verb.SUGGESTION_MERGED, Verb.SUGGESTION_UNMERGED, Verb.SUGGESTION_SHIPPED,
]  # fmt: skip


@dataclass(frozen=True)
class Told:
    """One line of the history."""

    at: datetime
    by: Member | None
    words: str


def history_of(suggestion: Suggestion) -> list[Told]:
    """The facts about the suggestion, the newest on top, in one query."""
    facts = Activity.objects.filter(subject_id=suggestion.pk, verb__in=VERBS).select_related("actor").order_by("-at", "-pk")
    return [Told(fact.at, fact.actor, WORDS[Verb(fact.verb)](fact.data)) for fact in facts[:MOST]]


def _moment(data: dict[str, Any]) -> str:
    return {
        "hidden": _("Hidden"),
        "restored": _("Shown again"),
        "deleted": _("Deleted"),
        "moved": _("Moved to another board"),
        "converted": _("Is of another kind now"),
    }.get(data["moment"], str(data["moment"]))


def _status(data: dict[str, Any]) -> str:
    names = dict(Status.choices)
    return f"{names.get(data['before'], data['before'])} → {names.get(data['after'], data['after'])}"


def _triaged(data: dict[str, Any]) -> str:
    names = {
        "kind": _("kind"),
        "severity": _("severity"),
        "frequency": _("frequency"),
        "department": _("department"),
        "assignee": _("assignee"),
        "strategy_fit": _("strategy fit"),
        "strategy_reason": _("why it fits"),
        "evidence": _("evidence"),
        "evidence_source": _("source of the evidence"),
    }
    return _("Triaged: %(fields)s") % {"fields": listed(str(names.get(name, name)) for name in data["fields"])}


WORDS: dict[Verb, Callable[[dict[str, Any]], str]] = {
    Verb.POST_WRITTEN: lambda data: _("Written"),
    Verb.POST_EDITED: lambda data: _("Edited by its author"),
    Verb.POST_CHANGED: _moment,
    Verb.STATUS_CHANGED: _status,
    Verb.SUGGESTION_ANSWERED: lambda data: _("Answered in public"),
    Verb.SUGGESTION_TRIAGED: _triaged,
    Verb.SUGGESTION_MERGED: lambda data: _("Merged into %(number)s") % {"number": f"#{data['into_id']}"},
    Verb.SUGGESTION_UNMERGED: lambda data: _("Parted from %(number)s") % {"number": f"#{data['into_id']}"},
    Verb.SUGGESTION_SHIPPED: lambda data: _("Shipped with a release"),
}
