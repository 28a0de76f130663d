"""Boards are arranged: what they are called and who may do what in them."""

from collections.abc import Iterable
from datetime import datetime

from django.db import models, transaction
from django.utils.translation import gettext as _

from community.models import Audience, Board, Member, Standing
from community.privileges import Privilege, require
from community.refusals import Conflict

WIDTH = [Audience.NOBODY, Audience.STAFF, Audience.MODERATORS, Audience.MEMBERS, Audience.ANYONE]


def shows_to_all_of(wide: Board, narrow: Board) -> bool:
    """Everyone who may see the second board may see the first."""
    if wide.pk == narrow.pk or narrow.see == Audience.NOBODY:
        return True
    if narrow.see == Audience.MODERATORS and wide.see in (Audience.MODERATORS, Audience.STAFF):
        also = wide.moderators.all() if wide.see == Audience.MODERATORS else Member.objects.none()
        return not narrow.moderators.exclude(pk__in=also.values("pk")).exists()
    return WIDTH.index(Audience(wide.see)) >= WIDTH.index(Audience(narrow.see))


@transaction.atomic
def arrange_board(*, board: Board, by: Member, at: datetime, moderators: Iterable[Member] | None = None) -> Board:
    """The board is kept as given, with these moderators.

    Raises Conflict where somebody would see a post and not the one it is merged into.
    """
    require(by, Privilege.CONFIGURE)
    board.save()
    if moderators is not None:
        board.moderators.set(moderators)
    for wide, narrow in _merged_with(board):
        if not shows_to_all_of(wide, narrow):
            sentence = _("Posts of “%(narrow)s” are merged into posts of “%(wide)s”, which not all of their readers could see.")
            told = sentence % {"narrow": narrow, "wide": wide}
            raise Conflict(told, fields={"see": told})
    return board


def _merged_with(board: Board) -> list[tuple[Board, Board]]:
    """Pairs of boards, the second's posts being merged into the first's, of which one is this board."""
    folded = Standing.objects.filter(folded_into__isnull=False).exclude(board=models.F("folded_into__board"))
    pairs = folded.filter(models.Q(board=board) | models.Q(folded_into__board=board)).order_by()
    ids = list(pairs.values_list("folded_into__board", "board").distinct())
    boards = Board.objects.in_bulk({pk for pair in ids for pk in pair})
    return [(boards[wide], boards[narrow]) for wide, narrow in ids]
