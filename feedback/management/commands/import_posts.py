"""import_posts PATH --format {sprout,github} --board SLUG: what people wrote elsewhere comes in."""

import json
import zlib
from argparse import ArgumentParser
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from community import imports
from community.models import Board, ImportBatch
from community.progress import shown
from community.refusals import Refused
from feedback.importing import github, sprout_csv
from feedback.importing.load import Report, chunks, load_comments, load_posts, load_votes
from feedback.importing.mapping import MappingFault, read_mapping

READERS = {"github": github, "sprout": sprout_csv}


class Command(BaseCommand):
    """Streams the files in; a second run takes over only what is new; a dry run leaves nothing behind."""

    help = "Imports posts, comments and votes. Nothing is mailed and nothing is paid; undo_import takes it back."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path)
        parser.add_argument("--format", choices=sorted(READERS), required=True)
        parser.add_argument("--board", required=True, help="slug of the board the posts go to")
        parser.add_argument("--comments", type=Path)
        parser.add_argument("--votes", type=Path, help="named votes as CSV: post_id, voter, need, created_at")
        parser.add_argument("--map", type=Path, dest="mapping", help="TOML: labels and states to kind, tags, status")
        parser.add_argument("--batch", help="name of the batch; default: format and file name")
        parser.add_argument("--dry-run", action="store_true")
        parser.add_argument("--report", type=Path, help="writes every fault as one JSON line to this file")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        started, report = timezone.now(), Report()
        for path in filter(None, (options["path"], options["comments"], options["votes"], options["mapping"])):
            if not path.is_file():
                raise CommandError(f"There is no file {path}.")
        try:
            name = self._load(options, report, started)
        except UnicodeDecodeError as fault:
            raise CommandError(f"One of the files is not text in UTF-8: {fault}. Nothing was brought in.") from fault
        except (Refused, MappingFault, EOFError, OSError, zlib.error) as fault:
            raise CommandError(str(fault)) from fault
        self._say(options, report, name, (timezone.now() - started).total_seconds())

    def _load(self, options: dict[str, Any], report: Report, at: datetime) -> str:
        board = Board.objects.filter(slug=options["board"]).first()
        if board is None:
            known = ", ".join(Board.objects.values_list("slug", flat=True)) or "none yet; make one in the admin"
            raise CommandError(f"There is no board {options['board']}. Boards: {known}.")
        mapping = read_mapping(options["mapping"])
        name = options["batch"] or slugify(f"{options['format']}-{options['path'].name.split('.')[0]}")[:80]
        # A dry run is a whole run that is not kept, so that its report is the truth.
        with transaction.atomic():
            batch = imports.open_batch(name=name, system=options["format"], by=None, at=at)
            self._stream(options, mapping, board, batch, report, at)
            counts = {key: count for key, count in report.counts().items() if key != "known"}
            imports.count_comments_of(batch=batch)
            imports.close_batch(batch=batch, counts=counts, at=at)
            if options["dry_run"]:
                transaction.set_rollback(True)
        return name

    def _stream(
        self, options: dict[str, Any], mapping: Any, board: Board, batch: ImportBatch, report: Report, at: datetime
    ) -> None:
        reader = READERS[options["format"]]
        for posts in chunks(shown(reader.read_posts(options["path"], mapping), "Posts"), report):
            load_posts(board=board, rows=posts, batch=batch, at=at, report=report)
        if options["comments"]:
            for comments in chunks(shown(reader.read_comments(options["comments"]), "Comments"), report):
                load_comments(rows=comments, batch=batch, at=at, report=report)
        if options["votes"]:
            for votes in chunks(shown(sprout_csv.read_votes(options["votes"]), "Votes"), report):
                load_votes(rows=votes, batch=batch, at=at, report=report)

    def _say(self, options: dict[str, Any], report: Report, name: str, seconds: float) -> None:
        faults = [{"file": fault.file, "row": fault.row, "fault": fault.sentence} for fault in report.faults]
        if options["report"]:
            options["report"].write_text("".join(json.dumps(fault, ensure_ascii=False) + "\n" for fault in faults), "utf-8")
        for fault in faults[:20]:
            self.stderr.write(f"{fault['file']}, row {fault['row']}: {fault['fault']}")
        if len(faults) > 20:
            self.stderr.write(f"… and {len(faults) - 20} more; --report FILE writes them all.")
        figures = report.counts() | {"batch": name, "dry_run": options["dry_run"], "seconds": round(seconds, 1)}
        if options["json"]:
            self.stdout.write(json.dumps(figures | {"first_faults": faults[:20]}, ensure_ascii=False))
            return
        done = "Would bring in" if options["dry_run"] else "Brought in"
        self.stdout.write(
            f"{done} {report.posts:,} posts, {report.comments:,} comments, {report.votes:,} named and "
            f"{report.nameless_votes:,} nameless votes, {report.proposals:,} merge proposals in {seconds:.1f} s as batch "
            f"{name}; {report.known:,} rows were here before, {len(report.faults):,} could not be read."
        )
