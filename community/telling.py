"""Who hears of new posts, and of mails that do not reach them."""

from collections.abc import Sequence
from itertools import islice

from django.utils import timezone

from community.follows import carry_tag_follows, seekers_of
from community.listening import listen
from community.models import Activity, MailList, Post, PostState
from community.notices import News, tell
from community.verbs import Verb

POST_WRITTEN, MAIL_PAUSED = "post_written", "mail_paused"
CROWD = 2000  # members told in one go: a board may have more followers than fit into memory well


@listen(Verb.POST_WRITTEN, name="community.tell_of_posts", batch=50)
def tell_of_posts(activities: Sequence[Activity]) -> None:
    """Who follows its board, one of its tags or its author has heard of the new post: once, however many reasons there are."""
    shown = Post.objects.filter(state=PostState.VISIBLE, batch=None)
    posts = shown.in_bulk([activity.subject_id for activity in activities])
    seekers = seekers_of(posts.values())
    for activity in activities:
        waiting = iter(sorted(seekers.get(activity.subject_id or 0, ())))
        while crowd := list(islice(waiting, CROWD)):
            news = News(activity, POST_WRITTEN, crowd, activity.subject_id, mail_list=MailList.POSTS)
            tell([news], at=timezone.now())


@listen(Verb.TAGS_MERGED, name="community.carry_tag_follows")
def carry_follows_of_tags(activities: Sequence[Activity]) -> None:
    """Whoever heard of the one tag hears of the other."""
    for activity in activities:
        carry_tag_follows(tag_id=activity.subject_id or 0, into_id=activity.data["into_id"])


@listen(Verb.MAIL_PAUSED, name="community.tell_of_pauses")
def tell_of_pauses(activities: Sequence[Activity]) -> None:
    """Who gets no mails any more has heard of it where they still come by: on the page."""
    tell([News(activity, MAIL_PAUSED, [activity.subject_id or 0], None) for activity in activities], at=timezone.now())
