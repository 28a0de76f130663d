"""Meetups in the weekly digest: what comes in the next two weeks, those one answered to first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.urls import reverse

from community.meetups.reading import when_there
from community.models import Attendance, AttendanceState, Meetup, Member
from community.readers import Readers
from community.sections import Week, section

AHEAD, SHOWN, LOADED = timedelta(days=14), 3, 40
# Mails of a week go out while its last day ends somewhere: what began by then is not announced any more.
SENT_BY = timedelta(hours=12)
HERE = (AttendanceState.GOING, AttendanceState.WAITING)


@dataclass(frozen=True)
class Loaded:
    """What comes, in order, with what these members answered."""

    readers: Readers
    meetups: Sequence[Meetup]
    answers: dict[tuple[int, int], str]


def load_meetups(members: Sequence[Member], week: Week) -> Loaded:
    taking_place = Meetup.objects.filter(published=True, cancelled_at=None).coming(at=week.end + SENT_BY)
    soon = taking_place.filter(starts_at__gte=week.end + SENT_BY, starts_at__lt=week.end + AHEAD).select_related("board")
    meetups = list(soon[:LOADED])
    rows = Attendance.objects.filter(meetup__in=meetups, member__in=members).values_list("member_id", "meetup_id", "state")
    answers = {(member_id, meetup_id): state for member_id, meetup_id, state in rows}
    return Loaded(Readers(members), meetups, answers)


@section("meetups", order=58, prepare=load_meetups, personal=False)
def write_meetups(member: Member, week: Week, loaded: Loaded) -> dict[str, Any] | None:
    """Up to three meetups the member may see: those they answered to, then the nearest; what they said no to is left out."""
    answers = {meetup.pk: loaded.answers.get((member.pk, meetup.pk), "") for meetup in loaded.meetups}
    seen = [
        meetup
        for meetup in loaded.meetups
        if answers[meetup.pk] != AttendanceState.OUT and loaded.readers.may_see_board(member, meetup.board)
    ]
    shown = sorted(seen, key=lambda meetup: answers[meetup.pk] not in HERE)[:SHOWN]
    if not shown:
        return None
    return {
        "entries": [
            {
                "title": meetup.title,
                "url": meetup.get_absolute_url(),
                "when": when_there(meetup),
                "city": meetup.city,
                "online": bool(meetup.link),
                "state": answers[meetup.pk],
            }
            for meetup in shown
        ],
        "more": len(seen) > len(shown),
        "all_url": reverse("meetups"),
    }
