"""Whose answer was accepted, and whose post or comment somebody else changed, hears of it."""

from collections.abc import Iterator, Sequence

from django.utils import timezone

from community.joins import Moment
from community.listening import listen
from community.models import Activity, Comment, MailList, Post
from community.notices import News, tell
from community.readers import Readers
from community.verbs import Verb

CHANGED = {Moment.MOVED: "post_moved", Moment.CONVERTED: "post_converted"}


@listen(Verb.ANSWER_ACCEPTED, name="community.tell_of_answers")
def tell_of_answers(activities: Sequence[Activity]) -> None:
    """Whoever answered has heard that it helped."""
    tell(
        [
            News(
                activity=activity,
                kind="answer_accepted",
                member_ids=[activity.data["author_id"]],
                post_id=activity.subject_id,
                data={"comment_id": activity.data["comment_id"]},
                mail_list=MailList.COMMENTS,
            )
            for activity in activities
        ],
        at=timezone.now(),
    )


@listen(Verb.POST_CHANGED, Verb.POST_EDITED, Verb.COMMENT_EDITED, name="community.tell_of_changes")
def tell_of_changes(activities: Sequence[Activity]) -> None:
    """Authors have heard that somebody else moved, converted or edited what they wrote."""
    posts = Post.objects.select_related("board", "author").in_bulk({activity.subject_id for activity in activities})
    comments = Comment.objects.in_bulk([fact.data["comment_id"] for fact in activities if fact.verb == Verb.COMMENT_EDITED])
    tell(list(_news_of_changes(activities, posts, comments)), at=timezone.now())


def _news_of_changes(activities: Sequence[Activity], posts: dict[int, Post], comments: dict[int, Comment]) -> Iterator[News]:
    readers = Readers([post.author for post in posts.values()])
    for activity in activities:
        written: Post | Comment | None = posts.get(activity.subject_id or 0)
        data: dict[str, int | str] = {}
        if activity.verb == Verb.COMMENT_EDITED:
            kind, written = "comment_edited", comments.get(activity.data["comment_id"])
            data = {"comment_id": activity.data["comment_id"]}
        elif activity.verb == Verb.POST_EDITED:
            kind = "post_edited"
        else:
            kind = CHANGED.get(activity.data["moment"], "")
            data = {"kind": activity.data["kind"]}
        if kind and written is not None and activity.actor_id != written.author_id:
            away = kind == "post_moved" and not readers.may_see(posts[written.pk].author, posts[written.pk])
            if away:
                # They are told that it went, and nothing of the place they cannot see.
                yield News(activity, "post_moved_away", [written.author_id], None, {}, MailList.CARE, f"away:{activity.pk}")
            else:
                yield News(activity, kind, [written.author_id], activity.subject_id, data, MailList.CARE)
