"""Facts are recorded once, with what is owed for them, in the operation's own transaction."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from community import doorbell, traces
from community.listening import listeners_of
from community.models import Activity, Delivery, Member
from community.verbs import Fact, Verb


@dataclass(frozen=True)
class Happening:
    """A fact about to be recorded; `subject` is the id of what it is about."""

    key: str
    actor: Member | None
    subject: int | None
    data: Fact


def record(verb: Verb, *, key: str, actor: Member | None, subject: int | None, data: Fact, at: datetime) -> Activity:
    """The fact is on record, every listener owes its work, and the doorbell rings after commit.

    key: unique for ever; recording the same key again returns the first activity and owes nothing new.
    Must run inside the operation's transaction.
    """
    if data.verb is not verb:
        raise ValueError(f"{verb} carries {type(data).__name__}, which is the data of {data.verb}.")
    activities = record_many([Happening(key, actor, subject, data)], at=at)
    return activities[0] if activities else Activity.objects.get(key=key)


def record_many(happenings: Iterable[Happening], *, at: datetime) -> list[Activity]:
    """All facts that were not on record yet are, with their debts; those are returned, in two statements."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("A fact is recorded inside the transaction of what it tells of.")
    rows = [
        Activity(
            key=fact.key,
            verb=fact.data.verb,
            version=fact.data.version,
            actor=fact.actor,
            subject_id=fact.subject,
            data=fact.data.as_data(),
            at=at,
        )
        for fact in happenings
    ]
    known = set(Activity.objects.filter(key__in=[row.key for row in rows]).values_list("key", flat=True))
    fresh = Activity.objects.bulk_create([row for row in rows if row.key not in known])
    _owe(fresh)
    traces.leave_traces(fresh, at=at)
    return fresh


def _owe(activities: list[Activity]) -> None:
    debts = [
        Delivery(activity=activity, listener=name) for activity in activities for name in listeners_of(Verb(activity.verb))
    ]
    Delivery.objects.bulk_create(debts, batch_size=1000)
    names = {debt.listener for debt in debts}
    if names:
        transaction.on_commit(lambda: doorbell.ring(names), robust=True)
