"""`migrate`: as the owner of the database, and the application's role has its rights afterwards."""

import os
from typing import Any

from django.core.management.commands import migrate

from config.grants import grant_rights, owner_of_database, role_of


class Command(migrate.Command):
    """Django's own command, run as `MIGRATE_DATABASE_URL` where that is set."""

    def handle(self, *args: Any, **options: Any) -> None:
        with owner_of_database(os.environ):
            super().handle(*args, **options)
            unapplied = options["plan"] or options["check_unapplied"]
            if os.environ.get("MIGRATE_DATABASE_URL") and not unapplied:
                grant_rights(role=role_of(os.environ["DATABASE_URL"]))
