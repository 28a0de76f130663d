"""Small change for tests of the ledger: facts that pay, grants, and sums."""

import itertools
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from typing import Any

import psycopg2
from django.db import connection, transaction

from community.activity import record
from community.models import Activity, Member
from community.verbs import MemberChanged, Verb
from rewards import ledger
from rewards.models import Account, Transfer
from tests.environment import here, in_database
from tests.factories import NOW

_number = itertools.count(1)


def make_cause(member: Member | None = None, at: datetime = NOW) -> Activity:
    """Some fact that a transfer can name as its cause."""
    key = f"a fact for a test:{next(_number)}"
    with transaction.atomic():
        return record(
            Verb.MEMBER_CHANGED, key=key, actor=member, subject=None, data=MemberChanged(trust=0, persona_id=None), at=at
        )


def give(member_id: int, amount: int, *, currency: str = "points", key: str = "", **more: Any) -> Transfer:
    """The member has so much more, for a cause that does not matter."""
    return ledger.post_transfer(
        key=key or f"gift:{next(_number)}",
        reason="gift",
        entries=ledger.grant(member_id, currency, amount),
        activity=more.pop("activity", None) or make_cause(),
        at=NOW,
        rule_version=1,
    )


def points_of(member_id: int) -> int:
    return ledger.balances_of([member_id])[member_id]["points"]


def debt_of(member_id: int) -> int:
    return ledger.balances_of([member_id])[member_id]["debt"]


def check_now() -> None:
    """What the database would check at commit is checked here."""
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate; set constraints all deferred")


def total() -> int:
    """The sum of all balances: always zero."""
    return sum(Account.objects.values_list("balance", flat=True))


@contextmanager
def as_owner(database: str) -> Iterator[Any]:
    """A cursor of the role that owns the tables, in a committed database."""
    with closing(psycopg2.connect(in_database(here.owner_url, database))) as held, held, held.cursor() as cursor:
        yield cursor


@contextmanager
def as_superuser(database: str) -> Iterator[Any]:
    """A cursor that no guard stops: triggers and foreign keys are off, as for somebody who broke in."""
    with closing(psycopg2.connect(in_database(here.admin_url, database))) as held, held, held.cursor() as cursor:
        cursor.execute("set session_replication_role = replica")
        yield cursor


def balances(member: Member) -> tuple[int, int, int]:
    """Points, honour and debt."""
    held = ledger.balances_of([member.pk])[member.pk]
    return held["points"], held["honour"], held["debt"]
