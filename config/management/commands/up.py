"""`up`: Sprout runs, from whatever was there before: a fresh clone, yesterday's data or a killed machine."""

import gc
import http.client
import logging
import os
import sys
import time
from argparse import ArgumentParser
from importlib import import_module
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.cache import cache, caches
from django.core.management import CommandError, call_command, get_commands
from django.core.management.base import BaseCommand
from django.db import DatabaseError, connections
from django.urls import get_resolver

from config import parts, preflight, servers
from config.assets import collect_if_changed
from config.celery import HEARTBEAT_KEY, app
from config.progress import Refusal, coloured, step
from config.supervisor import Part, Supervisor

MEND_EVERY = 0.5
ASK_EVERY = 0.1
IMPATIENT_AFTER = 30.0


class Command(BaseCommand):
    """Sets up what is missing, then runs web, worker and beat until it is told to stop."""

    help = "Set up what is missing, then run web, worker and beat."
    requires_system_checks: list[str] = []  # `test` runs them; here they would cost every start a second

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--only-prepare", action="store_true", help="migrate, collect and load the demo, then end")

    def handle(self, *args: Any, **options: Any) -> None:
        begun = float(os.environ.pop("SPROUT_BEGUN", time.monotonic()))
        bind, port = os.environ.get("BIND", "127.0.0.1"), int(os.environ.get("PORT", "8000"))
        with preflight.hold_data_dir(settings.DATA_DIR, settings.SITE_URL):
            preflight.check_port(bind, port)
            prepare()
            if not options["only_prepare"]:
                Run(bind, port, begun).run()


def prepare() -> None:
    """Database, broker, tables, static files and demo are as this code wants them."""
    preflight.check_database()
    preflight.check_broker(settings.REDIS_URL)
    behind = preflight.pending_migrations()
    if behind:
        with step(f"Bringing the database up to date ({behind} steps)"):
            try:
                call_command("migrate", verbosity=0, interactive=False)
            except (DatabaseError, CommandError) as fault:
                raise Refusal(f"The database could not be brought up to date: {str(fault).strip().splitlines()[0]}") from fault
        preflight.check_database()
    collect_if_changed()
    if settings.DEMO and "demo" in get_commands() and not demo_is_there():
        with step("Loading the demo community"):
            call_command("demo", verbosity=0)
    # A sign of life from before would call the site ready without its workers.
    cache.delete(HEARTBEAT_KEY)
    for private in ("mail", "media"):  # sign-in codes and what closed boards attach are nobody else's
        settings.DATA_DIR.joinpath(private).mkdir(mode=0o700, exist_ok=True)


def demo_is_there() -> bool:
    member = apps.get_model(settings.AUTH_USER_MODEL)
    return bool(member._default_manager.filter(email="admin@demo.sprout").exists())


class Run:
    """One life of the site, from the first fork to the last line."""

    def __init__(self, bind: str, port: int, begun: float) -> None:
        self.host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(bind, bind)  # noqa: S104  # nosec B104
        self.port = port
        self.begun = begun
        self.ready = self.complained = False
        self.launched = self.asked = self.mended = 0.0
        self.asks = 0
        # In the order they end: the last named first, so that the workers finish what web and beat gave them.
        self.supervisor = Supervisor(
            [
                Part("worker", parts.work, colour=35, patience=25.0),
                Part("web", parts.serve_web, colour=36),
                Part("beat", parts.beat, colour=33, patience=5.0),
            ],
            out=sys.stdout.buffer,
            colour=coloured(sys.stdout),
            on_tick=self.tick,
        )

    def run(self) -> None:
        load_everything()
        self.launched = time.monotonic()
        self.supervisor.run()
        self.supervisor.say("stopped")

    def tick(self) -> None:
        now = time.monotonic()
        if now - self.mended > MEND_EVERY:
            self.mended = now
            for name in servers.current.mend():
                self.supervisor.say(f"the keeper of {name} was gone; it has a new one")
        if not self.ready and now - self.asked > min(ASK_EVERY * (1 + self.asks // 20), 2.0):
            self.asked, self.asks = now, self.asks + 1
            self.ask(now)

    def ask(self, now: float) -> None:
        """The address is said once everything behind it answers."""
        status, body = self.readiness()
        if status == 200:
            self.ready = True
            for line in welcome(now - self.begun):
                self.supervisor.say(line)
        elif now - self.launched > IMPATIENT_AFTER and not self.complained:
            self.complained = True
            self.supervisor.say(f"not ready after {IMPATIENT_AFTER:.0f} s: {body or 'no answer yet'}")

    def readiness(self) -> tuple[int, str]:
        line = http.client.HTTPConnection(self.host, self.port, timeout=2)
        try:
            line.request("GET", "/readyz?all=1", headers={"Host": settings.SITE_HOST})
            answer = line.getresponse()
            return answer.status, answer.read(300).decode(errors="replace")
        except (OSError, http.client.HTTPException):
            return 0, ""
        finally:
            line.close()


def load_everything() -> None:
    """What the parts share is loaded once, and nothing is open that two processes must not share."""
    if not get_resolver().url_patterns:  # reads every view
        raise Refusal("config.urls has no addresses.")
    app.loader.import_default_modules()
    # Only now: the application lists its static files when it is made.
    import_module("config.wsgi")
    connections.close_all()
    for opened in caches.all(initialized_only=True):
        opened.close()
    for chatty in ("celery", "django_celery_beat"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    # That we ask before it is ready is no fault of the site.
    logging.getLogger("django.request").addFilter(lambda record: "/readyz" not in record.getMessage())
    gc.collect()
    # The collector would touch, and so copy, every page the parts share.
    gc.freeze()


def welcome(seconds: float) -> list[str]:
    """Where the site is and, with the demo, who one can be there."""
    lines = [f"ready after {seconds:.1f} s at {settings.SITE_URL}/"]
    if settings.DEMO:
        names = ", ".join(f"{who}@demo.sprout" for who in ("fan", "moderator", "staff", "admin"))
        lines.append(f"sign in as {names} with the password sprout-demo")
    if "EMAIL_URL" not in os.environ:
        lines.append(f"mails land in {Path(settings.DATA_DIR) / 'mail'}")
    lines.append("Ctrl-C stops everything")
    return lines
