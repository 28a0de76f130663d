"""rescore [--verify] [--drain]: every score from nothing but the votes, or proof that it is so already."""

import json
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from community import deliveries
from community.progress import shown
from feedback import rescoring


class Command(BaseCommand):
    """Writes only what differs; with --verify writes nothing, and fails where anything differs."""

    help = "Counts all scores anew from the votes, or with --verify proves that the workers' books agree with them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--verify", action="store_true", help="compare in one snapshot, write nothing")
        parser.add_argument("--drain", action="store_true", help="pay what is owed first")
        parser.add_argument("--json", action="store_true", help="end with one line of JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.monotonic()
        paid = deliveries.drain() if options["drain"] else 0
        report = rescoring.verify() if options["verify"] else self._rescore()
        seconds = time.monotonic() - started
        self._say(report, options, paid, seconds)
        if options["verify"] and report.differences:
            raise CommandError(
                f"{report.differences} rows differ from the votes, in clusters {report.examples}. "
                "Run `python3 manage.py rescore` to set them right, and tell us: this should never happen."
            )

    def _rescore(self) -> rescoring.Report:
        report = rescoring.Report()
        for _done in shown(rescoring.rescore_steps(report), "Suggestions", total=rescoring.size()):
            pass
        return report

    def _say(self, report: rescoring.Report, options: dict[str, Any], paid: int, seconds: float) -> None:
        if options["json"]:
            figures = {
                "verified" if options["verify"] else "rescored": report.clusters,
                "differences": report.differences,
                "rows": report.rows,
                "left_out": report.left_out,
                "paid": paid,
                "seconds": round(seconds, 2),
            }
            self.stdout.write(json.dumps(figures))
            return
        word = "Verified" if options["verify"] else "Counted"
        left = f", {report.left_out:,} left out because facts about them are still owed" if report.left_out else ""
        self.stdout.write(
            f"{word} {report.clusters:,} suggestions in {seconds:.1f} s: {report.differences:,} rows differed{left}."
        )
