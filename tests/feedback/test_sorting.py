"""Helping to sort: who is dealt what, and what an answer does."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from community.deliveries import drain
from community.models import Activity, Audience, Board, Standing
from community.refusals import Invalid, NotAllowed
from feedback.judgements import answer_card, counts_of, judge, share_not_for_me, take_back_answer
from feedback.merges import merge_suggestions
from feedback.models import Judgement, Suggestion, Verdict, Vote
from feedback.sorting import SKIPPED_FOR, dealt_to
from feedback.votes import withdraw_vote
from tests.factories import NOW, make_member, make_staff, make_suggestion, make_team_board, make_vote

pytestmark = pytest.mark.django_db


def dealt(viewer, *, at=NOW, **more) -> set[int]:
    drain()
    return {row.post_id for row in dealt_to(viewer, seed="s", at=at, count=50, **more)}


@pytest.fixture
def wishes(author, board):
    return [make_suggestion(f"Wish {number}", author=author, board=board) for number in range(3)]


def test_a_member_is_dealt_what_they_have_not_decided_about(wishes, voter):
    first, second, third = wishes
    make_vote(first, voter)
    answer_card(member=voter, suggestion=second, say="pass", at=NOW)
    assert dealt(voter) == {third.pk}


def test_nobody_is_dealt_their_own(wishes, author):
    assert dealt(author) == set()


def test_a_vote_for_a_duplicate_has_decided_about_its_canonical(wishes, voter, staff, now):
    make_vote(wishes[0], voter)
    merge_suggestions(duplicate=wishes[0], into=wishes[1], by=staff, at=now)
    assert dealt(voter) == {wishes[2].pk}


def test_only_undecided_ones_are_dealt(wishes, voter):
    Standing.objects.filter(pk=wishes[0].pk).update(status="planned")
    Standing.objects.filter(pk=wishes[1].pk).update(status="under-review")
    assert dealt(voter) == {wishes[1].pk, wishes[2].pk}


def test_what_one_may_not_see_or_vote_for_is_not_dealt(wishes, voter, staff):
    secret = make_suggestion("Behind the door", author=staff, board=make_team_board())
    assert secret.pk not in dealt(voter)
    Board.objects.filter(pk=wishes[0].post.board_id).update(vote=Audience.STAFF)
    assert dealt(voter) == dealt(None) == set()


def test_what_was_skipped_comes_again_after_a_while(wishes, voter):
    answer_card(member=voter, suggestion=wishes[0], say="skip", at=NOW)
    assert wishes[0].pk not in dealt(voter, at=NOW + SKIPPED_FOR - timedelta(hours=1))
    assert wishes[0].pk in dealt(voter, at=NOW + SKIPPED_FOR + timedelta(hours=1))


def test_a_visitor_is_not_dealt_what_they_answered_in_this_session(wishes):
    assert dealt(None, answered=[wishes[0].pk]) == {wishes[1].pk, wishes[2].pk}


def test_the_one_taken_back_lies_on_top(wishes, voter):
    drain()
    for wish in wishes:
        assert dealt_to(voter, seed="s", at=NOW, first=wish.pk)[0].post_id == wish.pk
    assert dealt_to(voter, seed="s", at=NOW, first=999_999)[0].post_id in {wish.pk for wish in wishes}


def test_wanting_it_is_a_vote(wishes, voter):
    answer_card(member=voter, suggestion=wishes[0], say="want", at=NOW)
    assert Vote.objects.standing().filter(suggestion=wishes[0], member=voter).exists()
    assert not Judgement.objects.exists()


def test_passing_changes_no_figure_of_the_suggestion(wishes, voter):
    drain()
    before = Standing.objects.filter(pk=wishes[0].pk).values().get()
    answer_card(member=voter, suggestion=wishes[0], say="pass", at=NOW)
    drain()
    assert Standing.objects.filter(pk=wishes[0].pk).values().get() == before


def test_an_unknown_answer_is_refused(wishes, voter):
    with pytest.raises(Invalid):
        answer_card(member=voter, suggestion=wishes[0], say="burn", at=NOW)


def test_whoever_may_not_vote_may_not_judge(wishes):
    with pytest.raises(NotAllowed):
        judge(member=make_member(is_active=False), suggestion=wishes[0], verdict=Verdict.PASSED, at=NOW)


def test_the_last_word_of_a_member_stands_and_there_is_only_one(wishes, voter):
    for verdict in (Verdict.SKIPPED, Verdict.PASSED, Verdict.PASSED):
        judge(member=voter, suggestion=wishes[0], verdict=verdict, at=NOW)
    assert Judgement.objects.get().verdict == Verdict.PASSED
    with pytest.raises(IntegrityError), transaction.atomic():
        Judgement.objects.create(member=voter, suggestion=wishes[0], verdict="skipped")


@pytest.mark.parametrize("say", ["want", "pass", "skip"])
def test_taking_it_back_is_as_if_nothing_had_been_said(wishes, voter, say):
    before = dealt(voter)
    answer_card(member=voter, suggestion=wishes[0], say=say, at=NOW)
    take_back_answer(member=voter, suggestion=wishes[0], at=NOW + timedelta(minutes=1))
    assert dealt(voter) == before
    assert not Judgement.objects.exists() and not Vote.objects.standing().filter(member=voter).exists()


def test_taking_back_what_was_never_said_changes_nothing(wishes, voter):
    take_back_answer(member=voter, suggestion=wishes[0], at=NOW)
    assert not Vote.objects.filter(member=voter).exists()


def test_passing_and_taking_it_back_are_on_record_and_skipping_is_not(wishes, voter):
    for minute, say in enumerate(("skip", "pass")):
        answer_card(member=voter, suggestion=wishes[0], say=say, at=NOW + timedelta(minutes=minute))
    take_back_answer(member=voter, suggestion=wishes[0], at=NOW + timedelta(minutes=5))
    told = Activity.objects.filter(verb="suggestion_passed").order_by("pk").values_list("data__taken_back", flat=True)
    assert list(told) == [False, True]


def test_a_vote_outranks_what_was_passed_before(wishes, voter):
    judge(member=voter, suggestion=wishes[0], verdict=Verdict.PASSED, at=NOW)
    assert counts_of([wishes[0].pk]) == {wishes[0].pk: (1, 0)}
    make_vote(wishes[0], voter)
    assert counts_of([wishes[0].pk]) == {}
    withdraw_vote(member=voter, suggestion=wishes[0], at=NOW)
    assert counts_of([wishes[0].pk]) == {wishes[0].pk: (1, 0)}


def test_staff_read_the_share_that_did_not_want_it(wishes, voter):
    make_vote(wishes[0], make_member())
    make_vote(wishes[0], make_staff())
    judge(member=voter, suggestion=wishes[0], verdict=Verdict.PASSED, at=NOW)
    judge(member=make_member(), suggestion=wishes[0], verdict=Verdict.SKIPPED, at=NOW)
    # Its author and one more want it; staff and those who skipped are not counted.
    assert share_not_for_me(Suggestion.objects.get(pk=wishes[0].pk)) == (1, 3)


def test_dealing_costs_the_same_at_two_and_at_twenty(voter, author, board, django_assert_max_num_queries):
    counts = []
    for rows in (2, 18):
        for number in range(rows):
            make_suggestion(f"Wish {rows} {number}", author=author, board=board, tags=["one"])
        drain()
        with django_assert_max_num_queries(8) as seen:
            assert len(dealt_to(voter, seed="s", at=NOW)) == 2
        counts.append(len(seen.captured_queries))
    assert counts[0] == counts[1]
