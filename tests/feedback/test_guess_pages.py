"""Guesses on the triage desk: proposed with their reasons, accepted or declined with one press, found by a filter."""

import pytest

from community.deliveries import drain
from community.models import Post
from feedback.models import PostGuess
from tests.factories import make_bug, make_suggestion
from tests.feedback.desks import at_the_desk, case, said

pytestmark = pytest.mark.django_db
LIST = "/admin/feedback/suggestion/"


@pytest.fixture
def desk_client(client, staff):
    return at_the_desk(client, staff)


@pytest.fixture
def crash(board):
    wish = make_suggestion("Camera crashes after the update", body="It freezes, then a black screen.", board=board)
    drain()
    return wish


def press(client, suggestion, answer, guess=None):
    pk = guess or PostGuess.objects.get(post=suggestion.pk, what="kind").pk
    return client.post(case(suggestion, "guess"), {"guess": pk, "answer": answer}, follow=True)


def kind_of(suggestion):
    return Post.objects.get(pk=suggestion.pk).kind


def test_the_case_says_what_it_seems_to_be_and_why(desk_client, crash):
    page = desk_client.get(case(crash)).content.decode()
    assert all(
        words in page for words in ("Kind: <strong>Bug</strong>", "because of", "<q>after the update</q>", "Leave it as it is")
    )


def test_one_press_makes_it_so(desk_client, crash):
    assert "Saved." in said(press(desk_client, crash, "accept"))
    assert kind_of(crash) == "bug"


def test_one_press_leaves_it(desk_client, crash):
    answer = press(desk_client, crash, "decline")
    assert "It stays as it is." in said(answer) and "h-guess" not in answer.content.decode()
    assert kind_of(crash) == "suggestion"


def test_a_second_press_is_told_that_it_is_decided(desk_client, crash):
    press(desk_client, crash, "decline")
    assert "Somebody has decided this already." in said(press(desk_client, crash, "accept"))


@pytest.mark.parametrize("number", ["", "x", "0", "99999"])
def test_a_guess_that_is_not_there_is_not_found(desk_client, crash, number):
    assert desk_client.post(case(crash, "guess"), {"guess": number, "answer": "accept"}).status_code == 404


def test_a_guess_about_another_post_is_not_found(desk_client, crash):
    other = make_suggestion(board=crash.post.board)
    guess = PostGuess.objects.get(post=crash.pk, what="kind").pk
    assert press(desk_client, other, "accept", guess).status_code == 404


def test_opening_the_address_changes_nothing(desk_client, crash):
    assert desk_client.get(case(crash, "guess")).status_code == 302
    assert PostGuess.objects.waiting().filter(post=crash.pk).exists()


def test_moderators_cannot_press_it(client, crash, moderator):
    press(at_the_desk(client, moderator), crash, "accept")
    assert kind_of(crash) == "suggestion"


def test_the_list_finds_those_whose_kind_looks_different(desk_client, crash):
    make_bug("The camera crashes", board=crash.post.board)
    drain()
    page = desk_client.get(LIST + "?reads=different")
    assert [row.pk for row in page.context["cl"].result_list] == [crash.pk]


def test_a_faint_guess_is_not_listed(desk_client, crash):
    PostGuess.objects.update(confidence=6_999)
    assert not desk_client.get(LIST + "?reads=different").context["cl"].result_list


def test_without_the_filter_everything_is_listed(desk_client, crash):
    make_suggestion(board=crash.post.board)
    assert len(desk_client.get(LIST + "?reads=nonsense").context["cl"].result_list) == 2


def test_words_of_a_post_are_shown_as_words(desk_client, crash):
    PostGuess.objects.filter(post=crash.pk).update(words=["<script>"])
    page = desk_client.get(case(crash)).content.decode()
    assert "<q>&lt;script&gt;</q>" in page
