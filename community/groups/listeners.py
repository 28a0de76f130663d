"""Who applied, was invited or rests hears of it, in the page and by mail where they want it."""

from collections.abc import Sequence

from django.utils import timezone

from community.listening import listen
from community.models import Activity, MailList, MembershipState
from community.notices import News, tell
from community.verbs import Verb

KIND = "membership_changed"
TOLD = frozenset(
    {
        MembershipState.INVITED,
        MembershipState.ACCEPTED,
        MembershipState.DECLINED,
        MembershipState.RESTING,
        MembershipState.EMERITUS,
    }
)


@listen(Verb.MEMBERSHIP_CHANGED, name="community.tell_of_groups")
def tell_of_groups(activities: Sequence[Activity]) -> None:
    """Each member has a notice of what was decided or came about for them; what they did themselves they know."""
    news = [
        News(
            activity=activity,
            kind=KIND,
            member_ids=[activity.data["member_id"]],
            post_id=None,
            data={"group_id": activity.subject_id, "state": activity.data["after"]},
            mail_list=MailList.GATHERINGS,
            thread=f"group:{activity.subject_id}",
        )
        for activity in activities
        if activity.data["after"] in TOLD
    ]
    tell(news, at=timezone.now())
