"""How far members have read."""

import threading

import pytest
from django.db import connection

from community.comments import delete_comment, hide_comment
from community.models import ReadMark
from community.read_marks import going_on, mark_all_read, news_under, note_read, unread_of
from tests.factories import NOW, make_comment, make_post


@pytest.fixture
def post(author, board):
    return make_post("Who else wakes at six?", author=author, board=board)


def test_a_first_visit_has_no_news(post, voter):
    make_comment(post, "I do.")
    assert news_under(member=voter, post=post).count == 0


def test_what_others_said_since_is_new(post, voter, hours):
    note_read(member=voter, post=post, at=NOW)
    first = make_comment(post, "I do.", at=NOW + hours(1))
    make_comment(post, "Me too.", at=NOW + hours(2))
    news = news_under(member=voter, post=post)
    assert (news.since, news.count, news.first) == (0, 2, first.pk)
    assert unread_of(member=voter, post_ids=[post.pk]) == {post.pk: 2}
    note_read(member=voter, post=post, at=NOW + hours(3))
    assert news_under(member=voter, post=post).count == 0
    assert unread_of(member=voter, post_ids=[post.pk]) == {}


def test_ones_own_words_are_never_new(post, voter):
    note_read(member=voter, post=post, at=NOW)
    make_comment(post, "I do.", author=voter)
    assert news_under(member=voter, post=post).count == 0 and unread_of(member=voter, post_ids=[post.pk]) == {}


def test_what_is_gone_or_hidden_is_not_counted(post, author, voter, staff):
    note_read(member=voter, post=post, at=NOW)
    for act, by in ((delete_comment, author), (hide_comment, staff)):
        act(comment=make_comment(post, "Oh.", author=author), by=by, at=NOW)
    assert news_under(member=voter, post=post).count == 0 and unread_of(member=voter, post_ids=[post.pk]) == {}


def test_where_one_came_from_is_kept_while_one_looks_around(post, voter, hours):
    note_read(member=voter, post=post, at=NOW)
    make_comment(post, "I do.")
    note_read(member=voter, post=post, at=NOW + hours(1))
    assert news_under(member=voter, post=post, since=0).count == 1


def test_a_mark_never_goes_back(post, voter, hours):
    make_comment(post, "I do.")
    note_read(member=voter, post=post, at=NOW + hours(2))
    ReadMark.objects.update(seen=10**9)
    note_read(member=voter, post=post, at=NOW)
    mark = ReadMark.objects.get()
    assert (mark.seen, mark.at) == (10**9, NOW + hours(2))


def test_a_second_look_at_once_writes_nothing(post, voter, hours):
    note_read(member=voter, post=post, at=NOW)
    note_read(member=voter, post=post, at=NOW + hours(0.1))
    assert ReadMark.objects.get().at == NOW
    note_read(member=voter, post=post, at=NOW + hours(1))
    assert ReadMark.objects.get().at == NOW + hours(1)


def test_everything_can_be_marked_read_at_once(voter, author, board, hours):
    posts = [make_post(f"Talk {number}", author=author, board=board) for number in range(3)]
    for post in posts:
        note_read(member=voter, post=post, at=NOW)
        make_comment(post, "News.")
    assert mark_all_read(member=voter, at=NOW + hours(1)) == 3
    assert unread_of(member=voter, post_ids=[post.pk for post in posts]) == {}
    assert mark_all_read(member=voter, at=NOW + hours(1)) == 0


def test_somebody_elses_marks_are_left_alone(post, voter, stranger):
    for member in (voter, stranger):
        note_read(member=member, post=post, at=NOW)
    make_comment(post, "News.")
    mark_all_read(member=voter, at=NOW)
    assert unread_of(member=stranger, post_ids=[post.pk]) == {post.pk: 1}


def test_what_goes_on_is_where_others_spoke_since_the_latest_first(voter, author, board, hours):
    posts = [make_post(f"Talk {number}", author=author, board=board) for number in range(4)]
    for post in posts[:3]:
        note_read(member=voter, post=post, at=NOW)
    make_comment(posts[0], "News.", at=NOW + hours(1))
    make_comment(posts[1], "Mine.", author=voter, at=NOW + hours(2))
    make_comment(posts[2], "News.", at=NOW + hours(3))
    make_comment(posts[3], "Never been there.", at=NOW + hours(4))
    assert [(row.post_id, row.fresh) for row in going_on(member=voter, most=5)] == [(posts[2].pk, 1), (posts[0].pk, 1)]
    assert len(going_on(member=voter, most=1)) == 1


def test_many_rows_cost_one_query(voter, author, board, django_assert_num_queries):
    posts = [make_post(f"Talk {number}", author=author, board=board) for number in range(5)]
    with django_assert_num_queries(1):
        unread_of(member=voter, post_ids=[post.pk for post in posts])
    with django_assert_num_queries(0):
        assert unread_of(member=voter, post_ids=[]) == {}


def test_two_windows_of_one_member_leave_one_mark(committed_db):
    from tests.factories import make_member

    voter, post = make_member("Tomasz"), make_post("Talk", author=make_member("Mara"))
    make_comment(post, "News.")

    def look():
        note_read(member=voter, post=post, at=NOW)
        connection.close()

    windows = [threading.Thread(target=look) for _window in range(4)]
    for window in windows:
        window.start()
    for window in windows:
        window.join()
    assert ReadMark.objects.count() == 1
