"""`python3 manage.py up`: the whole of it, as a person starts, uses, kills and stops it."""

import contextlib
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg2
import pytest
from django.db import connection

from config.place import read_json
from config.processes import alive
from tests.environment import OURS, ROOT
from tests.waiting import until

NAMES = ("DATABASE_URL", "MIGRATE_DATABASE_URL", "REDIS_URL", "SPROUT_EMBEDDED", "SPROUT_TEST_GIVEN", *OURS)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Site:
    """One `up` with its data directory, its lines and everything it started."""

    def __init__(self, folder, port, arguments=(), **environment):
        self.folder, self.port = folder, port
        self.log = folder / "lines"
        clean = {key: value for key, value in os.environ.items() if key not in NAMES}
        clean |= {"DATA_DIR": str(folder / "data"), "PORT": str(port), "DEMO": "0", "SPROUT_BOOTSTRAP": "0"} | environment
        self.begun = time.monotonic()
        with open(self.log, "ab") as lines:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "up", *arguments], cwd=ROOT, env=clean, stdout=lines, stderr=lines
            )

    def get(self, path):
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)) as line:
            try:
                line.request("GET", path)
                answer = line.getresponse()
                return answer.status, answer.read().decode()
            except OSError:
                return 0, ""

    def ready(self, within=240):
        """Seconds from the start until everything behind the site answered."""
        until(lambda: self.process.poll() is not None or self.get("/readyz?all=1")[0] == 200, within)
        assert self.process.poll() is None, self.said()
        return time.monotonic() - self.begun

    def said(self):
        return self.log.read_text()

    def server(self, name):
        return read_json(self.folder / "data" / "servers" / f"{name}.json")

    def everything(self):
        """The pids of all that runs for this site: its own descendants, the keepers and the servers."""
        roots = [self.process.pid] + [int(self.server(name).get("keeper", 0)) for name in ("postgres", "valkey")]
        parents = {int(pid): parent_of(pid) for pid in filter(str.isdigit, os.listdir("/proc"))}
        found = set(filter(None, roots))
        while more := {pid for pid, parent in parents.items() if parent in found} - found:
            found |= more
        return {pid for pid in found if alive(pid)}

    def part(self, name):
        """The pid of web, worker or beat."""
        named = [pid for pid in self.everything() if comm_of(pid) == f"sprout-{name}" and parent_of(pid) == self.process.pid]
        return named[0] if named else 0

    def ask(self, question):
        with contextlib.closing(psycopg2.connect(self.server("postgres")["MIGRATE_DATABASE_URL"])) as connection, connection:
            with connection.cursor() as cursor:
                cursor.execute(question)
                return cursor.fetchone() if cursor.description else None

    def stop(self, word=signal.SIGTERM):
        self.process.send_signal(word)
        return self.process.wait(90)


def parent_of(pid):
    with contextlib.suppress(OSError):
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    return 0


def comm_of(pid):
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/comm").read_text().strip()
    return ""


def make_folder():
    """A folder that any account may enter, as a clone in /srv or /opt is."""
    made = Path(tempfile.mkdtemp(prefix="sprout-up-"))
    made.chmod(0o755)
    return made


@pytest.fixture
def folder():
    made = make_folder()
    yield made
    shutil.rmtree(made)


@pytest.fixture(scope="session")
def yesterday():
    """What a first start leaves behind: tables, roles, static files."""
    made = make_folder()
    first = Site(made, free_port(), arguments=["--only-prepare"])
    assert first.process.wait(300) == 0, first.said()
    yield made / "data"
    shutil.rmtree(made)


def copy_data(source, target):
    """With owners: as root the servers run as another account, and their files are theirs."""
    subprocess.run(["cp", "-a", source, target], check=True)
    # A copy is another place: what the first remembered of its own does not bind it.
    for name in ("valkey.port.json", "postgres.sockets.json"):
        (target / "servers" / name).unlink(missing_ok=True)


@pytest.fixture
def start(folder, request):
    if "fresh" not in request.keywords:
        copy_data(request.getfixturevalue("yesterday"), folder / "data")
    sites = []

    def begin(**environment):
        sites.append(Site(folder, sites[-1].port if sites else free_port(), **environment))
        return sites[-1]

    yield begin
    for site in sites:
        if site.process.poll() is None:
            site.process.send_signal(signal.SIGTERM)
            site.process.wait(60)


pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks into /proc")


@pytest.mark.fresh
def test_it_starts_from_nothing_answers_and_stops_without_a_trace(start, folder):
    site = start()
    site.ready()
    until(lambda: f"at http://127.0.0.1:{site.port}/" in site.said())
    assert site.get("/healthz")[0] == 200
    stored = json.loads((folder / "data" / "static" / "staticfiles.json").read_text())["paths"]
    assert site.get("/static/" + next(name for name in stored.values() if name.endswith(".css")))[0] == 200
    assert (folder / "data" / "mail").stat().st_mode & 0o077 == 0
    running = site.everything()
    assert len(running) >= 10
    assert site.stop() == 0
    assert not [pid for pid in running if alive(pid)]
    assert site.said().splitlines()[-1] == "sprout | stopped"


@pytest.mark.fresh
def test_with_both_addresses_given_it_touches_nothing_else(committed_db, start, folder):
    given = {name: os.environ[name] for name in ("DATABASE_URL", "MIGRATE_DATABASE_URL", "REDIS_URL")}
    site = start(**given, SECRET_KEY="k9f2Lq7Zx1Rt" * 5, EMAIL_URL="smtp://127.0.0.1:1")
    site.ready()
    assert len([pid for pid in site.everything() if comm_of(pid) in {"postgres", "valkey-server"}]) == 0
    assert not (folder / "data" / "servers").exists() and not (folder / "data" / "secret-key").exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
        assert cursor.fetchone()[0] > 1
    assert site.stop() == 0


