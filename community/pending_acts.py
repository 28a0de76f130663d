"""The acts of community that a visitor may begin before signing in: a post, a comment, a sign, a follow."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from community.comments import write_comment
from community.follows import Ear, Thing, follow_again, listen_to, things_for
from community.models import Board, Comment, Member, Post, PostState
from community.pending import Outcome, pending
from community.posts import write_post
from community.reactions import has_reacted, react
from community.refusals import Conflict
from community.screening import Manner


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
        tags=data["tags"], extras=data["extras"], at=at, manner=Manner.from_kept(data.get("manner")),
    )  # fmt: skip
    thanks = _("Thank you. “%(title)s” is posted, and you follow it.")
    if post.state == PostState.HELD:
        thanks = _("Thank you. “%(title)s” waits for a moderator; you hear as soon as it is shown.")
    return Outcome(post.get_absolute_url(), thanks % {"title": post.title}, sent="post")


@pending(
    "comment",
    describe=lambda data: _("Your comment on “%(title)s” is kept.") % {"title": title_of(data)},
    mend_at=lambda data: reverse("comment-new", args=[data["post"]]),
)
def comment_after_all(member: Member, data: Mapping[str, Any], at: datetime) -> Outcome:
    """The comment the visitor wrote stands under the post."""
    post = seen_post(member, data["post"])
    parent = Comment.objects.visible_to(member).filter(pk=data["parent"]).first() if data["parent"] else None
    manner = Manner.from_kept(data.get("manner"))
    comment = write_comment(author=member, post=post, body=data["body"], parent=parent, at=at, manner=manner)
    held = comment.state == PostState.HELD
    thanks = _("Thank you. Your comment waits for a moderator.") if held else _("Thank you. Your comment is posted.")
    return Outcome(comment.get_absolute_url(), thanks, sent=_name_of_form(data))


def _name_of_form(data: Mapping[str, Any]) -> str:
    return f"comment-{data['post']}" + (f"-{data['parent']}" if data["parent"] else "")


@pending("follow", describe=lambda data: _("You will follow “%(title)s”.") % {"title": title_of(data)}, mend_at=page_of)
def follow_after_all(member: Member, data: Mapping[str, Any], at: datetime) -> Outcome:
    """The member follows the post."""
    post = seen_post(member, data["post"])
    follow_again(member=member, post=post, at=at)
    return Outcome(post.get_absolute_url(), _("You follow this now and hear what becomes of it."))


@pending(
    "listen",
    describe=lambda _data: _("You will follow what you chose."),
    mend_at=lambda _data: reverse("follows"),
)
def listen_after_all(member: Member, data: Mapping[str, Any], at: datetime) -> Outcome:
    """The member follows the board, tag or person."""
    thing = things_for(member, Thing(data["kind"])).filter(pk=data["thing"]).first()
    if thing is None:
        raise Conflict(_("That is not here any more."))
    listen_to(member=member, kind=Thing(data["kind"]), thing=thing, ear=Ear.FOLLOW, at=at)
    return Outcome(reverse("follows"), _("You follow “%(name)s” and hear what is new there.") % {"name": thing})


@pending("react", describe=lambda _data: _("Your sign is kept."), mend_at=page_of)
def react_after_all(member: Member, data: Mapping[str, Any], at: datetime) -> Outcome:
    """The member's sign stands there; one left before stays."""
    thing: Post | Comment | None = seen_post(member, data["post"])
    on: dict[str, Any] = {"post": thing}
    if "comment" in data:
        thing = Comment.objects.visible_to(member).select_related("post").filter(pk=data["comment"]).first()
        on = {"comment": thing}
    if thing is None:
        raise Conflict(_("This comment is not here any more."))
    if not has_reacted(member=member, sign=data["sign"], **on):
        react(member=member, sign=data["sign"], at=at, **on)
    return Outcome(thing.get_absolute_url(), _("Thank you. Your sign is there."))
