"""The guards are there after every migration, can be reversed, and no later migration takes them away unseen."""

import re
from pathlib import Path

import pytest
from django.core.management import call_command

from rewards import audit
from tests.environment import ROOT
from tests.rewards.ledgers import give, points_of

GUARD = ROOT / "rewards" / "migrations" / "0002_ledger_guards.py"
# A migration that must touch a guard is named here, with the reason beside it.
ALLOWED: set[str] = set()


def test_a_migrated_database_has_every_guard(db):
    assert audit.examine() == []


def test_every_guard_the_auditor_looks_for_is_made_by_the_migration():
    text = GUARD.read_text()
    for table, names in audit.GUARDS.items():
        if table.startswith("rewards_"):
            assert all(re.search(rf"trigger {name} \w+ [\w ]+ on {table}", text) for name in names)


def test_the_guards_can_be_taken_back_and_put_up_again(committed_db):
    give(7, 10)
    call_command("migrate", "rewards", "0001_first_tables", verbosity=0)
    found = {finding.detail for finding in audit.examine()}
    assert "rewards_entry is not guarded by entries_keep_the_laws" in found
    call_command("migrate", "rewards", verbosity=0)
    assert audit.examine() == []
    give(7, 5)
    assert points_of(7) == 15


def migrations():
    return [path for path in sorted(Path(ROOT).glob("*/migrations/*.py")) if path != GUARD and path.name not in ALLOWED]


@pytest.mark.parametrize("path", migrations(), ids=lambda path: f"{path.parent.parent.name}-{path.stem}")
def test_no_other_migration_touches_a_guard(path):
    text = path.read_text().lower()
    names = {name for names in audit.GUARDS.values() for name in names} | {"rewards_take_entries", "rewards_guard_account"}
    touched = {name for name in names if re.search(rf"(drop|disable|replace)[^;]*\b{name}\b", text)}
    own = {"activity_is_append_only", "activity_is_never_truncated"} if path.stem == "0002_activity_is_append_only" else set()
    assert touched <= own
    assert "disable trigger" not in text
    assert "session_replication_role" not in text
