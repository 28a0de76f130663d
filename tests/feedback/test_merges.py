"""Merging and un-merging: who may, what is refused, what the lists then say."""

import pytest

from community.models import Activity, Audience, Standing
from community.posts import convert_post, delete_post, hide_post, move_post, restore_post
from community.refusals import Conflict, Invalid, NotAllowed
from feedback.merges import (
    decide_proposal,
    merge_suggestions,
    preview_merge,
    propose_merge,
    shows_to_all_of,
    unmerge_suggestion,
)
from feedback.models import Merge, MergeProposal, Suggestion, Vote
from feedback.triage import change_status
from tests.factories import make_board, make_member, make_moderator, make_staff, make_suggestion, make_vote

pytestmark = pytest.mark.django_db


@pytest.fixture
def other(board, now):
    return make_suggestion("Stop charging at four fifths", board=board, at=now)


@pytest.fixture
def third(board, now):
    return make_suggestion("充电保护要看我的闹钟", board=board, at=now)


def root_of(suggestion):
    return Suggestion.objects.get(pk=suggestion.pk).root_id


def standing_of(suggestion):
    return Standing.objects.get(pk=suggestion.pk)


def test_the_canonical_is_the_root_of_both(suggestion, other, staff, now):
    merge = merge_suggestions(duplicate=other, into=suggestion, by=staff, at=now)
    assert (root_of(other), root_of(suggestion)) == (suggestion.pk, suggestion.pk)
    assert (merge.duplicate, merge.into, merge.by, merge.at, merge.undone_at) == (other, suggestion, staff, now, None)


def test_the_duplicate_leaves_the_lists_and_its_canonical_says_how_many(suggestion, other, third, staff, now):
    merge_suggestions(duplicate=other, into=suggestion, by=staff, at=now)
    merge_suggestions(duplicate=third, into=suggestion, by=staff, at=now)
    assert list(Standing.objects.listed().values_list("pk", "merged")) == [(suggestion.pk, 2)]
    assert standing_of(other).folded_into_id == suggestion.pk


def test_a_chain_ends_at_its_root(suggestion, other, third, staff, now):
    merge_suggestions(duplicate=third, into=other, by=staff, at=now)
    merge_suggestions(duplicate=other, into=suggestion, by=staff, at=now)
    assert {root_of(one) for one in (suggestion, other, third)} == {suggestion.pk}


def test_merging_into_a_duplicate_joins_its_cluster(suggestion, other, third, staff, now):
    merge_suggestions(duplicate=other, into=suggestion, by=staff, at=now)
    merge = merge_suggestions(duplicate=third, into=other, by=staff, at=now)
    assert (merge.into_id, root_of(third)) == (other.pk, suggestion.pk)


def test_undoing_an_edge_takes_its_subtree_along(suggestion, other, third, staff, now):
    merge_suggestions(duplicate=third, into=other, by=staff, at=now)
    merge_suggestions(duplicate=other, into=suggestion, by=staff, at=now)
    unmerge_suggestion(duplicate=other, by=staff, at=now)
    assert [root_of(one) for one in (suggestion, other, third)] == [suggestion.pk, other.pk, other.pk]
    assert [standing_of(one).merged for one in (suggestion, other, third)] == [0, 1, 0]


def test_undoing_keeps_the_edge_as_history(suggestion, other, staff, now):
    merge_suggestions(duplicate=other, into=suggestion, by=staff, at=now)
    unmerge_suggestion(duplicate=other, by=staff, at=now)
    assert Merge.objects.values_list("undone_at", "undone_by").get() == (now, staff.pk)


def test_what_was_parted_can_be_merged_again(suggestion, other, staff, now):
    for _time in range(2):
        merge_suggestions(duplicate=other, into=suggestion, by=staff, at=now)
        unmerge_suggestion(duplicate=other, by=staff, at=now)
    assert (Merge.objects.count(), root_of(other)) == (2, other.pk)


def test_a_parted_duplicate_has_its_own_status_and_answer_again(suggestion, other, staff, now):
    change_status(suggestion=other, to="under-review", by=staff, at=now, answer="Looking.")
    merge_suggestions(duplicate=other, into=suggestion, by=staff, at=now)
    assert (standing_of(other).status, standing_of(other).answered) == ("open", False)
    unmerge_suggestion(duplicate=other, by=staff, at=now)
    assert (standing_of(other).status, standing_of(other).answered) == ("under-review", True)


def test_votes_stay_where_they_were_given(suggestion, other, voter, staff, now):
    make_vote(other, voter)
    before = list(Vote.objects.order_by("pk").values())
    merge_suggestions(duplicate=other, into=suggestion, by=staff, at=now)
    unmerge_suggestion(duplicate=other, by=staff, at=now)
    assert list(Vote.objects.order_by("pk").values()) == before


