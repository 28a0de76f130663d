"""What must hold before Sprout runs: each fault is one sentence that says what to do."""

import errno
import fcntl
import json
import os
import socket
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

import redis
from django.conf import settings
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from config.progress import Refusal

OLDEST_POSTGRES = 150000
BLIND = (
    "This database cannot see Chinese in a search (its LC_CTYPE is {}): make it again with "
    "`createdb --template=template0 --encoding=UTF8 --lc-collate=C --lc-ctype=C.UTF-8`."
)


def hold_data_dir(data_dir: Path, address: str) -> IO[str]:
    """Only one Sprout runs from this data directory, for as long as the file in the answer stays open."""
    try:
        data_dir.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)
        held = open(data_dir / "up.json", "a+")
    except OSError as fault:
        raise Refusal(
            f"DATA_DIR {data_dir} cannot be written ({fault.strerror}): choose another or give it to this user."
        ) from None
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        held.seek(0)
        running = json.loads(held.read() or "{}")
        raise Refusal(
            f"Sprout already runs from {data_dir}, at {running.get('address', 'an address not known yet')}: "
            "stop it first, or give this one another DATA_DIR."
        ) from None
    held.seek(0)
    held.truncate()
    held.write(json.dumps({"pid": os.getpid(), "address": address}))
    held.flush()
    return held


def check_port(bind: str, port: int) -> None:
    """Nobody else listens where the site is to answer."""
    family = socket.AF_INET6 if ":" in bind else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((bind, port))
        except OSError as fault:
            if fault.errno == errno.EADDRINUSE:
                raise Refusal(
                    f"Port {port} on {bind} is busy: stop what uses it, or choose another, as in `PORT={port + 1} python3 manage.py up`."
                ) from None
            raise Refusal(f"The site cannot listen on {bind}:{port} ({fault.strerror}): change BIND or PORT.") from None


def check_database() -> None:
    """The database answers, is new enough, and finds Chinese."""
    try:
        connection.ensure_connection()
    except OperationalError as fault:
        raise Refusal(f"DATABASE_URL does not lead to a database: {_gist(fault)}.") from None
    version = connection.connection.server_version
    if version < OLDEST_POSTGRES:
        raise Refusal(f"PostgreSQL {version // 10000} is too old: Sprout needs 15 or newer.")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_encoding_to_char(encoding), datctype, EXISTS (SELECT FROM pg_extension WHERE extname = 'pg_trgm') "
            "FROM pg_database WHERE datname = current_database()"
        )
        encoding, ctype, has_trigrams = cursor.fetchone()
        if encoding != "UTF8":
            raise Refusal(f"This database is encoded in {encoding}: make it again with `createdb --encoding=UTF8`.")
        if has_trigrams:
            cursor.execute("SELECT cardinality(show_trgm('参与感')) = 0")
            blind = cursor.fetchone()[0]
        else:
            blind = ctype in {"C", "POSIX"}
    if blind:
        raise Refusal(BLIND.format(ctype))


def check_broker(url: str) -> None:
    """The broker answers to the address we were given."""
    try:
        with redis.Redis.from_url(url, socket_connect_timeout=3, socket_timeout=3) as broker:
            broker.ping()
    except (redis.RedisError, ValueError) as fault:
        raise Refusal(f"REDIS_URL does not lead to a Redis: {_gist(fault)}.") from None


def pending_migrations() -> int:
    """How many steps the database is behind the code."""
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _gist(fault: Exception) -> str:
    """The first line of a driver's complaint, without the password it may repeat."""
    text = (str(fault).strip().splitlines() or ["it did not say why"])[0].rstrip(".")
    for secret in (
        settings.DATABASES["default"].get("PASSWORD"),
        urlsplit(settings.REDIS_URL).password,
    ):
        text = text.replace(str(secret), "…") if secret else text
    return text
