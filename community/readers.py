"""Who of many may see which of many posts: `Post.objects.visible_to`, for a crowd, in two queries.

Mails, notices and the digest ask here. A test holds both to the same answers for every audience, state and role.
"""

from collections.abc import Iterable

from community.models import Audience, Board, Member, Post, PostState, Role

EVERYBODY = {Audience.ANYONE, Audience.MEMBERS}


class Readers:
    """Answers from memory; what it knows is as old as itself, so it is made anew for each batch."""

    def __init__(self, members: Iterable[Member]) -> None:
        moderators = [member.pk for member in members if member.role == Role.MODERATOR and not member.is_staff]
        keeps = Board.moderators.through.objects.filter(member_id__in=moderators)
        self.kept = set(keeps.values_list("member_id", "board_id")) if moderators else set()

    def may_see(self, member: Member, post: Post) -> bool:
        """The member may open the post's page now. The post comes with its board."""
        moderates = member.is_staff or (member.pk, post.board_id) in self.kept
        if not self._board_is_open(member, post.board) or post.state == PostState.DELETED:
            return False
        return moderates or post.state == PostState.VISIBLE or post.author_id == member.pk

    def _board_is_open(self, member: Member, board: Board) -> bool:
        if member.is_staff:
            return board.see != Audience.NOBODY
        keeps = (member.pk, board.pk) in self.kept
        return board.see in EVERYBODY or (board.see == Audience.MODERATORS and keeps)
