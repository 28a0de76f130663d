"""Who hears what of a meetup."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.utils import timezone

from community.listening import listen
from community.models import Activity, Attendance, AttendanceState, MailList, Talk, TalkState
from community.notices import News, tell
from community.verbs import Verb

COMING = (AttendanceState.GOING, AttendanceState.WAITING)


MOVES = (Verb.MEETUP_ARRANGED, Verb.MEETUP_CANCELLED, Verb.MEETUP_NEAR, Verb.MEETUP_HIDDEN)


@listen(*MOVES, name="community.tell_of_meetups")
def tell_of_meetups(activities: Sequence[Activity]) -> None:
    """Who goes hears that it is near; who goes, waits or talks hears that it is elsewhere, at another time, or not at all."""
    told = [activity for activity in activities if activity.verb != Verb.MEETUP_ARRANGED or activity.data["moved"]]
    people = coming_to(activity.subject_id for activity in told)
    speakers = speakers_at(activity.subject_id for activity in told)
    news = []
    for activity in told:
        states = COMING[:1] if activity.verb == Verb.MEETUP_NEAR else COMING
        members = {pk for pk, state in people[activity.subject_id or 0] if state in states}
        news.append(_news(activity, members | speakers[activity.subject_id or 0]))
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


def speakers_at(meetup_ids: Iterable[int | None]) -> dict[int, set[int]]:
    """Meetup → whose talks are in its programme, in one query."""
    found = defaultdict[int, set[int]](set)
    rows = Talk.objects.filter(meetup__in=[pk for pk in meetup_ids if pk], state=TalkState.ACCEPTED)
    for meetup_id, member_id in rows.values_list("meetup_id", "speaker_id"):
        found[meetup_id].add(member_id)
    return found


@listen(Verb.TALK_PROPOSED, Verb.TALK_CHANGED, name="community.tell_of_talks")
def tell_of_talks(activities: Sequence[Activity]) -> None:
    """The host hears what is proposed and what left the programme; a speaker hears what the host said."""
    talks = Talk.objects.select_related("meetup").in_bulk([activity.subject_id for activity in activities])
    news = []
    for activity in activities:
        talk = talks.get(activity.subject_id or 0)
        kind, listener = _heard(activity, talk) if talk else ("", 0)
        if talk and kind and listener != activity.actor_id:
            told = {"talk_id": talk.pk, "meetup_id": talk.meetup_id}
            news.append(
                News(activity, kind, [listener], None, told, MailList.GATHERINGS, f"meetup:{talk.meetup_id}")
            )  # fmt: skip
    tell(news, at=timezone.now())


def _heard(activity: Activity, talk: Talk) -> tuple[str, int]:
    """Which notice an activity is to whom; none where nobody needs to hear."""
    if activity.verb == Verb.TALK_PROPOSED:
        return "talk_proposed", talk.meetup.host_id
    state = activity.data["state"]
    if state in (TalkState.ACCEPTED, TalkState.DECLINED):
        return "talk_answered", talk.speaker_id
    left = state in (TalkState.WITHDRAWN, TalkState.HIDDEN) and activity.data["before"] == TalkState.ACCEPTED
    return ("talk_left", talk.meetup.host_id) if left else ("", 0)


def _news(activity: Activity, member_ids: Iterable[int]) -> News:
    return News(
        activity=activity,
        kind=str(activity.verb),
        member_ids=sorted(member_ids),
        post_id=None,
        data={"meetup_id": activity.subject_id},
        mail_list=MailList.GATHERINGS,
        thread=f"meetup:{activity.subject_id}",
    )
