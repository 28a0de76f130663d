"""The ledger's tasks: thin, and safe to run twice."""

from celery import shared_task
from django.utils import timezone

from rewards import audit, sealing


@shared_task(name="rewards.seal_ledger")
def seal_ledger() -> int:
    """Every committed transfer is under a seal; the number of new seals."""
    return len(sealing.seal_ledger())


@shared_task(name="rewards.audit_ledger")
def audit_ledger() -> int:
    """The laws of the ledger were checked; a breach stops spending and is shown to staff."""
    findings = audit.examine(heads=sealing.heads_file())
    audit.note_findings(findings, at=timezone.now())
    return len(findings)
