"""Care's notices in words."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from community.care.appeals import APPEALABLE
from community.care.words import answer_to_reporter, headline, reason
from community.models import Decision, Notice
from community.notice_words import Wording, worded


def _decisions(notices: Sequence[Notice]) -> dict[int, Decision]:
    return Decision.objects.in_bulk([notice.data["decision_id"] for notice in notices])


@worded("care_decision", prepare=_decisions)
def say_what_was_decided(notice: Notice, decisions: dict[int, Decision]) -> Wording | None:
    """Somebody who moderates decided about the member or what they wrote."""
    decision = decisions.get(notice.data["decision_id"])
    if decision is None:
        return None
    why = " ".join(part for part in (reason(decision), decision.words) if part)
    action = _("Read it, or appeal") if decision.verdict in APPEALABLE else _("Read it")
    return Wording(sentence=headline(decision), url=reverse("my-decision", args=[decision.pk]), quote=why, action=action)


@worded("care_report", prepare=_decisions)
def say_what_came_of_a_report(notice: Notice, decisions: dict[int, Decision]) -> Wording | None:
    """Somebody looked at what the member reported."""
    decision = decisions.get(notice.data["decision_id"])
    return (
        Wording(sentence=answer_to_reporter(decision), url=reverse("my-reports"), action=_("Your reports"))
        if decision
        else None
    )
