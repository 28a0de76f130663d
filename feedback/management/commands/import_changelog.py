"""import_changelog PATH --product SLUG: releases told of in a changelog become drafts that name what they bring."""

import json
import zlib
from argparse import ArgumentParser
from collections import defaultdict
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from community import imports
from community.models import Product
from community.refusals import Refused
from feedback.importing.changelogs import ChangelogEntry, read_changelogs, repository_of
from feedback.importing.closings import read_closings
from feedback.importing.drafts import Brought, DraftReport, load_drafts
from feedback.importing.rows import Fault


class Command(BaseCommand):
    """Says release by release what it brings; a second run changes nothing; a dry run leaves nothing behind."""

    help = "Brings releases of a changelog in as drafts. Nobody is told and nothing ships; undo_import takes it back."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path, help="a Markdown file, or a folder of them")
        parser.add_argument("--product", required=True, help="slug of the product whose releases these are")
        parser.add_argument("--links", type=Path, help="pull requests as GitHub gives them, or a table item, issue_closed")
        parser.add_argument(
            "--repository", help="owner/name whose numbers the imported posts bear; default: the one named most"
        )
        parser.add_argument("--system", choices=["github", "sprout"], default="github", help="format the posts came in by")
        parser.add_argument("--batch", help="name of the batch; default: changelog, product and file name")
        parser.add_argument("--dry-run", action="store_true")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        path, links, report = options["path"], options["links"], DraftReport()
        if not path.exists():
            raise CommandError(f"There is no file or folder {path}.")
        if links is not None and not links.is_file():
            raise CommandError(f"There is no file {links}.")
        product = Product.objects.filter(slug=options["product"]).first()
        if product is None:
            known = ", ".join(Product.objects.values_list("slug", flat=True)) or "none yet; make one in the admin"
            raise CommandError(f"There is no product {options['product']}. Products: {known}.")
        entries = list(_sorted_out(read_changelogs(path), report))
        repository = _repository(options["repository"], entries)
        closes = _closings(links, report)
        name = options["batch"] or slugify(f"changelog-{product.slug}-{path.name.split('.')[0]}")[:80]
        try:
            self._load(options, product, entries, closes, repository, name, report, timezone.now())
        except Refused as refusal:
            raise CommandError(refusal.sentence) from refusal
        self._say(options, report, name, repository)
        if not report.rows:
            raise CommandError("No release was found, so nothing was brought in.")

    def _load(
        self, options: dict[str, Any], product: Product, entries: list[ChangelogEntry], closes: dict[str, list[str]],
        repository: str, name: str, report: DraftReport, at: datetime,
    ) -> None:  # fmt: skip
        # A dry run is a whole run that is not kept, so that its report is the truth.
        with transaction.atomic():
            batch = imports.open_batch(name=name, system="changelog", by=None, at=at)
            load_drafts(
                product=product, entries=entries, closes=closes, repository=repository,
                system=options["system"], batch=batch, at=at, report=report,
            )  # fmt: skip
            counts = report.counts()
            if counts["releases"]:
                imports.close_batch(batch=batch, counts={key: counts[key] for key in ("releases", "links")}, at=at)
            if options["dry_run"] or not counts["releases"]:
                transaction.set_rollback(True)

    def _say(self, options: dict[str, Any], report: DraftReport, name: str, repository: str) -> None:
        faults = [{"file": fault.file, "row": fault.row, "fault": fault.sentence} for fault in report.faults]
        for fault in faults[:20]:
            self.stderr.write(f"{fault['file']}, row {fault['row']}: {fault['fault']}")
        if len(faults) > 20:
            self.stderr.write(f"… and {len(faults) - 20} more.")
        figures: dict[str, Any] = report.counts() | {"batch": name, "repository": repository, "dry_run": options["dry_run"]}
        if options["json"]:
            told = {"rows": [_row(row) for row in report.rows], "first_faults": faults[:20]}
            self.stdout.write(json.dumps(figures | told, ensure_ascii=False))
            return
        for row in report.rows:
            self.stdout.write(_line(row))
        done = "Would bring in" if options["dry_run"] else "Brought in"
        self.stdout.write(
            f"{done} {figures['releases']:,} draft releases with {figures['links']:,} suggestions, "
            f"{figures['through_pull_requests']:,} of them through pull requests, as batch {name}; {figures['known']:,} releases "
            f"were here before, {figures['unknown']:,} names lead to nothing here, {figures['faults']:,} rows could not be read."
        )


def _sorted_out(rows: Any, report: DraftReport) -> Any:
    for row in rows:
        if isinstance(row, Fault):
            report.faults.append(row)
        else:
            yield row


def _repository(said: str | None, entries: list[ChangelogEntry]) -> str:
    found = said.strip().lower() if said else repository_of(entries)
    if found is None:
        raise CommandError("The changelog names several repositories, none of them mostly. Please say whose with --repository.")
    return found


def _closings(path: Path | None, report: DraftReport) -> dict[str, list[str]]:
    closes = defaultdict[str, list[str]](list)
    if path is None:
        return closes
    try:
        for pull, issue in _sorted_out(read_closings(path), report):
            closes[pull].append(issue)
    except (UnicodeDecodeError, EOFError, OSError, zlib.error) as fault:
        raise CommandError(f"{path.name} cannot be read: {fault}. Nothing was brought in.") from fault
    return closes


def _row(row: Brought) -> dict[str, Any]:
    entry = row.entry
    return {
        "version": entry.version, "title": entry.title, "date": entry.dated.date().isoformat() if entry.dated else None,
        "file": entry.file, "row": entry.row, "known": row.known, "straight": row.straight, "through": row.through,
        "unknown": row.unknown, "plain": row.plain,
    }  # fmt: skip


def _line(row: Brought) -> str:
    entry, dated = row.entry, f" ({row.entry.dated:%Y-%m-%d})" if row.entry.dated else ""
    if row.known:
        return f"{entry.version}{dated}: was here before"
    bare = "; more than a text may hold, so its notes are shown without Markdown" if row.plain else ""
    brings = (
        f"{len(row.straight)} named and {len(row.through)} closed suggestions, {len(row.unknown)} names lead to nothing here"
    )
    return f"{entry.version}{dated}: {brings}{bare}"
