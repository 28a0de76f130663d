"""Community's own notices in words."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from community.mail_render import tame_name
from community.models import Comment, Notice, Post, PostState
from community.notice_words import Wording, worded
from community.rendering import picture_links, plain


def _authors(notices: Sequence[Notice]) -> dict[int, Post]:
    return Post.objects.select_related("author", "board").in_bulk({notice.post_id for notice in notices if notice.post_id})


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
        url=f"/comments/{comment.pk}/",
        quote=plain(comment.body, 280),
        pictures=picture_links(comment.body),
        by=told["name"],
        action=_("Answer"),
    )


@worded("post_written", prepare=_authors)
def say_what_is_new(notice: Notice, posts: dict[int, Post]) -> Wording | None:
    """Something new where one follows a board, a tag or a person."""
    post = posts.get(notice.post_id or 0)
    if post is None:
        return None
    told = {"name": tame_name(str(post.author)), "title": post.title, "board": str(post.board)}
    return Wording(
        sentence=_("%(name)s wrote “%(title)s” in %(board)s") % told,
        url=reverse("post-short", args=[post.pk]),
        quote=plain(post.body, 280),
        pictures=picture_links(post.body),
        by=told["name"],
        action=_("Read it"),
    )


@worded("mail_paused")
def say_that_mails_rest(notice: Notice, _prepared: None) -> Wording | None:
    """No mail reaches the member."""
    return Wording(
        sentence=_("Our mails do not reach you: your mail server refused them"),
        url=reverse("mail-preferences"),
        action=_("See what helps"),
    )
