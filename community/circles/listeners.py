"""Who is in a circle hears when it opens, when it looks for somebody, and when and why it is closed."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.utils import timezone

from community.listening import listen
from community.models import Activity, CircleMember, MailList
from community.notices import News, tell
from community.verbs import Verb


@listen(
    Verb.CIRCLE_OPENED, Verb.CIRCLE_CLOSED, Verb.CIRCLE_REOPENED, Verb.CIRCLE_STEWARD_CHANGED, name="community.tell_of_circles"
)
def tell_of_circles(activities: Sequence[Activity]) -> None:
    """Everybody in the circle has a notice. That somebody looks after it now, or that a proposal lost them, its page says."""
    told = [activity for activity in activities if activity.verb != Verb.CIRCLE_STEWARD_CHANGED or seeks(activity)]
    people = members_of(activity.subject_id for activity in told)
    tell(
        [
            News(
                activity=activity,
                kind="circle_seeks" if activity.verb == Verb.CIRCLE_STEWARD_CHANGED else str(activity.verb),
                member_ids=people[activity.subject_id or 0],
                post_id=None,
                data={"circle_id": activity.subject_id},
                mail_list=MailList.GATHERINGS,
                thread=f"circle:{activity.subject_id}",
            )
            for activity in told
        ],
        at=timezone.now(),
    )


def seeks(activity: Activity) -> bool:
    """An open circle has nobody any more who looks after it."""
    return activity.data["after"] is None and bool(activity.data["is_open"])


def members_of(circle_ids: Iterable[int | None]) -> dict[int, list[int]]:
    """Circle → who is in it, in one query."""
    found = defaultdict[int, list[int]](list)
    rows = CircleMember.objects.filter(circle__in=[pk for pk in circle_ids if pk]).order_by("member_id")
    for circle_id, member_id in rows.values_list("circle_id", "member_id"):
        found[circle_id].append(member_id)
    return found