def test_both_facts_name_the_edge_and_the_root(suggestion, other, third, staff, now):
    merge_suggestions(duplicate=other, into=suggestion, by=staff, at=now)
    edge = merge_suggestions(duplicate=third, into=other, by=staff, at=now)
    unmerge_suggestion(duplicate=third, by=staff, at=now)
    merged, unmerged = (
        Activity.objects.filter(subject_id=third.pk, verb=f"suggestion_{verb}").get() for verb in ("merged", "unmerged")
    )
    named = {"merge_id": edge.pk, "into_id": other.pk, "root_id": suggestion.pk}
    assert (merged.data, unmerged.data) == (named | {"proposed_by_id": None}, named)


def test_nothing_is_merged_into_itself(suggestion, staff, now):
    with pytest.raises(Conflict, match="itself"):
        merge_suggestions(duplicate=suggestion, into=suggestion, by=staff, at=now)


def test_a_ring_is_refused(suggestion, other, third, staff, now):
    merge_suggestions(duplicate=third, into=other, by=staff, at=now)
    merge_suggestions(duplicate=other, into=suggestion, by=staff, at=now)
    with pytest.raises(Conflict, match="Undo that first"):
        merge_suggestions(duplicate=suggestion, into=third, by=staff, at=now)


def test_a_duplicate_has_one_canonical(suggestion, other, third, staff, now):
    merge_suggestions(duplicate=other, into=suggestion, by=staff, at=now)
    with pytest.raises(Conflict, match="already"):
        merge_suggestions(duplicate=other, into=third, by=staff, at=now)


def test_what_is_not_merged_cannot_be_parted(suggestion, staff, now):
    with pytest.raises(Conflict):
        unmerge_suggestion(duplicate=suggestion, by=staff, at=now)


@pytest.mark.parametrize("act", [merge_suggestions, unmerge_suggestion])
def test_members_do_not_merge(suggestion, other, author, now, act):
    extra = {"into": suggestion} if act is merge_suggestions else {}
    with pytest.raises(NotAllowed):
        act(duplicate=other, by=author, at=now, **extra)


def test_a_canonical_that_some_may_not_see_is_refused(suggestion, staff, now):
    hidden = make_suggestion("Team only", board=make_board(see=Audience.STAFF), author=make_staff("Jun Park"))
    with pytest.raises(Conflict) as refused:
        merge_suggestions(duplicate=suggestion, into=hidden, by=staff, at=now)
    assert refused.value.code == "not-visible"
    assert merge_suggestions(duplicate=hidden, into=suggestion, by=staff, at=now).pk


AUDIENCES = [Audience.ANYONE, Audience.MEMBERS, Audience.MODERATORS, Audience.STAFF, Audience.NOBODY]


@pytest.mark.parametrize("narrow", range(5))
@pytest.mark.parametrize("wide", range(5))
def test_a_board_shows_to_all_of_a_narrower_one(wide, narrow):
    boards = make_board(see=AUDIENCES[wide]), make_board(see=AUDIENCES[narrow])
    # Without moderators of its own, a moderators' board is the team's.
    width = {0: 0, 1: 1, 2: 2, 3: 2, 4: 4}
    assert shows_to_all_of(*boards) == (width[wide] <= width[narrow])


def test_moderators_boards_show_to_each_other_where_their_moderators_do(db):
    one, two = make_board(see=Audience.MODERATORS), make_board(see=Audience.MODERATORS)
    make_moderator(board=one)
    assert (shows_to_all_of(one, two), shows_to_all_of(two, one)) == (True, False)


def test_what_is_not_published_is_not_merged(suggestion, other, staff, now):
    hide_post(post=suggestion.post, by=staff, at=now)
    with pytest.raises(Conflict, match="published"):
        merge_suggestions(duplicate=other, into=suggestion, by=staff, at=now)


def test_a_question_is_not_merged(suggestion, other, staff, now):
    convert_post(post=other.post, kind="question", by=staff, at=now)
    with pytest.raises(Conflict, match="bugs"):
        merge_suggestions(duplicate=other, into=suggestion, by=staff, at=now)


def test_a_merged_suggestion_does_not_become_a_question(suggestion, other, staff, now):
    merge_suggestions(duplicate=other, into=suggestion, by=staff, at=now)
    for one in (suggestion, other):
        with pytest.raises(Conflict):
            convert_post(post=one.post, kind="question", by=staff, at=now)


def test_a_converted_duplicate_still_shows_its_roots_status(suggestion, other, staff, now):
    merge_suggestions(duplicate=other, into=suggestion, by=staff, at=now)
    change_status(suggestion=suggestion, to="planned", by=staff, at=now)
    convert_post(post=other.post, kind="bug", by=staff, at=now)
    assert standing_of(other).status == "planned"


def test_a_canonical_is_not_moved_out_of_sight(suggestion, other, staff, now):
    merge_suggestions(duplicate=other, into=suggestion, by=staff, at=now)
    with pytest.raises(Conflict):
        move_post(post=suggestion.post, board=make_board(see=Audience.STAFF), by=staff, at=now)
    assert move_post(post=suggestion.post, board=make_board(), by=staff, at=now).pk


@pytest.mark.parametrize("act", [hide_post, delete_post])
def test_a_canonical_that_goes_sets_its_duplicates_free(suggestion, other, third, staff, now, act):
    merge_suggestions(duplicate=third, into=other, by=staff, at=now)
    merge_suggestions(duplicate=other, into=suggestion, by=staff, at=now)
    act(post=suggestion.post, by=staff, at=now)
    assert [root_of(one) for one in (suggestion, other, third)] == [suggestion.pk, other.pk, other.pk]
    assert other.pk in Standing.objects.visible_to(None).listed().values_list("pk", flat=True)


