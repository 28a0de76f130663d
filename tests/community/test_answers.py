"""A question has one accepted answer, said by who asked or who keeps the board."""

from datetime import timedelta

import pytest

from community import comments, posts
from community.deliveries import drain
from community.models import Activity, Notice, Post, Standing
from community.refusals import Conflict, NotAllowed
from community.writing.answers import accept_answer, accepted_answer_of, unaccept_answer
from tests.factories import NOW, make_comment, make_member, make_post, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def question(author, board):
    return make_post("Can I move my eSIM?", author=author, board=board, kind="question")


@pytest.fixture
def answer(question, voter):
    return make_comment(question, "Under Settings, SIM cards.", author=voter)


def answered(post):
    return Standing.objects.get(pk=post.pk).answered


def facts(verb):
    return Activity.objects.filter(verb=verb)


def test_the_asker_accepts_and_the_question_counts_as_answered(question, answer, author):
    post = accept_answer(comment=answer, by=author, at=NOW)
    assert post.accepted_answer == answer and answered(question)
    assert facts("answer_accepted").get().data == {"comment_id": answer.pk, "author_id": answer.author_id}


def test_who_answered_hears_of_it(question, answer, author, voter):
    accept_answer(comment=answer, by=author, at=NOW)
    drain()
    assert Notice.objects.get(member=voter, kind="answer_accepted").post == question


def test_moderators_and_staff_accept_as_well_but_nobody_else(question, answer, moderator, stranger):
    accept_answer(comment=answer, by=moderator, at=NOW)
    unaccept_answer(post=question, by=make_staff(), at=NOW)
    with pytest.raises(NotAllowed):
        accept_answer(comment=answer, by=stranger, at=NOW)


def test_a_moderator_does_not_accept_their_own_answer_to_somebody_else(question, moderator):
    with pytest.raises(NotAllowed, match="another moderator"):
        accept_answer(comment=make_comment(question, author=moderator), by=moderator, at=NOW)


def test_who_asked_may_have_found_it_themselves(question, author):
    assert accept_answer(comment=make_comment(question, author=author), by=author, at=NOW).accepted_answer


def test_accepting_another_takes_the_first_back(question, answer, author):
    accept_answer(comment=answer, by=author, at=NOW)
    other = make_comment(question, "Or by code.")
    accept_answer(comment=other, by=author, at=NOW + timedelta(hours=1))
    assert Post.objects.get(pk=question.pk).accepted_answer == other
    assert facts("answer_unaccepted").get().data["comment_id"] == answer.pk


def test_accepting_twice_is_one_fact(question, answer, author):
    for _time in range(2):
        accept_answer(comment=answer, by=author, at=NOW)
    assert facts("answer_accepted").count() == 1 and not facts("answer_unaccepted").exists()


def test_taking_it_back_opens_the_question(question, answer, author):
    accept_answer(comment=answer, by=author, at=NOW)
    unaccept_answer(post=question, by=author, at=NOW)
    assert not answered(question) and accepted_answer_of(Post.objects.get(pk=question.pk), author) is None


def test_an_answer_out_of_sight_answers_nothing(question, answer, author, moderator):
    accept_answer(comment=answer, by=author, at=NOW)
    comments.hide_comment(comment=answer, by=moderator, at=NOW)
    assert not answered(question) and accepted_answer_of(Post.objects.get(pk=question.pk), None) is None
    comments.restore_comment(comment=answer, by=moderator, at=NOW)
    assert answered(question)


def test_a_hidden_comment_is_not_accepted(question, answer, author, moderator):
    comments.hide_comment(comment=answer, by=moderator, at=NOW)
    with pytest.raises(Conflict):
        accept_answer(comment=answer, by=author, at=NOW)


def test_only_a_question_has_one(author, board):
    talk = make_post(author=author, board=board)
    with pytest.raises(Conflict):
        accept_answer(comment=make_comment(talk), by=author, at=NOW)


def test_converting_away_keeps_the_mark_and_converting_back_shows_it(question, answer, author, moderator):
    accept_answer(comment=answer, by=author, at=NOW)
    talk = posts.convert_post(post=question, kind="discussion", by=moderator, at=NOW)
    assert talk.accepted_answer == answer and not answered(question) and accepted_answer_of(talk, None) is None
    back = posts.convert_post(post=talk, kind="question", by=moderator, at=NOW + timedelta(hours=1))
    assert answered(question) and accepted_answer_of(back, None) == answer


def test_the_page_shows_it_on_top_and_in_its_place(client, question, answer, author):
    accept_answer(comment=answer, by=author, at=NOW)
    page = client.get(question.get_absolute_url()).content.decode()
    assert 'id="accepted"' in page and page.count("Under Settings, SIM cards.") >= 2
    assert "Question, answered" in page


def test_only_who_may_accept_is_offered_to(client, question, answer, author):
    offered = "Accept this answer"
    client.force_login(make_member())
    assert offered not in client.get(question.get_absolute_url()).content.decode()
    client.force_login(author)
    assert offered in client.get(question.get_absolute_url()).content.decode()


def test_one_press_accepts_and_the_toast_takes_it_back(client, question, answer, author):
    client.force_login(author)
    page = client.post(f"/comments/{answer.pk}/accept/", follow=True).content.decode()
    assert f'action="/posts/{question.pk}/unaccept/"' in page and answered(question)
    client.post(f"/posts/{question.pk}/unaccept/")
    assert not answered(question)


def test_a_visitor_is_asked_to_sign_in(client, question, answer):
    assert "/accounts/login/" in client.post(f"/comments/{answer.pk}/accept/")["Location"]
