"""Muting beats following: on the page, and once more when the mail goes out."""

import pytest
from django.utils import timezone

from community.activity import record
from community.blocks import block_member
from community.follows import Ear, Thing, follow_post, listen_to
from community.models import Activity, MailedAs, MailList, Notice
from community.notices import News, tell
from community.silence import Silence
from community.verbs import PostEdited, Verb
from tests.factories import make_post

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def post(author, board, now):
    return make_post("Charge limit", author=author, board=board, at=now)


@pytest.fixture
def news(post, voter, now):
    """Something Tomasz did, told to whoever is named, on any list."""

    def make(member, mail_list, kind="test"):
        data = PostEdited(board_id=post.board_id, kind=post.kind)
        fact = record(Verb.POST_EDITED, key=f"fact:{mail_list}:{kind}", actor=voter, subject=post.pk, data=data, at=now)
        return tell([News(fact, kind, [member.pk], post.pk, mail_list=mail_list)], at=now)

    return make


def mute(member, kind, thing, now):
    listen_to(member=member, kind=kind, thing=thing, ear=Ear.MUTE, at=now)


THROUGH = {MailList.MENTIONS, MailList.GATHERINGS, MailList.CARE}


@pytest.mark.parametrize("mail_list", [name for name in MailList if name != MailList.DIGEST])
def test_a_muted_thread_is_silent_but_for_ones_own_name_and_affairs(news, post, author, now, mail_list):
    mute(author, Thing.POST, post, now)
    assert news(author, mail_list) == (1 if mail_list in THROUGH else 0)


SAID = {MailList.COMMENTS, MailList.MENTIONS, MailList.POSTS, MailList.REACTIONS}


@pytest.mark.parametrize("mail_list", [name for name in MailList if name != MailList.DIGEST])
@pytest.mark.parametrize("how", ["mute", "block"])
def test_of_a_muted_or_blocked_person_one_hears_what_they_decide_and_not_what_they_say(
    news, author, voter, now, mail_list, how
):
    if how == "mute":
        mute(author, Thing.PERSON, voter, now)
    else:
        block_member(member=author, other=voter, at=now)
    assert news(author, mail_list) == (0 if mail_list in SAID else 1)


@pytest.mark.parametrize(("mail_list", "told"), [(MailList.POSTS, 0), (MailList.COMMENTS, 1), (MailList.STATUS, 1)])
def test_a_muted_board_brings_nothing_new_and_keeps_what_one_follows_there(news, author, board, now, mail_list, told):
    mute(author, Thing.BOARD, board, now)
    assert news(author, mail_list) == told


def test_following_again_speaks_again(news, post, author, now):
    mute(author, Thing.POST, post, now)
    listen_to(member=author, kind=Thing.POST, thing=post, ear=Ear.FOLLOW, at=now)
    assert news(author, MailList.COMMENTS) == 1


def test_what_follows_by_itself_does_not_unmute(news, post, author, now):
    mute(author, Thing.POST, post, now)
    follow_post(member=author, post=post, at=now)
    assert news(author, MailList.COMMENTS) == 0


def test_being_named_outweighs_following_whichever_was_told_first(news, author):
    """Both orders: two listeners may come to the same comment in any."""
    assert [news(author, MailList.COMMENTS, "a"), news(author, MailList.MENTIONS, "b")] == [1, 1]
    fact = Activity.objects.get(key="fact:comments:a")
    tell([News(fact, "mentioned", [author.pk], fact.subject_id, mail_list=MailList.MENTIONS)], at=timezone.now())
    tell([News(fact, "again", [author.pk], fact.subject_id, mail_list=MailList.COMMENTS)], at=timezone.now())
    notice = Notice.objects.get(activity=fact)
    assert (notice.kind, notice.list, notice.mailed_as) == ("mentioned", "mentions", MailedAs.NOW)


def test_silence_asks_only_for_what_is_asked(post, author, voter, django_assert_num_queries):
    with django_assert_num_queries(1):
        silence = Silence(member_ids=[author.pk], posts=[post], actor_ids=[voter.pk])
        assert not silence.covers(author.pk, post=post, actor_id=voter.pk, mail_list=MailList.STATUS)
