"""Votes are cast, changed and withdrawn."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from community.models import Activity, Audience, Board, Delivery, Follow
from community.posts import convert_post, delete_post, hide_post
from community.refusals import Conflict, Invalid, NotAllowed
from feedback.models import Need, Status, Suggestion, Vote
from feedback.votes import cast_vote, record_vote_for, withdraw_vote
from tests.factories import make_board, make_bug, make_member, make_post, make_suggestion


def facts(vote):
    keys = Activity.objects.filter(subject_id=vote.suggestion_id, key__startswith="vote_").order_by("pk")
    return [activity.key for activity in keys if activity.key.split(":")[1] == str(vote.pk)]


def test_a_vote_is_one_row_and_one_fact_and_a_follow(voter, suggestion, now):
    vote = cast_vote(member=voter, suggestion=suggestion, at=now)
    assert (vote.need, vote.cast_at, vote.withdrawn_at) == (Need.NICE, now, None)
    assert facts(vote) == [f"vote_cast:{vote.pk}:1"]
    assert Follow.objects.filter(post=suggestion.post, member=voter, muted=False).exists()


def test_the_author_is_the_first_voter_in_the_very_same_transaction(author, suggestion):
    vote = Vote.objects.get(suggestion=suggestion)
    assert vote.member == author
    assert facts(vote) == [f"vote_cast:{vote.pk}:1"]


def test_the_form_may_say_how_much_the_author_needs_it(db):
    must = make_suggestion(extras={"need": "1000"})
    nonsense = make_suggestion(extras={"need": "very much"})
    assert [Vote.objects.get(suggestion=each).need for each in (must, nonsense)] == [Need.MUST, Need.NICE]


def test_casting_the_same_again_changes_nothing(voter, suggestion, now):
    vote = cast_vote(member=voter, suggestion=suggestion, need=Need.MUST, at=now)
    again = cast_vote(member=voter, suggestion=suggestion, need=Need.MUST, at=now)
    without_a_word = cast_vote(member=voter, suggestion=suggestion, at=now)
    assert vote == again == without_a_word
    assert without_a_word.need == Need.MUST
    assert len(facts(vote)) == 1


def test_every_change_of_need_is_a_fact_even_within_one_instant(voter, suggestion, now):
    for need in (Need.NICE, Need.MUST, Need.NICE):
        vote = cast_vote(member=voter, suggestion=suggestion, need=need, at=now)
    assert facts(vote) == [f"vote_cast:{vote.pk}:{number}" for number in (1, 2, 3)]


def test_a_withdrawn_vote_keeps_its_row_and_may_stand_again_from_its_first_day(voter, suggestion, now, hours):
    vote = cast_vote(member=voter, suggestion=suggestion, at=now)
    gone = withdraw_vote(member=voter, suggestion=suggestion, at=now + hours(1))
    assert gone.withdrawn_at == now + hours(1)
    back = cast_vote(member=voter, suggestion=suggestion, at=now + hours(2))
    assert (back.pk, back.withdrawn_at, back.cast_at) == (vote.pk, None, now)
    assert [key.split(":")[0] for key in facts(vote)] == ["vote_cast", "vote_withdrawn", "vote_cast"]


def test_withdrawing_twice_or_nothing_is_no_fact(voter, stranger, suggestion, now):
    vote = cast_vote(member=voter, suggestion=suggestion, at=now)
    withdraw_vote(member=voter, suggestion=suggestion, at=now)
    withdraw_vote(member=voter, suggestion=suggestion, at=now)
    assert withdraw_vote(member=stranger, suggestion=suggestion, at=now) is None
    assert len(facts(vote)) == 2


def test_a_vote_does_not_bring_back_a_muted_follow(voter, suggestion, now):
    Follow.objects.create(post=suggestion.post, member=voter, muted=True)
    cast_vote(member=voter, suggestion=suggestion, at=now)
    assert Follow.objects.get(post=suggestion.post, member=voter).muted


def test_every_vote_is_owed_to_the_score(voter, suggestion, now):
    Delivery.objects.all().delete()
    cast_vote(member=voter, suggestion=suggestion, at=now)
    assert "feedback.score" in Delivery.objects.values_list("listener", flat=True)


def test_a_vote_writes_no_row_that_other_voters_write(voter, suggestion, now):
    with CaptureQueriesContext(connection) as seen:
        cast_vote(member=voter, suggestion=suggestion, need=Need.MUST, at=now)
    written = {query["sql"].split('"')[1] for query in seen if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))}
    assert written <= {"feedback_vote", "community_activity", "community_delivery", "community_follow"}


def test_an_unknown_need_is_refused(voter, suggestion, now):
    with pytest.raises(Invalid):
        cast_vote(member=voter, suggestion=suggestion, need=7, at=now)


def test_a_board_closed_for_votes_refuses_kindly(voter, suggestion, now):
    Board.objects.filter(pk=suggestion.post.board_id).update(vote=Audience.STAFF)
    with pytest.raises(NotAllowed, match="board"):
        cast_vote(member=voter, suggestion=suggestion, at=now)


def test_a_board_one_may_not_see_takes_no_votes(voter, staff, now):
    hidden = make_suggestion(board=make_board(see=Audience.STAFF), author=staff)
    with pytest.raises(NotAllowed):
        cast_vote(member=voter, suggestion=hidden, at=now)


def test_a_member_whose_account_is_closed_cannot_vote(suggestion, now):
    with pytest.raises(NotAllowed):
        cast_vote(member=make_member(closed_at=now), suggestion=suggestion, at=now)


def test_what_has_shipped_takes_no_more_votes_but_lets_them_go(voter, suggestion, now):
    cast_vote(member=voter, suggestion=suggestion, at=now)
    Suggestion.objects.filter(pk=suggestion.pk).update(status=Status.SHIPPED)
    suggestion = Suggestion.objects.get(pk=suggestion.pk)
    with pytest.raises(Conflict, match="shipped"):
        cast_vote(member=make_member(), suggestion=suggestion, at=now)
    assert withdraw_vote(member=voter, suggestion=suggestion, at=now).withdrawn_at == now


@pytest.mark.parametrize("status", [Status.DECLINED, Status.NOT_NOW])
def test_what_was_declined_still_takes_votes_which_may_change_the_decision(voter, suggestion, now, status):
    Suggestion.objects.filter(pk=suggestion.pk).update(status=status)
    vote = cast_vote(member=voter, suggestion=Suggestion.objects.get(pk=suggestion.pk), at=now)
    assert vote.pk


def test_a_duplicate_of_something_shipped_takes_no_votes(voter, suggestion, now):
    shipped = make_suggestion()
    Suggestion.objects.filter(pk=shipped.pk).update(status=Status.SHIPPED)
    Suggestion.objects.filter(pk=suggestion.pk).update(root=shipped)
    with pytest.raises(Conflict):
        cast_vote(member=voter, suggestion=Suggestion.objects.get(pk=suggestion.pk), at=now)


def test_hidden_and_deleted_suggestions_take_no_votes_and_keep_theirs(author, voter, staff, now):
    for change, by in ((hide_post, staff), (delete_post, author)):
        suggestion = make_suggestion(author=author)
        change(post=suggestion.post, by=by, at=now)
        with pytest.raises(Conflict):
            cast_vote(member=voter, suggestion=Suggestion.objects.get(pk=suggestion.pk), at=now)
        assert Vote.objects.counted().filter(suggestion=suggestion).count() == 1


def test_staff_record_a_vote_that_reached_them_by_mail(staff, suggestion, now):
    customer = make_member(claimed_at=None, verified_at=None)
    vote = record_vote_for(staff=staff, member=customer, suggestion=suggestion, need=Need.IMPORTANT, at=now)
    assert (vote.member, vote.recorded_by, vote.need) == (customer, staff, Need.IMPORTANT)
    assert Activity.objects.get(key=facts(vote)[0]).actor == staff


def test_only_staff_record_votes_for_others(voter, stranger, suggestion, now):
    with pytest.raises(NotAllowed):
        record_vote_for(staff=voter, member=stranger, suggestion=suggestion, at=now)


def test_ones_own_word_goes_before_what_staff_wrote_down(staff, voter, suggestion, now):
    cast_vote(member=voter, suggestion=suggestion, need=Need.NICE, at=now)
    with pytest.raises(Conflict, match="Tomasz"):
        record_vote_for(staff=staff, member=voter, suggestion=suggestion, need=Need.MUST, at=now)
    assert Vote.objects.get(suggestion=suggestion, member=voter).need == Need.NICE


def test_a_recorded_vote_becomes_ones_own_when_one_says_how_much(staff, voter, suggestion, now):
    record_vote_for(staff=staff, member=voter, suggestion=suggestion, at=now)
    vote = cast_vote(member=voter, suggestion=suggestion, need=Need.MUST, at=now)
    assert vote.recorded_by is None


class TestJoin:
    """A post of kind suggestion or bug is never without its suggestion."""

    @pytest.mark.parametrize("make", [make_suggestion, make_bug])
    def test_a_written_wish_is_canonical_open_and_listed_so(self, db, make):
        suggestion = make()
        assert suggestion.is_canonical
        assert (suggestion.status, suggestion.post.standing.status) == ("open", "open")

    def test_talk_has_no_suggestion_and_no_status(self, db):
        post = make_post(kind="question")
        assert not Suggestion.objects.filter(post=post).exists()
        assert post.standing.status == ""

    def test_a_question_that_becomes_a_suggestion_has_its_author_as_first_voter(self, author, staff, now):
        post = convert_post(post=make_post(kind="question", author=author), kind="suggestion", by=staff, at=now)
        assert [vote.member for vote in Vote.objects.filter(suggestion_id=post.pk)] == [author]

    def test_a_suggestion_that_was_talk_for_a_while_comes_back_with_status_and_votes(self, suggestion, staff, voter, now):
        cast_vote(member=voter, suggestion=suggestion, at=now)
        Suggestion.objects.filter(pk=suggestion.pk).update(status=Status.PLANNED)
        post = convert_post(post=suggestion.post, kind="discussion", by=staff, at=now)
        assert type(post.standing).objects.get(pk=post.pk).status == ""
        convert_post(post=post, kind="suggestion", by=staff, at=now)
        assert type(post.standing).objects.get(pk=post.pk).status == Status.PLANNED
        assert Vote.objects.filter(suggestion=suggestion).count() == 2

    def test_a_merged_suggestion_is_not_converted_into_talk(self, suggestion, staff, now):
        duplicate = make_suggestion(root=suggestion)
        for each in (suggestion, duplicate):
            with pytest.raises(Conflict, match="merge"):
                convert_post(post=each.post, kind="discussion", by=staff, at=now)
