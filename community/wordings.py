"""Community's own notices in words."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from community.digest_sections import short_address
from community.mail_render import tame_name
from community.models import Comment, Notice, PostState
from community.notice_words import Wording, worded
from community.rendering import plain


def _comments(notices: Sequence[Notice]) -> dict[int, Comment]:
    shown = Comment.objects.filter(pk__in=[notice.data["comment_id"] for notice in notices], state=PostState.VISIBLE)
    return shown.select_related("author", "parent").in_bulk()


@worded("comment_written", prepare=_comments)
def say_who_commented(notice: Notice, comments: dict[int, Comment]) -> Wording | None:
    """Somebody said something under a post one follows."""
    comment = comments.get(notice.data["comment_id"])
    if comment is None or notice.post is None:
        return None
    told = {"name": tame_name(str(comment.author)), "title": notice.post.title}
    if comment.parent is not None and comment.parent.author_id == notice.member_id:
        sentence = _("%(name)s answered you under “%(title)s”") % told
    elif notice.post.author_id == notice.member_id:
        sentence = _("%(name)s commented on your post “%(title)s”") % told
    else:
        sentence = _("%(name)s commented on “%(title)s”") % told
    return Wording(
        sentence=sentence,
        url=f"{short_address(notice.post)}#comment-{comment.pk}",
        quote=plain(comment.body, 280),
        by=told["name"],
        action=_("Answer"),
    )
