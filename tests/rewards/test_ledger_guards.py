"""The database refuses, whatever our code does: every test here speaks raw SQL as the application's role."""

import psycopg2
import pytest
from django.db import DatabaseError, connection, transaction

from config.grants import role_of
from rewards.models import Account, Entry, Transfer
from tests.environment import here
from tests.rewards.ledgers import as_owner, check_now, give, make_cause, points_of

pytestmark = pytest.mark.django_db
REFUSED = (DatabaseError, psycopg2.DatabaseError)
two_roles = pytest.mark.skipif(role_of(here.owner_url) == role_of(here.app_url), reason="this server gave us one role only")


def run(sql, *values):
    """The answer's first row, in a savepoint, with the deferred laws checked."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)
        row = cursor.fetchone() if cursor.description else None
        cursor.execute("set constraints all immediate; set constraints all deferred")
        return row


def begin_transfer(key="raw", reverses=None):
    with connection.cursor() as cursor:
        cursor.execute(
            """insert into rewards_transfer (key, input_hash, reason, activity_id, rule_version, at, reverses_id)
            values (%s, '', 'gift', %s, 1, now(), %s) returning id""",
            [key, make_cause().pk, reverses],
        )
        return cursor.fetchone()[0]


def enter(*legs):
    with connection.cursor() as cursor:
        rows = ", ".join(["(%s, %s, %s)"] * len(legs))
        values = [value for leg in legs for value in leg]
        cursor.execute(f"insert into rewards_entry (transfer_id, account_id, amount) values {rows}", values)


@pytest.fixture
def accounts(author, voter):
    """Mara's and Tomasz's points and a mint, each with an entry behind it."""
    give(author.pk, 100)
    give(voter.pk, 10)
    mara, tomasz = (Account.objects.get(owner_kind="member", owner_id=one.pk) for one in (author, voter))
    return mara.pk, tomasz.pk, Account.objects.filter(owner_kind="mint").first().pk


@two_roles
def test_the_tests_come_as_a_role_that_owns_nothing():
    owned = run("select count(*) from pg_tables where schemaname = 'public' and tableowner = current_user")
    assert owned == (0,)


@two_roles
@pytest.mark.parametrize("table", ["rewards_transfer", "rewards_entry", "rewards_seal", "rewards_account"])
@pytest.mark.parametrize("act", ["delete from {}", "truncate {} cascade"])
def test_nothing_is_removed(accounts, table, act):
    with pytest.raises(REFUSED, match="permission denied"):
        run(act.format(table))


@two_roles
@pytest.mark.parametrize(
    "change", ["transfer set reason = ''", "entry set amount = amount * 2", "seal set hash = ''", "account set balance = 1"]
)
def test_nothing_is_changed(accounts, change):
    with pytest.raises(REFUSED, match="permission denied"):
        run(f"update rewards_{change}")


@two_roles
@pytest.mark.parametrize("table", ["rewards_transfer", "rewards_entry", "rewards_seal", "rewards_account"])
@pytest.mark.parametrize("act", ["alter table {} disable trigger all", "drop table {}", "alter table {} owner to current_user"])
def test_the_guards_are_not_the_applications_to_lift(table, act):
    with pytest.raises(REFUSED, match="must be owner"):
        run(act.format(table))


@two_roles
def test_the_application_cannot_pretend_to_be_a_replica():
    with pytest.raises(REFUSED, match="permission denied"):
        run("set session_replication_role = replica")


@two_roles
def test_a_conflict_is_no_way_to_update(accounts):
    with pytest.raises(REFUSED, match="permission denied"):
        run(
            """insert into rewards_transfer (key, input_hash, reason, activity_id, rule_version, at)
            select key, 'forged', reason, activity_id, 1, at from rewards_transfer
            on conflict (key) do update set input_hash = excluded.input_hash"""
        )


@pytest.mark.parametrize("table", ["rewards_transfer", "rewards_entry", "rewards_seal", "rewards_account"])
def test_an_id_is_given_by_the_database_alone(accounts, table):
    with pytest.raises(REFUSED, match="non-DEFAULT value"):
        run(f"insert into {table} (id) values (-5)")


@pytest.mark.parametrize("pk", [-5, 1, 10**9])
def test_an_id_is_not_slipped_in_by_overriding_either(accounts, pk):
    with pytest.raises(REFUSED, match="given by the database"):
        run(
            """insert into rewards_transfer (id, key, input_hash, reason, activity_id, rule_version, at)
            overriding system value values (%s, 'x', '', 'gift', %s, 1, now())""",
            pk,
            make_cause().pk,
        )


def test_an_entry_id_is_not_slipped_in_either(accounts):
    with pytest.raises(REFUSED, match="given by the database"), transaction.atomic():
        pk = begin_transfer()
        run(
            """insert into rewards_entry (id, transfer_id, account_id, amount)
            overriding system value values (-1, %s, %s, 1), (-2, %s, %s, -1)""",
            *(pk, accounts[0], pk, accounts[1]),
        )


def test_a_transfer_cannot_be_dated_back(accounts):
    before = Transfer.objects.latest("pk")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            """insert into rewards_transfer (key, input_hash, reason, activity_id, rule_version, at, posted_at, xact)
            values ('old', '', 'gift', %s, 1, '2001-01-01', '2001-01-01', 3)""",
            [before.activity_id],
        )
        dated_back = Transfer.objects.get(key="old")
        transaction.set_rollback(True)
    assert dated_back.posted_at > before.posted_at
    assert dated_back.xact == before.xact


@two_roles
@pytest.mark.parametrize("sequence", ["rewards_transfer_id_seq", "rewards_entry_id_seq", "community_activity_id_seq"])
def test_a_sequence_is_not_set_back_to_make_old_ids(sequence):
    with pytest.raises(REFUSED, match="permission denied"):
        run("select setval(%s, 1)", sequence)


def test_an_account_opens_empty():
    with pytest.raises(REFUSED, match="opens empty"):
        run(
            """insert into rewards_account (owner_kind, owner_id, currency, normal, balance)
            values ('member', 1, 'points', 'credit', 1000)"""
        )


@pytest.mark.parametrize(
    "row",
    [
        "('member', 1, 'points', 'debit', 0)",
        "('debt', 1, 'points', 'credit', 0)",
        "('debt', 1, 'honour', 'debit', 0)",
        "('bank', 1, 'points', 'credit', 0)",
    ],
)
def test_an_account_stands_on_the_side_of_its_owner(row):
    with pytest.raises(REFUSED, match="normal_side_of_owner"):
        run(f"insert into rewards_account (owner_kind, owner_id, currency, normal, balance) values {row}")


def test_a_transfer_without_entries_does_not_last():
    with pytest.raises(REFUSED, match="at least two entries"), transaction.atomic():
        begin_transfer()
        check_now()


def test_entries_arrive_in_one_statement(accounts):
    mara, tomasz, mint = accounts
    pk = begin_transfer()
    enter((pk, mara, -5), (pk, tomasz, 5))
    with pytest.raises(REFUSED, match="all its entries in one statement"), transaction.atomic():
        enter((pk, mint, -5), (pk, Account.objects.exclude(pk__in=accounts).first().pk, 5))


def test_entries_do_not_arrive_one_by_one(accounts):
    pk = begin_transfer()
    with pytest.raises(REFUSED, match="at least two entries"):
        enter((pk, accounts[0], -5))


def test_two_statements_in_one_still_make_one_transfer_that_balances(accounts):
    with pytest.raises(REFUSED, match="sums to zero"), transaction.atomic():
        pk = begin_transfer()
        run(
            """with a as (insert into rewards_entry (transfer_id, account_id, amount) values (%s, %s, 5) returning 1)
            insert into rewards_entry (transfer_id, account_id, amount) values (%s, %s, -4)""",
            *(pk, accounts[0], pk, accounts[1]),
        )


def test_entries_sum_to_zero(accounts):
    pk = begin_transfer()
    with pytest.raises(REFUSED, match="sums to zero"):
        enter((pk, accounts[0], -5), (pk, accounts[1], 6))


def test_one_crooked_transfer_among_good_ones_is_found(accounts):
    good, bad = begin_transfer("good"), begin_transfer("bad")
    legs = [(good, accounts[0], -5), (good, accounts[1], 5), (bad, accounts[0], 5), (bad, accounts[1], -4)]
    with pytest.raises(REFUSED, match=f"sums to zero .transfer {bad}"):
        enter(*legs)


def test_zero_is_no_entry(accounts):
    pk = begin_transfer()
    with pytest.raises(REFUSED, match="amount_is_not_zero"):
        enter((pk, accounts[0], 0), (pk, accounts[1], 0))


def test_a_transfer_is_of_one_currency(accounts, author):
    give(author.pk, 5, currency="honour")
    honour = Account.objects.get(owner_kind="member", currency="honour")
    pk = begin_transfer()
    with pytest.raises(REFUSED, match="one currency"):
        enter((pk, accounts[0], -5), (pk, honour.pk, 5))


def test_a_balance_is_not_written_below_zero(accounts):
    pk = begin_transfer()
    with pytest.raises(REFUSED, match="balance_on_its_side"):
        enter((pk, accounts[0], -101), (pk, accounts[1], 101))


def test_entries_for_an_account_that_is_not_there_are_refused(accounts):
    pk = begin_transfer()
    with pytest.raises(REFUSED, match="between accounts that are there"):
        enter((pk, accounts[0], -5), (pk, 10**12, 5))


def test_entries_of_a_transfer_that_is_not_there_are_refused(accounts):
    with pytest.raises(REFUSED, match="its own transaction"):
        enter((10**12, accounts[0], -5), (10**12, accounts[1], 5))


def test_a_debt_is_settled_with_its_own_member_only(accounts, author):
    run("select * from rewards_open_accounts(array['debt'], array[%s]::bigint[], array['points'])", author.pk)
    debt = Account.objects.get(owner_kind="debt")
    pk = begin_transfer()
    with pytest.raises(REFUSED, match="its own member"):
        enter((pk, debt.pk, -10), (pk, accounts[1], 10))


def test_a_finished_transfer_takes_no_more_entries(committed_db):
    transfer = give(7, 10)
    give(8, 10)
    accounts = list(Account.objects.exclude(entries__transfer=transfer).values_list("pk", flat=True))
    with pytest.raises(REFUSED, match="its own transaction"):
        enter((transfer.pk, accounts[0], 1), (transfer.pk, accounts[1], -1))
    assert Entry.objects.filter(transfer=transfer).count() == 2


@pytest.mark.parametrize(
    ("act", "sentence"),
    [
        ("update rewards_account set balance = balance + 1", "by entries alone"),
        ("update rewards_account set owner_id = 99", "by entries alone"),
        ("delete from rewards_account", "by entries alone"),
        ("truncate rewards_account cascade", "append-only"),
        ("update rewards_transfer set reason = 'other'", "append-only"),
        ("delete from rewards_transfer", "append-only"),
        ("truncate rewards_transfer cascade", "append-only"),
        ("update rewards_entry set amount = amount * 2", "append-only"),
        ("delete from rewards_entry", "append-only"),
        ("truncate rewards_entry", "append-only"),
    ],
)
def test_even_the_owner_is_stopped_as_long_as_the_guards_are_on(committed_db, act, sentence):
    give(7, 10)
    with pytest.raises(psycopg2.DatabaseError, match=sentence), as_owner(committed_db) as cursor:
        cursor.execute(act)
    assert points_of(7) == 10
