"""Who wrote something hears of the signs left on it: once a day and thing, however many there are."""

from collections.abc import Sequence

from django.utils import timezone

from community.listening import listen
from community.models import Activity, Comment, MailList, Post, PostState
from community.notices import News, tell
from community.verbs import Verb


@listen(Verb.REACTION_GIVEN, name="community.tell_of_reactions")
def tell_of_reactions(activities: Sequence[Activity]) -> None:
    """The author of the comment or the post has one notice of the day's signs; a mail only if they ask for it."""
    on_comments = [activity.data["comment_id"] for activity in activities if activity.data["comment_id"]]
    comments = Comment.objects.filter(state=PostState.VISIBLE).in_bulk(on_comments)
    posts = Post.objects.filter(state=PostState.VISIBLE).in_bulk([activity.subject_id for activity in activities])
    news = []
    for activity in activities:
        comment_id = activity.data["comment_id"]
        thing = comments.get(comment_id) if comment_id else posts.get(activity.subject_id)
        if thing is not None and activity.subject_id in posts:
            day = activity.at.date().isoformat()
            data = {"comment_id": comment_id, "day": day}
            news.append(News(activity, "reaction_given", [thing.author_id], activity.subject_id, data, MailList.REACTIONS))
    tell(news, at=timezone.now())
