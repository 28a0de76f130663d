"""Whether the site is well: each check that fails is one line, a doctor never faints, and strangers learn one word."""

import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import DatabaseError
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from community.models import Activity, Delivery, Mailing
from config import door, health, probe
from config.celery import HEARTBEAT_KEY, app, sign_of_life
from config.management.commands import doctor
from config.progress import Refusal
from feedback.models import ScoreConfig
from tests.factories import make_member, make_post

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_worker():
    cache.delete(HEARTBEAT_KEY)
    yield
    cache.delete(HEARTBEAT_KEY)


@pytest.fixture
def owe():
    """A debt so many seconds old, with what went wrong."""

    def make(seconds, error=""):
        at = timezone.now() - timedelta(seconds=seconds)
        fact = Activity.objects.create(key=f"k{seconds}{error}", verb="vote_cast", at=at)
        return Delivery.objects.create(activity=fact, listener="feedback.score", due_at=at, error=error)

    return make


def figures(client, **headers):
    page = client.get("/metrics", headers=headers)
    assert page.status_code == 200
    return {family.name: family.samples[0].value for family in text_string_to_metric_families(page.content.decode())}


def broken(*_given, **_named):
    raise DatabaseError("the server closed the connection unexpectedly\nmore about it")


class TestReadiness:
    def test_a_database_that_is_gone_is_503_and_no_fault_page(self, client, monkeypatch):
        monkeypatch.setattr(health.connection, "cursor", broken)
        answer = client.get("/readyz")
        assert (answer.status_code, answer.json()["database"], answer["Cache-Control"]) == (503, False, "no-store")

    def test_a_table_of_migrations_nobody_can_read_is_not_ready(self, client, monkeypatch):
        monkeypatch.setattr(health, "_migrated", [])
        monkeypatch.setattr(health, "MigrationExecutor", broken)
        assert client.get("/readyz").json()["migrations"] is False

    def test_once_migrated_nobody_asks_again(self, monkeypatch):
        monkeypatch.setattr(health, "_migrated", [True])
        monkeypatch.setattr(health, "MigrationExecutor", broken)
        assert health._migrations()

    def test_a_broker_that_is_gone_answers_no_to_everything_behind_it(self, client, monkeypatch):
        monkeypatch.setattr(health.cache, "get", broken)
        told = client.get("/readyz?all=1").json()
        assert (told["ready"], told["broker"], told["worker"], told["debts"]) == (False, False, False, False)

    @pytest.mark.parametrize(("age", "alive"), [(0, True), (29, True), (31, False), (3600, False)])
    def test_a_worker_lives_for_half_a_minute_after_its_last_sign(self, client, age, alive):
        cache.set(HEARTBEAT_KEY, time.time() - age)
        assert client.get("/readyz?all=1").json()["worker"] is alive

    def test_a_worker_that_gives_a_sign_is_heard_of(self, client):
        sign_of_life()
        assert client.get("/readyz?all=1").json()["worker"] is True

    @pytest.mark.parametrize("query", ["", "?all=", "?all=0", "?all=yes", "?all=1&all=0"])
    def test_only_one_word_asks_for_everything(self, client, query):
        assert "worker" not in client.get(f"/readyz{query}").json()


class TestMetrics:
    def test_every_figure_has_words_and_a_number(self, client):
        told = figures(client)
        assert all(name.startswith("sprout_") for name in told) and len(told) == 7
        assert told["sprout_worker_heartbeat_seconds"] == -1

    def test_debts_are_counted_by_what_became_of_them(self, client, owe):
        owe(5), owe(400), owe(10, error="boom")
        told = figures(client)
        assert told["sprout_debts_parked"] == 1 and told["sprout_debts_waiting"] >= 2
        assert 399 <= told["sprout_oldest_debt_seconds"] < 500

    def test_posts_mails_and_the_worker_are_counted(self, client):
        make_post()
        Mailing.objects.update(state=Mailing.State.FAILED)
        cache.set(HEARTBEAT_KEY, time.time() - 7)
        told = figures(client)
        assert told["sprout_posts"] == 1 and 7 <= told["sprout_worker_heartbeat_seconds"] < 20
        assert told["sprout_mails_failed"] == Mailing.objects.count()

    @pytest.mark.parametrize(
        "said", ["", "Bearer", "Bearer ", "Bearer x", "Basic " + "t" * 30, "Bearer " + "t" * 31, "Bearer ü"]
    )
    def test_without_the_very_token_there_is_nothing_here(self, client, settings, said):
        settings.METRICS_TOKEN = "t" * 30
        assert client.get("/metrics", headers={"Authorization": said}).status_code == 404
        assert client.get("/readyz", headers={"Authorization": said}).json() == {"ready": True}

    def test_with_a_token_home_is_a_stranger_too(self, client, settings):
        settings.METRICS_TOKEN = "t" * 30
        assert client.get("/metrics").status_code == 404
        assert "sprout_posts" in figures(client, Authorization="Bearer " + "t" * 30)


