"""Every score from nothing but the votes, in a few set-based statements; only rows that differ are written.

The same statements prove the books: `verify` compares, in one snapshot, what the workers kept with what the votes say.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from community.standing import set_standings
from feedback.heat import EPOCH, HALF_LIFE, STEPS
from feedback.models import ClusterScore, Suggestion
from feedback.score_configs import active_config
from feedback.score_debts import owed_now
from feedback.score_sql import FRESH, STANDING, TABLES
from feedback.scoring import NAMELESS_WEIGHT, STRATEGY, VOTE_WEIGHTS

CHUNK = 20_000
STANDING_FIELDS = ["votes", "imported_votes", "heat", "score", "established"]


@dataclass
class Report:
    """How many clusters were looked at, how many rows of each table differed, and which clusters they belong to."""

    clusters: int = 0
    left_out: int = 0
    rows: dict[str, int] = field(default_factory=dict)
    examples: list[int] = field(default_factory=list)

    @property
    def differences(self) -> int:
        return sum(self.rows.values())

    def note(self, table: str, rows: int, roots: Collection[int] = ()) -> None:
        self.rows[table] = self.rows.get(table, 0) + rows
        self.examples = sorted({*self.examples, *roots})[:10]


def size() -> int:
    """How many suggestions there are to look at."""
    return Suggestion.objects.count()


def rescore(*, chunk: int = CHUNK) -> Report:
    """Every cluster's books and standing say what its votes say."""
    report = Report()
    for _ in rescore_steps(report, chunk=chunk):
        pass
    return report


def rescore_steps(report: Report, *, chunk: int = CHUNK) -> Iterator[int]:
    """Each suggestion's id once its chunk is counted anew, in a transaction of its own."""
    for ids in _chunks(chunk):
        with transaction.atomic():
            lock_clusters(ids, wait=True)
            count_anew(ids, report)
        yield from ids


def lock_clusters(ids: Collection[int], *, wait: bool = False) -> set[int]:
    """The clusters that are ours until the transaction ends; without `wait`, those another worker holds are not.

    Ascending ids, as everywhere: two workers never wait for each other in a ring.
    """
    known = set(ClusterScore.objects.filter(pk__in=ids).values_list("pk", flat=True))
    fresh = sorted(set(ids) - known)
    ClusterScore.objects.bulk_create([ClusterScore(root_id=pk) for pk in fresh], ignore_conflicts=True, batch_size=2000)
    rows = ClusterScore.objects.select_for_update(no_key=True, skip_locked=not wait)
    return set(rows.filter(pk__in=ids).order_by("pk").values_list("pk", flat=True))


def count_anew(ids: Collection[int], report: Report | None = None) -> Report:
    """The books of these clusters, which the caller has locked, are made anew from their votes."""
    report = report if report is not None else Report()
    with connection.cursor() as cursor:
        _prepare(cursor, ids)
        for table in TABLES:
            cursor.execute(table.delete_gone, {"ids": list(ids)})
            rows = cursor.rowcount
            cursor.execute(table.write_different)
            report.note(table.name, rows + cursor.rowcount)
        different = _standings(cursor)
    set_standings(different, fields=STANDING_FIELDS)
    report.note("community_standing", len(different), list(different)[:10])
    report.clusters += len(ids)
    return report


def verify() -> Report:
    """What the workers kept is compared with the votes in one snapshot; clusters with unpaid debts are left out, and counted."""
    report = Report()
    with transaction.atomic(), connection.cursor() as cursor:
        # Inside a caller's transaction a snapshot cannot be asked for any more; there the caller's rules hold.
        if not connection.savepoint_ids:
            cursor.execute("set transaction isolation level repeatable read")
        owed = owed_now()
        everybody = list(Suggestion.objects.order_by("pk").values_list("pk", flat=True))
        looked_at = [] if owed.everything else [pk for pk in everybody if pk not in owed.roots]
        report.left_out = len(everybody) - len(looked_at)
        for start in range(0, len(looked_at), CHUNK):
            _compare(cursor, looked_at[start : start + CHUNK], report)
    return report


def _compare(cursor: CursorWrapper, ids: list[int], report: Report) -> None:
    _prepare(cursor, ids)
    for table in TABLES:
        cursor.execute(table.find_different, {"ids": ids})
        roots = [root for (root,) in cursor.fetchall()]
        report.note(table.name, len(roots), roots[:10])
    different = _standings(cursor)
    report.note("community_standing", len(different), list(different)[:10])
    report.clusters += len(ids)


def _standings(cursor: CursorWrapper) -> Mapping[int, Mapping[str, Any]]:
    cursor.execute(STANDING)
    return {row[0]: dict(zip(STANDING_FIELDS, row[1:], strict=True)) for row in cursor.fetchall()}


def _prepare(cursor: CursorWrapper, ids: Collection[int]) -> None:
    """What the votes of these clusters say lies in temporary tables."""
    config = active_config()
    values: dict[str, Any] = {
        "ids": list(ids),
        "epoch": EPOCH,
        "weights": list(VOTE_WEIGHTS),
        "nameless": NAMELESS_WEIGHT,
        "strategies": list(STRATEGY),
        "half_life": HALF_LIFE,
        "steps": list(STEPS),
        "version": config.version,
        "personas": list(config.shares),
        "shares": list(config.shares.values()),
        **config.constants.as_data(),
    }
    for name, statement in FRESH.items():
        if name == "fresh_heat":
            cursor.execute("select coalesce(max(step), 0) from fresh_voter")
            weeks = max(cursor.fetchone()[0] // HALF_LIFE, 0)
            # Exact powers, made here: a power operator would have to be trusted with 150 digits.
            values["powers"] = [Decimal(1 << week) for week in range(weeks + 1)]
        cursor.execute(f"drop table if exists pg_temp.{name}")
        cursor.execute(f"create temporary table {name} on commit drop as {statement}", values)
        cursor.execute(f"analyze {name}")


def _chunks(size: int) -> Iterator[list[int]]:
    last = 0
    ids = Suggestion.objects.order_by("pk").values_list("pk", flat=True)
    while chunk := list(ids.filter(pk__gt=last)[:size]):
        last = chunk[-1]
        yield chunk
