"""Two roles share the database: the owner makes tables, the application only uses them, and some it may only add to.

A model says `append_only = True` where rows are never changed or removed, and `column_grants = {"UPDATE": ["note"]}`
where only some columns may change. The database holds the application to it, whatever our code does.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import environ
from django.apps import apps
from django.db import connection, models
from psycopg2 import sql

FULL = ("SELECT", "INSERT", "UPDATE", "DELETE")


def role_of(url: str) -> str:
    """The role that the address signs in as, empty where it leaves that to the server."""
    return str(environ.Env.db_url_config(url).get("USER") or "")


@contextmanager
def owner_of_database(environment: Mapping[str, str]) -> Iterator[None]:
    """For the length of the block this process speaks to the database as its owner, where an owner is named."""
    url = environment.get("MIGRATE_DATABASE_URL", "")
    if not url:
        yield
        return
    as_owner = environ.Env.db_url_config(url)
    kept = dict(connection.settings_dict)
    connection.close()
    connection.settings_dict.update({key: as_owner[key] for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT")})
    connection.settings_dict["OPTIONS"] = kept.get("OPTIONS", {}) | as_owner.get("OPTIONS", {})
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(kept)


def rights_of(model: type[models.Model]) -> tuple[tuple[str, ...], dict[str, list[str]]]:
    """What the application may do to the whole table, and what to single columns of it."""
    columns: dict[str, list[str]] = getattr(model, "column_grants", {})
    if getattr(model, "append_only", False):
        return ("SELECT", "INSERT"), columns
    return tuple(right for right in FULL if right not in columns), columns


def statements(role: str) -> list[sql.Composed]:
    """The same rights after any number of runs, whatever they were before."""
    who = sql.Identifier(role)
    made = [
        sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(who),
        sql.SQL("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {}").format(who),
        # Without UPDATE nobody sets a sequence back, so an id tells what was written first.
        sql.SQL("REVOKE UPDATE ON ALL SEQUENCES IN SCHEMA public FROM {}").format(who),
        sql.SQL("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {}").format(who),
        sql.SQL("ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {}").format(who),
        sql.SQL("ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {}").format(who),
        sql.SQL("REVOKE INSERT, UPDATE, DELETE ON {} FROM {}").format(sql.Identifier("django_migrations"), who),
    ]
    for model in sorted(apps.get_models(include_auto_created=True), key=lambda one: one._meta.db_table):
        if model._meta.managed and not model._meta.proxy:
            made.extend(_narrowed(model, who))
    return made


def _narrowed(model: type[models.Model], who: sql.Identifier) -> Iterator[sql.Composed]:
    rights, columns = rights_of(model)
    if rights == FULL:
        return
    table = sql.Identifier(model._meta.db_table)
    yield sql.SQL("REVOKE ALL ON {} FROM {}").format(table, who)
    yield sql.SQL("GRANT {} ON {} TO {}").format(sql.SQL(", ").join(map(sql.SQL, rights)), table, who)
    column_of = {field.name: field.column for field in model._meta.concrete_fields}
    for right, names in sorted(columns.items()):
        named = sql.SQL(", ").join(sql.Identifier(column_of[name]) for name in names)
        yield sql.SQL("GRANT {} ({}) ON {} TO {}").format(sql.SQL(right), named, table, who)


def grant_rights(*, role: str) -> int:
    """The role may use every table as its model says; the number of statements it took. Runs as the owner."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        if role in {"", cursor.fetchone()[0]}:
            return 0
        raw: Any = cursor.cursor  # sql.Composed wants the driver's own cursor
        text = "; ".join(statement.as_string(raw) for statement in statements(role))
        cursor.execute(f"BEGIN; {text}; COMMIT" if connection.get_autocommit() else text)
    return len(statements(role))


def may(role: str, table: str, right: str) -> bool:
    """The database's own word on what a role may do to a whole table."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege(%s, %s, %s)", [role, table, right])
        return bool(cursor.fetchone()[0])
