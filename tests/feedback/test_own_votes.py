"""How a count looks to its own voter while workers have not come yet."""

import pytest
from django.contrib.auth.models import AnonymousUser

from community.deliveries import drain
from community.models import Standing
from feedback.merges import merge_suggestions
from feedback.own_votes import OwnVotes, own_votes, votes_in_cluster
from feedback.votes import withdraw_vote
from tests.factories import NOW, make_staff, make_suggestion, make_vote


@pytest.mark.parametrize(
    ("voted", "counted", "counts", "shown"),
    [
        (False, False, True, 7),  # a bystander
        (True, False, True, 8),  # just cast
        (True, True, True, 7),  # cast and counted
        (False, True, True, 6),  # just withdrawn
        (True, False, False, 7),  # staff never count
    ],
)
def test_ones_own_press_is_in_the_number_at_once_and_only_once(voted, counted, counts, shown):
    mine = OwnVotes({5: 0} if voted else {}, frozenset({5} if counted else ()), counts)
    assert mine.shown(5, 7) == shown


def test_a_number_is_never_below_nothing():
    assert OwnVotes({}, frozenset({5})).shown(5, 0) == 0


@pytest.mark.django_db
def test_a_visitor_has_no_votes_and_costs_no_query(suggestion, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert own_votes(AnonymousUser(), [suggestion.pk]) == OwnVotes()
        assert own_votes(None, [suggestion.pk]) == OwnVotes()


@pytest.mark.django_db
def test_many_rows_cost_two_queries(voter, board, django_assert_num_queries):
    wishes = [make_suggestion(f"Wish {number}", board=board) for number in range(6)]
    with django_assert_num_queries(2):
        own_votes(voter, [wish.pk for wish in wishes])


@pytest.mark.django_db
def test_the_number_is_right_before_and_after_workers(voter, suggestion):
    drain()

    def shown() -> int:
        return own_votes(voter, [suggestion.pk]).shown(suggestion.pk, Standing.objects.get(post=suggestion.pk).votes)

    assert shown() == 1
    make_vote(suggestion, voter)
    assert shown() == 2
    drain()
    assert shown() == 2
    withdraw_vote(member=voter, suggestion=suggestion, at=NOW)
    assert shown() == 1
    drain()
    assert shown() == 1


@pytest.mark.django_db
def test_staff_see_the_number_everybody_sees(suggestion):
    staff = make_staff()
    make_vote(suggestion, staff)
    drain()
    assert own_votes(staff, [suggestion.pk]).shown(suggestion.pk, 1) == 1


@pytest.mark.django_db
def test_a_vote_for_a_duplicate_stands_for_the_canonical(voter, staff, suggestion, board):
    other = make_suggestion("Stop at four fifths", board=board)
    make_vote(other, voter, need=500)
    merge_suggestions(duplicate=other, into=suggestion, by=staff, at=NOW)
    suggestion.refresh_from_db()
    assert own_votes(voter, [suggestion.pk]).needs[suggestion.pk] == 500
    assert [vote.suggestion_id for vote in votes_in_cluster(voter, suggestion)] == [other.pk]


@pytest.mark.django_db
def test_the_strongest_need_in_the_cluster_is_shown(voter, staff, suggestion, board):
    other = make_suggestion("Stop at four fifths", board=board)
    make_vote(other, voter, need=1000)
    make_vote(suggestion, voter, need=0)
    merge_suggestions(duplicate=other, into=suggestion, by=staff, at=NOW)
    assert own_votes(voter, [suggestion.pk]).needs[suggestion.pk] == 1000
