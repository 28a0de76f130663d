"""Boards, tags and people are followed, and every new post is told once."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from community.deliveries import drain
from community.follows import Ear, Thing, ear_of, listen_to, seekers_of
from community.mail_threads import DAILY
from community.models import Audience, Board, BoardFollow, Mailing, MailList, Notice, PersonFollow, Post, Tag
from community.posts import hide_post, restore_post
from community.telling import tell_of_posts
from tests.factories import make_board, make_member, make_post, make_suggestion

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def tag(author, board, now):
    make_post("An older one", author=author, board=board, tags=["Alarm"], at=now)
    drain()
    return Tag.objects.get(slug="alarm")


def listen(member, kind, thing, ear=Ear.FOLLOW):
    listen_to(member=member, kind=kind, thing=thing, ear=ear, at=timezone.now())


def write(author, board, **more):
    post = make_post("Something new", author=author, board=board, at=timezone.now(), **more)
    drain()
    return post


def heard(member):
    return list(Notice.objects.filter(member=member, kind="post_written").values_list("post", flat=True))


@pytest.mark.parametrize("kind", [Thing.BOARD, Thing.TAG, Thing.PERSON])
def test_who_follows_hears_of_a_new_post(voter, author, board, tag, kind):
    listen(voter, kind, {Thing.BOARD: board, Thing.TAG: tag, Thing.PERSON: author}[kind])
    assert heard(voter) == []
    post = write(author, board, tags=["alarm"])
    assert heard(voter) == [post.pk]


def test_three_reasons_are_one_notice_and_one_place_in_the_daily_mail(voter, author, board, tag):
    for kind, thing in ((Thing.BOARD, board), (Thing.TAG, tag), (Thing.PERSON, author)):
        listen(voter, kind, thing)
    post = write(author, board, tags=["alarm"])
    assert heard(voter) == [post.pk]
    row = Mailing.objects.get(member=voter)
    assert (row.kind, len(row.data["news"])) == (DAILY, 1)


@pytest.mark.parametrize("muted", [Thing.BOARD, Thing.TAG, Thing.PERSON])
def test_muting_one_beats_following_the_others(voter, author, board, tag, muted):
    things = {Thing.BOARD: board, Thing.TAG: tag, Thing.PERSON: author}
    for kind, thing in things.items():
        listen(voter, kind, thing, Ear.MUTE if kind == muted else Ear.FOLLOW)
    write(author, board, tags=["alarm"])
    assert heard(voter) == []


def test_letting_go_ends_it(voter, author, board):
    listen(voter, Thing.BOARD, board)
    listen(voter, Thing.BOARD, board, Ear.NONE)
    write(author, board)
    assert heard(voter) == []
    assert ear_of(voter, Thing.BOARD, board) == Ear.NONE


def test_the_writer_hears_nothing_of_their_own_post(author, board):
    listen(author, Thing.BOARD, board)
    write(author, board)
    assert heard(author) == []


def test_a_follow_of_a_board_one_may_no_longer_see_tells_nothing(voter, author, board):
    listen(voter, Thing.BOARD, board)
    Board.objects.filter(pk=board.pk).update(see=Audience.STAFF)
    post = make_post("For the team", author=author, board=make_board(), at=timezone.now())
    Post.objects.filter(pk=post.pk).update(board=board)
    drain()
    assert heard(voter) == []


def test_a_post_that_was_hidden_before_anybody_heard_is_not_told(voter, author, board, moderator, now):
    listen(voter, Thing.BOARD, board)
    post = make_post("Something new", author=author, board=board, at=now)
    hide_post(post=post, by=moderator, at=now)
    drain()
    assert heard(voter) == []


def test_a_post_that_comes_back_is_not_new_again(voter, author, board, moderator, now):
    listen(voter, Thing.BOARD, board)
    post = write(author, board)
    hide_post(post=post, by=moderator, at=now)
    restore_post(post=Post.objects.get(pk=post.pk), by=moderator, at=timezone.now())
    drain()
    assert heard(voter) == [post.pk]


def test_the_database_knows_that_a_post_is_new_only_once(voter, author, board):
    listen(voter, Thing.BOARD, board)
    write(author, board)
    first = Notice.objects.get(member=voter, kind="post_written")
    other = make_suggestion(author=author, board=board).post
    drain()
    second = Notice.objects.get(member=voter, post=other)
    with pytest.raises(IntegrityError, match="a_post_is_new_once"), transaction.atomic():
        Notice.objects.filter(pk=second.pk).update(post=first.post_id)


def test_nobody_follows_themselves(author, now):
    listen(author, Thing.PERSON, author)
    assert not PersonFollow.objects.exists()
    with pytest.raises(IntegrityError, match="nobody_follows_themselves"), transaction.atomic():
        PersonFollow.objects.create(member=author, person=author)


def test_a_second_follow_is_still_one(voter, board):
    for _ in range(2):
        listen(voter, Thing.BOARD, board)
    with pytest.raises(IntegrityError, match="one_board_follow_per_member"), transaction.atomic():
        BoardFollow.objects.create(member=voter, board=board)


def test_finding_who_follows_takes_three_queries_for_any_crowd(author, board, tag, django_assert_num_queries):
    for _ in range(20):
        listen(make_member(), Thing.BOARD, board)
    posts = [make_post(author=author, board=board, tags=["alarm"]) for _ in range(5)]
    with django_assert_num_queries(3):
        found = seekers_of(posts)
    assert {len(found[post.pk]) for post in posts} == {20}


def test_a_board_with_many_followers_is_told_in_crowds_and_nobody_twice(author, board, monkeypatch, now):
    monkeypatch.setattr("community.telling.CROWD", 3)
    for _ in range(8):
        listen(make_member(), Thing.BOARD, board)
    post = write(author, board)
    assert Notice.objects.filter(post=post, kind="post_written").count() == 8
    again = post.__class__.objects.get(pk=post.pk)
    tell_of_posts(list(Notice.objects.filter(post=again)[:1].get().activity.__class__.objects.filter(subject_id=post.pk)))
    assert Notice.objects.filter(post=post, list=MailList.POSTS).count() == 8
