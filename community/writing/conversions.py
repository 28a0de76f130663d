"""What a post can become, and where it can go, and who may say so."""

from django.utils.translation import gettext as _

from community.models import Board, Comment, Member, Post, PostKind, PostState, Standing
from community.models.board import Viewer
from community.privileges import Privilege, has, moderates
from community.refusals import NotAllowed

# An author may think again while nobody has answered; from then on it is everybody's.
AUTHORS = (PostKind.SUGGESTION, PostKind.BUG, PostKind.QUESTION, PostKind.DISCUSSION, PostKind.STORY)


def kinds_open_to(viewer: Viewer, post: Post) -> list[PostKind]:
    """What this person may make of the post; nothing where they may not change it."""
    if not isinstance(viewer, Member):
        return []
    if post.kind == PostKind.ANNOUNCEMENT and not has(viewer, Privilege.TRIAGE):
        return []
    if moderates(viewer, post.board_id):
        kinds = list(PostKind) if has(viewer, Privilege.TRIAGE) else list(AUTHORS)
    elif viewer.pk == post.author_id and post.state == PostState.VISIBLE and is_untouched(post):
        kinds = list(AUTHORS)
    else:
        kinds = []
    return [kind for kind in kinds if kind != post.kind]


def is_untouched(post: Post) -> bool:
    """Nobody but its author has commented on it or voted for it, and nobody has decided about it."""
    others = Comment.objects.filter(post=post).exclude(author=post.author_id).exclude(state=PostState.DELETED)
    row = Standing.objects.filter(post=post).first()
    decided = row is None or row.votes > 1 or row.merged > 0 or row.folded_into_id is not None or row.status not in ("", "open")
    return not decided and not others.exists()


def require_conversion(by: Member, post: Post, kind: str) -> None:
    """The person may make this of the post, or NotAllowed says why not."""
    if kind in kinds_open_to(by, post):
        return
    if kind == PostKind.ANNOUNCEMENT or post.kind == PostKind.ANNOUNCEMENT:
        raise NotAllowed(_("Announcements are written by staff."))
    if by.pk == post.author_id:
        raise NotAllowed(_("Others have answered or voted already. A moderator can still make something else of it."))
    raise NotAllowed(_("You are no moderator of this board."))


def boards_to_move_to(viewer: Viewer, post: Post) -> list[Board]:
    """The other boards this person keeps, if they keep the post's own."""
    if not isinstance(viewer, Member) or not moderates(viewer, post.board_id):
        return []
    boards = Board.objects.visible_to(viewer).exclude(pk=post.board_id).select_related("product")
    if not has(viewer, Privilege.TRIAGE):
        boards = boards.filter(moderators=viewer.pk)
    return list(boards)
