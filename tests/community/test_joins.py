"""Higher apps keep their part of a post true inside its own transaction, or the whole act is undone."""

from datetime import timedelta

import pytest

from community import joins, posts
from community.joins import Moment
from community.models import Post
from tests.factories import NOW, make_board, make_post

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(monkeypatch):
    """What a join of discussions and questions hears; nobody else listens."""
    monkeypatch.setattr(joins, "REGISTER", [])
    heard = []
    joins.joins("discussion", "question", on=tuple(Moment))(heard.append)
    return heard


@pytest.fixture
def post(told, author, board):
    made = make_post(author=author, board=board, extras={"need": "500"})
    told.clear()
    return made


def later(minutes):
    return NOW + timedelta(minutes=minutes)


def test_a_new_post_is_joined_with_what_else_the_form_said(told, author, board):
    post = make_post(author=author, board=board, extras={"need": "500"})
    [word] = told
    assert (word.post, word.moment, word.by, word.extras["need"]) == (post, Moment.WRITTEN, author, "500")


def test_each_moment_is_told_as_what_it_is(told, post, author, staff):
    posts.hide_post(post=post, by=staff, at=later(1))
    posts.restore_post(post=post, by=staff, at=later(2))
    posts.move_post(post=post, board=make_board("camera"), by=staff, at=later(3))
    posts.convert_post(post=post, kind="question", by=staff, at=later(4))
    posts.delete_post(post=post, by=author, at=later(5))
    posts.restore_post(post=post, by=author, at=later(6))
    expected = [Moment.HIDDEN, Moment.RESTORED, Moment.MOVED, Moment.CONVERTED, Moment.DELETED, Moment.RESTORED]
    assert [word.moment for word in told] == expected


def test_a_join_hears_only_its_kinds(told, author, board):
    make_post(author=author, board=board, kind="story")
    assert told == []


def test_a_join_that_refuses_undoes_the_whole_act(monkeypatch, author, board):
    monkeypatch.setattr(joins, "REGISTER", [])

    @joins.joins("discussion", on=Moment.WRITTEN)
    def refuse(word):
        raise RuntimeError("not like this")

    with pytest.raises(RuntimeError):
        make_post(author=author, board=board)
    assert not Post.objects.exists()


def test_what_did_not_change_is_not_told(told, post, staff):
    posts.move_post(post=post, board=post.board, by=staff, at=later(1))
    posts.convert_post(post=post, kind="discussion", by=staff, at=later(2))
    assert told == []
