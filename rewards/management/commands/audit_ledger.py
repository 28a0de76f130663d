"""`audit_ledger`: whether the laws of the ledger hold; exits non-zero, and stops spending, where one does not."""

import json
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from community.refusals import Conflict
from rewards import audit, sealing
from rewards.breaches import close_breaches
from rewards.models import Breach
from rewards.rebuild import differences


class Command(BaseCommand):
    help = "Checks sums, balances, reversals, causes, the chain of seals and the guards of the points ledger."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="end with one line of JSON")
        parser.add_argument("--rebuild", action="store_true", help="also compute everybody's points and levels from the facts")
        parser.add_argument("--resume", action="store_true", help="allow spending again, where nothing is wrong any more")

    def handle(self, *args: Any, **options: Any) -> None:
        start = time.monotonic()
        findings = audit.examine(heads=sealing.heads_file())
        if options["rebuild"]:
            findings += [audit.Finding("rebuild", sentence) for sentence in differences()]
        audit.note_findings(findings, at=timezone.now())
        if options["resume"] and not findings:
            self._resume()
        report = self._report(findings, time.monotonic() - start)
        for finding in findings:
            self.stdout.write(self.style.ERROR(f"{finding.law}: {finding.detail}"))
        self.stdout.write(self._sentence(report))
        if options["json"]:
            self.stdout.write(json.dumps(report))
        if findings:
            raise CommandError("The ledger does not hold. Nothing can be spent until this is put right.")

    def _resume(self) -> None:
        try:
            closed = close_breaches(by=None, at=timezone.now(), heads=sealing.heads_file())
        except Conflict as refused:
            raise CommandError(refused.sentence) from refused
        self.stdout.write(f"{closed} breaches closed; points can be spent.")

    def _report(self, findings: list[audit.Finding], seconds: float) -> dict[str, Any]:
        head = sealing.head()
        return {
            "ok": not findings,
            "findings": [{"law": finding.law, "detail": finding.detail} for finding in findings],
            **audit.extent(),
            "head": head.hash if head else None,
            "spending": not Breach.objects.open().exists(),
            "seconds": round(seconds, 2),
        }

    def _sentence(self, report: dict[str, Any]) -> str:
        what = "{transfers:,} transfers, {entries:,} entries, {accounts:,} accounts, {seals:,} seals".format(**report)
        state = "Everything adds up" if report["ok"] else f"{len(report['findings'])} findings"
        return f"{state}: {what}, {report['unsealed']:,} waiting for a seal, in {report['seconds']} s."
