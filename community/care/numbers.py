"""What moderation comes to, month by month, in numbers and without a name."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Count, ExpressionWrapper, F, FloatField
from django.db.models.functions import Extract, TruncMonth

from community.models import Appeal, Decision, Hold, Report, Verdict

MONTHS = 12


@dataclass
class Month:
    """One month (UTC). hours: the median from the moment something began to wait until somebody decided, None without cases."""

    start: datetime
    counts: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    hours: float | None = None

    def __getattr__(self, name: str) -> int:
        if name.startswith("_"):
            raise AttributeError(name)
        return self.counts.get(name, 0)


class Median(models.Aggregate):
    """The middle of all values."""

    function = "percentile_cont"
    template = "%(function)s(0.5) within group (order by %(expressions)s)"
    output_field = FloatField()


def months(*, at: datetime) -> list[Month]:
    """The last twelve months with anything in them, the newest first; six queries."""
    found: dict[datetime, Month] = {}

    def take(rows: Any, name: str, moment: str) -> None:
        counted = rows.filter(**{f"{moment}__gt": _first_of(at)}).annotate(month=TruncMonth(moment)).order_by()
        for start, number in counted.values_list("month").annotate(Count("pk")):
            found.setdefault(start, Month(start)).counts[name] += number

    take(Report.objects.all(), "reports", "at")
    take(Hold.objects.all(), "holds", "at")
    take(Appeal.objects.all(), "appeals", "at")
    # Who confirms a suspension makes no second one.
    fresh = Decision.objects.exclude(verdict=Verdict.SUSPENDED, answers__isnull=False)
    decided = fresh.filter(at__gt=_first_of(at)).annotate(month=TruncMonth("at")).order_by()
    for start, verdict, number in decided.values_list("month", "verdict").annotate(Count("pk")):
        found.setdefault(start, Month(start)).counts[NAMES.get(verdict, verdict)] += number
    _time(found, at)
    return sorted(found.values(), key=lambda month: month.start, reverse=True)[:MONTHS]


NAMES = {
    Verdict.HIDDEN: "hidden",
    Verdict.DECLINED: "hidden",
    Verdict.WARNED: "sanctions",
    Verdict.LIMITED: "sanctions",
    Verdict.SUSPENDED: "sanctions",
}


def _time(found: dict[datetime, Month], at: datetime) -> None:
    """How long people waited: texts for a look, reports for an answer."""
    for table in (Hold, Report):
        rows: Any = table.objects.filter(settled_at__isnull=False, at__gt=_first_of(at))  # type: ignore[attr-defined]
        if table is Report:
            rows = rows.filter(decision__isnull=False)
        span = ExpressionWrapper(F("settled_at") - F("at"), output_field=models.DurationField())
        medians = (
            rows.annotate(month=TruncMonth("at")).order_by().values("month").annotate(middle=Median(Extract(span, "epoch")))
        )
        for start, seconds in medians.values_list("month", "middle"):
            month = found.setdefault(start, Month(start))
            # Of the two kinds the slower one is told: nobody is to look better than they are.
            month.hours = max(month.hours or 0.0, round(seconds / 3600, 1))


def _first_of(at: datetime) -> datetime:
    return at.replace(year=at.year - 1, day=1, hour=0, minute=0, second=0, microsecond=0)
