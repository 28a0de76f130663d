"""Whoever voted hears how a poll ended, and what the team does with it."""

from collections import defaultdict
from collections.abc import Sequence

from django.utils import timezone

from community.listening import listen
from community.models import Activity, Ballot, MailList, Poll
from community.notices import News, tell
from community.verbs import Verb


@listen(Verb.POLL_CLOSED, Verb.POLL_DECIDED, name="community.tell_of_polls")
def tell_of_polls(activities: Sequence[Activity]) -> None:
    """The voters and whoever asked have heard of the result, or of the decision."""
    polls = Poll.objects.select_related("post").in_bulk({activity.subject_id for activity in activities})
    concerned = defaultdict[int, set[int]](set)
    for poll_id, member_id in Ballot.objects.filter(poll__in=polls).values_list("poll_id", "member_id"):
        concerned[poll_id].add(member_id)
    for poll in polls.values():
        concerned[poll.pk].add(poll.post.author_id)
    tell(
        [
            News(
                activity=activity,
                kind=activity.verb,
                member_ids=sorted(concerned[activity.subject_id or 0]),
                post_id=activity.subject_id,
                mail_list=MailList.GATHERINGS,
            )
            for activity in activities
            if activity.subject_id in polls
        ],
        at=timezone.now(),
    )
