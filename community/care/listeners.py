"""What care owes for its facts: the person hears what was decided about them, and reporters what came of their report."""

from collections.abc import Sequence

from django.utils import timezone

from community.listening import listen
from community.models import Activity, Decision, MailList, Verdict
from community.notices import News, tell
from community.verbs import Verb

# What a person hears of: not that their text is trusted from now on, nor that reports about it came to nothing.
TOLD = {
    Verdict.RELEASED, Verdict.DECLINED, Verdict.HIDDEN, Verdict.RESTORED, Verdict.WITHHELD, Verdict.WARNED,
    Verdict.LIMITED, Verdict.SUSPENDED, Verdict.LIFTED, Verdict.UPHELD, Verdict.OVERTURNED,
}  # fmt: skip


@listen(Verb.DECISION_MADE, name="care.tell")
def tell_of_decisions(activities: Sequence[Activity]) -> None:
    """Whom a decision concerns has one notice of it, with the reason and the way to appeal; so have those who reported."""
    rows = Decision.objects.prefetch_related("reports").in_bulk([fact.data["decision_id"] for fact in activities])
    news: list[News] = []
    for fact in activities:
        decision = rows[fact.data["decision_id"]]
        told = {"decision_id": decision.pk}
        if decision.verdict in TOLD:
            mine = [decision.member_id]
            news.append(News(fact, "care_decision", mine, None, told, MailList.CARE, f"care:{decision.member_id}"))
        reporters = sorted({report.reporter_id for report in decision.reports.all()} - {decision.member_id})
        news.append(News(fact, "care_report", reporters, None, told, MailList.CARE, f"reports:{decision.pk}"))
    tell(news, at=timezone.now())
