"""Members hear of things on the page, and by mail where they want it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from community.activity import record
from community.deliveries import drain
from community.follows import follow_post, unfollow_post
from community.listeners import tell_of_comments
from community.mail_choices import stop_list
from community.models import Activity, Audience, Mailing, MailList, Notice
from community.notice_box import read_all_notices, read_notice
from community.notices import News, tell, tell_many
from community.posts import hide_post
from community.verbs import PostEdited, Verb
from tests.factories import make_board, make_comment, make_member, make_post

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    """Listeners read the clock: what they are to find young must be."""
    return timezone.now()


@pytest.fixture
def post(author, board, now):
    return make_post("Charge limit that learns my alarm", author=author, board=board, at=now)


def fact(post, at, *, actor=None) -> Activity:
    data = PostEdited(board_id=post.board_id, kind=post.kind)
    return record(Verb.POST_EDITED, key=f"fact:{at.isoformat()}", actor=actor, subject=post.pk, data=data, at=at)


def tell_one(activity, members, post, at, **more):
    told = {"mail_list": MailList.STATUS} | more
    return tell_many(
        activity=activity, kind="test", member_ids=[m.pk for m in members], post_id=post.pk, data={}, at=at, **told
    )


def test_followers_hear_of_a_comment_and_its_writer_does_not(post, author, voter, now):
    make_comment(post, author=voter, at=now)
    drain()
    assert list(Notice.objects.values_list("member", "kind")) == [(author.pk, "comment_written")]


def test_who_muted_the_post_hears_nothing(post, author, voter, now):
    unfollow_post(member=author, post=post, at=now)
    make_comment(post, author=voter, at=now)
    drain()
    assert not Notice.objects.exists()


def test_told_twice_is_told_once(post, author, now):
    activity = fact(post, now)
    assert [tell_one(activity, [author], post, now) for _ in range(2)] == [1, 0]
    assert Mailing.objects.get().data["news"] == [[activity.pk, "status"]]


def test_nobody_hears_of_what_they_did_themselves(post, author, now):
    assert tell_one(fact(post, now, actor=author), [author], post, now) == 0


def test_nobody_hears_of_a_post_they_may_not_see(author, voter, now):
    closed = make_board(see=Audience.STAFF, post=Audience.ANYONE)
    closed.see = Audience.ANYONE
    closed.save()
    post = make_post(author=author, board=closed)
    closed.see = Audience.STAFF
    closed.save()
    assert tell_one(fact(post, now), [author, voter], post, now) == 0


def test_a_hidden_post_is_told_to_its_author_alone(post, author, voter, moderator, now):
    hide_post(post=post, by=moderator, at=now)
    assert tell_one(fact(post, now), [author, voter], post, now) == 1


def test_a_closed_account_hears_nothing(post, voter, now):
    voter.closed_at = now
    voter.save()
    assert tell_one(fact(post, now), [voter], post, now) == 0


def test_what_is_a_day_old_makes_a_notice_but_no_mail(post, voter, now):
    tell_one(fact(post, now - timedelta(hours=25)), [voter], post, now)
    assert Notice.objects.filter(read_at=None).count() == 1
    assert not Mailing.objects.exists()


def test_what_is_weeks_old_is_born_read(post, voter, now):
    tell_one(fact(post, now - timedelta(days=20)), [voter], post, now)
    assert not Notice.objects.unread().exists()


def test_no_mail_is_planned_for_who_said_no(post, voter, now):
    stop_list(member=voter, name=MailList.STATUS, at=now)
    tell_one(fact(post, now), [voter], post, now)
    assert Notice.objects.exists()
    assert not Mailing.objects.exists()


@pytest.mark.parametrize("missing", [{"verified_at": None}, {"claimed_at": None}, {"email": None}])
def test_no_mail_is_planned_for_an_address_that_is_not_theirs(post, now, missing):
    tell_one(fact(post, now), [make_member(**missing)], post, now)
    assert Notice.objects.exists()
    assert not Mailing.objects.exists()


def test_a_crowd_costs_as_many_queries_as_two(post, now, django_assert_num_queries):
    for at, crowd in ((now, 2), (now + timedelta(seconds=1), 20)):
        members, activity = [make_member() for _ in range(crowd)], fact(post, at)
        with django_assert_num_queries(13):
            tell_one(activity, members, post, now)


def test_a_batch_of_comments_costs_as_many_queries_as_two(author, board, now, django_assert_num_queries):
    for count in (2, 20):
        for _ in range(count):
            make_comment(make_post(author=author, board=board, at=now), at=now)
        activities = Activity.objects.filter(verb=Verb.COMMENT_WRITTEN).order_by("-pk")[:count]
        with django_assert_num_queries(18):
            tell_of_comments(activities)
    assert Notice.objects.filter(member=author).count() == 22


def test_reading_a_notice_of_somebody_else_does_nothing(post, author, voter, now):
    tell_one(fact(post, now), [author], post, now)
    assert read_notice(member=voter, notice_id=Notice.objects.get().pk, at=now) is None
    assert Notice.objects.unread().exists()


def test_reading_all_leaves_what_came_later_unread(post, author, now):
    tell_one(fact(post, now), [author], post, now)
    tell_one(fact(post, now + timedelta(minutes=1)), [author], post, now)
    assert read_all_notices(member=author, at=now) == 1
    assert Notice.objects.unread().count() == 1


def test_one_batch_of_news_may_speak_of_many_posts(author, voter, board, now):
    posts = [make_post(author=author, board=board, at=now) for _ in range(3)]
    for post in posts:
        follow_post(member=voter, post=post, at=now)
    news = [
        News(fact(post, now + timedelta(seconds=n)), "test", [voter.pk], post.pk, mail_list=MailList.STATUS)
        for n, post in enumerate(posts)
    ]
    assert tell(news, at=now) == 3
    assert Mailing.objects.count() == 3
