"""What waits for those who moderate, the oldest first, with everything it takes to decide. A dozen queries, however much waits."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, IntegerField, Min, OuterRef, Q, Value

from community.care import rules
from community.care.sanctions import SANCTIONS
from community.care.targets import REGISTER, Target, load_targets
from community.models import Appeal, CarePlan, Comment, Decision, Hold, Member, Post, PostState, Report, Role, Verdict
from community.models.board import Viewer

MOST = 30
KINDS = ("held", "reported", "appeal", "second")


@dataclass
class Case:
    """One thing that waits. hours: since when; late: longer than the board promises. mine: the viewer decided it before."""

    kind: str
    target: Target
    since: datetime
    hold: Hold | None = None
    reports: list[Report] = field(default_factory=list)
    appeal: Appeal | None = None
    decision: Decision | None = None
    hours: int = 0
    late: bool = False
    mine: bool = False
    history: "History | None" = None

    @property
    def key(self) -> str:
        """What a bulk action ticks."""
        return f"{self.target.kind}-{self.target.id}"

    @property
    def reasons(self) -> list[Any]:
        return [rules.HELD[code] for code in (self.hold.reasons if self.hold else []) if code in rules.HELD]

    @property
    def rules_named(self) -> list[tuple[str, int]]:
        """Of the reports: each reason with how many gave it."""
        counted: dict[str, int] = defaultdict(int)
        for report in self.reports:
            counted[str(rules.BROKEN[report.rule][0])] += 1
        return sorted(counted.items(), key=lambda pair: -pair[1])


@dataclass
class History:
    """What is known of an author: texts held before, decisions against them that stand, and what was let through."""

    held: int = 0
    let_through: int = 0
    against: int = 0
    sanctions: int = 0
    posts: int = 0


def waiting_holds(viewer: Viewer) -> Any:
    """Texts that wait in the viewer's boards, their own left out; what its author took back waits no more."""
    held = {"pk": OuterRef("target_id"), "state": PostState.HELD}
    posts, comments = Post.objects.filter(**held), Comment.objects.filter(**held)
    still = Q(Exists(posts), target_kind="post") | Q(Exists(comments), target_kind="comment")
    rows = Hold.objects.kept_by(viewer).open().filter(still)
    return rows.exclude(author=viewer) if isinstance(viewer, Member) else rows


def waiting_reports(viewer: Viewer) -> Any:
    """Open reports of what is still shown; what waits as held waits there."""
    gone: Any = Q(pk__in=[])
    for name, kind in REGISTER.items():
        if kind.shown is not None:
            gone |= Q(target_kind=name) & ~Exists(kind.shown().filter(pk=OuterRef("target_id")))
    rows = Report.objects.kept_by(viewer).open().exclude(gone)
    return rows.exclude(author=viewer) if isinstance(viewer, Member) else rows


def waiting_appeals(viewer: Viewer) -> Any:
    """Appeals that somebody else than the one who decided has to look at."""
    rows = Appeal.objects.kept_by(viewer).open()
    if not isinstance(viewer, Member):
        return rows
    confirmed = Decision.objects.filter(answers=OuterRef("decision"), verdict=Verdict.SUSPENDED, by=viewer)
    rows = rows.exclude(decision__by=viewer).exclude(decision__against=viewer).exclude(member=viewer)
    return rows.exclude(Exists(confirmed))


def waiting_seconds(viewer: Viewer, *, at: datetime) -> Any:
    """Long suspensions that wait for a second person, as long as their first week runs, whoever asked to look again."""
    ended = [Verdict.LIFTED, Verdict.OVERTURNED, Verdict.SUSPENDED]
    answered = Decision.objects.filter(answers=OuterRef("pk"), verdict__in=ended)
    rows = Decision.objects.kept_by(viewer).filter(verdict=Verdict.SUSPENDED, against__isnull=True, until__gt=at)
    rows = rows.filter(Q(for_good=True) | Q(wanted_until__isnull=False)).exclude(Exists(answered))
    if not isinstance(viewer, Member):
        return rows
    rows = rows.exclude(by=viewer)
    # For good, and about those who moderate, the team decides alone.
    return rows if viewer.speaks_for_the_team else rows.filter(for_good=False, member__role=Role.MEMBER)


def count_waiting(viewer: Viewer, *, at: datetime) -> int:
    """How many cases wait for the viewer, in one query."""
    parts = [
        waiting_holds(viewer).values_list("target_kind", "target_id"),
        waiting_reports(viewer).values_list("target_kind", "target_id"),
        waiting_appeals(viewer).annotate(sort=Value("appeal")).values_list("sort", "pk"),
        waiting_seconds(viewer, at=at).annotate(sort=Value("second")).values_list("sort", "pk"),
    ]
    first, *others = [part.order_by() for part in parts]
    return int(first.union(*others).count())


