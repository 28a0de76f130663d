"""Boards are arranged, and never so that a merged post ends where its readers may not follow."""

import pytest

from community.boards import arrange_board
from community.models import Audience, Board, Standing
from community.refusals import Conflict, NotAllowed
from tests.factories import make_board, make_moderator, make_post

pytestmark = pytest.mark.django_db


@pytest.fixture
def wide(db):
    return make_board("wide")


@pytest.fixture
def narrow(db):
    return make_board("narrow", see=Audience.MEMBERS)


@pytest.fixture
def merged(wide, narrow):
    """A post of the narrow board, merged into one of the wide board."""
    root, duplicate = make_post(board=wide), make_post(board=narrow)
    Standing.objects.filter(pk=duplicate.pk).update(folded_into=root)


def test_a_board_is_kept_with_its_moderators(board, admin_member, now):
    moderator = make_moderator()
    board.see = Audience.MEMBERS
    arrange_board(board=board, moderators=[moderator], by=admin_member, at=now)
    kept = Board.objects.get(pk=board.pk)
    assert (kept.see, list(kept.moderators.all())) == ("members", [moderator])


@pytest.mark.parametrize("see", [Audience.STAFF, Audience.MODERATORS, Audience.NOBODY])
def test_a_board_others_are_merged_into_stays_as_visible_as_theirs(merged, wide, admin_member, now, see):
    wide.see = see
    with pytest.raises(Conflict, match="Narrow"):
        arrange_board(board=wide, by=admin_member, at=now)
    assert Board.objects.get(pk=wide.pk).see == "anyone"


def test_it_may_close_as_far_as_nobody_is_left_behind(merged, wide, admin_member, now):
    wide.see = Audience.MEMBERS
    assert arrange_board(board=wide, by=admin_member, at=now).see == "members"


def test_the_narrow_board_does_not_open_further_than_the_other(merged, wide, narrow, admin_member, now):
    wide.see = Audience.MEMBERS
    arrange_board(board=wide, by=admin_member, at=now)
    narrow.see = Audience.ANYONE
    with pytest.raises(Conflict):
        arrange_board(board=narrow, by=admin_member, at=now)


def test_boards_that_share_nothing_are_free(wide, admin_member, now):
    wide.see = Audience.NOBODY
    assert arrange_board(board=wide, by=admin_member, at=now).see == "nobody"


def test_only_administrators_arrange_boards(board, staff, now):
    with pytest.raises(NotAllowed):
        arrange_board(board=board, by=staff, at=now)
