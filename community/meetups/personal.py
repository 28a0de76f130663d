"""What meetups hold of a person."""

from community.accounts.registry import Leaving, Rows, erases, exports, keeps
from community.meetups.answering import fill_places
from community.models import Attendance, Meetup, Member, Talk, TalkState


@exports("meetups", Attendance)
def attendances_of(member: Member) -> Rows:
    """Where they said they would come, and came."""
    rows = Attendance.objects.filter(member=member).order_by("pk")
    return rows.values("meetup__slug", "state", "queued_at", "came_at").iterator(500)


@erases(Attendance)
def erase_attendances(leaving: Leaving) -> None:
    """Nobody reads where they were, and the places they had are somebody else's."""
    rows = Attendance.objects.filter(member=leaving.member)
    places = list(Meetup.objects.filter(attendances__in=rows).order_by("pk"))
    rows.delete()
    for meetup in places:
        fill_places(meetup=meetup, at=leaving.at)


@exports("talks", Talk)
def talks_of(member: Member) -> Rows:
    """What they proposed to talk about, and what the host said."""
    rows = Talk.objects.filter(speaker=member).order_by("pk")
    return rows.values("meetup__slug", "title", "about", "state", "answer", "created_at", "answered_at").iterator(500)


@erases(Talk)
def erase_talks(leaving: Leaving) -> None:
    """Slots of what is still to come are free; what they said of a talk goes where their words go."""
    mine = Talk.objects.filter(speaker=leaving.member)
    mine.filter(meetup__starts_at__gt=leaving.at).update(state=TalkState.WITHDRAWN, slot=None)
    if not leaving.keeps_words:
        mine.update(title="–", about="", state=TalkState.WITHDRAWN, slot=None)


keeps(Meetup, "the community's own calendar; the host's account has no name any more")
