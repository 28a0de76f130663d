"""Who is named or quoted hears of it: when the text is shown for the first time, and when an edit names somebody new."""

from collections import defaultdict
from collections.abc import Sequence

from django.db.models import Q
from django.utils import timezone

from community.listening import listen
from community.models import Activity, MailList, Mention, PostState
from community.notices import News, tell
from community.verbs import Verb

OF_POSTS = (Verb.POST_WRITTEN, Verb.POST_EDITED, Verb.POST_CHANGED)
OF_COMMENTS = (Verb.COMMENT_WRITTEN, Verb.COMMENT_EDITED, Verb.COMMENT_CHANGED)


@listen(*OF_POSTS, *OF_COMMENTS, name="community.tell_of_mentions")
def tell_of_mentions(activities: Sequence[Activity]) -> None:
    """Everybody who is on record for a text that is shown has been told, unless they were told before."""
    first: dict[tuple[int, int | None], Activity] = {}
    for activity in sorted(activities, key=lambda one: one.pk):
        first.setdefault(_text_of(activity), activity)
    about = Q(pk__in=[])
    for post_id, comment_id in first:
        about |= Q(post_id=post_id, comment_id=comment_id)
    waiting = Mention.objects.select_for_update(no_key=True, of=("self",)).filter(about, told_at__isnull=True)
    shown = Q(comment__isnull=True) | Q(comment__state=PostState.VISIBLE)
    due = list(waiting.filter(shown, post__state=PostState.VISIBLE).order_by("pk"))
    by_text: dict[tuple[int, int | None, bool], list[int]] = defaultdict(list)
    for mention in due:
        by_text[mention.post_id, mention.comment_id, mention.quoted].append(mention.member_id)
    now = timezone.now()
    tell(
        [
            News(
                activity=first[post_id, comment_id],
                kind="mentioned",
                member_ids=member_ids,
                post_id=post_id,
                data={"comment_id": comment_id, "quoted": quoted},
                mail_list=MailList.MENTIONS,
            )
            for (post_id, comment_id, quoted), member_ids in by_text.items()
        ],
        at=now,
    )
    Mention.objects.filter(pk__in=[mention.pk for mention in due]).update(told_at=now)


def _text_of(activity: Activity) -> tuple[int, int | None]:
    """The post, and the comment if it is about one."""
    return int(activity.subject_id or 0), activity.data.get("comment_id")
