"""A database that is killed again and again under its writers: what was acknowledged is there, once, and adds up."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg2
import pytest

from config import servers
from tests.environment import ROOT
from tests.waiting import until

KILLS, WRITERS = 6, 3
WRITER = """
import sys, time, django
django.setup()
from django.db import DatabaseError, InterfaceError, connection
from django.utils import timezone
from community.models import Activity
from rewards import ledger
name, acknowledged = sys.argv[1], open(sys.argv[2], "a", buffering=1)
cause = Activity.objects.get(key="crash")
for number in range(10**6):
    key = f"{name}:{number}"
    while True:
        try:
            legs = ledger.grant(number % 20, "points", 1)
            ledger.post_transfer(key=key, reason="gift", entries=legs, activity=cause, at=timezone.now(), rule_version=1)
            break
        except (DatabaseError, InterfaceError):
            connection.close()
            time.sleep(0.05)
    acknowledged.write(key + "\\n")
"""


@pytest.fixture
def private():
    """A durable server of this test alone, migrated; its environment and its keeper."""
    folder = Path(tempfile.mkdtemp(prefix="sprout-crash-"))
    folder.chmod(0o755)
    environment: dict[str, str] = {}
    lease = servers.lease(environment, folder / "data")
    lease.wait()
    environment = {**os.environ, **environment, "DATA_DIR": str(folder / "data"), "SPROUT_BOOTSTRAP": "0"}
    try:
        run(environment, "migrate", "--verbosity", "0")
        yield environment, next(server for server in lease.servers if server.name == "postgres"), folder
    finally:
        lease.release()
        time.sleep(1)
        shutil.rmtree(folder, ignore_errors=True)


def run(environment, *words):
    return subprocess.run([sys.executable, "manage.py", *words], cwd=ROOT, env=environment, capture_output=True, text=True)


def ask(environment, question):
    with contextlib.closing(psycopg2.connect(environment["MIGRATE_DATABASE_URL"])) as held, held, held.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchall() if cursor.description else None


def kill(server):
    """The whole server dies at once and its keeper brings it back."""
    before = server.told()["server"]
    os.kill(int(before), signal.SIGKILL)
    until(lambda: server.told().get("state") == "ready" and server.told()["server"] != before, within=60)


@pytest.mark.slow
def test_what_was_acknowledged_survives_every_kill_once(private):
    environment, server, folder = private
    ask(environment, "insert into community_activity (key, verb, version, data, at) values ('crash', 'x', 1, '{}', now())")
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, f"w{n}", folder / f"acks-{n}"], cwd=ROOT, env=environment)
        for n in range(WRITERS)
    ]
    try:
        for _kill in range(KILLS):
            before = sum(acknowledged(folder).values())
            until(lambda before=before: sum(acknowledged(folder).values()) >= before + 30, within=90)
            kill(server)
    finally:
        for writer in writers:
            writer.kill()
            writer.wait()
    promised = [key for path in folder.glob("acks-*") for key in path.read_text().split("\n")[:-1]]
    kept = {key for (key,) in ask(environment, "select key from rewards_transfer")}
    assert len(promised) >= 30 * KILLS
    assert set(promised) <= kept
    # Cut off between commit and answer a key may be kept without a promise, one for each writer at most.
    assert len(kept) <= len(promised) + WRITERS
    report = json.loads(run(environment, "audit_ledger", "--json").stdout.splitlines()[-1])
    assert (report["ok"], report["transfers"]) == (True, len(kept))


def acknowledged(folder):
    return {path.name: path.read_text().count("\n") for path in folder.glob("acks-*")}
