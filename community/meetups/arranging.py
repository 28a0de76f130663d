"""Meetups are arranged, moved and cancelled by staff; whoever comes hears of it."""

import secrets
import zoneinfo
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from community import rendering
from community.activity import record
from community.meetups.answering import fill_places
from community.models import Meetup, Member
from community.privileges import Privilege, require
from community.refusals import Conflict, Invalid
from community.verbs import MeetupArranged, MeetupCancelled, Verb

PLACE = ("city", "address", "link", "starts_at", "ends_at")
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


@transaction.atomic
def arrange_meetup(*, meetup: Meetup, by: Member, at: datetime) -> Meetup:
    """The meetup is as given; freed places go to who waits first, and who comes hears of another time or place.

    Raises Invalid for what does not fit together, Conflict for a change of what is cancelled.
    """
    require(by, Privilege.TRIAGE)
    before = Meetup.objects.select_for_update(no_key=True).filter(pk=meetup.pk).first() if meetup.pk else None
    if before is not None and before.cancelled_at is not None:
        raise Conflict(_("This meetup is cancelled. Please arrange a new one."))
    _check(meetup)
    meetup.about = rendering.check_source(meetup.about)
    meetup.about_html = rendering.render(meetup.about)
    meetup.code = meetup.code or "".join(secrets.choice(LETTERS) for _sign in range(6))
    moved = before is not None and before.published and any(getattr(before, name) != getattr(meetup, name) for name in PLACE)
    meetup.revision = before.revision + 1 if before is not None else 0
    meetup.save()
    fill_places(meetup=meetup, at=at)
    data = MeetupArranged(board_id=meetup.board_id, published=meetup.published, moved=moved, revision=meetup.revision)
    key = f"meetup_arranged:{meetup.pk}:{meetup.revision}"
    record(Verb.MEETUP_ARRANGED, key=key, actor=by, subject=meetup.pk, data=data, at=at)
    return meetup


@transaction.atomic
def cancel_meetup(*, meetup: Meetup, by: Member, why: str, at: datetime) -> Meetup:
    """It does not take place; everybody who wanted to come hears why. Raises Invalid without a reason."""
    require(by, Privilege.TRIAGE)
    row = Meetup.objects.select_for_update(no_key=True).get(pk=meetup.pk)
    if row.cancelled_at is not None or row.ends_at <= at:
        raise Conflict(_("This meetup is over or cancelled already."))
    if not why.strip():
        raise _refuse(_("Please say why, so that those who wanted to come understand."), "cancelled_why")
    row.cancelled_at, row.cancelled_why, row.revision = at, why.strip()[:280], row.revision + 1
    row.save(update_fields=["cancelled_at", "cancelled_why", "revision"])
    data = MeetupCancelled(board_id=row.board_id)
    record(Verb.MEETUP_CANCELLED, key=f"meetup_cancelled:{row.pk}", actor=by, subject=row.pk, data=data, at=at)
    return row


def _refuse(sentence: str, field: str) -> Invalid:
    return Invalid(sentence, fields={field: sentence})


def _check(meetup: Meetup) -> None:
    if meetup.ends_at <= meetup.starts_at:
        raise _refuse(_("It ends after it begins."), "ends_at")
    if not meetup.city and not meetup.link:
        raise _refuse(_("Please say where it is: a city, a link, or both."), "city")
    if meetup.link and not meetup.link.startswith(("https://", "http://")):
        raise _refuse(_("A link begins with https://."), "link")
    if meetup.capacity == 0:
        raise _refuse(_("At least one place, or none named for as many as come."), "capacity")
    if meetup.time_zone not in zoneinfo.available_timezones():
        raise _refuse(_("Please choose a time zone, for example Asia/Shanghai."), "time_zone")
