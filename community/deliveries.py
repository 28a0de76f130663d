"""Debts are paid: a batch is claimed, its listener runs once over it, and the debts go in the same transaction."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Count, Min, Q
from django.utils import timezone

from community import doorbell
from community.listening import REGISTER, Registered
from community.models import Delivery

log = logging.getLogger(__name__)
BACK_OFF = [timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 720)]


def pay(name: str, *, at: datetime, rounds: int = 100) -> int:
    """Up to `rounds` batches owed by the listener are settled, that is paid or parked; the number of debts is returned."""
    paid = 0
    for _ in range(rounds):
        done = pay_batch(REGISTER[name], at=at)
        if not done:
            break
        paid += done
    return paid


def pay_batch(entry: Registered, *, at: datetime, ids: Sequence[int] | None = None) -> int:
    """One batch is paid, or split until only the bad debt is left, which is parked with its error."""
    debts: list[Delivery] = []
    try:
        with transaction.atomic():
            debts = _claim(entry, at=at, ids=ids)
            return _run(entry, debts) if debts else 0
    except Exception as fault:
        failed = [debt.pk for debt in debts]
        if not failed:
            raise
        log.warning("%s failed on %d debts: %s", entry.name, len(failed), fault)
        return _split(entry, failed, fault, at=at)


def _claim(entry: Registered, *, at: datetime, ids: Sequence[int] | None) -> list[Delivery]:
    owed = Delivery.objects.filter(listener=entry.name)
    owed = owed.filter(pk__in=ids) if ids is not None else owed.filter(due_at__lte=at)
    debts = owed.select_for_update(skip_locked=True, no_key=True, of=("self",)).select_related("activity")
    with _along_the_index():
        return list(debts.order_by("due_at", "pk")[: entry.batch])


@contextmanager
def _along_the_index() -> Iterator[None]:
    """A burst outruns the planner's figures of a table that is mostly empty: it would sort the whole queue for every batch
    (measured with 100,000 debts: 344 ms instead of 12)."""
    with connection.cursor() as cursor:
        cursor.execute("set local enable_bitmapscan = off; set local enable_sort = off")
        yield
        cursor.execute("set local enable_bitmapscan to default; set local enable_sort to default")


def _run(entry: Registered, debts: list[Delivery]) -> int:
    left: set[int] = {activity.pk for activity in entry.run([debt.activity for debt in debts]) or ()}
    paid = [debt.pk for debt in debts if debt.activity_id not in left]
    Delivery.objects.filter(pk__in=paid).delete()
    return len(paid)


def _split(entry: Registered, failed: list[int], fault: Exception, *, at: datetime) -> int:
    if len(failed) == 1:
        return _park(failed[0], fault, at=at)
    middle = len(failed) // 2
    return pay_batch(entry, at=at, ids=failed[:middle]) + pay_batch(entry, at=at, ids=failed[middle:])


@transaction.atomic
def _park(pk: int, fault: Exception, *, at: datetime) -> int:
    debt = Delivery.objects.select_for_update(no_key=True).filter(pk=pk).first()
    if debt is not None:
        debt.due_at = at + BACK_OFF[min(debt.attempts, len(BACK_OFF) - 1)]
        debt.attempts += 1
        debt.error = f"{type(fault).__name__}: {fault}"[:2000]
        debt.save(update_fields=["due_at", "attempts", "error"])
    return 1


@transaction.atomic
def retry_debt(*, debt: Delivery, at: datetime) -> None:
    """The debt is due now, whatever became of it before, and its listener is woken."""
    if Delivery.objects.filter(pk=debt.pk).update(due_at=at):
        transaction.on_commit(lambda: doorbell.ring([debt.listener]), robust=True)


def owing(*, at: datetime, older_than: timedelta = timedelta(0)) -> list[str]:
    """Names of listeners with debts that fell due at least so long ago."""
    due = Delivery.objects.filter(due_at__lte=at - older_than).values_list("listener", flat=True).distinct()
    return sorted(set(due) & REGISTER.keys())


def drain(*, at: datetime | None = None) -> int:
    """Everything due is paid here and now, consequences of consequences too; the number of paid debts."""
    paid = 0
    while names := owing(at=at or timezone.now()):
        done = sum(pay(name, at=at or timezone.now()) for name in names)
        if not done:
            break
        paid += done
    return paid


def state_of_debts(*, at: datetime) -> dict[str, float | int]:
    """How many debts wait, how many are parked with an error, and the age of the oldest due one in seconds."""
    facts = Delivery.objects.aggregate(
        waiting=Count("pk"),
        parked=Count("pk", filter=~Q(error="")),
        oldest=Min("due_at", filter=Q(error="")),
    )
    age = (at - facts["oldest"]).total_seconds() if facts["oldest"] else 0.0
    return {"waiting": facts["waiting"], "parked": facts["parked"], "oldest_seconds": max(age, 0.0)}
