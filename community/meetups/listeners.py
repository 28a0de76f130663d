"""Who hears what of a meetup."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.utils import timezone

from community.listening import listen
from community.models import Activity, Attendance, AttendanceState, MailList
from community.notices import News, tell
from community.verbs import Verb

COMING = (AttendanceState.GOING, AttendanceState.WAITING)


@listen(Verb.MEETUP_ARRANGED, Verb.MEETUP_CANCELLED, Verb.MEETUP_NEAR, name="community.tell_of_meetups")
def tell_of_meetups(activities: Sequence[Activity]) -> None:
    """Who goes hears that it is near; who goes or waits hears that it is elsewhere, at another time, or not at all."""
    told = [activity for activity in activities if activity.verb != Verb.MEETUP_ARRANGED or activity.data["moved"]]
    people = coming_to(activity.subject_id for activity in told)
    news = []
    for activity in told:
        states = COMING[:1] if activity.verb == Verb.MEETUP_NEAR else COMING
        members = [pk for pk, state in people[activity.subject_id or 0] if state in states]
        news.append(_news(activity, members))
    tell(news, at=timezone.now())


@listen(Verb.MEETUP_PLACE_FREED, name="community.tell_of_places")
def tell_of_places(activities: Sequence[Activity]) -> None:
    """Whoever waited has a place, unless they changed their mind meanwhile."""
    people = coming_to(activity.subject_id for activity in activities)
    tell(
        [
            _news(activity, [activity.data["member_id"]])
            for activity in activities
            if (activity.data["member_id"], AttendanceState.GOING) in people[activity.subject_id or 0]
        ],
        at=timezone.now(),
    )


def coming_to(meetup_ids: Iterable[int | None]) -> dict[int, set[tuple[int, str]]]:
    """Meetup → who goes or waits, in one query."""
    found = defaultdict[int, set[tuple[int, str]]](set)
    rows = Attendance.objects.filter(meetup__in=[pk for pk in meetup_ids if pk], state__in=COMING)
    for meetup_id, member_id, state in rows.values_list("meetup_id", "member_id", "state"):
        found[meetup_id].add((member_id, state))
    return found


def _news(activity: Activity, member_ids: Sequence[int]) -> News:
    return News(
        activity=activity,
        kind=str(activity.verb),
        member_ids=sorted(member_ids),
        post_id=None,
        data={"meetup_id": activity.subject_id},
        mail_list=MailList.GATHERINGS,
        thread=f"meetup:{activity.subject_id}",
    )
