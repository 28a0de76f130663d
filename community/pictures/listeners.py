"""Whose picture was hidden or shown again by a moderator hears of it."""

from collections.abc import Sequence

from django.utils import timezone

from community.listening import listen
from community.models import Activity, MailList
from community.notices import News, tell
from community.verbs import Verb


@listen(Verb.AVATAR_CHANGED, name="community.tell_of_hidden_faces")
def tell_of_hidden_faces(activities: Sequence[Activity]) -> None:
    """Each member whose picture a moderator decided about has been told."""
    decided = [one for one in activities if one.data["moment"] in ("hidden", "shown") and one.subject_id]
    tell(
        [
            News(
                activity=activity,
                kind="avatar_decided",
                member_ids=[int(activity.subject_id or 0)],
                post_id=None,
                data={"moment": activity.data["moment"]},
                mail_list=MailList.CARE,
                thread="care",
            )
            for activity in decided
        ],
        at=timezone.now(),
    )