def test_ctrl_c_on_a_terminal_stops_everything_too(start):
    site = start()
    site.ready()
    running = site.everything()
    assert site.stop(signal.SIGINT) == 0
    assert not [pid for pid in running if alive(pid)]


def test_a_second_start_from_the_same_folder_is_refused_in_one_sentence(start):
    site = start()
    site.ready()
    second = start(PORT=str(free_port()))
    assert second.process.wait(30) == 1
    assert "Sprout already runs from" in site.said().splitlines()[-1]
    assert site.get("/readyz")[0] == 200


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        (
            {"DATABASE_URL": "postgresql://x@127.0.0.1:1/y", "REDIS_URL": "redis://127.0.0.1:1/0", "DEBUG": "1"},
            "DATABASE_URL does not lead",
        ),
        ({"DATABASE_URL": "no address at all", "DEBUG": "1"}, "DATABASE_URL is not an address"),
        ({"REDIS_URL": "redis://127.0.0.1:1/0"}, "REDIS_URL does not lead to a Redis"),
        ({"DATA_DIR": "/proc/nowhere"}, "DATA_DIR /proc/nowhere cannot be written"),
        ({"PORT": "eight"}, "PORT is 'eight' and not a number"),
        ({"DATABASE_URL": "mysql://root@localhost/x"}, "DATABASE_URL is not an address"),
        ({"REDIS_URL": "localhost:6379"}, "REDIS_URL is not an address"),
        ({"SITE_URL": "https://sprout.example"}, "DEMO"),
    ],
)
def test_what_is_wrong_with_the_environment_is_one_sentence(start, environment, sentence):
    if sentence == "DEMO":
        environment = environment | {"DEMO": "1"}
    site = start(**environment)
    assert site.process.wait(60) == 1
    assert sentence in site.said().splitlines()[-1]
    assert "Traceback" not in site.said()


def test_a_busy_port_is_one_sentence_and_the_servers_are_stopped_again(start):
    site = start()
    with socket.create_server(("127.0.0.1", free_port())) as taken:
        port = taken.getsockname()[1]
        site.stop()
        busy = start(PORT=str(port))
        assert busy.process.wait(60) == 1
    assert f"Port {port} on 127.0.0.1 is busy" in site.said()
    assert not busy.server("postgres")


@pytest.mark.slow
def test_a_warm_start_is_ready_within_five_seconds(start):
    # Other tests run beside this one: one start that was left alone is enough.
    seconds = []
    while min(seconds, default=9) >= 5 and len(seconds) < 8:
        site = start()
        seconds.append(site.ready())
        site.stop()
    assert min(seconds) < 5, seconds


@pytest.mark.slow
@pytest.mark.parametrize("victim", ["web", "worker", "beat"])
def test_a_killed_part_is_back_and_the_site_with_it(start, victim):
    site = start()
    site.ready()
    before = until(lambda: site.part(victim))
    children = [pid for pid in site.everything() if parent_of(pid) == before]
    os.kill(before, signal.SIGKILL)
    until(lambda: site.part(victim) not in {0, before})
    assert not [pid for pid in children if alive(pid)]
    until(lambda: site.get("/readyz?all=1")[0] == 200)
    assert f"{victim} ended (SIGKILL)" in site.said()


@pytest.mark.slow
@pytest.mark.parametrize("victim", ["postgres", "valkey"])
@pytest.mark.parametrize("whom", ["server", "keeper"])
def test_a_killed_server_is_back_and_the_site_with_it(start, victim, whom):
    site = start()
    site.ready()
    site.ask("CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n")
    before = site.server(victim)
    os.kill(int(before[whom]), signal.SIGKILL)
    until(lambda: site.server(victim).get("state") == "ready" and site.server(victim)["server"] != before["server"], 30)
    until(lambda: site.get("/readyz?all=1")[0] == 200, 30)
    assert site.ask("SELECT count(*) FROM kept") == (1000,)


@pytest.mark.slow
def test_a_killed_supervisor_leaves_no_orphan_and_the_next_start_loses_nothing(start):
    site = start()
    site.ready()
    site.ask("CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n")
    running = site.everything()
    site.process.kill()
    site.process.wait()
    until(lambda: not [pid for pid in running if alive(pid)], 30)
    again = start()
    again.ready()
    assert again.ask("SELECT count(*) FROM kept") == (1000,)


@pytest.mark.slow
def test_everything_killed_at_once_is_whole_again_at_the_next_start(start):
    site = start()
    site.ready()
    site.ask("CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n")
    for pid in site.everything():
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    site.process.wait()
    again = start()
    again.ready()
    assert again.ask("SELECT count(*) FROM kept") == (1000,)


@pytest.mark.slow
def test_the_whole_rests_in_less_than_450_megabytes(start):
    site = start()
    site.ready()
    for _ in range(20):
        site.get("/")
    time.sleep(3)
    rollups = [Path(f"/proc/{pid}/smaps_rollup").read_text() for pid in site.everything()]
    shares = [int(line.split()[1]) for text in rollups for line in text.splitlines() if line.startswith("Pss:")]
    assert len(shares) >= 10 and sum(shares) < 450 * 1024
