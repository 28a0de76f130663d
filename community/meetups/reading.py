"""Meetups as their pages show them."""

import zoneinfo
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils import formats

from community.meetups.calendar import Entry
from community.meetups.talks import may_host
from community.models import Attendance, AttendanceState, Meetup, Member, Talk, TalkSlot, TalkState
from community.models.board import Viewer
from community.rendering import plain

FACES = 12


def _programme() -> QuerySet[Talk]:
    return Talk.objects.in_programme().select_related("speaker", "slot")


PROGRAMME = Prefetch("talks", _programme(), to_attr="programme")


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


def programme_of(meetup: Meetup) -> list[Talk]:
    """The talks that were accepted, in the order of their slots; asked for together where PROGRAMME was prefetched."""
    ready: list[Talk] | None = getattr(meetup, "programme", None)
    return list(_programme().filter(meetup=meetup)) if ready is None else ready


def talks_at(meetup: Meetup, member: Member | None, at: datetime) -> dict[str, Any]:
    """For the meetup's page: its programme, how many slots one may propose a talk for, and one's own proposals."""
    mine = meetup.talks.filter(speaker=member).exclude(state=TalkState.WITHDRAWN) if member else Talk.objects.none()
    return {
        "programme": programme_of(meetup),
        "calls": TalkSlot.objects.filter(meetup=meetup, talk=None).count() if meetup.takes_talks(at) else 0,
        "my_talks": list(mine.order_by("created_at", "pk")),
    }


def may_join(meetup: Meetup, member: Member | None, answer: Answer | None) -> bool:
    """Whether the link is shown: to whoever has a place, talks there, or keeps the door."""
    if member is None:
        return False
    comes = answer is not None and answer.state == AttendanceState.GOING
    return comes or may_host(meetup, member) or meetup.talks.filter(speaker=member, state=TalkState.ACCEPTED).exists()


def slots_of(meetup: Meetup) -> list[TalkSlot]:
    """Every slot in order, each with its talk, if it has one."""
    return list(TalkSlot.objects.filter(meetup=meetup).select_related("talk__speaker").order_by("position"))


def entry_of(meetup: Meetup) -> Entry:
    """The meetup as a calendar tells of it. The link online is on its page, for those who have a place."""
    where = ", ".join(filter(None, [meetup.address, meetup.city])) or settings.SITE_URL + meetup.get_absolute_url()
    programme = "\n".join(f"{talk.title} – {talk.speaker} ({talk.slot.minutes} min)" for talk in programme_of(meetup))  # type: ignore[union-attr]
    return Entry(
        uid=f"meetup-{meetup.pk}@{settings.SITE_HOST}",
        revision=meetup.revision,
        title=meetup.title,
        about="\n\n".join(filter(None, [plain(meetup.about, 600), programme])),
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


def when_there(meetup: Meetup) -> str:
    """Day and time where it takes place, in words for mails and notices."""
    return f"{formats.date_format(local(meetup, meetup.starts_at), 'SHORT_DATETIME_FORMAT')} ({meetup.time_zone})"
