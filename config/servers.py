"""Who needs a database or a broker holds a lease on it; the embedded ones run exactly as long as somebody does.

`lease(environment, data_dir)` sets the addresses of whatever the environment leaves unset and touches nothing else.
Standard library only.
"""

import fcntl
import os
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

from config.place import Place, read_json, remembered_secret, say_where, settle
from config.progress import Refusal, step

ROOT = Path(__file__).resolve().parent.parent
# What stands in for which variable.
STANDS_IN = {"postgres": "DATABASE_URL", "valkey": "REDIS_URL"}
CALLED = {"postgres": "postgres", "valkey": "redis"}
PATIENCE = 900.0
# A killed process holds its locks until the kernel has come round to ending it: on a busy machine a while.
DYING_WITHIN = 30.0


class ServerLease:
    """One server is wanted by this process."""

    def __init__(self, name: str, place: Place, durable: bool) -> None:
        self.name = name
        self.place = place
        self.durable = durable
        self.handle: IO[str] = open(place.keeping / f"{name}.lease", "a")
        self.keeper: subprocess.Popen[bytes] | None = None
        self.alone: IO[str] = open(place.keeping / f"{name}.start", "a")
        # Waits here while a keeper is just stopping the server.
        fcntl.flock(self.handle, fcntl.LOCK_SH)

    def told(self) -> dict[str, str]:
        return read_json(self.place.keeping / f"{self.name}.json")

    def has_keeper(self) -> bool:
        with open(self.place.keeping / f"{self.name}.keeper", "a") as probe:
            try:
                fcntl.flock(probe, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
            return False

    def _is_kept(self) -> bool:
        """There is a keeper, and not one that was killed a moment ago and whose last word still says ready."""
        end = time.monotonic() + DYING_WITHIN
        while self.has_keeper():
            told = self.told()
            if told.get("state") != "ready" or answers(told) or time.monotonic() > end:
                return True
            time.sleep(0.02)
        return False

    def begin(self) -> None:
        """The server has a keeper on its way; `address` must follow, until then newcomers wait."""
        fcntl.flock(self.alone, fcntl.LOCK_EX)
        if not self._is_kept():
            (self.place.keeping / f"{self.name}.json").unlink(missing_ok=True)
            self._hire()

    def address(self) -> dict[str, str]:
        """What to put into the environment, known before the server answers."""
        try:
            found = self._until({"starting", "ready"})
        finally:
            fcntl.flock(self.alone, fcntl.LOCK_UN)
        return {key: value for key, value in found.items() if key.endswith("_URL")}

    def _hire(self) -> None:
        order = [
            sys.executable,
            "-S",
            "-m",
            "config.keeper",
            self.name,
            str(self.place.data_dir),
            "durable" if self.durable else "forgetful",
        ]
        environment = {"PATH": os.environ.get("PATH", os.defpath), "PYTHONPATH": os.pathsep.join([str(ROOT), *_packages()])}
        with open(self.place.log_dir / f"{self.name}.log", "ab") as log:
            self.keeper = subprocess.Popen(
                order, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/", env=environment, start_new_session=True
            )

    def _until(self, states: set[str]) -> dict[str, str]:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            found = self.told()
            if found.get("state") in states:
                return found
            if found.get("state") == "failed":
                raise Refusal(found["error"])
            hired = self.keeper is not None and self.keeper.poll() is None
            if not hired and not self.has_keeper() and self.told() == found:
                break
            time.sleep(0.01)
        raise Refusal(f"The embedded {self.name} did not start; {self.place.log_dir / (self.name + '.log')} says why.")

    def wait(self) -> None:
        """The server answers."""
        self._until({"ready"})

    def release(self) -> None:
        """Nothing of us holds the server; where we were the last, it has stopped."""
        fcntl.flock(self.handle, fcntl.LOCK_UN)
        self.handle.close()
        self.alone.close()
        end = time.monotonic() + PATIENCE
        with open(self.place.keeping / f"{self.name}.lease", "a") as probe:
            while self.has_keeper() and not _shared(probe) and time.monotonic() < end:
                time.sleep(0.02)
        if self.keeper:
            self.keeper.poll()


def answers(told: Mapping[str, str], patience: float = 2.0) -> bool:
    """The server itself says a word. One that was killed cannot, even while its door still stands open."""
    try:
        if "REDIS_URL" in told:
            door, hello = socket.socket(), b"PING\r\n"
            where: object = ("127.0.0.1", urlsplit(told["REDIS_URL"]).port)
        else:
            # Whether it speaks TLS: the shortest thing one may ask before saying who one is.
            door, hello = socket.socket(socket.AF_UNIX), struct.pack("!ii", 8, 80877103)
            where = f"{told['DATABASE_URL'].rpartition('host=')[2]}/.s.PGSQL.5432"
        with door:
            door.settimeout(patience)
            door.connect(where)  # type: ignore[arg-type]
            door.sendall(hello)
            return door.recv(1) != b""
    except (OSError, KeyError):
        return False


def _shared(probe: IO[str]) -> bool:
    """Another command uses the server, so that it stays."""
    try:
        fcntl.flock(probe, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        try:
            fcntl.flock(probe, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return False  # the keeper has it for itself: the server is just stopping
        fcntl.flock(probe, fcntl.LOCK_UN)
        return True
    fcntl.flock(probe, fcntl.LOCK_UN)
    return False


def _packages() -> list[str]:
    """Where the wheels lie; the keeper starts without `site`, which costs it a third of its start."""
    return [path for path in sys.path if path.endswith("-packages")]


class Lease:
    """Every embedded server this process uses."""

    def __init__(self, servers: list[ServerLease]) -> None:
        self.servers = servers

    def wait(self) -> None:
        """All of them answer."""
        for server in self.servers:
            server.wait()

    def mend(self) -> list[str]:
        """Servers whose keeper was killed have a new one; their names."""
        lost = [server for server in self.servers if not server.has_keeper()]
        for server in lost:
            before = server.told()
            server.begin()
            after = server.address()
            if before and any(before.get(key, value) != value for key, value in after.items()):
                raise Refusal(f"The embedded {server.name} came back at another address: start Sprout again.")
        return [server.name for server in lost]

    def release(self) -> None:
        for server in self.servers:
            server.release()


# The lease of this process, for the command that has to mend and end it itself (`up`).
current = Lease([])


def data_dir_of(environment: MutableMapping[str, str]) -> Path:
    return Path(environment.get("DATA_DIR") or ROOT / ".data").absolute()


def lease(environment: MutableMapping[str, str], data_dir: Path, durable: bool = True) -> Lease:
    """The environment names a database and a broker; those it did not name are on their way up."""
    wanted = [name for name, variable in STANDS_IN.items() if not environment.get(variable)]
    if not wanted:
        return Lease([])
    place = settle(data_dir)
    first = "postgres" in wanted and not (place.home / "postgres" / "PG_VERSION").exists()
    leased = Lease([ServerLease(name, place, durable) for name in wanted])
    if first:
        with step("Creating the database"):
            _begin(leased, environment)
            leased.wait()
        say_where(place)
    else:
        _begin(leased, environment)
    if "postgres" in wanted and not environment.get("SECRET_KEY"):
        environment["SECRET_KEY"] = remembered_secret(place.data_dir / "secret-key", 48)
    environment["SPROUT_EMBEDDED"] = ",".join(CALLED[name] for name in wanted)
    environment["DATA_DIR"] = str(place.data_dir)
    return leased


def _begin(leased: Lease, environment: MutableMapping[str, str]) -> None:
    for server in leased.servers:
        server.begin()
    for server in leased.servers:
        environment.update(server.address())


@contextmanager
def leased(environment: MutableMapping[str, str], data_dir: Path) -> Iterator[Lease]:
    """For the length of the block every server the environment names answers."""
    held = lease(environment, data_dir)
    try:
        yield held
    finally:
        held.release()
