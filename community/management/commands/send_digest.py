"""send_digest [--week 2026-W47]: the weekly digest goes out, or into files to look at."""

import json
import sys
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.html import format_html, format_html_join

from community import digest, mailings, weeks
from community.models import Member
from community.progress import shown
from community.sections import Week

BATCH = 200


class Command(BaseCommand):
    """Sends each member's digest once, however often it is run; with --dry-run it sends and stores nothing."""

    help = "Sends the digest of a week to everybody who wants it and has not had it, or writes it into files."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--week", help="ISO week like 2026-W47; default: the last one that is over")
        parser.add_argument("--member", action="append", help="only this username; may be given more than once")
        parser.add_argument("--dry-run", action="store_true", help="write .eml and .html files instead of sending")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        week = self._week(options["week"], now)
        members = digest.readers_of_week(week).order_by("pk")
        if options["member"]:
            members = members.filter(username__in=options["member"])
        begun = time.monotonic()
        report = self._draft(members, week) if options["dry_run"] else self._send(members, week, now)
        report["seconds"] = round(time.monotonic() - begun, 1)
        self._say(report, options["json"])
        if report.get("failed") or report.get("waiting"):
            sys.exit(1)

    def _week(self, name: str | None, now: datetime) -> Week:
        try:
            week = weeks.week_named(name, UTC) if name else weeks.week_of(now.date() - timedelta(days=7), UTC)
        except ValueError as fault:
            raise CommandError(str(fault)) from fault
        if week.start > now:
            raise CommandError(f"{week.name} has not begun yet.")
        return week

    def _draft(self, members: Any, week: Week) -> dict[str, Any]:
        folder = Path(settings.DATA_DIR) / "digest" / week.name
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.glob("*"):
            old.unlink()
        written, empty = [], 0
        for member, letter in shown(_drafts(members, week), "digests", total=members.count()):
            if isinstance(letter, str):
                empty += 1
            else:
                _write(folder / member.username, letter)
                written.append((member.username, letter.subject))
        rows = format_html_join("\n", '<li><a href="{}.html">{}</a></li>', written)
        page = format_html(
            '<!doctype html><meta charset="utf-8"><title>{}</title><h1>{}</h1><ol>\n{}\n</ol>\n', week.name, week.name, rows
        )
        (folder / "index.html").write_text(page)
        return {"week": week.name, "written": len(written), "skipped": empty, "folder": str(folder)}

    def _send(self, members: Any, week: Week, now: datetime) -> dict[str, Any]:
        planned = digest.plan_week(members=members, week_name=week.name, due_at=now)
        batches = iter(lambda: mailings.send_batch(kind=digest.KIND, at=timezone.now(), period=week.name), {})
        for _batch in shown(batches, "batches"):
            pass
        return {"week": week.name, "planned": planned} | mailings.state_of_mailings(kind=digest.KIND, period=week.name)

    def _say(self, report: dict[str, Any], as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(report))
            return
        self.stdout.write(", ".join(f"{name}: {value}" for name, value in report.items()))


def _drafts(members: Any, week: Week) -> Iterator[tuple[Member, EmailMultiAlternatives | str]]:
    last = 0
    while batch := list(members.filter(pk__gt=last)[:BATCH]):
        yield from digest.draft_digests(members=batch, week_name=week.name)
        last = batch[-1].pk


def _write(path: Path, letter: EmailMultiAlternatives) -> None:
    """The mail as it would go out, and its HTML by itself, for a browser."""
    path.with_name(f"{path.name}.eml").write_bytes(letter.message().as_bytes())
    path.with_name(f"{path.name}.html").write_text(str(letter.alternatives[0][0]))
