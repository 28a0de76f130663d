"""`bench [--quick]`: what was promised in numbers, measured on this machine, each beside the floor of the same run."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from bench import classify, pages, search, similar
from bench.figures import Figure, Missing, as_data, table

BENCHES = {bench.name: bench for bench in (similar.BENCH, search.BENCH, classify.BENCH, pages.BENCH)}


class Command(BaseCommand):
    """Works on a database of its own that is dropped at the end; exits non-zero where a promise is missed."""

    help = "Measures quality and speed; prints a table and writes bench/results.json."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("names", nargs="*", metavar="name", help=f"only these of: {', '.join(BENCHES)}")
        parser.add_argument("--quick", action="store_true", help="smaller samples, a minute or two instead of ten")
        parser.add_argument("--json", action="store_true", help="end with one line of JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        if unknown := set(options["names"]) - BENCHES.keys():
            raise CommandError(f"There is no bench {', '.join(sorted(unknown))}; there are: {', '.join(BENCHES)}.")
        figures: list[Figure] = []
        for name, bench in BENCHES.items():
            if not options["names"] or name in options["names"]:
                try:
                    figures += bench.run(options["quick"], self._say)
                except Missing as what:
                    raise CommandError(str(what)) from what
        answer = {"quick": options["quick"], "figures": as_data(figures)}
        results = Path(similar.__file__).with_name("results.json")
        results.write_text(json.dumps(answer, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        self.stdout.write(table(figures))
        if options["json"]:
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
        if missed := [figure.name for figure in figures if not figure.holds]:
            raise CommandError(f"Missed: {'; '.join(missed)}.")

    def _say(self, what: str) -> None:
        self.stderr.write(f"· {what} …")
