"""Signs, follows and read marks: after any series of presses they say what the last presses said."""

from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from community.follows import (
    Ear,
    Thing,
    carry_tag_follows,
    ear_of,
    follow_again,
    follow_post,
    follower_ids,
    followers_by_post,
    listen_to,
    unfollow_post,
)
from community.models import Comment, Follow, Reaction, ReadMark, Sign, Tag, TagFollow
from community.reactions import has_reacted, people_by_sign, react, signs_on_comments
from community.read_marks import mark_all_read, news_under, note_read, unread_of
from tests.factories import NOW, make_comment, make_member, make_post

pytestmark = pytest.mark.django_db
laws = settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
presses = st.lists(st.tuples(st.integers(0, 2), st.sampled_from(Sign.values)), max_size=10)
wishes = st.lists(st.sampled_from(["follow", "mute", "none", "again", "by itself"]), max_size=8)
visits = st.lists(st.tuples(st.sampled_from(["speak", "look", "all"]), st.integers(0, 1)), max_size=10)


@pytest.fixture
def post(author, board):
    return make_post("Who else wakes at six?", author=author, board=board)


@pytest.fixture
def people(db):
    return [make_member() for _ in range(3)]


@laws
@given(said=presses)
def test_a_second_press_takes_the_sign_back_and_agreement_is_counted_right(post, people, said):
    Comment.objects.all().delete()
    comment = make_comment(post, author=post.author)
    stands = {one for one, presses in Counter(said).items() if presses % 2}
    for who, sign in said:
        react(member=people[who], sign=sign, comment=comment, at=NOW)
    assert Comment.objects.get().agrees == sum(sign == Sign.AGREE for _who, sign in stands)
    for who, member in enumerate(people):
        assert [one.sign for one in signs_on_comments([comment.pk], member)[comment.pk] if one.mine] == [
            sign for sign in Sign if (who, sign) in stands
        ]
        assert has_reacted(member=member, sign=Sign.THANKS, comment=comment) == ((who, Sign.THANKS) in stands)


@laws
@given(said=presses)
def test_whoever_left_a_sign_is_named_once_under_it(post, people, said):
    Reaction.objects.all().delete()
    for who, sign in said:
        react(member=people[who], sign=sign, post=post, at=NOW)
    stands = {one for one, presses in Counter(said).items() if presses % 2}
    named = {
        (member, signed.sign) for signed, members in people_by_sign(Reaction.objects.filter(post=post)) for member in members
    }
    assert named == {(people[who], Sign(sign)) for who, sign in stands}


@laws
@given(said=wishes)
def test_the_last_word_on_a_post_counts_and_nothing_that_happens_by_itself_unmutes(post, voter, said):
    Follow.objects.filter(member=voter).delete()
    ear = Ear.NONE
    for wish in said:
        if wish == "by itself":
            follow_post(member=voter, post=post, at=NOW)
            ear = ear if ear != Ear.NONE else Ear.FOLLOW
        elif wish == "again":
            follow_again(member=voter, post=post, at=NOW)
            ear = Ear.FOLLOW
        elif wish == "mute":
            unfollow_post(member=voter, post=post, at=NOW)
            ear = Ear.MUTE
        else:
            ear = Ear.FOLLOW if wish == "follow" else Ear.NONE
            listen_to(member=voter, kind=Thing.POST, thing=post, ear=ear, at=NOW)
    assert ear_of(voter, Thing.POST, post) == ear
    assert (voter.pk in follower_ids([post.pk])) == (voter.pk in followers_by_post([post.pk])[post.pk]) == (ear == Ear.FOLLOW)


@laws
@given(said=visits)
def test_unread_is_what_others_said_since_one_looked(post, people, said):
    Comment.objects.all().delete()
    ReadMark.objects.all().delete()
    spoken, seen = [], {}
    for minute, (what, who) in enumerate(said):
        at = NOW + timedelta(minutes=minute)
        if what == "speak":
            spoken.append((make_comment(post, author=people[who], at=at).pk, who))
        elif what == "look":
            note_read(member=people[who], post=post, at=at)
            seen[who] = len(spoken)
        else:
            mark_all_read(member=people[who], at=at)
            seen |= {who: len(spoken)} if who in seen else {}
    for who in (0, 1):
        fresh = [pk for pk, speaker in spoken[seen[who] :] if speaker != who] if who in seen else []
        news = news_under(member=people[who], post=post)
        assert (news.count, news.first) == (len(fresh), fresh[0] if fresh else None)
        assert unread_of(member=people[who], post_ids=[post.pk]).get(post.pk, 0) == len(fresh)


def test_whoever_is_gone_or_asked_for_silence_is_no_follower(post, people, author, now):
    for member in people:
        follow_post(member=member, post=post, at=now)
    unfollow_post(member=people[0], post=post, at=now)
    people[1].is_active = False
    people[1].save()
    assert follower_ids([post.pk]) == sorted([author.pk, people[2].pk])
    assert follower_ids([post.pk], besides=[author.pk]) == [people[2].pk]
    assert followers_by_post([]) == {} and follower_ids([]) == []


def test_what_was_said_about_the_tag_that_stays_outweighs_what_was_said_about_the_one_that_went(people, now):
    went, stays = Tag.objects.create(slug="a", name="A"), Tag.objects.create(slug="b", name="B")
    for member, tag, ear in ((people[0], went, Ear.MUTE), (people[0], stays, Ear.FOLLOW), (people[1], went, Ear.MUTE)):
        listen_to(member=member, kind=Thing.TAG, thing=tag, ear=ear, at=now)
    assert carry_tag_follows(tag_id=went.pk, into_id=stays.pk) == 1
    assert [ear_of(member, Thing.TAG, stays) for member in people] == [Ear.FOLLOW, Ear.MUTE, Ear.NONE]
    assert not TagFollow.objects.filter(tag=went).exists()


def test_a_visitor_listens_to_nothing_and_asking_about_no_comments_costs_nothing(post, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert ear_of(None, Thing.POST, post) == Ear.NONE
        assert signs_on_comments([], None) == {} and unread_of(member=post.author, post_ids=[]) == {}


def test_a_sign_needs_something_to_stand_on(voter, now):
    with pytest.raises(ValueError, match="comment or on a post"):
        react(member=voter, sign=Sign.AGREE, at=now)
