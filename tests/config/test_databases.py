"""The databases that tests stand on."""

import os
import subprocess
import sys

import pytest
from django.db import connection, connections

from config.grants import owner_of_database


def ask(question, *values):
    with connection.cursor() as cursor:
        cursor.execute(question, values)
        return cursor.fetchone()


@pytest.mark.django_db
def test_tests_speak_as_the_application_and_not_as_the_owner():
    role, owner = ask("SELECT current_user, pg_get_userbyid(datdba) FROM pg_database WHERE datname = current_database()")
    assert role != owner


def test_a_test_that_commits_has_a_database_of_its_own(committed_db):
    assert ask("SELECT current_database()") == (committed_db,)


def test_a_process_started_by_a_committing_test_sees_the_same_database(committed_db):
    question = "import os, psycopg2; c = psycopg2.connect(os.environ['DATABASE_URL']); print(c.info.dbname)"
    told = subprocess.run([sys.executable, "-c", question], capture_output=True, text=True, env=os.environ)
    assert told.stdout.strip() == committed_db


@pytest.mark.django_db
def test_a_committing_database_leaves_the_open_transaction_alone(committed_db):
    assert connections["default"].settings_dict["NAME"] == committed_db
    assert not connection.in_atomic_block


def test_trigrams_see_chinese(committed_db):
    with owner_of_database(os.environ):
        ask("CREATE EXTENSION IF NOT EXISTS pg_trgm; SELECT 1")
    assert len(ask("SELECT show_trgm('参与感')")[0]) == 4
