"""Talk as its readers see it."""

import pytest

from community.comments import agree, delete_comment, hide_comment
from community.models import PostState
from community.threads import THREADS, read_talk
from tests.factories import NOW, make_comment, make_post

pytestmark = pytest.mark.django_db


@pytest.fixture
def post(author, board):
    return make_post("Who else wakes at six?", author=author, board=board)


def shape(talk) -> list:
    return [(thread.comment.body, [answer.comment.body for answer in thread.answers]) for thread in talk.threads]


def test_answers_stand_under_what_they_answer_oldest_first(post):
    first = make_comment(post, "First")
    second = make_comment(post, "Second")
    make_comment(post, "To the second", parent=second)
    make_comment(post, "To the first", parent=first)
    make_comment(post, "Again to the first", parent=first)
    assert shape(read_talk(post, None)) == [("First", ["To the first", "Again to the first"]), ("Second", ["To the second"])]


def test_an_answer_to_an_answer_joins_its_thread(post):
    first = make_comment(post, "First")
    answer = make_comment(post, "An answer", parent=first)
    make_comment(post, "An answer to it", parent=answer)
    assert shape(read_talk(post, None)) == [("First", ["An answer", "An answer to it"])]


def test_a_reader_sees_what_they_agreed_to(post, voter):
    first, second = make_comment(post, "First"), make_comment(post, "Second")
    answer = make_comment(post, "An answer", parent=first)
    for comment in (second, answer):
        agree(comment=comment, member=voter, at=NOW)
    talk = read_talk(post, voter, order="new")
    assert [thread.agreed for thread in talk.threads] == [True, False]
    assert talk.threads[1].answers[0].agreed
    assert not any(thread.agreed for thread in read_talk(post, None).threads)


def test_a_gone_comment_stays_as_a_gap_only_while_it_has_answers(post, author):
    alone, answered = (make_comment(post, body, author=author) for body in ("Alone", "Answered"))
    answer = make_comment(post, "An answer", author=author, parent=answered)
    for comment in (alone, answered):
        delete_comment(comment=comment, by=author, at=NOW)
    assert [thread.gone for thread in read_talk(post, None).threads] == [True]
    delete_comment(comment=answer, by=author, at=NOW)
    assert read_talk(post, None).threads == []


def test_a_held_comment_is_its_authors_alone(post, author, stranger):
    comment = make_comment(post, "Wait for it", author=author)
    comment.state = PostState.HELD
    comment.save()
    assert [len(read_talk(post, person).threads) for person in (None, stranger, author)] == [0, 0, 1]
    assert not read_talk(post, author).threads[0].gone


def test_the_team_reads_what_is_hidden(post, staff, author):
    hide_comment(comment=make_comment(post, "A rude word", author=author), by=staff, at=NOW)
    assert len(read_talk(post, staff).threads) == 1 and len(read_talk(post, author).threads) == 0


def test_a_page_of_threads_says_where_the_next_begins(post, author):
    for number in range(THREADS + 1):
        make_comment(post, f"Comment {number}", author=author)
    first = read_talk(post, None)
    rest = read_talk(post, None, after=str(first.after))
    assert (len(first.threads), len(rest.threads), rest.after) == (THREADS, 1, None)


def test_an_unknown_order_is_the_best(post):
    assert read_talk(post, None, order="worst").order == "best"


def test_talk_costs_the_same_however_long_it_is(post, voter, django_assert_num_queries):
    for number in range(12):
        make_comment(post, f"An answer {number}", parent=make_comment(post, f"Comment {number}"))
    with django_assert_num_queries(3):
        read_talk(post, voter)
    with django_assert_num_queries(2):
        read_talk(post, None)
