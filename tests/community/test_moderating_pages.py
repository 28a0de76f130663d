"""Moderators hide and show again in place, in the boards they keep; nobody else is offered it or can do it."""

import pytest

from community.comments import hide_comment
from community.models import Comment, Post
from tests.factories import NOW, make_board, make_comment, make_member, make_moderator, make_post

pytestmark = pytest.mark.django_db


@pytest.fixture
def post(author, board):
    return make_post("A word too many", author=author, board=board)


def state(thing):
    return type(thing).objects.get(pk=thing.pk).state


def test_a_moderator_hides_a_post_and_shows_it_again(client, moderator, post):
    client.force_login(moderator)
    assert b"/hide/" in client.get(post.get_absolute_url()).content
    client.post(f"/posts/{post.pk}/hide/", {"rule": "unkind"})
    assert state(post) == "hidden" and b"Show again" in client.get(post.get_absolute_url()).content
    client.post(f"/posts/{post.pk}/restore/")
    assert state(post) == "visible"


def test_a_moderator_hides_a_comment_and_shows_it_again(client, moderator, post):
    comment = make_comment(post, "Rude words here.")
    client.force_login(moderator)
    client.post(f"/comments/{comment.pk}/hide/", {"rule": "spam"})
    assert state(comment) == "hidden"
    page = client.get(post.get_absolute_url()).content.decode()
    assert "Rude words" in page and f"/comments/{comment.pk}/restore/" in page
    client.post(f"/comments/{comment.pk}/restore/")
    assert state(comment) == "visible"


def test_a_hidden_comment_is_gone_for_everybody_else(client, moderator, voter, post):
    comment = make_comment(post, "Rude words here.")
    hide_comment(comment=comment, by=moderator, at=NOW)
    assert "Rude words" not in client.get(post.get_absolute_url()).content.decode()
    client.force_login(voter)
    assert "Rude words" not in client.get(post.get_absolute_url()).content.decode()


def test_a_hidden_question_keeps_its_place_above_its_answers(client, moderator, post):
    root = make_comment(post, "Rude words here.")
    make_comment(post, "A calm answer.", parent=root)
    hide_comment(comment=root, by=moderator, at=NOW)
    page = client.get(post.get_absolute_url()).content.decode()
    assert "Rude words" not in page and "A calm answer." in page


@pytest.mark.parametrize("who", ["voter", "elsewhere"])
def test_nobody_else_is_offered_it_or_can_do_it(client, voter, post, who):
    comment = make_comment(post)
    client.force_login(voter if who == "voter" else make_moderator(board=make_board("camera")))
    assert b"/hide/" not in client.get(post.get_absolute_url()).content
    for kind, thing in (("posts", post), ("comments", comment)):
        assert client.post(f"/{kind}/{thing.pk}/hide/", {"rule": "spam"}).status_code == 404
    assert Post.objects.get(pk=post.pk).state == Comment.objects.get(pk=comment.pk).state == "visible"


def test_a_visitor_is_asked_to_sign_in(client, post):
    assert client.post(f"/posts/{post.pk}/hide/").status_code == 302


def test_a_board_names_as_moderators_only_those_who_can_moderate(client):
    board = make_board("battery")
    make_moderator("Moe Derator", board=board)
    board.moderators.add(make_member("Stella Steward"))
    page = client.get("/boards/battery/").content.decode()
    assert "Moe Derator" in page and "Stella Steward" not in page
