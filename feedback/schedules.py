"""Releases on a train: they leave at the moment somebody set, once, and staff hear where one could not."""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from community.activity import record
from community.models import Member
from community.privileges import Privilege, require
from community.refusals import Conflict, Invalid, NotAllowed
from community.verbs import ReleaseHeld, Verb
from feedback.models import Release
from feedback.releases import ship_release

log = logging.getLogger(__name__)
# A database that restarts is back within minutes; what still fails then needs somebody to look.
PATIENCE = timedelta(minutes=30)


@transaction.atomic
def schedule_release(*, release: Release, moment: datetime, by: Member, at: datetime) -> Release:
    """The release ships by itself at the moment, in the name of whoever said so; said again, it is another moment.

    Raises Invalid for a moment that does not lie ahead, Conflict for what has shipped.
    """
    require(by, Privilege.SHIP)
    row = _unshipped(release)
    if moment <= at:
        sentence = _("Please choose a moment that lies ahead, or ship it now.")
        raise Invalid(sentence, fields={"scheduled_for": sentence})
    row.scheduled_for, row.scheduled_by, row.held = moment, by, ""
    row.save(update_fields=["scheduled_for", "scheduled_by", "held"])
    return row


@transaction.atomic
def unschedule_release(*, release: Release, by: Member, at: datetime) -> Release:
    """The release is a draft again and ships when somebody ships it."""
    require(by, Privilege.SHIP)
    row = _unshipped(release)
    row.scheduled_for, row.scheduled_by, row.held = None, None, ""
    row.save(update_fields=["scheduled_for", "scheduled_by", "held"])
    return row


def ship_due_releases(*, at: datetime) -> int:
    """Every release whose moment has come is out, or a draft again that staff have heard of. How many went out."""
    return sum(_ship_due(pk, at) for pk in Release.objects.due(at=at).values_list("pk", flat=True))


def _ship_due(pk: int, at: datetime) -> bool:
    """One release leaves whole or not at all; another worker may have it in hand, and one bad release stops no other."""
    try:
        with transaction.atomic():
            row = Release.objects.due(at=at).filter(pk=pk).select_for_update(no_key=True, skip_locked=True).first()
            if row is None:
                return False
            if row.scheduled_by is None:
                raise NotAllowed(_("Nobody answers for this release any more."))
            ship_release(release=row, by=row.scheduled_by, at=at)
    except NotAllowed:
        hold_release(pk=pk, cause=Release.Held.NOT_ALLOWED, at=at)
        return False
    except Exception:  # whatever it is, the others must leave on time
        log.exception("Release %d is due and could not ship.", pk)
        if Release.objects.due(at=at - PATIENCE).filter(pk=pk).exists():
            hold_release(pk=pk, cause=Release.Held.FAULT, at=at)
        return False
    return True


@transaction.atomic
def hold_release(*, pk: int, cause: str, at: datetime) -> bool:
    """The release is a draft again, says why it did not leave, and the fact is on record for staff to hear of."""
    row = Release.objects.due(at=at).filter(pk=pk).select_for_update(no_key=True).first()
    # Somebody may have shipped it, dropped it or taken it off the train meanwhile.
    if row is None or row.scheduled_for is None:
        return False
    key = f"release_held:{row.pk}:{row.scheduled_for:%Y-%m-%dT%H:%M:%S.%f}"
    record(Verb.RELEASE_HELD, key=key, actor=None, subject=row.pk, data=ReleaseHeld(row.product_id, cause), at=at)
    row.scheduled_for, row.scheduled_by, row.held = None, None, cause
    row.save(update_fields=["scheduled_for", "scheduled_by", "held"])
    return True


def _unshipped(release: Release) -> Release:
    row = Release.objects.select_for_update(no_key=True).get(pk=release.pk)
    if row.shipped_at is not None:
        raise Conflict(_("This release has shipped already."))
    return row
