"""`demo`: the demo community of Linden phones is there, as if it had lived here for ten weeks."""

import json
import time
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from config.demo.load import load_demo


class Command(BaseCommand):
    """Loads it once; asked again it says what is there."""

    help = "Loads the demo community: members with known passwords, so on this machine alone."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="end with one line of JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.LOOPBACK:
            raise CommandError("The demo has known passwords: it is loaded only where SITE_URL is loopback.")
        begun = time.monotonic()
        loaded = load_demo(at=timezone.now(), show=options["verbosity"] > 0)
        report = asdict(loaded) | {"seconds": round(time.monotonic() - begun, 1)}
        if options["json"]:
            self.stdout.write(json.dumps(report))
        elif options["verbosity"]:
            self.stdout.write(_sentence(report))


def _sentence(report: dict[str, Any]) -> str:
    counts = ", ".join(f"{report[name]} {name}" for name in ("members", "posts", "comments", "votes", "merges", "releases"))
    return f"Loaded in {report['seconds']} s: {counts}." if report["fresh"] else f"The demo is already there: {counts}."
