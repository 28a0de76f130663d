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
from rewards import ledger, sealing
from rewards.awards import settle_awards
from rewards.models import Account, Transfer
from tests.environment import here, in_database
from tests.factories import NOW, make_member, make_post
from tests.rewards.facts import adopt, merge

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


TABLES = ["rewards_account", "rewards_transfer", "rewards_entry", "rewards_seal", "community_activity"]
GUARDS_DOWN = """
do $$ declare key record; begin
    for key in select conrelid::regclass as name, conname from pg_constraint
        where contype = 'f' and (conrelid::regclass::text like 'rewards_%' or confrelid = 'community_activity'::regclass)
    loop execute format('alter table %s drop constraint %I', key.name, key.conname); end loop;
end $$;
""" + "".join(f"alter table {table} disable trigger user;" for table in TABLES)
GUARDS_UP = "".join(f"alter table {table} enable trigger user;" for table in TABLES)


@contextmanager
def as_thief(database: str) -> Iterator[Any]:
    """A cursor of the owner who took every guard down, and puts the triggers back up so that nobody sees."""
    with as_owner(database) as cursor:
        cursor.execute(GUARDS_DOWN)
        yield cursor
        cursor.execute(GUARDS_UP)


def balances(member: Member) -> tuple[int, int, int]:
    """Points, honour and debt."""
    held = ledger.balances_of([member.pk])[member.pk]
    return held["points"], held["honour"], held["debt"]


def keep_books() -> None:
    """A little ledger of every kind of transfer, half of it sealed."""
    mara, tomasz = make_member("Mara"), make_member("Tomasz")
    settle_awards([adopt(make_post(author=mara)), merge(make_post(), 1, by=tomasz)])
    gift = give(mara.pk, 100)
    ledger.spend(member=mara, amount=290, key="perk", activity=make_cause(), at=NOW)
    sealing.seal_ledger()
    ledger.reverse_transfer(transfer=gift, key="undo", activity=make_cause(), at=NOW)
    give(mara.pk, 7)
