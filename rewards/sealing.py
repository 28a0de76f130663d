"""Transfers are sealed in batches chained by hash, in the background; the newest hash is published outside the database.

What a seal covers, word for word, stands in docs/ledger.md; the auditor reads it there and shares no code with this.
"""

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction

from rewards.models import Entry, Seal, Transfer, Unsealed

GENESIS = "0" * 64
BATCH = 1000
# One sealer at a time; the number is ours alone.
SEALER_LOCK = 7_300_201


def seal_ledger(*, batches: int = 100) -> list[Seal]:
    """Every committed transfer is under a seal, in chained batches; the newest head is published."""
    made = []
    for _round in range(batches):
        seal = seal_batch()
        if seal is None:
            break
        made.append(seal)
    if made:
        publish_head(made[-1])
    return made


@transaction.atomic
def seal_batch(size: int = BATCH) -> Seal | None:
    """The transfers that waited longest are under the next seal; None where nothing waits or another sealer is at work."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_xact_lock(%s)", [SEALER_LOCK])
        if not cursor.fetchone()[0]:
            return None
    # Only committed rows wait here, so a transfer that commits late is sealed late and never missed.
    waiting = list(Unsealed.objects.order_by("pk").values_list("pk", flat=True)[:size])
    if not waiting:
        return None
    last = Seal.objects.order_by("-number").first()
    number, previous = (last.number + 1, last.hash) if last else (1, GENESIS)
    lines = [_line(transfer, entries) for transfer, entries in _with_entries(waiting)]
    text = "\n".join([str(number), previous, *lines])
    seal = Seal.objects.create(
        number=number, previous=previous, hash=hashlib.sha256(text.encode()).hexdigest(), transfer_ids=waiting
    )
    Unsealed.objects.filter(pk__in=waiting).delete()
    return seal


def head() -> Seal | None:
    """The newest seal, whose hash vouches for everything before it."""
    return Seal.objects.order_by("-number").first()


def heads_file() -> Path:
    """Where heads are published, away from the database: whoever rewrites the one still has to rewrite the other."""
    return Path(settings.DATA_DIR) / "ledger-heads.txt"


def publish_head(seal: Seal) -> None:
    """The seal's number, hash and moment stand on a line of their own in the published file."""
    path = heads_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        file.write(f"{seal.number} {seal.hash} {datetime.now(UTC).isoformat(timespec='seconds')}\n")


def _with_entries(ids: Sequence[int]) -> list[tuple[Transfer, list[Entry]]]:
    entries: dict[int, list[Entry]] = defaultdict(list)
    for entry in Entry.objects.filter(transfer__in=ids).order_by("account_id"):
        entries[entry.transfer_id].append(entry)
    return [(transfer, entries[transfer.pk]) for transfer in Transfer.objects.filter(pk__in=ids).order_by("pk")]


def _line(transfer: Transfer, entries: list[Entry]) -> str:
    fields = [
        str(transfer.pk),
        transfer.key,
        transfer.input_hash,
        transfer.reason,
        str(transfer.activity_id),
        str(transfer.rule_version),
        str(transfer.reverses_id or ""),
        _microseconds(transfer.at),
        _microseconds(transfer.posted_at),
        ",".join(f"{entry.account_id}:{entry.amount}" for entry in entries),
    ]
    return "|".join(fields)


def _microseconds(moment: datetime) -> str:
    """Whole microseconds since 1970, which no time zone or locale prints differently."""
    since = moment - datetime(1970, 1, 1, tzinfo=UTC)
    return str((since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds)
