"""Boards are arranged: what they are called and who may do what in them."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import models, transaction
from django.utils.translation import gettext as _

from community.activity import record
from community.models import Audience, Board, BoardRight, Member, Right, Segment, Standing
from community.privileges import Privilege, require
from community.refusals import Conflict
from community.verbs import BoardArranged, Verb

WIDTH = [Audience.NOBODY, Audience.STAFF, Audience.MODERATORS, Audience.SEGMENT, Audience.MEMBERS, Audience.ANYONE]
KEPT = (Audience.SEGMENT, Audience.MODERATORS)
Segments = Mapping[str, Iterable[Segment]]


def shows_to_all_of(wide: Board, narrow: Board) -> bool:
    """Everyone who may see a post of the second board may see every post of the first, also when people come and go."""
    if Audience.NOBODY in (narrow.see, wide.see):
        return narrow.see == Audience.NOBODY
    if wide.pk == narrow.pk and not wide.one_way:
        return True
    # Of a one-way board only its moderators and staff see all posts.
    see = min(Audience.MODERATORS, wide.see, key=_width) if wide.one_way else Audience(wide.see)
    if _width(see) >= _width(Audience.MEMBERS) or _width(narrow.see) <= _width(Audience.STAFF):
        return _width(see) >= _width(narrow.see)
    if _width(narrow.see) >= _width(Audience.MEMBERS):
        return False
    # Now both are matters of names: of moderators, and of segments, whoever is in them.
    keepers = _keepers(wide) if see in KEPT else set()
    segments = _segments(wide) if see == Audience.SEGMENT else set()
    return _keepers(narrow) <= keepers and (narrow.see != Audience.SEGMENT or _segments(narrow) <= segments)


def _width(audience: str) -> int:
    return WIDTH.index(Audience(audience))


def _keepers(board: Board) -> set[int]:
    return set(board.moderators.values_list("pk", flat=True))


def _segments(board: Board) -> set[int]:
    return set(board.rights.filter(right=Right.SEE).values_list("segment_id", flat=True))


@transaction.atomic
def arrange_board(
    *, board: Board, by: Member, at: datetime, moderators: Iterable[Member] | None = None, segments: Segments | None = None
) -> Board:
    """The board is kept as given, with these moderators, and these segments for each right that a segment has.

    Raises Conflict where somebody would see a post and not the one it is merged into.
    """
    require(by, Privilege.CONFIGURE)
    return set_board(board=board, by=by, at=at, moderators=moderators, segments=segments)


@transaction.atomic
def set_board(
    *, board: Board, by: Member, at: datetime, moderators: Iterable[Member] | None = None, segments: Segments | None = None
) -> Board:
    """As `arrange_board`, for operations that have asked for a right of their own."""
    board.save()
    if moderators is not None:
        board.moderators.set(moderators)
    if segments is not None:
        _give(board, segments)
    for wide, narrow in _merged_with(board):
        if not shows_to_all_of(wide, narrow):
            sentence = _("Posts of “%(narrow)s” are merged into posts of “%(wide)s”, which not all of their readers could see.")
            told = sentence % {"narrow": narrow, "wide": wide}
            raise Conflict(told, fields={"see": told})
    _record(board, by, at)
    return board


def _give(board: Board, segments: Segments) -> None:
    """The rights of segments are exactly these; a right that is not named is left as it is."""
    wanted = {(right, segment.pk) for right, given in segments.items() for segment in given}
    rows = BoardRight.objects.filter(board=board, right__in=list(segments))
    kept = {(row.right, row.segment_id): row for row in rows}
    BoardRight.objects.filter(pk__in=[row.pk for key, row in kept.items() if key not in wanted]).delete()
    fresh = [BoardRight(board=board, right=right, segment_id=pk) for right, pk in sorted(wanted - kept.keys())]
    BoardRight.objects.bulk_create(fresh, ignore_conflicts=True)


def _record(board: Board, by: Member, at: datetime) -> None:
    given: dict[str, list[int]] = {right.value: [] for right in Right}
    for right, segment_id in board.rights.order_by("segment_id").values_list("right", "segment_id"):
        given[right].append(segment_id)
    record(
        Verb.BOARD_ARRANGED,
        key=f"board_arranged:{board.pk}:{at.isoformat()}",
        actor=by,
        subject=board.pk,
        data=BoardArranged(
            see=board.see,
            post=board.post,
            comment=board.comment,
            vote=board.vote,
            one_way=board.one_way,
            segments=given,
            moderators=sorted(_keepers(board)),
        ),
        at=at,
    )


def _merged_with(board: Board) -> list[tuple[Board, Board]]:
    """Pairs of boards, the second's posts being merged into the first's, of which one is this board."""
    folded = Standing.objects.filter(folded_into__isnull=False)
    if not board.one_way:
        folded = folded.exclude(board=models.F("folded_into__board"))
    pairs = folded.filter(models.Q(board=board) | models.Q(folded_into__board=board)).order_by()
    ids = list(pairs.values_list("folded_into__board", "board").distinct())
    boards = Board.objects.in_bulk({pk for pair in ids for pk in pair})
    return [(boards[wide], boards[narrow]) for wide, narrow in ids]
