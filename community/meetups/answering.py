"""Members say whether they come. Places are given in the order people asked; what is freed goes to who waits first."""

import hmac
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from community.activity import Happening, record, record_many
from community.models import Attendance, AttendanceState, Meetup, Member
from community.privileges import Privilege, require
from community.refusals import Conflict, Invalid, NotAllowed
from community.verbs import MeetupAnswered, MeetupAttended, MeetupPlaceFreed, Verb

GOING, WAITING, OUT = AttendanceState.GOING, AttendanceState.WAITING, AttendanceState.OUT


@transaction.atomic
def answer_meetup(*, meetup: Meetup, member: Member, going: bool, at: datetime) -> Attendance:
    """The member has a place, or waits for one, or does not come; said again, nothing changes.

    Raises Conflict where it is over or cancelled.
    """
    require(member, Privilege.WRITE)
    locked = _locked(meetup)
    if not locked.takes_answers(at):
        raise Conflict(_("This meetup is over or cancelled, so it takes no more answers."))
    known = Attendance.objects.select_for_update(no_key=True).filter(meetup=locked, member=member).first()
    if known is not None and (known.state != OUT) == going:
        return known
    row = known or Attendance(meetup=locked, member=member)
    row.state, row.queued_at = (GOING if _places_left(locked) else WAITING) if going else OUT, at
    if known is None and not going:
        row.save()
        return row
    row.save()
    if not going:
        fill_places(meetup=locked, at=at)
    fact = MeetupAnswered(member_id=member.pk, state=row.state)
    key = f"meetup_answered:{locked.pk}:{member.pk}:{at.isoformat()}"
    record(Verb.MEETUP_ANSWERED, key=key, actor=member, subject=locked.pk, data=fact, at=at)
    return row


@transaction.atomic
def fill_places(*, meetup: Meetup, at: datetime) -> list[Attendance]:
    """Whoever waits longest has each place that is free; those people, who hear of it."""
    locked = _locked(meetup)
    if not locked.takes_answers(at):
        return []
    queue = Attendance.objects.select_for_update(no_key=True).filter(meetup=locked, state=WAITING).order_by("queued_at", "pk")
    lucky = list(queue if locked.capacity is None else queue[: max(_free(locked), 0)])
    for row in lucky:
        row.state = GOING
    Attendance.objects.bulk_update(lucky, ["state"])
    record_many(
        [
            Happening(
                key=f"meetup_place_freed:{row.pk}:{row.queued_at.isoformat()}",
                actor=None,
                subject=locked.pk,
                data=MeetupPlaceFreed(member_id=row.member_id),
            )
            for row in lucky
        ],
        at=at,
    )
    return lucky


@transaction.atomic
def check_in(*, meetup: Meetup, member: Member, code: str, at: datetime) -> Attendance:
    """The member was there. Also who had no place: they came all the same. Raises Invalid for another code."""
    require(member, Privilege.WRITE)
    if not meetup.door_is_open(at):
        raise Conflict(_("Checking in is possible from an hour before the beginning to three hours after the end."))
    typed = "".join(sign for sign in code.upper() if sign.isalnum())
    if not hmac.compare_digest(typed.encode(), meetup.code.encode()):
        sentence = _("That is not the code. The host says it in the room or writes it into the chat.")
        raise Invalid(sentence, fields={"code": sentence})
    return _let_in(meetup, member, member, at)


@transaction.atomic
def note_presence(*, meetup: Meetup, member: Member, by: Member, at: datetime) -> Attendance:
    """The host or staff saw the member there."""
    if by.pk != meetup.host_id:
        require(by, Privilege.TRIAGE)
    if not meetup.door_is_open(at):
        raise Conflict(_("Checking in is possible from an hour before the beginning to three hours after the end."))
    if not Attendance.objects.filter(meetup=meetup, member=member).exists():
        raise NotAllowed(_("Only those who answered are on the list. The code is for everybody else."))
    return _let_in(meetup, member, by, at)


def _let_in(meetup: Meetup, member: Member, by: Member, at: datetime) -> Attendance:
    row, _new = Attendance.objects.select_for_update(no_key=True).get_or_create(
        meetup=meetup, member=member, defaults={"state": GOING, "queued_at": at}
    )
    if row.came_at is None:
        row.state, row.came_at = GOING, at
        row.save(update_fields=["state", "came_at"])
        fact = MeetupAttended(member_id=member.pk)
        key = f"meetup_attended:{meetup.pk}:{member.pk}"
        record(Verb.MEETUP_ATTENDED, key=key, actor=by, subject=meetup.pk, data=fact, at=at)
    return row


def _locked(meetup: Meetup) -> Meetup:
    # Two may want the last place at once; the meetup's row decides who comes first.
    return Meetup.objects.select_for_update(no_key=True).get(pk=meetup.pk)


def _free(meetup: Meetup) -> int:
    taken = Attendance.objects.filter(meetup=meetup, state=GOING).count()
    return (meetup.capacity or 0) - taken


def _places_left(meetup: Meetup) -> bool:
    return meetup.capacity is None or _free(meetup) > 0
