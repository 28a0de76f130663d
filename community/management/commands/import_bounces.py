"""import_bounces PATH: reports of dead addresses, as they lie in the sender's mailbox, pause mails to these addresses."""

import email
import json
import mailbox
from argparse import ArgumentParser
from collections.abc import Iterator
from email.message import Message
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from community import bounces


class Command(BaseCommand):
    """Reads an mbox file, a Maildir, or a folder of .eml files; read twice, it pauses nobody twice."""

    help = "Pauses mails to addresses that mail servers reported dead (RFC 3464), from an mbox, a Maildir or .eml files."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="say which addresses are reported, and change nothing")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["path"]
        if not path.exists():
            raise CommandError(f"{path} is not there.")
        read, refusals = 0, []
        for letter in letters_in(path):
            read += 1
            refusals += list(bounces.refusals_in(letter))
        paused = 0 if options["dry_run"] else bounces.pause_all(refusals, at=timezone.now())
        report = {"mails": read, "refused": len({refusal.address for refusal in refusals}), "paused": paused}
        if options["json"]:
            self.stdout.write(json.dumps(report))
            return
        self.stdout.write(", ".join(f"{name}: {value}" for name, value in report.items()))


def letters_in(path: Path) -> Iterator[Message]:
    """Every mail of a file or folder, one at a time."""
    if path.is_dir() and not (path / "cur").is_dir():
        for file in sorted(path.glob("*.eml")):
            yield email.message_from_bytes(file.read_bytes())
        return
    box: mailbox.Mailbox[Any] = mailbox.Maildir(path, create=False) if path.is_dir() else mailbox.mbox(path, create=False)
    yield from box
