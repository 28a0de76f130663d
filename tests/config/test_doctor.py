"""The doctor says what an installation stands on, and whether it holds."""

import io
import json

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection

from config.celery import HEARTBEAT_KEY
from config.management.commands import doctor
from tests.environment import here
from tests.factories import make_member


def examine():
    """What the doctor finds, by name, and whether all is well."""
    said = io.StringIO()
    try:
        call_command("doctor", "--json", stdout=said)
        code = 0
    except SystemExit as end:
        code = end.code
    report = json.loads(said.getvalue().splitlines()[-1])
    assert report["well"] == (code == 0)
    return report["well"], {one["name"]: one for one in report["findings"]}


@pytest.mark.django_db
def test_a_healthy_installation_is_well():
    well, found = examine()
    assert well, found
    assert {"python", "database", "migrations", "rights", "broker", "worker", "debts", "score", "files", "safety"} == set(found)


@pytest.mark.django_db
def test_a_missing_worker_is_worth_a_note_and_no_fault():
    cache.delete(HEARTBEAT_KEY)
    well, found = examine()
    assert well and found["worker"]["note"]


@pytest.mark.django_db
def test_a_broker_that_may_drop_work_is_a_fault(monkeypatch):
    real = doctor.redis.Redis.info
    monkeypatch.setattr(doctor.redis.Redis, "info", lambda self: real(self) | {"maxmemory_policy": "allkeys-lru"})
    well, found = examine()
    assert not well and "set maxmemory-policy to noeviction" in found["broker"]["text"]


@pytest.mark.django_db
def test_a_broker_that_is_gone_is_a_fault_and_stops_no_other_check(settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    well, found = examine()
    assert not well and "REDIS_URL does not lead" in found["broker"]["text"]
    assert found["files"]["holds"]


@pytest.mark.skipif(here.owner_url == here.app_url, reason="this server gave us one role only")
def test_an_application_that_may_rewrite_its_records_is_a_fault(committed_db, monkeypatch):
    monkeypatch.setattr(doctor.grants, "may", lambda role, table, right: table == "community_activity")
    well, found = examine()
    assert not well and "may rewrite community_activity" in found["rights"]["text"]


@pytest.mark.django_db
def test_one_role_for_everything_is_a_note_with_the_way_out(monkeypatch):
    monkeypatch.delenv("MIGRATE_DATABASE_URL")
    _, found = examine()
    assert found["rights"]["note"] and "set MIGRATE_DATABASE_URL" in found["rights"]["text"]


def test_a_database_behind_the_code_is_a_fault(committed_db, monkeypatch):
    monkeypatch.setattr(doctor.preflight, "pending_migrations", lambda: 3)
    well, found = examine()
    assert not well and "3 steps behind: run `python3 manage.py migrate`" in found["migrations"]["text"]


@pytest.mark.django_db
def test_a_full_disk_is_a_fault(monkeypatch):
    monkeypatch.setattr(doctor, "LEAST_FREE", 10**18)
    assert not examine()[0]


@pytest.mark.django_db
def test_the_words_are_readable_without_json(capsys):
    call_command("doctor")
    lines = capsys.readouterr().out.splitlines()
    assert any(line.startswith("✓ database: PostgreSQL ") for line in lines)
    assert connection.is_usable()


def test_a_grown_community_is_advised_to_switch_the_scores_constants(db):
    assert (doctor.score().note, "version 1" in doctor.score().text) == (False, True)
    for _ in range(50):
        make_member()
    assert doctor.score().note
    assert "version 2 is made for its size" in doctor.score().text
