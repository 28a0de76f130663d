"""The application's role may add to the records of the house, and never rewrite them."""

import os

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import ProgrammingError, connection

from community.models import Activity
from config import grants
from config.grants import grant_rights, may, owner_of_database, rights_of, role_of
from tests.environment import here

ROLE = role_of(here.app_url)
pytestmark = pytest.mark.skipif(role_of(here.owner_url) == ROLE, reason="this server gave us one role only")
APPEND_ONLY = [model for model in apps.get_models() if getattr(model, "append_only", False)]


def run(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_ledger_and_activity_are_append_only():
    names = {model._meta.db_table for model in APPEND_ONLY}
    assert {"community_activity", "rewards_transfer", "rewards_entry"} <= names


@pytest.mark.django_db
@pytest.mark.parametrize("model", APPEND_ONLY, ids=lambda model: model._meta.db_table)
def test_the_application_adds_to_records_and_takes_nothing_away(model):
    table = model._meta.db_table
    assert may(ROLE, table, "SELECT") and may(ROLE, table, "INSERT")
    assert not may(ROLE, table, "UPDATE") and not may(ROLE, table, "DELETE") and not may(ROLE, table, "TRUNCATE")


@pytest.mark.django_db
@pytest.mark.parametrize("statement", ["UPDATE community_activity SET verb = ''", "DELETE FROM community_activity"])
def test_the_database_itself_refuses_to_rewrite_what_happened(statement):
    with pytest.raises(ProgrammingError, match="permission denied"):
        run(statement)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "model", [m for m in apps.get_models() if rights_of(m)[0] == grants.FULL], ids=lambda m: m._meta.db_table
)
def test_every_other_table_is_free_to_use(model):
    if model._meta.managed and model._meta.db_table != "django_migrations":
        assert all(may(ROLE, model._meta.db_table, right) for right in grants.FULL)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement", ["CREATE TABLE mine (id int)", "TRUNCATE community_board CASCADE", "DROP TABLE community_board"]
)
def test_the_application_may_not_change_tables(statement):
    with pytest.raises(ProgrammingError, match="permission denied|must be owner"):
        run(statement)


@pytest.mark.django_db
def test_the_application_cannot_pretend_to_be_migrated():
    assert may(ROLE, "django_migrations", "SELECT") and not may(ROLE, "django_migrations", "INSERT")


def test_granting_again_changes_nothing(committed_db):
    question = "SELECT relname, relacl::text FROM pg_class WHERE relnamespace = 'public'::regnamespace ORDER BY 1"

    def everything():
        with connection.cursor() as cursor:
            cursor.execute(question)
            return cursor.fetchall()

    before = everything()
    with owner_of_database(os.environ):
        assert grant_rights(role=ROLE) > 6
    assert [(name, sorted((acl or "").split(","))) for name, acl in everything()] == [
        (name, sorted((acl or "").split(","))) for name, acl in before
    ]


def test_a_table_that_comes_later_is_free_to_use_too(committed_db):
    with owner_of_database(os.environ):
        run("CREATE TABLE later (id serial PRIMARY KEY)")
    run("INSERT INTO later DEFAULT VALUES")
    assert not may(ROLE, "later", "TRUNCATE")


def test_a_right_that_crept_in_is_taken_back_by_migrating(committed_db):
    with owner_of_database(os.environ):
        run(f'GRANT UPDATE ON community_activity TO "{ROLE}"')
    assert may(ROLE, "community_activity", "UPDATE")
    call_command("migrate", verbosity=0)
    assert not may(ROLE, "community_activity", "UPDATE")


def test_single_columns_can_be_left_open(committed_db, monkeypatch):
    monkeypatch.setattr(Activity, "column_grants", {"UPDATE": ["version"]}, raising=False)
    with owner_of_database(os.environ):
        grant_rights(role=ROLE)
    run("UPDATE community_activity SET version = 2")
    with pytest.raises(ProgrammingError, match="permission denied"):
        run("UPDATE community_activity SET verb = ''")


def test_a_site_with_one_role_is_left_as_it_is(committed_db):
    with owner_of_database(os.environ):
        assert grant_rights(role=role_of(here.owner_url)) == 0
        assert grant_rights(role="") == 0


def test_after_the_owners_work_the_application_speaks_again(committed_db):
    def who():
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_user")
            return cursor.fetchone()[0]

    with owner_of_database(os.environ):
        assert who() == role_of(here.owner_url)
    assert who() == ROLE