class TestDoctor:
    @pytest.mark.parametrize(
        ("fault", "line"),
        [
            (RuntimeError("it broke\nhere\nand there"), "it broke"),
            (KeyError("x"), "'x'"),
            (ValueError(""), "ValueError('')"),
            (Refusal("Set it right."), "Set it right."),
        ],
    )
    def test_a_check_that_fails_to_look_has_found_a_fault_in_one_line(self, fault, line):
        def the_moon():
            raise fault

        found = doctor.look(the_moon)
        assert (found.name, found.holds, found.text) == ("the moon", False, line)

    def test_a_folder_that_cannot_be_written_is_named(self, settings, tmp_path, monkeypatch):
        settings.DATA_DIR = tmp_path
        monkeypatch.setattr(Path, "touch", _refuse)
        found = doctor.look(doctor.files)
        assert not found.holds and found.text == f"DATA_DIR {tmp_path} cannot be written (Read-only file system)"

    def test_looking_at_the_files_leaves_none_behind(self, settings, tmp_path):
        settings.DATA_DIR = tmp_path / "data"
        assert doctor.files().text.startswith(str(tmp_path / "data")) and list((tmp_path / "data").iterdir()) == []

    def test_old_debts_are_a_fault_only_where_a_worker_could_have_paid_them(self, owe):
        owe(400)
        assert doctor.debts().holds
        cache.set(HEARTBEAT_KEY, time.time(), timeout=30)
        assert not doctor.debts().holds

    def test_a_parked_debt_is_worth_a_note(self, owe):
        assert not doctor.debts().note
        owe(1, error="boom")
        assert doctor.debts().note and "1 parked" in doctor.debts().text

    def test_a_worker_says_when_it_was_heard_of(self):
        assert doctor.worker().note
        cache.set(HEARTBEAT_KEY, time.time() - 4)
        assert not doctor.worker().note and doctor.worker().text.startswith("alive 4 s")

    def test_nobody_is_advised_to_switch_who_switched(self):
        ScoreConfig.objects.filter(active=True).update(active=False)
        ScoreConfig.objects.filter(version=2).update(active=True)
        for _number in range(50):
            make_member()
        assert not doctor.score().note and "version 2" in doctor.score().text

    @pytest.mark.parametrize(("production", "demo", "note"), [(False, True, True), (False, False, False), (True, False, False)])
    def test_a_demo_on_this_machine_is_worth_a_note(self, settings, production, demo, note):
        settings.PRODUCTION, settings.DEMO = production, demo
        assert doctor.safety().note is note and doctor.safety().holds
        assert ("production rules" in doctor.safety().text) == production

    @pytest.mark.parametrize(
        ("holds", "note", "sign"), [(True, False, "✓"), (True, True, "·"), (False, False, "✗"), (False, True, "✗")]
    )
    def test_a_fault_is_a_cross_whatever_else_it_is(self, capsys, holds, note, sign):
        assert doctor._sign(doctor.Finding("x", holds, "", note)) == sign


def _refuse(*_given, **_named):
    raise OSError(30, "Read-only file system")


@pytest.mark.parametrize("value", ["http://[", "postgresql://[::1/db", "//[", "https://℀.example"])
def test_an_address_nobody_can_read_is_refused_in_one_sentence(value):
    for name in ("DATABASE_URL", "REDIS_URL", "SITE_URL"):
        with pytest.raises(Refusal, match=f"^{name} is not an address"):
            door.check_environment({name: value})


@pytest.mark.parametrize("number", ["", " 8000", "8e3", "0x10", "²", "1_000", "8000.0"])
def test_a_number_is_digits_and_nothing_else(number):
    with pytest.raises(Refusal, match="and not a number"):
        door.check_environment({"PORT": number})


def test_a_probe_of_nobody_is_no_and_not_a_fault():
    assert probe.ask("/healthz", 1, "127.0.0.1") == 0


def test_every_clock_of_the_schedule_wakes_a_task_there_is():
    app.loader.import_default_modules()
    assert {entry["task"] for entry in app.conf.beat_schedule.values()} <= set(app.tasks)
    assert all(entry["schedule"] >= 20 for entry in app.conf.beat_schedule.values())
