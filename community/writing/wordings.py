"""Notices of accepted answers and of changes by others, in words."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community.digest_sections import short_address
from community.mail_render import tame_name
from community.models import Activity, Comment, Notice, PostKind, PostState
from community.notice_words import Wording, worded
from community.rendering import plain

BECAME = {
    PostKind.SUGGESTION: gettext_lazy("%(name)s made a suggestion of “%(title)s”"),
    PostKind.BUG: gettext_lazy("%(name)s made a bug report of “%(title)s”"),
    PostKind.QUESTION: gettext_lazy("%(name)s made a question of “%(title)s”"),
    PostKind.DISCUSSION: gettext_lazy("%(name)s made a discussion of “%(title)s”"),
    PostKind.STORY: gettext_lazy("%(name)s made a story of “%(title)s”"),
    PostKind.ANNOUNCEMENT: gettext_lazy("%(name)s made an announcement of “%(title)s”"),
}


def _comments(notices: Sequence[Notice]) -> dict[int, Comment]:
    return Comment.objects.filter(state=PostState.VISIBLE).in_bulk([notice.data["comment_id"] for notice in notices])


@worded("answer_accepted", prepare=_comments)
def say_it_helped(notice: Notice, comments: dict[int, Comment]) -> Wording | None:
    """One's comment is the accepted answer, if it still is."""
    comment = comments.get(notice.data["comment_id"])
    if comment is None or notice.post is None or notice.post.accepted_answer_id != comment.pk:
        return None
    return Wording(
        sentence=_("Your answer to “%(title)s” was accepted") % {"title": notice.post.title},
        url=f"{short_address(notice.post)}#accepted",
        quote=plain(comment.body, 280),
        action=_("See it on top"),
    )


def _activities(notices: Sequence[Notice]) -> dict[int, Activity]:
    return Activity.objects.select_related("actor").in_bulk([notice.activity_id for notice in notices])


def _told(notice: Notice, activities: dict[int, Activity]) -> dict[str, str]:
    actor = activities[notice.activity_id].actor
    return {
        "name": tame_name(str(actor)) if actor else _("The team"),
        "title": notice.post.title if notice.post else "",
        "board": str(notice.post.board) if notice.post else "",
    }


@worded("post_moved", prepare=_activities)
def say_where_it_moved(notice: Notice, activities: dict[int, Activity]) -> Wording | None:
    """One's post stands in another board."""
    if notice.post is None:
        return None
    sentence = _("%(name)s moved “%(title)s” to %(board)s") % _told(notice, activities)
    return Wording(sentence=sentence, url=short_address(notice.post), action=_("See it there"))


@worded("post_moved_away", prepare=_activities)
def say_that_it_moved(notice: Notice, activities: dict[int, Activity]) -> Wording | None:
    """One's post stands where one cannot see it."""
    sentence = _("%(name)s moved a post of yours to a board that only some people see") % _told(notice, activities)
    return Wording(sentence=sentence, url=notice.member.get_absolute_url(), action=_("See what else you wrote"))


@worded("post_converted", prepare=_activities)
def say_what_it_became(notice: Notice, activities: dict[int, Activity]) -> Wording | None:
    """One's post is of another kind, with everything in it."""
    if notice.post is None:
        return None
    sentence = str(BECAME[PostKind(notice.data["kind"])]) % _told(notice, activities)
    return Wording(sentence=sentence, url=short_address(notice.post), action=_("Nothing in it is lost"))


@worded("post_edited", prepare=_activities)
def say_who_edited(notice: Notice, activities: dict[int, Activity]) -> Wording | None:
    """Somebody tidied up one's post."""
    if notice.post is None:
        return None
    sentence = _("%(name)s edited your post “%(title)s”") % _told(notice, activities)
    return Wording(sentence=sentence, url=reverse("post-history", args=[notice.post.pk]), action=_("See what differs"))


@worded("comment_edited", prepare=_activities)
def say_who_edited_the_comment(notice: Notice, activities: dict[int, Activity]) -> Wording | None:
    """Somebody tidied up one's comment."""
    if notice.post is None:
        return None
    sentence = _("%(name)s edited your comment on “%(title)s”") % _told(notice, activities)
    return Wording(
        sentence=sentence,
        url=reverse("comment-history", args=[notice.data["comment_id"]]),
        action=_("See what differs"),
    )
