"""Signs on posts and comments."""

import pytest
from django.db import IntegrityError, transaction

from community.comments import delete_comment
from community.deliveries import drain
from community.models import Activity, Comment, Notice, Reaction, Sign
from community.notice_words import Words
from community.reactions import has_reacted, people_by_sign, react, signs_on_comments, signs_on_post
from community.refusals import Invalid, NotAllowed
from community.verbs import Verb
from tests.factories import NOW, make_comment, make_member, make_post

pytestmark = pytest.mark.django_db


@pytest.fixture
def post(author, board):
    return make_post("Who else wakes at six?", author=author, board=board)


@pytest.fixture
def comment(post, author):
    return make_comment(post, "I do.", author=author)


def counts(signs) -> dict:
    return {one.sign.value: (one.count, one.mine) for one in signs if one.count}


def test_a_sign_stands_until_it_is_left_again(comment, voter):
    assert react(member=voter, sign="thanks", at=NOW, comment=comment)
    assert has_reacted(member=voter, sign="thanks", comment=comment)
    assert not react(member=voter, sign="thanks", at=NOW, comment=comment)
    assert not Reaction.objects.exists()


def test_one_may_leave_several_signs_but_each_once(post, voter, stranger):
    for member, sign in ((voter, "agree"), (voter, "delighted"), (stranger, "agree")):
        react(member=member, sign=sign, at=NOW, post=post)
    assert counts(signs_on_post(post, voter)) == {"agree": (2, True), "delighted": (1, True)}
    assert counts(signs_on_post(post, stranger)) == {"agree": (2, True), "delighted": (1, False)}
    assert counts(signs_on_post(post, None)) == {"agree": (2, False), "delighted": (1, False)}


def test_only_agreement_lifts_a_comment(comment, voter, stranger):
    react(member=voter, sign="agree", at=NOW, comment=comment)
    react(member=stranger, sign="puzzled", at=NOW, comment=comment)
    assert Comment.objects.get(pk=comment.pk).agrees == 1
    react(member=voter, sign="agree", at=NOW, comment=comment)
    assert Comment.objects.get(pk=comment.pk).agrees == 0


def test_a_sign_nobody_knows_is_refused(comment, voter):
    with pytest.raises(Invalid):
        react(member=voter, sign="angry", at=NOW, comment=comment)


def test_a_closed_account_leaves_no_sign(comment, voter):
    voter.closed_at = NOW
    with pytest.raises(NotAllowed):
        react(member=voter, sign="agree", at=NOW, comment=comment)


def test_the_database_keeps_a_sign_on_one_thing(post, comment, voter):
    for on in ({}, {"post": post, "comment": comment}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Reaction.objects.create(member=voter, sign="agree", **on)
    with pytest.raises(IntegrityError), transaction.atomic():
        Reaction.objects.bulk_create([Reaction(member=voter, sign="agree", post=post) for _twice in range(2)])


def test_the_signs_of_many_comments_cost_one_query(post, voter, django_assert_num_queries):
    comments = [make_comment(post, f"Comment {number}") for number in range(5)]
    for comment in comments:
        react(member=voter, sign="agree", at=NOW, comment=comment)
    with django_assert_num_queries(1):
        found = signs_on_comments([comment.pk for comment in comments], voter)
    assert [found[comment.pk][0].mine for comment in comments] == [True] * 5
    assert signs_on_comments([], voter) == {}


def test_who_left_which_sign_is_told_in_the_order_of_signs(post, voter, stranger):
    react(member=stranger, sign="delighted", at=NOW, post=post)
    react(member=voter, sign="thanks", at=NOW, post=post)
    told = people_by_sign(Reaction.objects.filter(post=post))
    assert [(one.sign, one.count, list(people)) for one, people in told] == [
        (Sign.THANKS, 1, [voter]),
        (Sign.DELIGHTED, 1, [stranger]),
    ]


def test_a_days_signs_are_one_fact(comment, voter, stranger, hours):
    for member in (voter, stranger):
        react(member=member, sign="thanks", at=NOW, comment=comment)
    assert Activity.objects.filter(verb=Verb.REACTION_GIVEN).count() == 1
    react(member=voter, sign="delighted", at=NOW + hours(24), comment=comment)
    assert Activity.objects.filter(verb=Verb.REACTION_GIVEN).count() == 2


def test_a_sign_on_ones_own_words_is_no_news(comment, author):
    react(member=author, sign="agree", at=NOW, comment=comment)
    assert not Activity.objects.filter(verb=Verb.REACTION_GIVEN).exists()


def sentence_for(member) -> str | None:
    notices = Notice.objects.filter(member=member, kind="reaction_given").select_related("member", "post__board")
    [notice] = notices
    wording = Words([notice]).of(notice)
    return wording.sentence if wording else None


def test_the_author_hears_once_of_all_the_days_signs(comment, author, voter, stranger):
    for member in (voter, stranger, make_member()):
        react(member=member, sign="agree", at=NOW, comment=comment)
    react(member=voter, sign="thanks", at=NOW, comment=comment)
    drain()
    assert sentence_for(author) == "Tomasz Wilk and 2 others left a sign on your comment under “Who else wakes at six?”"


def test_a_sign_on_a_post_is_told_with_the_post(post, author, voter):
    react(member=voter, sign="delighted", at=NOW, post=post)
    drain()
    assert sentence_for(author) == "Tomasz Wilk left a sign on your post “Who else wakes at six?”"


def test_what_was_taken_back_is_not_told(comment, author, voter):
    react(member=voter, sign="agree", at=NOW, comment=comment)
    drain()
    react(member=voter, sign="agree", at=NOW, comment=comment)
    assert sentence_for(author) is None


def test_nobody_hears_of_signs_on_what_is_gone(comment, author, voter):
    react(member=voter, sign="agree", at=NOW, comment=comment)
    delete_comment(comment=comment, by=author, at=NOW)
    drain()
    assert not Notice.objects.filter(kind="reaction_given").exists()
