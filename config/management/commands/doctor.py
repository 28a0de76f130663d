"""`doctor`: what this installation stands on, and whether it holds."""

import json
import os
import shutil
import sys
import time
from argparse import ArgumentParser
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import redis
from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.core.management.base import BaseCommand
from django.db import connection
from django.utils import timezone

from community.deliveries import state_of_debts
from config import grants, preflight
from config.celery import HEARTBEAT_KEY
from config.progress import Refusal, coloured
from feedback.score_configs import active_config, suggested_version

LEAST_FREE = 1_000_000_000
OLDEST_DEBT = 300


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at. A note is worth knowing, and no fault."""

    name: str
    holds: bool
    text: str
    note: bool = False


class Command(BaseCommand):
    """Looks at everything Sprout stands on; the exit code is 1 when something does not hold."""

    help = "Look at Python, database, broker, workers and files; exit 1 when something does not hold."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="end with one line of JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        findings = [look(check) for check in CHECKS]
        for finding in findings:
            self.stdout.write(f"{_sign(finding)} {finding.name}: {finding.text}")
        well = all(finding.holds for finding in findings)
        if options["json"]:
            self.stdout.write(json.dumps({"well": well, "findings": [asdict(finding) for finding in findings]}))
        if not well:
            sys.exit(1)


def look(check: Callable[[], Finding]) -> Finding:
    """What the check found; one that cannot even look has found a fault."""
    try:
        return check()
    except Exception as fault:  # a doctor who faints helps nobody
        return Finding(check.__name__.replace("_", " "), False, (str(fault).strip() or repr(fault)).splitlines()[0])


def python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    return Finding("python", sys.version_info >= (3, 11), f"{version} in {sys.prefix}")


def database() -> Finding:
    preflight.check_database()
    number = connection.connection.server_version
    kind = "embedded" if "postgres" in settings.EMBEDDED else "given by DATABASE_URL"
    return Finding("database", True, f"PostgreSQL {number // 10000}.{number % 10000}, {kind}, finds Chinese")


def migrations() -> Finding:
    behind = preflight.pending_migrations()
    return Finding(
        "migrations", not behind, f"{behind} steps behind: run `python3 manage.py migrate`" if behind else "up to date"
    )


def rights() -> Finding:
    """The application's role can only add to what is append-only; a site with one role for everything is told the price."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, rolsuper FROM pg_roles WHERE rolname = current_user")
        role, is_super = cursor.fetchone()
    tables = [model._meta.db_table for model in apps.get_models() if getattr(model, "append_only", False)]
    loose = [table for table in tables if grants.may(role, table, "UPDATE") or grants.may(role, table, "DELETE")]
    if not os.environ.get("MIGRATE_DATABASE_URL"):
        text = f"one role, {role}, for everything: set MIGRATE_DATABASE_URL to an owner, so that the application cannot rewrite its records"
        return Finding("rights", True, text, note=True)
    if loose or is_super:
        return Finding(
            "rights", False, f"{role} may rewrite {', '.join(loose) or 'everything'}: run `python3 manage.py migrate`"
        )
    return Finding("rights", True, f"{role} may only add to {', '.join(tables) or 'nothing'}")


def broker() -> Finding:
    preflight.check_broker(settings.REDIS_URL)
    with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=3) as line:
        known: dict[str, Any] = line.info()
    policy = known.get("maxmemory_policy", "unknown")
    kind = "embedded" if "redis" in settings.EMBEDDED else "given by REDIS_URL"
    name = known.get("server_name", "redis")
    version = known.get("valkey_version", known.get("redis_version"))
    if policy not in {"noeviction", "unknown"}:
        return Finding(
            "broker", False, f"{name} {version} may drop queued work: set maxmemory-policy to noeviction (it is {policy})"
        )
    return Finding("broker", True, f"{name} {version}, {kind}, append-only file {'on' if known.get('aof_enabled') else 'off'}")


def worker() -> Finding:
    beat = cache.get(HEARTBEAT_KEY)
    if beat is None:
        return Finding(
            "worker", True, "none has given a sign of life in the last half minute (`python3 manage.py up` runs one)", note=True
        )
    return Finding("worker", True, f"alive {max(time.time() - beat, 0):.0f} s ago")


def debts() -> Finding:
    state = state_of_debts(at=timezone.now())
    text = f"{state['waiting']} waiting, {state['parked']} parked, the oldest {state['oldest_seconds']:.0f} s"
    late = state["oldest_seconds"] >= OLDEST_DEBT and cache.get(HEARTBEAT_KEY) is not None
    return Finding("debts", not late, text, note=bool(state["parked"]))


def score() -> Finding:
    config, grown = active_config(), suggested_version()
    text = f"counted by version {config.version} of the constants"
    if grown is not None:
        text += f"; the community has grown, version {grown} is made for its size: switch under Score configurations"
    return Finding("score", True, text, note=grown is not None)


def files() -> Finding:
    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    probe = settings.DATA_DIR / f".doctor-{os.getpid()}"
    try:
        probe.touch()
        probe.unlink()
    except OSError as fault:
        raise Refusal(f"DATA_DIR {settings.DATA_DIR} cannot be written ({fault.strerror})") from None
    free = shutil.disk_usage(settings.DATA_DIR).free
    return Finding("files", free > LEAST_FREE, f"{settings.DATA_DIR}, {free / 1e9:.1f} GB free")


def safety() -> Finding:
    if not settings.PRODUCTION:
        return Finding("safety", True, f"{settings.SITE_URL} is for this machine alone", note=settings.DEMO)
    return Finding("safety", True, f"production rules hold for {settings.SITE_URL}")


CHECKS = (python, database, migrations, rights, broker, worker, debts, score, files, safety)


def _sign(finding: Finding) -> str:
    sign, colour = ("·", 33) if finding.note and finding.holds else ("✓", 32) if finding.holds else ("✗", 31)
    return f"\x1b[{colour}m{sign}\x1b[0m" if coloured(sys.stdout) else sign
