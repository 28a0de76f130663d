"""A database that exists for one bench: nobody's data is touched, and nothing is left."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.core.management import call_command
from django.db import DatabaseError, connection
from psycopg2 import sql

from bench.figures import Missing
from config.grants import owner_of_database

LOCALE = "ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'"


@contextmanager
def scratch_database() -> Iterator[None]:
    """For the length of the block this process works on an empty migrated database of its own."""
    name = f"sprout_bench_{os.getpid()}"
    owner = os.environ.get("MIGRATE_DATABASE_URL")
    with owner_of_database(os.environ):
        home = connection.settings_dict["NAME"]
        _create(name)
        # The owner's address names the real database: nothing may follow it from here on.
        os.environ.pop("MIGRATE_DATABASE_URL", None)
        try:
            _point_at(name)
            call_command("migrate", verbosity=0, interactive=False)
            yield
        finally:
            _point_at(home)
            with connection.cursor() as cursor:
                cursor.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
            if owner is not None:
                os.environ["MIGRATE_DATABASE_URL"] = owner


def _create(name: str) -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SHOW server_version_num")
            provider = "LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8'" if int(cursor.fetchone()[0]) >= 170000 else ""
            cursor.execute(
                sql.SQL(f"CREATE DATABASE {{}} TEMPLATE template0 {LOCALE} {provider}").format(sql.Identifier(name))  # nosec B608
            )
    except DatabaseError as fault:
        raise Missing(f"The bench needs a database role that may create databases: {str(fault).strip()}") from fault


def _point_at(name: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = name


def empty(tables: Sequence[str]) -> None:
    """The tables, and whatever refers to them, hold nothing."""
    with connection.cursor() as cursor:
        names = sql.SQL(", ").join(map(sql.Identifier, tables))
        cursor.execute(sql.SQL("TRUNCATE {} CASCADE").format(names))


def settle_statistics(tables: Sequence[str]) -> None:
    """The planner knows the tables, as it would after a night of autovacuum."""
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(sql.SQL("VACUUM (ANALYZE) {}").format(sql.Identifier(table)))
