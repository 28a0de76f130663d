"""Talk as its readers see it."""

import pytest

from community.comments import delete_comment, hide_comment
from community.models import PostState
from community.reactions import react
from community.threads import THREADS, Place, read_answers, read_talk
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
        react(comment=comment, member=voter, sign="agree", at=NOW)
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


def test_talk_costs_the_same_however_long_it_is(post, voter, django_assert_max_num_queries):
    for number in range(12):
        make_comment(post, f"An answer {number}", parent=make_comment(post, f"Comment {number}"))
    with django_assert_max_num_queries(5):
        read_talk(post, voter)
    with django_assert_max_num_queries(5):
        read_talk(post, None)


def bodies(threads) -> list[str]:
    return [thread.comment.body for thread in threads]


@pytest.fixture
def long_post(post, author):
    for number in range(70):
        make_comment(post, f"{number:02}", author=author)
    return post


@pytest.mark.parametrize("order", ["best", "new", "old"])
def test_paging_there_and_back_shows_every_thread_once(long_post, order):
    pages, after = [], ""
    while after is not None:
        talk = read_talk(long_post, None, order=order, place=Place(after=str(after)))
        pages.append(bodies(talk.threads))
        first, after = talk.threads[0].comment.pk, talk.after
    assert sorted(sum(pages, [])) == [f"{number:02}" for number in range(70)]
    back = []
    while True:
        talk = read_talk(long_post, None, order=order, place=Place(before=str(first)))
        back.insert(0, bodies(talk.threads))
        if talk.before is None:
            break
        first = talk.before
    assert sum(back, []) == sum(pages[:-1], [])


@pytest.mark.parametrize("order", ["best", "new", "old"])
@pytest.mark.parametrize("number", [0, 1, 29, 30, 44, 69])
def test_the_address_of_a_comment_shows_the_page_it_stands_on(long_post, order, number):
    comment = long_post.comments.get(body=f"{number:02}")
    talk = read_talk(long_post, None, order=order, place=Place(comment=str(comment.pk)))
    assert [thread.comment.pk for thread in talk.threads if thread.wanted] == [comment.pk]
    assert len(talk.threads) <= THREADS + 2
    if talk.before is not None:
        earlier = read_talk(long_post, None, order=order, place=Place(before=str(talk.before)))
        assert not set(bodies(earlier.threads)) & set(bodies(talk.threads))


@pytest.mark.parametrize("wish", ["999999999", "x", "", "٣", "9" * 30])
def test_the_address_of_nothing_shows_the_first_page(long_post, wish):
    assert bodies(read_talk(long_post, None, place=Place(comment=wish)).threads)[0] == "00"


def test_a_hidden_comment_has_no_place_for_others(post, author, staff, stranger):
    comment = make_comment(post, "A rude word", author=author)
    hide_comment(comment=comment, by=staff, at=NOW)
    assert not read_talk(post, stranger, place=Place(comment=str(comment.pk))).threads
    assert read_talk(post, staff, place=Place(comment=str(comment.pk))).threads[0].wanted


@pytest.fixture
def chain(post, author):
    """A thread of forty answers."""
    root = make_comment(post, "Root", author=author)
    for number in range(40):
        make_comment(post, f"{number:02}", author=author, parent=root)
    return root


def test_a_long_chain_shows_its_beginning_and_how_many_follow(post, chain):
    [thread] = read_talk(post, None).threads
    assert bodies(thread.answers) == ["00", "01", "02", "03"]
    assert (thread.total, thread.hidden, thread.earlier) == (40, 36, None)
    rest = read_answers(chain, None, after=str(thread.later))
    assert bodies(rest.answers) == [f"{number:02}" for number in range(4, 34)]
    assert bodies(read_answers(chain, None, after=str(rest.later)).answers)[-1] == "39"


def test_two_answers_more_are_not_hidden(post, author):
    root = make_comment(post, "Root", author=author)
    for number in range(6):
        make_comment(post, f"{number}", author=author, parent=root)
    [thread] = read_talk(post, None).threads
    assert (len(thread.answers), thread.hidden, thread.later) == (6, 0, None)


def test_the_address_of_an_answer_deep_in_a_chain_shows_it_with_its_neighbours(post, chain):
    answer = chain.answers.get(body="35")
    [thread] = read_talk(post, None, place=Place(comment=str(answer.pk))).threads
    assert bodies(thread.answers) == ["33", "34", "35", "36", "37", "38", "39"]
    assert [one.comment.body for one in thread.answers if one.wanted] == ["35"]
    earlier = read_answers(chain, None, before=str(thread.earlier))
    assert bodies(earlier.answers)[-1] == "32"


def test_what_is_new_since_one_was_here_is_marked(post, author, voter):
    old, mine, new = make_comment(post, "Old"), make_comment(post, "Mine", author=voter), make_comment(post, "New")
    talk = read_talk(post, voter, order="old", place=Place(since=old.pk))
    assert [(thread.comment.body, thread.fresh) for thread in talk.threads] == [("Old", False), ("Mine", False), ("New", True)]
    assert mine.pk < new.pk
    assert not any(thread.fresh for thread in read_talk(post, voter).threads)


def test_a_deep_address_costs_no_more_however_long_the_talk_is(post, chain, voter, django_assert_max_num_queries):
    answer = chain.answers.get(body="35")
    with django_assert_max_num_queries(9):
        read_talk(post, voter, place=Place(comment=str(answer.pk)))
