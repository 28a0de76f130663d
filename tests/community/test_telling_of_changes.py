"""Authors hear what others did to their words, in a sentence with a name, and on the list for it."""

from datetime import timedelta

import pytest

from community import comments, posts
from community.deliveries import drain
from community.models import MailList, Notice
from community.notice_words import Words
from community.writing.answers import accept_answer, unaccept_answer
from community.writing.wordings import BECAME
from tests.factories import NOW, make_board, make_comment, make_post, make_team_board

pytestmark = pytest.mark.django_db


@pytest.fixture
def post(author, board):
    return make_post("What if it knew?", author=author, board=board)


def told(member) -> list[str]:
    drain()
    notices = Notice.objects.filter(member=member).select_related("member", "post__board").order_by("pk")
    words = Words(notices)
    return [wording.sentence for notice in notices if (wording := words.of(notice))]


def test_a_move(post, author, moderator):
    camera = make_board("camera", name="Camera")
    camera.moderators.add(moderator)
    posts.move_post(post=post, board=camera, by=moderator, at=NOW)
    assert told(author) == [f"{moderator} moved “What if it knew?” to Camera"]


def test_a_move_out_of_sight_names_no_place_and_no_title(post, author, staff):
    posts.move_post(post=post, board=make_team_board(name="Secret lab"), by=staff, at=NOW)
    assert told(author) == [f"{staff} moved a post of yours to a board that only some people see"]


@pytest.mark.parametrize("kind", [kind for kind in BECAME if kind != "discussion"])
def test_a_conversion(post, author, staff, kind):
    posts.convert_post(post=post, kind=kind, by=staff, at=NOW)
    assert told(author) == [str(BECAME[kind]) % {"name": staff, "title": post.title}]


def test_an_edit_of_a_post_and_of_a_comment(post, author, voter, moderator):
    comment = make_comment(post, author=voter)
    posts.edit_post(post=post, by=moderator, title=post.title, body="Tidied.", at=NOW, reason="A name.")
    comments.edit_comment(comment=comment, by=moderator, body="Tidied.", at=NOW, reason="A name.")
    assert f"{moderator} edited your post “What if it knew?”" in told(author)
    assert told(voter) == [f"{moderator} edited your comment on “What if it knew?”"]


def test_ones_own_changes_are_no_news(post, author):
    posts.edit_post(post=post, by=author, title=post.title, body="Mine.", at=NOW)
    posts.convert_post(post=post, kind="story", by=author, at=NOW)
    assert told(author) == []


def test_an_accepted_answer_while_it_is_accepted(author, voter, board):
    question = make_post("Can I move my eSIM?", author=author, board=board, kind="question")
    accept_answer(comment=make_comment(question, author=voter), by=author, at=NOW)
    assert told(voter) == ["Your answer to “Can I move my eSIM?” was accepted"]
    unaccept_answer(post=question, by=author, at=NOW + timedelta(hours=1))
    assert told(voter) == []


def test_changes_are_on_the_list_of_what_moderators_decided(post, author, moderator):
    posts.convert_post(post=post, kind="question", by=moderator, at=NOW)
    drain()
    assert Notice.objects.get(member=author).kind == "post_converted"
    assert MailList.CARE in MailList.values


def test_hiding_and_deleting_are_told_by_others_than_this(post, author, moderator):
    posts.hide_post(post=post, by=moderator, at=NOW)
    posts.restore_post(post=post, by=moderator, at=NOW + timedelta(hours=1))
    drain()
    assert not Notice.objects.filter(member=author, kind__in=["post_moved", "post_converted", "post_edited"]).exists()
