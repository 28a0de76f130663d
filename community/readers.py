"""Who of many may see which of many posts: `Post.objects.visible_to`, for a crowd, in two queries.

Mails, notices and the digest ask here. A test holds both to the same answers for every audience, state and role.
"""

from collections.abc import Iterable

from django.db.models import Value

from community.models import Audience, Board, BoardRight, Member, Post, PostState, Right, Role

EVERYBODY = {Audience.ANYONE, Audience.MEMBERS}
# Whoever moderates a board may do in it what a segment may.
KEEPERS = {Audience.SEGMENT, Audience.MODERATORS}


class Readers:
    """Answers from memory; what it knows is as old as itself, so it is made anew for each batch."""

    def __init__(self, members: Iterable[Member]) -> None:
        self.kept: set[tuple[int, int]] = set()
        self.given: set[tuple[int, int]] = set()
        fans = [member for member in members if not member.is_staff]
        for kept, member_id, board_id in _boards_of(fans) if fans else ():
            (self.kept if kept else self.given).add((member_id, board_id))

    def may_see(self, member: Member, post: Post) -> bool:
        """The member may open the post's page now. The post comes with its board."""
        if not self._board_is_open(member, post.board) or post.state == PostState.DELETED:
            return False
        if member.is_staff or post.author_id == member.pk or (member.pk, post.board_id) in self.kept:
            return True
        return post.state == PostState.VISIBLE and not post.board.one_way

    def may_see_board(self, member: Member, board: Board) -> bool:
        """The member may see the board, and what stands on it besides posts."""
        return self._board_is_open(member, board)

    def _board_is_open(self, member: Member, board: Board) -> bool:
        if member.is_staff:
            return board.see != Audience.NOBODY
        if board.see in EVERYBODY:
            return True
        if board.see in KEEPERS and (member.pk, board.pk) in self.kept:
            return True
        return board.see == Audience.SEGMENT and (member.pk, board.pk) in self.given


def _boards_of(fans: list[Member]) -> Iterable[tuple[bool, int, int]]:
    """Who moderates which board, and who may see which by a segment, in one query."""
    moderators = [fan.pk for fan in fans if fan.role == Role.MODERATOR]
    rights = BoardRight.objects.filter(right=Right.SEE, segment__rows__member_id__in=[fan.pk for fan in fans])
    given = rights.order_by().values_list(Value(False), "segment__rows__member_id", "board_id")
    if not moderators:
        return given
    kept = Board.moderators.through.objects.filter(member_id__in=moderators).values_list(Value(True), "member_id", "board_id")
    return kept.union(given, all=True)
