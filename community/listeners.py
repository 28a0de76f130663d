"""What community owes for its own facts; with it, whoever writes its mails is known."""

from collections.abc import Sequence

from django.utils import timezone

from community import digest as _digest  # noqa: F401 - composes the digest
from community import news as _news  # noqa: F401 - composes news mails
from community import search_keeping as _search_keeping  # noqa: F401 - keeps what can be found
from community import segment_watch as _segment_watch  # noqa: F401 - keeps segments true
from community import telling as _telling  # noqa: F401 - tells of new posts and of mails that do not arrive
from community.follows import followers_by_post
from community.listening import listen
from community.models import Activity, Comment, MailList, PostState
from community.notices import News, tell
from community.verbs import Verb


@listen(Verb.COMMENT_WRITTEN, name="community.tell_of_comments")
def tell_of_comments(activities: Sequence[Activity]) -> None:
    """Who follows the post has heard of the comment, unless it is gone again or waits for a moderator."""
    comments = Comment.objects.filter(state=PostState.VISIBLE).in_bulk([a.data["comment_id"] for a in activities])
    shown = [activity for activity in activities if activity.data["comment_id"] in comments]
    followers = followers_by_post({comments[activity.data["comment_id"]].post_id for activity in shown})
    tell(
        [
            News(
                activity=activity,
                kind="comment_written",
                member_ids=followers[comments[activity.data["comment_id"]].post_id],
                post_id=comments[activity.data["comment_id"]].post_id,
                data={"comment_id": activity.data["comment_id"]},
                mail_list=MailList.COMMENTS,
            )
            for activity in shown
        ],
        at=timezone.now(),
    )
