"""What a member took back themselves and can still bring back."""

from datetime import datetime

from community.models import Activity, Board, Comment, Member, Post, PostState
from community.verbs import Verb

MOST = 30


def taken_back(member: Member, *, since: datetime) -> tuple[list[Post], list[Comment]]:
    """Posts and comments that the member took back after that moment, the latest first."""
    told = Activity.objects.filter(actor=member, at__gte=since, data__state=PostState.DELETED).order_by("-pk")
    posts = told.filter(verb=Verb.POST_CHANGED).values_list("subject_id", flat=True)[:MOST]
    comments = told.filter(verb=Verb.COMMENT_CHANGED).values_list("data__comment_id", flat=True)[:MOST]
    mine = {"author": member, "state": PostState.DELETED}
    gone = Post.objects.filter(pk__in=list(posts), board__in=Board.objects.visible_to(member), **mine)
    unsaid = Comment.objects.filter(pk__in=list(comments), post__in=Post.objects.visible_to(member).values("pk"), **mine)
    return list(gone.order_by("-pk")), list(unsaid.select_related("post").order_by("-pk"))
