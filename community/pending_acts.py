"""The acts of community that a visitor may begin before signing in: a post, a comment, an agreement, a follow."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from community.comments import agree, write_comment
from community.follows import follow_again
from community.models import Board, Comment, Member, Post, Reaction
from community.pending import Outcome, pending
from community.posts import write_post
from community.refusals import Conflict


def seen_post(member: Member | None, post_id: Any) -> Post:
    """The post, as far as this person may see it. Raises Conflict where it is gone."""
    post = Post.objects.visible_to(member).select_related("board").filter(pk=post_id).first()
    if post is None:
        raise Conflict(_("This post is not here any more."))
    return post


def title_of(data: Mapping[str, Any]) -> str:
    """The title of the post an act is about, as far as everybody may see it."""
    post = Post.objects.visible_to(None).filter(pk=data["post"]).only("title").first()
    return post.title if post else ""


def page_of(data: Mapping[str, Any]) -> str:
    return reverse("post-short", args=[data["post"]])


@pending(
    "post",
    describe=lambda data: _("“%(title)s” is kept.") % {"title": data["title"]},
    mend_at=lambda _data: reverse("post-new"),
)
def post_after_all(member: Member, data: Mapping[str, Any], at: datetime) -> Outcome:
    """The post the visitor wrote is posted under the name they signed in with."""
    board = Board.objects.visible_to(member).filter(slug=data["board"]).first()
    if board is None:
        raise Conflict(_("That board is closed by now. Please choose another one."))
    post = write_post(
        author=member, board=board, kind=data["kind"], title=data["title"], body=data["body"],
        tags=data["tags"], extras=data["extras"], at=at,
    )  # fmt: skip
    return Outcome(post.get_absolute_url(), _("Thank you. “%(title)s” is posted, and you follow it.") % {"title": post.title})


@pending(
    "comment",
    describe=lambda data: _("Your comment on “%(title)s” is kept.") % {"title": title_of(data)},
    mend_at=lambda data: reverse("comment-new", args=[data["post"]]),
)
def comment_after_all(member: Member, data: Mapping[str, Any], at: datetime) -> Outcome:
    """The comment the visitor wrote stands under the post."""
    post = seen_post(member, data["post"])
    parent = Comment.objects.visible_to(member).filter(pk=data["parent"]).first() if data["parent"] else None
    comment = write_comment(author=member, post=post, body=data["body"], parent=parent, at=at)
    return Outcome(f"{post.get_absolute_url()}#comment-{comment.pk}", _("Thank you. Your comment is posted."))


@pending("follow", describe=lambda data: _("You will follow “%(title)s”.") % {"title": title_of(data)}, mend_at=page_of)
def follow_after_all(member: Member, data: Mapping[str, Any], at: datetime) -> Outcome:
    """The member follows the post."""
    post = seen_post(member, data["post"])
    follow_again(member=member, post=post, at=at)
    return Outcome(post.get_absolute_url(), _("You follow this now and hear what becomes of it."))


@pending("agree", describe=lambda _data: _("Your agreement is kept."), mend_at=page_of)
def agree_after_all(member: Member, data: Mapping[str, Any], at: datetime) -> Outcome:
    """The member agrees with the comment; an agreement given before stays."""
    comment = Comment.objects.visible_to(member).filter(pk=data["comment"]).first()
    if comment is None:
        raise Conflict(_("This comment is not here any more."))
    if not Reaction.objects.filter(comment=comment, member=member, sign="agree").exists():
        agree(comment=comment, member=member, at=at)
    return Outcome(
        reverse("post-short", args=[comment.post_id]) + f"#comment-{comment.pk}", _("Thank you. Your agreement counts.")
    )
