"""Loaded before Django (`-p tests.environment`): this process has a database server and a broker of its own to test on.

With nothing set, an embedded cluster in `.data-test` that forgets everything when the machine does. Where DATABASE_URL or
REDIS_URL is set those servers are used, in databases of our own. Each process holds a slot, so that workers of one run,
and runs side by side, never meet in a database.
"""

import fcntl
import json
import os
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit, urlunsplit

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT)] if str(ROOT) not in sys.path else []

from config import servers  # noqa: E402
from config.place import settle  # noqa: E402

TEST_DATA = ROOT / ".data-test"
# A developer's own settings must not decide whether a test passes.
OURS = (
    "SECRET_KEY DEBUG ALLOWED_HOSTS SITE_URL EMAIL_URL DATA_DIR DEMO PORT BIND WEB_CONCURRENCY WORKER_CONCURRENCY "
    "TRUSTED_PROXIES RATE_LIMITS METRICS_TOKEN MEDIA_URL STATIC_ROOT MAIL_FROM SENTRY_DSN"
).split()


@dataclass
class Surroundings:
    """What this process tests on."""

    slot: int
    held: IO[str]
    lease: servers.Lease
    embedded: bool
    admin_url: str  # a role that may create databases, in a database that is always there
    owner_url: str
    app_url: str

    @property
    def database(self) -> str:
        return f"sprout_test_{self.slot}"


def take_slot() -> tuple[int, IO[str]]:
    """The lowest number no other test process holds; the kernel gives it back however we end."""
    folder = TEST_DATA / "slots"
    folder.mkdir(parents=True, exist_ok=True)
    for slot in range(64):
        held = open(folder / str(slot), "w")
        with suppress(BlockingIOError):
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return slot, held
        held.close()
    raise SystemExit("64 test processes are running here already.")


def in_database(url: str, name: str) -> str:
    """The same server and role, another database."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def lease_servers(slot: int) -> servers.Lease:
    """One cluster for all, one broker for each; only what the environment does not name."""
    cluster, broker = dict(os.environ), dict(os.environ)
    held = []
    if not os.environ.get("DATABASE_URL"):
        cluster["REDIS_URL"] = cluster.get("REDIS_URL") or "unused"
        held += servers.lease(cluster, TEST_DATA, durable=False).servers
        os.environ |= {key: cluster[key] for key in ("DATABASE_URL", "MIGRATE_DATABASE_URL")}
    if not os.environ.get("REDIS_URL"):
        broker["DATABASE_URL"] = "unused"
        held += servers.lease(broker, TEST_DATA / f"slot-{slot}", durable=False).servers
        os.environ["REDIS_URL"] = broker["REDIS_URL"]
    lease = servers.Lease(held)
    lease.wait()
    return lease


def as_given() -> None:
    """The addresses as the person set them: a worker of xdist inherits what its controller made of them."""
    names = ("DATABASE_URL", "MIGRATE_DATABASE_URL", "REDIS_URL")
    given = json.loads(os.environ.setdefault("SPROUT_TEST_GIVEN", json.dumps({key: os.environ.get(key, "") for key in names})))
    for key, value in given.items():
        os.environ.pop(key, None)
        if value:
            os.environ[key] = value


def surround() -> Surroundings:
    as_given()
    for name in OURS:
        os.environ.pop(name, None)
    slot, held = take_slot()
    embedded = not os.environ.get("DATABASE_URL")
    if not os.environ.get("REDIS_URL"):
        settle(TEST_DATA / f"slot-{slot}")
    else:
        # Its last databases first: the first ones are where people keep things.
        os.environ["REDIS_URL"] = in_database(os.environ["REDIS_URL"], str(15 - slot % 16))
    lease = lease_servers(slot)
    admin = os.environ.get("MIGRATE_DATABASE_URL") or os.environ["DATABASE_URL"]
    app = os.environ["DATABASE_URL"] if embedded else app_role(admin)
    here = Surroundings(slot, held, lease, embedded, admin, "", "")
    here.owner_url, here.app_url = in_database(admin, here.database), in_database(app, here.database)
    os.environ |= {"DATABASE_URL": here.app_url, "MIGRATE_DATABASE_URL": here.owner_url}
    os.environ["DATA_DIR"] = str(TEST_DATA / f"slot-{slot}")
    # Playwright keeps an event loop in the test's own thread; the ORM is used beside it, never inside it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    os.environ["SPROUT_BOOTSTRAP"] = "0"
    return here


def app_role(admin: str) -> str:
    """The application's role on a server that was given to us, made where we may; else the role we came with."""
    import psycopg2

    connection = psycopg2.connect(admin)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user")
        if not cursor.fetchone()[0]:
            return admin
        with suppress(psycopg2.errors.DuplicateObject, psycopg2.errors.UniqueViolation):
            cursor.execute("CREATE ROLE sprout_test_app LOGIN PASSWORD 'sprout-test'")
    connection.close()
    parts = urlsplit(admin)
    return urlunsplit(parts._replace(netloc=f"sprout_test_app:sprout-test@{parts.netloc.rpartition('@')[2]}"))


here = surround()


def pytest_unconfigure() -> None:
    here.lease.release()
    here.held.close()
