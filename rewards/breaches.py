"""Breaches are closed by people, and only once the auditor finds nothing any more."""

from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from community.models import Member
from community.refusals import Conflict
from rewards import audit
from rewards.models import Breach


@transaction.atomic
def close_breaches(*, by: Member | None, at: datetime, heads: Path | None = None) -> int:
    """Spending is on again and the number of closed breaches is returned; Conflict while anything is still wrong.

    by: who says so; None for somebody at the server's own command line.
    """
    findings = audit.examine(heads=heads)
    if findings:
        raise Conflict(_("The ledger is still broken: %(law)s.") % {"law": f"{findings[0].law}: {findings[0].detail}"})
    return Breach.objects.open().update(closed_at=at, closed_by=by)
