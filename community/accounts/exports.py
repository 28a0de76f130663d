"""A member takes along everything that is held about them: a zip of plain files, ready within minutes, dropped after a week."""

import json
import secrets
import zipfile
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from community.accounts.registry import PARTS
from community.activity import record
from community.models import Export, Member
from community.refusals import TooMany
from community.verbs import ExportAsked, Verb

KEPT_FOR = timedelta(days=7)
AGAIN_AFTER = timedelta(hours=24)


def folder() -> Path:
    """Where finished exports lie; only our own user may look into it."""
    found = Path(settings.DATA_DIR) / "exports"
    found.mkdir(mode=0o700, parents=True, exist_ok=True)
    return found


def path_of(export: Export) -> Path:
    return folder() / export.file


@transaction.atomic
def ask_export(*, member: Member, at: datetime) -> Export:
    """The export is on its way; while one is being made, it is that one. Raises TooMany within a day of the last."""
    last = Export.objects.filter(member=member).order_by("-asked_at").first()
    if last and last.ready_at is None and last.dropped_at is None:
        return last
    if last and at - last.asked_at < AGAIN_AFTER:
        wait = int((last.asked_at + AGAIN_AFTER - at).total_seconds())
        raise TooMany(
            _("Your last export is less than a day old. Please take that one, or come back tomorrow."), retry_after=wait
        )
    try:
        # Two clicks may arrive together; the constraint decides.
        with transaction.atomic():
            export = Export.objects.create(member=member, asked_at=at)
    except IntegrityError:
        return Export.objects.get(member=member, ready_at__isnull=True, dropped_at__isnull=True)
    fact = ExportAsked(export_id=export.pk)
    record(Verb.EXPORT_ASKED, key=f"export_asked:{export.pk}", actor=member, subject=member.pk, data=fact, at=at)
    return export


def build_export(*, export: Export, at: datetime) -> Export:
    """The zip is there for its owner alone. Built again, nothing changes."""
    if export.ready_at is not None or export.dropped_at is not None:
        return export
    name = f"{export.pk}-{secrets.token_hex(16)}.zip"
    target = folder() / name
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as bundle:
        target.chmod(0o600)
        counts = {part: _write(bundle, part, write(export.member)) for part, write in sorted(PARTS.items())}
        with translation.override(export.member.language):
            words = {"member": export.member, "counts": counts, "at": at, "site": settings.SITE_URL}
            bundle.writestr("README.html", render_to_string("community/export_readme.html", words))
    export.file, export.ready_at, export.size = name, at, target.stat().st_size
    export.save(update_fields=["file", "ready_at", "size"])
    return export


def drop_exports(*, before: datetime) -> int:
    """Exports that were ready before then are gone from the disk; how many."""
    old = list(Export.objects.filter(ready_at__lt=before, dropped_at__isnull=True))
    for export in old:
        drop_export(export=export, at=before + KEPT_FOR)
    return len(old)


def drop_export(*, export: Export, at: datetime) -> None:
    """The file is gone; that there was one is known for a day's limit."""
    if export.file:
        path_of(export).unlink(missing_ok=True)
    export.file, export.dropped_at = "", at
    export.save(update_fields=["file", "dropped_at"])


def _write(bundle: zipfile.ZipFile, part: str, rows: Iterable[Mapping[str, Any]]) -> int:
    """Row by row, so that a long history needs no memory."""
    count = 0
    with bundle.open(f"{part}.json", "w") as out:
        out.write(b"[")
        for row in rows:
            out.write(b",\n" if count else b"\n")
            out.write(json.dumps(row, ensure_ascii=False, default=_plain).encode())
            count += 1
        out.write(b"\n]\n")
    return count


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else repr(value)