def read_queue(viewer: Viewer, *, at: datetime, kind: str = "", board: str = "") -> list[Case]:
    """The cases that wait for the viewer, the oldest first, at most thirty; of one kind or in one board where asked."""
    cases: list[Case] = []
    if kind in ("", "held"):
        cases += [_held(hold) for hold in _in(waiting_holds(viewer), board).order_by("at")[:MOST]]
    if kind in ("", "reported"):
        cases += _reported(_in(waiting_reports(viewer), board))
    if kind in ("", "appeal"):
        rows = _in(waiting_appeals(viewer), board).select_related("decision__by", "decision__member")
        cases += [_appealed(row) for row in rows.order_by("at")[:MOST]]
    if kind in ("", "second") and not board:
        cases += [_second(row) for row in waiting_seconds(viewer, at=at).select_related("by").order_by("at")[:MOST]]
    return _filled(sorted(cases, key=lambda case: case.since)[:MOST], at)


def _in(rows: Any, board: str) -> Any:
    return rows.filter(board__slug=board) if board else rows


# While the queue is put together, a case's target is only its kind and number.
def _bare(kind: str, pk: int) -> Any:
    return (kind, pk)


def _held(hold: Hold) -> Case:
    return Case("held", _bare(hold.target_kind, hold.target_id), hold.at, hold=hold)


def _reported(rows: Any) -> list[Case]:
    oldest = rows.order_by().values("target_kind", "target_id").annotate(since=Min("at")).order_by("since")[:MOST]
    found = {(row["target_kind"], row["target_id"]): Case("reported", _bare(row["target_kind"], row["target_id"]), row["since"])
             for row in oldest}  # fmt: skip
    ids = [pk for _kind, pk in found]
    for report in rows.filter(target_id__in=ids).select_related("reporter").order_by("at") if ids else []:
        if case := found.get((report.target_kind, report.target_id)):
            case.reports.append(report)
    return list(found.values())


def _appealed(row: Appeal) -> Case:
    first = row.decision
    return Case("appeal", _bare(first.target_kind, first.target_id), row.at, appeal=row, decision=first)


def _second(row: Decision) -> Case:
    return Case("second", _bare(row.target_kind, row.target_id), row.at, decision=row)


def _filled(cases: list[Case], at: datetime) -> list[Case]:
    """Each with its thing, its author's history, its reports and how long it has waited."""
    things = load_targets(case.target for case in cases)  # type: ignore[misc]
    kept = [case for case in cases if case.target in things]  # type: ignore[comparison-overlap]
    for case in kept:
        case.target = things[case.target]  # type: ignore[index]
    plans = {plan.board_id: plan.target_hours for plan in CarePlan.objects.all()} if kept else {}
    histories = histories_of({case.target.author.pk for case in kept})
    also = _reports_of([case for case in kept if case.kind == "held"])
    for case in kept:
        hours = plans.get(case.target.board_id, plans.get(None, 24))
        case.hours = int((at - case.since).total_seconds() // 3600)
        case.late = at - case.since > timedelta(hours=hours)
        case.history = histories[case.target.author.pk]
        case.reports = case.reports or also.get((case.target.kind, case.target.id), [])
    return kept


def _reports_of(cases: Sequence[Case]) -> dict[tuple[str, int], list[Report]]:
    found: dict[tuple[str, int], list[Report]] = defaultdict(list)
    ids = [case.target.id for case in cases]
    for report in Report.objects.open().filter(target_id__in=ids).select_related("reporter").order_by("at") if ids else []:
        found[report.target_kind, report.target_id].append(report)
    return found


# A decision stands no more where it was overturned or taken back, itself or as the half that it confirms; and one that
# was confirmed goes on as its confirmation.
_UNDONE = Decision.objects.filter(
    Q(answers=OuterRef("pk"), verdict__in=[Verdict.OVERTURNED, Verdict.RESTORED, Verdict.SUSPENDED])
    | Q(answers=OuterRef("answers"), verdict=Verdict.OVERTURNED)
)


def histories_of(member_ids: Iterable[int]) -> dict[int, History]:
    """What happened to these authors' texts before, and to themselves; three queries for all."""
    ids = list(member_ids)
    found = {pk: History() for pk in ids}
    if not ids:
        return found
    for pk, number in Hold.objects.filter(author__in=ids).values_list("author").annotate(Count("pk")):
        found[pk].held = number
    for pk, number in Post.objects.filter(author__in=ids, state=PostState.VISIBLE).values_list("author").annotate(Count("pk")):
        found[pk].posts = number
    rows = Decision.objects.filter(member__in=ids).exclude(Exists(_UNDONE)).values_list("member", "verdict")
    for pk, verdict, number in rows.annotate(number=Count("pk", output_field=IntegerField())):
        if verdict in (Verdict.DECLINED, Verdict.HIDDEN, Verdict.WARNED):
            found[pk].against += number
        elif verdict in SANCTIONS:
            found[pk].sanctions += number
        elif verdict == Verdict.RELEASED:
            found[pk].let_through += number
    return found
