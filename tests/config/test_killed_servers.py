"""Between the kill of a server and its end lies a moment in which everything still looks alive."""

import fcntl
import socket
import sys
import threading
from types import SimpleNamespace

import pytest

from config import keeper, servers
from config.place import write_private
from config.progress import Refusal
from tests.config.test_servers import ask, data_dir, leased  # noqa: F401 - data_dir is a fixture

LINGERING = "FATAL:  pre-existing shared memory block (key 1, ID 2) is still in use\nHINT:  Terminate any old server processes."


def test_the_last_word_of_a_keeper_that_was_just_killed_is_not_believed(data_dir):  # noqa: F811
    with leased(data_dir) as (before, lease):
        ask(before, "CREATE TABLE kept AS SELECT 7 AS n")
        told = {server.name: server.place.keeping / f"{server.name}.json" for server in lease.servers}
        words = {name: path.read_text() for name, path in told.items()}
    dying = []
    for name, path in told.items():
        write_private(path, words[name])
        dying.append(open(path.with_suffix(".keeper"), "a"))
        fcntl.flock(dying[-1], fcntl.LOCK_EX)
    threading.Timer(0.3, lambda: [held.close() for held in dying]).start()
    with leased(data_dir) as (after, _):
        assert after == before and ask(after, "SELECT n FROM kept") == (7,)


def test_a_door_nobody_answers_at_is_no_server():
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
        assert not servers.answers({"REDIS_URL": f"redis://:x@127.0.0.1:{port}/0"}, patience=0.05)
    assert not servers.answers({"REDIS_URL": f"redis://:x@127.0.0.1:{port}/0"})
    assert not servers.answers({"DATABASE_URL": "postgresql://x@/d?host=/nowhere"}) and not servers.answers({})


def test_both_servers_answer_whoever_knocks(data_dir):  # noqa: F811
    with leased(data_dir) as (environment, _):
        assert servers.answers({"REDIS_URL": environment["REDIS_URL"]})
        assert servers.answers({"DATABASE_URL": environment["DATABASE_URL"]})


class Stub:
    """A server that ends at once, twice, and then runs."""

    name, death_signal = "postgres", 2

    def __init__(self, words: str) -> None:
        self.words, self.tries = words, 0

    def prepare(self) -> None:
        pass

    def command(self) -> list[str]:
        self.tries += 1
        last = "import time; time.sleep(60)" if self.tries > 2 else f"import sys; sys.exit({self.words!r})"
        return [sys.executable, "-S", "-c", last]

    def ready(self, pid: int) -> bool:
        return self.tries > 2

    def furnish(self) -> None:
        pass

    def urls(self) -> dict[str, str]:
        return {}


@pytest.fixture
def keeping(tmp_path, monkeypatch):
    """`keeping(words)` is a keeper of such a server, with no patience for one that has a reason to end."""
    monkeypatch.setattr(keeper, "RETRY_WITHIN", 0.0)
    (tmp_path / "servers").mkdir()
    (tmp_path / "log").mkdir()
    here = SimpleNamespace(keeping=tmp_path / "servers", log_dir=tmp_path / "log", run_as=dict)
    made = []

    def of(words: str) -> keeper.Keeper:
        made.append(keeper.Keeper(Stub(words), here))
        return made[-1]

    yield of
    for one in made:
        one.stop()


def test_a_start_waits_for_the_last_children_of_a_killed_server(keeping):
    waiting = keeping(LINGERING)
    waiting.start()
    assert waiting.server.tries == 3 and '"ready"' in (waiting.place.keeping / "postgres.json").read_text()


def test_a_server_with_another_reason_is_not_tried_for_long(keeping):
    with pytest.raises(Refusal, match="last words: FATAL: no such locale"):
        keeping("FATAL: no such locale").start()
