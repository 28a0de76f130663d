"""The site says whether it is well: the process, the database, and everything behind it; details only at home."""

import time
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from community.models import Activity, Delivery
from config import health
from config.celery import HEARTBEAT_KEY

pytestmark = pytest.mark.django_db


@pytest.fixture
def alive():
    cache.set(HEARTBEAT_KEY, time.time(), timeout=30)
    yield
    cache.delete(HEARTBEAT_KEY)


def test_the_process_answers_without_a_database(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/healthz").content == b"ok\n"


def test_ready_means_the_database_answers_and_is_migrated(client):
    answer = client.get("/readyz")
    assert answer.status_code == 200 and answer.json() == {"ready": True, "database": True, "migrations": True}


def test_a_database_behind_the_code_is_not_ready(client, monkeypatch):
    monkeypatch.setattr(health, "_migrated", [])
    monkeypatch.setattr(health.MigrationExecutor, "migration_plan", lambda self, targets: ["one to go"])
    assert client.get("/readyz").status_code == 503


def test_all_is_ready_with_a_living_worker(client, alive):
    assert client.get("/readyz?all=1").status_code == 200


def test_without_a_worker_only_all_is_not_ready(client):
    cache.delete(HEARTBEAT_KEY)
    assert client.get("/readyz?all=1").status_code == 503
    assert client.get("/readyz").status_code == 200


def test_an_old_debt_is_not_ready(client, alive):
    fact = Activity.objects.create(key="k", verb="vote_cast", at=timezone.now())
    Delivery.objects.create(activity=fact, listener="feedback.score", due_at=timezone.now() - timedelta(minutes=10))
    answer = client.get("/readyz?all=1")
    assert answer.status_code == 503 and answer.json()["debts"] is False


def test_a_stranger_reads_one_word(client, settings):
    settings.METRICS_TOKEN = "t" * 30
    assert client.get("/readyz").json() == {"ready": True}
    assert client.get("/metrics").status_code == 404
    told = client.get("/metrics", headers={"Authorization": "Bearer " + "t" * 30})
    assert b"sprout_debts_waiting 0.0" in told.content


def test_a_forwarded_request_is_no_request_from_home(client):
    assert client.get("/metrics").status_code == 200
    assert client.get("/metrics", headers={"X-Forwarded-For": "127.0.0.1"}).status_code == 404
