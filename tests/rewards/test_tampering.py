"""Whatever somebody with every right in the database changes behind the guards, the auditor finds it."""

import environ
import pytest
from django.db import connection, transaction

from rewards import audit
from tests import databases
from tests.environment import here
from tests.rewards.ledgers import GUARDS_DOWN, GUARDS_UP, keep_books

# What a thief could do, and the law that tells.
BREAKS = {
    "update rewards_account set balance = balance + 1 where id = (select min(id) from rewards_account)": "balances",
    """alter table rewards_account drop constraint balance_on_its_side;
    update rewards_account set balance = 5000 where owner_kind = 'debt'""": "sides",
    "update rewards_account set balance = 3 where owner_kind = 'member' and currency = 'points'": "debts",
    "update rewards_entry set amount = amount + 1 where id = 1": "sums",
    "update rewards_entry set amount = amount * 2 where transfer_id = 1": "inputs",
    "update rewards_entry set account_id = (select max(id) from rewards_account) where id = 1": "seals",
    "delete from rewards_entry where id = 1": "sums",
    "delete from rewards_transfer where id = 2": "orphans",
    "delete from rewards_transfer where id = 3; delete from rewards_entry where transfer_id = 3": "sealed once",
    "update rewards_transfer set reason = 'shipped' where id = 1": "causes",
    "update rewards_transfer set activity_id = 10000 where id = 1": "causes",
    "update rewards_transfer set posted_at = posted_at - interval '1 day' where id = 1": "seals",
    "update rewards_transfer set at = at - interval '1 microsecond' where id = 2": "seals",
    "update rewards_transfer set key = 'mine' where id = 1": "seals",
    "update rewards_transfer set reverses_id = null where reverses_id is not null": "causes",
    "update rewards_transfer set reverses_id = 1 where reverses_id is not null": "reversals",
    "update rewards_seal set hash = repeat('a', 64)": "seals",
    "delete from rewards_seal": "sealed once",
    "update rewards_seal set transfer_ids = transfer_ids || transfer_ids": "sealed once",
    "delete from rewards_unsealed": "sealed once",
    "truncate rewards_entry": "sums",
    "delete from community_activity where verb = 'status_changed'": "causes",
    "alter table rewards_entry disable trigger entries_keep_the_laws": "guards",
    "drop trigger transfer_is_never_truncated on rewards_transfer": "guards",
    "alter table rewards_account drop constraint balance_on_its_side": "guards",
}


@pytest.fixture(scope="module")
def books(django_db_setup, django_db_blocker, tmp_path_factory):
    """One committed ledger for all of these: each of them is rolled back."""
    with django_db_blocker.unblock(), databases.fresh_clone(), pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.conf.settings.DATA_DIR", tmp_path_factory.mktemp("heads"))
        keep_books()
        connection.close()
        owner = environ.Env.db_url_config(here.owner_url)
        for key in ("USER", "PASSWORD", "HOST", "PORT"):
            patch.setitem(connection.settings_dict, key, owner[key])
        yield


@pytest.mark.parametrize(("act", "law"), BREAKS.items(), ids=[f"{n}-{law}" for n, law in enumerate(BREAKS.values())])
def test_whatever_is_tampered_with_is_found(books, act, law):
    with transaction.atomic(), connection.cursor() as cursor:
        assert audit.examine() == []
        cursor.execute(act if law == "guards" else GUARDS_DOWN + act + ";" + GUARDS_UP)
        found = {finding.law for finding in audit.examine()}
        transaction.set_rollback(True)
    assert law in found
