"""The train of releases: which weeks brought one, how many in a row, and when the next one leaves."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.db.models.functions import TruncWeek

from feedback.models import Release

A_WEEK = timedelta(weeks=1)
BEHIND, AHEAD = 10, 1  # weeks shown before and after this one


@dataclass(frozen=True)
class Stop:
    """One ISO week of the calendar and what it brought; `ahead` holds what is due in it."""

    monday: date
    releases: tuple[Release, ...]
    ahead: tuple[Release, ...]
    now: bool
    past: bool

    @property
    def number(self) -> int:
        return self.monday.isocalendar().week

    @property
    def missed(self) -> bool:
        """Nothing came, and nothing can come any more."""
        return self.past and not self.releases


@dataclass(frozen=True)
class Train:
    """What the calendar shows; empty where nothing has shipped and nothing is due."""

    stops: tuple[Stop, ...]
    next: Release | None
    streak: int

    def __bool__(self) -> bool:
        return bool(self.streak or self.next or any(stop.releases for stop in self.stops))


def monday_of(moment: datetime) -> date:
    """The first day of the ISO week a moment lies in, as UTC counts days: one calendar for everybody."""
    day = moment.astimezone(UTC).date()
    return day - timedelta(days=day.weekday())


def weeks_in_a_row(weeks: Collection[date], *, this: date) -> int:
    """How many weeks without a gap brought a release, up to this one; it is not over, so it breaks nothing yet.

    weeks, this: Mondays.
    """
    last = this if this in weeks else this - A_WEEK
    count = 0
    while last - count * A_WEEK in weeks:
        count += 1
    return count


def train_of(*, product: str = "", at: datetime) -> Train:
    """The calendar of all products, or of the one with this slug, in three queries."""
    mine = Release.objects.filter(product__slug=product) if product else Release.objects.all()
    weeks = TruncWeek("shipped_at", tzinfo=UTC)
    shipped = mine.filter(shipped_at__isnull=False, shipped_at__lte=at).order_by("shipped_at", "pk")
    found = shipped.order_by().annotate(monday=weeks).values_list("monday", flat=True).distinct()
    mondays = {moment.date() for moment in found}
    this = monday_of(at)
    first = max(min(mondays, default=this), this - BEHIND * A_WEEK)
    begins = datetime(first.year, first.month, first.day, tzinfo=UTC)
    # Notes are long, and the calendar names releases alone.
    brought = list(shipped.filter(shipped_at__gte=begins).select_related("product").defer("notes", "notes_html"))
    due = list(mine.scheduled().select_related("product").defer("notes", "notes_html"))
    last = this + AHEAD * A_WEEK
    count = (last - first).days // 7 + 1
    stops = tuple(_stop(first + number * A_WEEK, brought, due, this) for number in range(count))
    return Train(stops=stops, next=due[0] if due else None, streak=weeks_in_a_row(mondays, this=this))


def _stop(monday: date, brought: list[Release], due: list[Release], this: date) -> Stop:
    releases = tuple(release for release in brought if release.shipped_at and monday_of(release.shipped_at) == monday)
    ahead = tuple(release for release in due if release.scheduled_for and monday_of(release.scheduled_for) == monday)
    return Stop(monday=monday, releases=releases, ahead=ahead, now=monday == this, past=monday < this)
