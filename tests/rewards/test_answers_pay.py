"""An accepted answer pays whoever gave it, once, while it stands; never the asker, the team, or an imported profile."""

from datetime import timedelta

import pytest

from community.comments import delete_comment, hide_comment, restore_comment
from community.deliveries import drain
from community.models import ImportBatch, Post
from community.writing.answers import accept_answer, unaccept_answer
from rewards.models import Account
from rewards.rebuild import differences
from tests.factories import NOW, make_comment, make_member, make_post, make_staff

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def question(author, board):
    return make_post("Can I move my eSIM?", author=author, board=board, kind="question")


def accepted(question, by, at=NOW, **comment):
    answer = make_comment(question, **comment)
    accept_answer(comment=answer, by=by, at=at)
    drain()
    return answer


def holds(member):
    drain()
    return {row.currency: row.balance for row in Account.objects.filter(owner_kind="member", owner_id=member.pk, balance__gt=0)}


def test_it_pays_points_and_honour(question, author, voter):
    accepted(question, author, author=voter)
    assert holds(voter) == {"points": 30, "honour": 10} and list(differences()) == []


def test_taking_the_mark_back_takes_them_back_and_giving_it_again_gives_them_again(question, author, voter):
    answer = accepted(question, author, author=voter)
    unaccept_answer(post=question, by=author, at=LATER)
    assert holds(voter) == {}
    accept_answer(comment=answer, by=author, at=LATER + timedelta(hours=1))
    assert holds(voter) == {"points": 30, "honour": 10} and list(differences()) == []


def test_who_takes_the_answer_away_keeps_nothing_for_it(question, author, voter):
    answer = accepted(question, author, author=voter)
    delete_comment(comment=answer, by=voter, at=LATER)
    assert holds(voter) == {} and list(differences()) == []


def test_a_hidden_answer_pays_again_once_it_is_shown_again(question, author, voter, moderator):
    answer = accepted(question, author, author=voter)
    hide_comment(comment=answer, by=moderator, at=LATER)
    assert holds(voter) == {}
    restore_comment(comment=answer, by=moderator, at=LATER + timedelta(hours=1))
    assert holds(voter) == {"points": 30, "honour": 10}


def test_nobody_is_paid_for_answering_themselves(question, author):
    accepted(question, author, author=author)
    assert holds(author) == {}


def test_the_team_is_not_paid(question, author):
    staff = make_staff()
    accepted(question, author, author=staff)
    assert holds(staff) == {}


def test_an_imported_profile_is_not_paid(question, author):
    nobody = make_member(claimed_at=None)
    accepted(question, author, author=nobody)
    assert holds(nobody) == {}


def test_an_imported_question_pays_nobody(question, author, voter):
    Post.objects.filter(pk=question.pk).update(batch=ImportBatch.objects.create(system="github", name="b"))
    accepted(question, author, author=voter)
    assert holds(voter) == {}


def test_a_day_pays_three(author, board, voter):
    for number in range(5):
        post = make_post(f"Question number {number}", author=author, board=board, kind="question")
        accepted(post, author, at=NOW + timedelta(minutes=number), author=voter)
    assert holds(voter) == {"points": 90, "honour": 30} and list(differences()) == []
