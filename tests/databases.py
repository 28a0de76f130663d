"""Databases to test on: one migrated template, made once for these migrations, and as many clones of it as are wanted."""

import fcntl
import functools
import hashlib
import itertools
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import psycopg2
from django.apps import apps
from django.core.management import call_command
from django.db import connections
from psycopg2 import sql

from config.grants import rights_of
from tests.environment import ROOT, TEST_DATA, here, in_database

# Ours alone, also on a server that two checkouts share.
CHECKOUT = hashlib.sha256(str(ROOT).encode()).hexdigest()[:6]
PREFIX = f"sprout_template_{CHECKOUT}_"
_numbers = itertools.count()


@functools.cache  # a run goes on with what it began with, also while migrations are being written beside it
def fingerprint() -> str:
    """Changes with everything that decides what a freshly migrated database is."""
    parts = [(ROOT / "requirements.txt").read_bytes(), (ROOT / "config/grants.py").read_bytes()]
    parts += [path.read_bytes() for path in sorted(ROOT.glob("*/migrations/*.py"))]
    parts += [f"{model._meta.db_table} {rights_of(model)}".encode() for model in apps.get_models()]
    return hashlib.sha256(b"\0".join(parts) + here.app_url.encode()).hexdigest()[:12]


@contextmanager
def _server(url: str = "") -> Iterator[psycopg2.extensions.cursor]:
    connection = psycopg2.connect(url or here.admin_url)
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            yield cursor
    finally:
        connection.close()


def _exists(cursor: psycopg2.extensions.cursor, name: str) -> bool:
    cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
    return cursor.fetchone() is not None


@contextmanager
def template() -> Iterator[str]:
    """The name of a migrated, granted, closed database, ours for the block; made by the first who asks, the others wait."""
    name = PREFIX + fingerprint()
    with open(TEST_DATA / "template.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with _server() as cursor:
            if not _exists(cursor, name):
                _make_template(cursor, name)
        yield name


def _make_template(cursor: psycopg2.extensions.cursor, name: str) -> None:
    # The last few stay: while migrations are being written, runs side by side need different ones.
    cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s) ORDER BY oid DESC OFFSET 7", [PREFIX])
    for (old,) in cursor.fetchall():
        drop(old)
    draft = f"{name}_draft"
    drop(draft)  # of a maker that was killed
    # The same words as initdb gets, for servers that were made without them.
    cursor.execute(
        sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8' {}").format(
            sql.Identifier(draft),
            sql.SQL("LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8'" if cursor.connection.server_version >= 170000 else ""),
        )
    )
    with pointing_at(draft):
        call_command("migrate", verbosity=0, interactive=False)
    cursor.execute(sql.SQL("ALTER DATABASE {} WITH ALLOW_CONNECTIONS false").format(sql.Identifier(draft)))
    cursor.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(draft), sql.Identifier(name)))


def _connect_anew() -> None:
    """A forked child shares no connection. With a browser open in this process the parent's are kept by its event loop, which
    the child has not, so that it would take up the one from before instead."""
    connections["default"] = connections.create_connection("default")


os.register_at_fork(after_in_child=_connect_anew)


@contextmanager
def pointing_at(name: str) -> Iterator[None]:
    """Django and every process started in the block use the named database; whatever ran before is untouched."""
    settings = connections.settings["default"]
    kept, before = settings["NAME"], connections["default"]
    urls = {key: os.environ[key] for key in ("DATABASE_URL", "MIGRATE_DATABASE_URL")}
    os.environ |= {key: in_database(url, name) for key, url in urls.items()}
    settings["NAME"] = name
    connections["default"] = fresh = connections.create_connection("default")
    try:
        yield
    finally:
        fresh.close()
        connections["default"] = before
        settings["NAME"] = kept
        os.environ |= urls


def clone(name: str) -> None:
    """A database as just migrated, in a blink."""
    # Copying files is quickest where nothing is synced; elsewhere it would cost two checkpoints.
    strategy = sql.SQL("STRATEGY FILE_COPY" if here.embedded else "")
    drop(name)
    with template() as source, _server() as cursor:
        cursor.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} {}").format(sql.Identifier(name), sql.Identifier(source), strategy)
        )


def drop(name: str) -> None:
    """The database is gone, and who was still connected to it is cut off."""
    statement = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    with _server() as cursor:
        for _try in range(600):
            try:
                cursor.execute(statement)
                return
            except psycopg2.errors.InsufficientPrivilege:
                # A session of the application's role, which only itself may cut off; or a vacuum worker, which only a
                # superuser may. One that stays longer leaves a database to the next run, which drops what stands in its way.
                _hang_up(name)
                time.sleep(0.1)


def _hang_up(name: str) -> None:
    """No session of the application's own role is left in the database."""
    with _server(in_database(here.app_url, urlsplit(here.admin_url).path.lstrip("/"))) as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND usename = current_user", [name]
        )


@contextmanager
def fresh_clone() -> Iterator[str]:
    """A database for one test that commits; dropped afterwards, never flushed."""
    name = f"{here.database}_{next(_numbers)}"
    clone(name)
    try:
        with pointing_at(name):
            yield name
    finally:
        drop(name)
