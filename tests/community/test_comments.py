"""Comments are written, answered, agreed with and deleted, and the list counts them."""

import pytest

from community import comments
from community.models import Audience, Comment, Follow, Standing
from community.refusals import Invalid, NotAllowed
from tests.factories import NOW, make_board, make_comment, make_post, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def post(author, board):
    return make_post(author=author, board=board)


def count(post):
    return Standing.objects.get(pk=post.pk).comments


def test_a_comment_counts_and_its_author_follows(post, voter):
    make_comment(post, author=voter)
    assert count(post) == 1 and Follow.objects.filter(post=post, member=voter).exists()


def test_an_answer_to_an_answer_joins_the_first_ones_thread(post):
    first = make_comment(post)
    second = make_comment(post, parent=first)
    assert make_comment(post, parent=second).parent == first


def test_an_empty_comment_is_refused(post, voter):
    with pytest.raises(Invalid):
        make_comment(post, "  \n", author=voter)


def test_an_answer_belongs_under_its_own_post(post, board):
    with pytest.raises(Invalid):
        make_comment(post, parent=make_comment(make_post(board=board)))


def test_a_board_closed_for_comments_takes_none(voter):
    post = make_post(board=make_board(comment=Audience.STAFF))
    with pytest.raises(NotAllowed):
        make_comment(post, author=voter)


def test_deleting_and_restoring_keeps_the_count_true(post, voter):
    comment = make_comment(post, author=voter)
    comments.delete_comment(comment=comment, by=voter, at=NOW)
    assert count(post) == 0 and not Comment.objects.visible_to(None).exists()
    comments.restore_comment(comment=comment, by=voter, at=NOW)
    assert count(post) == 1


def test_hidden_then_deleted_is_taken_from_the_count_once(post, voter, moderator):
    comment = make_comment(post, author=voter)
    comments.hide_comment(comment=comment, by=moderator, at=NOW)
    comments.delete_comment(comment=comment, by=voter, at=NOW)
    assert count(post) == 0


def test_only_its_author_changes_a_comment(post, voter, stranger):
    comment = make_comment(post, author=voter)
    with pytest.raises(NotAllowed):
        comments.edit_comment(comment=comment, by=stranger, body="Mine", at=NOW)
    assert comments.edit_comment(comment=comment, by=voter, body="**New**", at=NOW).edited_at == NOW


def test_comments_of_a_hidden_post_are_hidden_with_it(post, stranger):
    make_comment(post)
    post.state = "hidden"
    post.save()
    assert not Comment.objects.visible_to(stranger).exists()
    assert Comment.objects.visible_to(make_staff()).exists()