def test_an_author_may_delete_a_canonical_and_nobody_elses_wish_goes_with_it(suggestion, other, author, staff, now):
    merge_suggestions(duplicate=other, into=suggestion, by=staff, at=now)
    delete_post(post=suggestion.post, by=author, at=now)
    assert standing_of(other).folded_into_id is None


def test_a_hidden_duplicate_is_counted_no_more_until_it_is_back(suggestion, other, staff, now):
    merge_suggestions(duplicate=other, into=suggestion, by=staff, at=now)
    hide_post(post=other.post, by=staff, at=now)
    assert standing_of(suggestion).merged == 0
    restore_post(post=other.post, by=staff, at=now)
    assert standing_of(suggestion).merged == 1


def test_the_preview_counts_each_person_once(suggestion, other, author, voter, staff, now):
    make_vote(other, author)
    make_vote(other, voter)
    preview = preview_merge(duplicate=other, into=suggestion)
    # Mara voted for both; the other author and Tomasz are new.
    assert (preview.votes_before, preview.votes_after, preview.votes_gained, preview.told) == (1, 3, 2, 3)
    assert (preview.root, preview.refusal) == (suggestion, "")
    merge_suggestions(duplicate=other, into=suggestion, by=staff, at=now)


def test_the_preview_of_a_refused_merge_says_why(suggestion):
    assert "itself" in preview_merge(duplicate=suggestion, into=suggestion).refusal


def test_members_propose_and_staff_accept(suggestion, other, voter, staff, now):
    proposal = propose_merge(duplicate=other, into=suggestion, by=voter, at=now, evidence="Both want the alarm.")
    decide_proposal(proposal=proposal, accept=True, by=staff, at=now)
    proposal.refresh_from_db()
    assert (proposal.state, proposal.decided_by, root_of(other)) == ("accepted", staff, suggestion.pk)
    assert Merge.objects.get().proposed_by == voter
    assert Activity.objects.get(verb="suggestion_merged").data["proposed_by_id"] == voter.pk


def test_staff_may_accept_the_other_way_round(suggestion, other, voter, staff, now):
    proposal = propose_merge(duplicate=other, into=suggestion, by=voter, at=now)
    decide_proposal(proposal=proposal, accept=True, swap=True, by=staff, at=now)
    assert (root_of(suggestion), Merge.objects.get().proposed_by) == (other.pk, voter)


def test_a_dismissed_proposal_merges_nothing_and_stays_dismissed(suggestion, other, voter, staff, now):
    proposal = propose_merge(duplicate=other, into=suggestion, by=voter, at=now)
    decide_proposal(proposal=proposal, accept=False, by=staff, at=now)
    again = propose_merge(duplicate=suggestion, into=other, by=make_member(), at=now)
    assert (again.pk, again.state, Merge.objects.count()) == (proposal.pk, "dismissed", 0)


def test_a_proposal_is_decided_once(suggestion, other, voter, staff, now):
    proposal = propose_merge(duplicate=other, into=suggestion, by=voter, at=now)
    decide_proposal(proposal=proposal, accept=False, by=staff, at=now)
    with pytest.raises(Conflict):
        decide_proposal(proposal=proposal, accept=True, by=staff, at=now)


def test_merging_by_link_honours_whoever_had_proposed_it(suggestion, other, voter, staff, now):
    propose_merge(duplicate=suggestion, into=other, by=voter, at=now)
    merge_suggestions(duplicate=other, into=suggestion, by=staff, at=now)
    assert (Merge.objects.get().proposed_by, MergeProposal.objects.get().state) == (voter, "accepted")


def test_a_refused_merge_leaves_its_proposal_waiting(suggestion, other, voter, staff, now):
    proposal = propose_merge(duplicate=other, into=suggestion, by=voter, at=now)
    hide_post(post=suggestion.post, by=staff, at=now)
    with pytest.raises(Conflict):
        decide_proposal(proposal=proposal, accept=True, by=staff, at=now)
    assert MergeProposal.objects.get().state == "waiting"


def test_newcomers_do_not_propose(suggestion, other, stranger, now):
    with pytest.raises(NotAllowed):
        propose_merge(duplicate=other, into=suggestion, by=stranger, at=now)


def test_nobody_proposes_what_they_may_not_see(suggestion, voter, now):
    hidden = make_suggestion("Team only", board=make_board(see=Audience.STAFF), author=make_staff("Jun Park"))
    with pytest.raises(Invalid):
        propose_merge(duplicate=suggestion, into=hidden, by=voter, at=now)


def test_one_cluster_is_not_proposed_again(suggestion, other, voter, staff, now):
    merge_suggestions(duplicate=other, into=suggestion, by=staff, at=now)
    with pytest.raises(Conflict):
        propose_merge(duplicate=Suggestion.objects.get(pk=other.pk), into=suggestion, by=voter, at=now)
