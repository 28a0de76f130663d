"""Meetups as their pages show them."""

import zoneinfo
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Count, Q, QuerySet

from community.meetups.calendar import Entry
from community.models import Attendance, AttendanceState, Meetup, Member
from community.models.board import Viewer
from community.rendering import plain

FACES = 12


@dataclass(frozen=True)
class Answer:
    """How the viewer stands to a meetup. place: in the waiting list, from 1; 0 if not waiting."""

    state: str
    place: int
    came: bool


def with_counts(meetups: QuerySet[Meetup]) -> QuerySet[Meetup]:
    """Each meetup with how many go and how many wait."""
    return meetups.annotate(
        going=Count("attendances", filter=Q(attendances__state=AttendanceState.GOING)),
        waiting=Count("attendances", filter=Q(attendances__state=AttendanceState.WAITING)),
    )


def answers_of(viewer: Viewer, meetups: Iterable[Meetup]) -> dict[int, str]:
    """Meetup → what the viewer answered, in one query."""
    if viewer is None or not viewer.is_authenticated:
        return {}
    rows = Attendance.objects.filter(member_id=viewer.pk, meetup__in=[meetup.pk for meetup in meetups])
    return dict(rows.values_list("meetup_id", "state"))


def answer_of(meetup: Meetup, member: Member | None) -> Answer | None:
    """The member's answer, with their place in the queue."""
    row = Attendance.objects.filter(meetup=meetup, member=member).first() if member else None
    if row is None:
        return None
    ahead = 0
    if row.state == AttendanceState.WAITING:
        waiting = Attendance.objects.filter(meetup=meetup, state=AttendanceState.WAITING)
        ahead = waiting.filter(Q(queued_at__lt=row.queued_at) | Q(queued_at=row.queued_at, pk__lt=row.pk)).count() + 1
    return Answer(row.state, ahead, row.came_at is not None)


def people_of(meetup: Meetup, *, most: int = FACES) -> list[Member]:
    """Who goes, whoever said so first in front."""
    rows = Attendance.objects.filter(meetup=meetup, state=AttendanceState.GOING, member__closed_at=None)
    return [row.member for row in rows.select_related("member").order_by("queued_at", "pk")[:most]]


def entry_of(meetup: Meetup) -> Entry:
    """The meetup as a calendar tells of it. The link online is on its page, for those who have a place."""
    where = ", ".join(filter(None, [meetup.address, meetup.city])) or settings.SITE_URL + meetup.get_absolute_url()
    return Entry(
        uid=f"meetup-{meetup.pk}@{settings.SITE_HOST}",
        revision=meetup.revision,
        title=meetup.title,
        about=plain(meetup.about, 600),
        where=where,
        url=settings.SITE_URL + meetup.get_absolute_url(),
        starts_at=meetup.starts_at,
        ends_at=meetup.ends_at,
        changed_at=meetup.cancelled_at or meetup.created_at,
        cancelled=meetup.cancelled_at is not None,
    )


def local(meetup: Meetup, at: datetime) -> datetime:
    """A moment as clocks at the meetup show it."""
    return at.astimezone(zoneinfo.ZoneInfo(meetup.time_zone))
