"""What feedback holds of a person: votes with needs and kinds of users, taken along when they ask, nameless when they go."""

import json

import pytest

from community.accounts.leaving import close_account
from community.accounts.registry import EXPORTED, KEPT, PARTS
from community.models import Audience, Board, PostKind, PostState, Standing
from community.posts import convert_post, delete_post, hide_post
from community.refusals import Conflict, NotAllowed, Refused
from feedback.claims import take_over
from feedback.judgements import PASS, SKIP, WANT, answer_card, counts_of, share_not_for_me
from feedback.merges import merge_suggestions, propose_merge
from feedback.models import (
    ClusterPersona,
    ClusterVoter,
    Credit,
    Judgement,
    MergeProposal,
    Need,
    Status,
    Suggestion,
    Verdict,
    Vote,
)
from feedback.own_votes import own_votes, votes_in_cluster
from feedback.releases import draft_release, ship_release
from feedback.sorting import dealt_to
from feedback.votes import cast_vote, need_of, record_vote_for, withdraw_vote
from tests.factories import (
    make_bug,
    make_member,
    make_newcomer,
    make_persona,
    make_post,
    make_staff,
    make_suggestion,
    make_vote,
)
from tests.feedback.books import book_of, by_the_formula, settle, standing_of

pytestmark = pytest.mark.django_db


def fresh(suggestion):
    return Suggestion.objects.select_related("post", "root").get(pk=suggestion.pk)


def taken(name, member):
    """The rows of a part of the export, as they are written."""
    return json.loads(json.dumps(list(PARTS[name](member)), default=str))


class TestNeeds:
    @pytest.mark.parametrize(
        ("said", "need"),
        [
            ("0", 0),
            ("500", 500),
            (1000, 1000),
            ("", 0),
            (None, 0),
            ("501", 0),
            ("-500", 0),
            ("must", 0),
            ("５００", 0),
            ([500], 0),
        ],
    )
    def test_what_is_no_need_is_nice_to_have(self, said, need):
        assert need_of(said) == need

    @pytest.mark.parametrize("need", Need.values)
    def test_a_need_weighs_into_impact_and_never_into_demand(self, suggestion, need):
        make_vote(suggestion, need=need)
        settle()
        book = book_of(suggestion)
        assert (book.established, book.established_need) == (2000, need)

    def test_the_strongest_need_in_the_cluster_counts_once(self, suggestion, voter, staff, now):
        twin = make_suggestion(board=suggestion.post.board, author=make_member())
        make_vote(suggestion, voter, need=Need.NICE)
        make_vote(twin, voter, need=Need.MUST)
        merge_suggestions(duplicate=twin, into=suggestion, by=staff, at=now)
        settle()
        assert (book_of(suggestion).voters, book_of(suggestion).established_need) == (3, 1000)

    def test_a_need_taken_back_to_nice_leaves_no_trace_in_the_books(self, suggestion, voter, now):
        for need in (Need.MUST, Need.NICE):
            cast_vote(member=voter, suggestion=suggestion, need=need, at=now)
            settle()
        assert book_of(suggestion).established_need == 0


class TestPersonas:
    def test_each_established_voter_counts_for_their_own_kind_alone(self, suggestion):
        daily, expert = make_persona("daily"), make_persona("expert")
        for persona, count in ((daily, 3), (expert, 1), (None, 2)):
            for _number in range(count):
                make_vote(suggestion, make_member(persona=persona))
        settle()
        weights = ClusterPersona.objects.filter(root=suggestion.pk).values_list("persona_id", "weight")
        assert dict(weights) == {daily.pk: 3000, expert.pk: 1000}
        assert by_the_formula(suggestion)[0].breadth == book_of(suggestion).breadth > 0

    def test_a_newcomers_kind_waits_until_they_are_established(self, suggestion):
        make_vote(suggestion, make_newcomer(persona=make_persona("daily")))
        settle()
        assert not ClusterPersona.objects.exists() and book_of(suggestion).breadth == 0


class TestStates:
    @pytest.mark.parametrize("status", [status for status in Status.values if status != Status.SHIPPED])
    def test_every_status_but_the_last_takes_votes(self, suggestion, voter, now, status):
        Suggestion.objects.update(status=status)
        assert cast_vote(member=voter, suggestion=fresh(suggestion), need=Need.MUST, at=now).need == Need.MUST

    def test_what_has_shipped_asks_for_a_new_suggestion(self, suggestion, voter, now):
        Suggestion.objects.update(status=Status.SHIPPED)
        with pytest.raises(Conflict, match="write it as a new suggestion"):
            cast_vote(member=voter, suggestion=fresh(suggestion), at=now)

    @pytest.mark.parametrize("state", [state for state in PostState.values if state != PostState.VISIBLE])
    def test_what_is_not_shown_takes_no_votes_and_lets_them_go(self, suggestion, voter, now, state):
        make_vote(suggestion, voter)
        type(suggestion.post).objects.filter(pk=suggestion.pk).update(state=state)
        with pytest.raises(Conflict, match="takes no votes"):
            cast_vote(member=make_member(), suggestion=fresh(suggestion), at=now)
        assert withdraw_vote(member=voter, suggestion=fresh(suggestion), at=now).withdrawn_at == now

    @pytest.mark.parametrize("kind", [kind for kind in PostKind.values if kind not in ("suggestion", "bug")])
    def test_talk_that_was_a_wish_takes_no_votes(self, suggestion, voter, now, kind):
        type(suggestion.post).objects.filter(pk=suggestion.pk).update(kind=kind)
        with pytest.raises(Conflict):
            cast_vote(member=voter, suggestion=fresh(suggestion), at=now)

    @pytest.mark.parametrize("right", [Audience.STAFF, Audience.MODERATORS])
    def test_a_board_that_takes_no_votes_lets_the_old_ones_go(self, suggestion, voter, now, right):
        make_vote(suggestion, voter)
        Board.objects.update(vote=right)
        with pytest.raises(NotAllowed):
            cast_vote(member=voter, suggestion=fresh(suggestion), need=Need.MUST, at=now)
        withdraw_vote(member=voter, suggestion=fresh(suggestion), at=now)
        assert Vote.objects.get(member=voter).need == Need.NICE

    def test_a_refused_vote_follows_nothing_and_is_no_fact(self, suggestion, voter, now):
        Suggestion.objects.update(status=Status.SHIPPED)
        with pytest.raises(Refused):
            cast_vote(member=voter, suggestion=fresh(suggestion), at=now)
        assert not voter.follows.exists() and not Vote.objects.filter(member=voter).exists()

    @pytest.mark.parametrize("gone", [hide_post, delete_post])
    def test_what_is_gone_is_dealt_to_nobody_who_sorts(self, suggestion, voter, staff, now, gone):
        assert [row.pk for row in dealt_to(voter, seed="s", at=now)] == [suggestion.pk]
        gone(post=suggestion.post, by=staff, at=now)
        assert dealt_to(voter, seed="s", at=now) == []

    def test_a_suggestion_that_becomes_a_bug_keeps_votes_and_status(self, suggestion, voter, staff, now):
        make_vote(suggestion, voter, need=Need.MUST)
        convert_post(post=suggestion.post, kind="bug", by=staff, at=now)
        settle()
        assert (standing_of(suggestion).votes, standing_of(suggestion).kind, fresh(suggestion).status) == (2, "bug", "open")
        assert by_the_formula(suggestion)[0].numerator == standing_of(suggestion).score > 0

    def test_staff_may_write_a_vote_down_anew_after_it_was_taken_back(self, suggestion, voter, staff, now):
        make_vote(suggestion, voter)
        withdraw_vote(member=voter, suggestion=suggestion, at=now)
        vote = record_vote_for(staff=staff, member=voter, suggestion=suggestion, need=Need.IMPORTANT, at=now)
        assert (vote.withdrawn_at, vote.recorded_by, vote.need) == (None, staff, Need.IMPORTANT)


class TestOwnVotes:
    def test_only_standing_votes_are_ones_own(self, suggestion, voter, now):
        make_vote(suggestion, voter, need=Need.MUST)
        assert own_votes(voter, [suggestion.pk]).needs == {suggestion.pk: 1000}
        withdraw_vote(member=voter, suggestion=suggestion, at=now)
        assert own_votes(voter, [suggestion.pk]).needs == {} and votes_in_cluster(voter, suggestion) == []

    def test_a_voided_vote_is_nobodys(self, suggestion, voter, now):
        make_vote(suggestion, voter)
        Vote.objects.filter(member=voter).update(voided_at=now)
        assert own_votes(voter, [suggestion.pk]).needs == {} and not Vote.objects.counted().filter(member=voter).exists()

    def test_nothing_asked_costs_no_query(self, voter, django_assert_num_queries):
        with django_assert_num_queries(0):
            assert own_votes(voter, []).shown(7, 3) == 3


class TestSorting:
    def test_a_word_said_again_is_one_judgement_with_the_later_day(self, suggestion, voter, now, hours):
        for number, say in enumerate([PASS, SKIP, PASS]):
            answer_card(member=voter, suggestion=suggestion, say=say, at=now + hours(number))
        row = Judgement.objects.get()
        assert (row.verdict, row.at) == (Verdict.PASSED, now + hours(2))

    def test_the_share_counts_each_person_of_the_cluster_once(self, suggestion, voter, staff, now):
        twin = make_suggestion(board=suggestion.post.board, author=voter)
        make_vote(suggestion, voter)
        merge_suggestions(duplicate=twin, into=suggestion, by=staff, at=now)
        for member in (make_member(), make_member()):
            answer_card(member=member, suggestion=suggestion, say=PASS, at=now)
        assert share_not_for_me(fresh(suggestion)) == (2, 4)

    def test_who_passed_and_then_wants_it_is_counted_as_wanting(self, suggestion, voter, now):
        answer_card(member=voter, suggestion=suggestion, say=PASS, at=now)
        answer_card(member=voter, suggestion=suggestion, say=WANT, at=now)
        assert counts_of([suggestion.pk]) == {} and share_not_for_me(suggestion) == (0, 2)

    def test_of_nothing_nothing_is_counted(self, db):
        assert counts_of([]) == {}


class TestExport:
    def test_votes_are_taken_along_with_what_became_of_them(self, suggestion, voter, now, hours):
        make_vote(suggestion, voter, need=Need.MUST)
        withdraw_vote(member=voter, suggestion=suggestion, at=now + hours(1))
        [row] = taken("votes", voter)
        assert (row["suggestion_id"], row["need"], row["voided_at"]) == (suggestion.pk, 1000, None)
        assert row["withdrawn_at"].startswith("2026-11-16 13:00")

    def test_what_was_sorted_said_and_thanked_for_is_taken_along(self, suggestion, board, voter, staff, now):
        other = make_bug(board=board)
        answer_card(member=voter, suggestion=other, say=SKIP, at=now)
        propose_merge(duplicate=other, into=suggestion, by=voter, at=now, evidence=" Both reboot. ")
        make_vote(suggestion, voter)
        release = draft_release(product=board.product, version="1", title="T", by=staff, at=now, suggestions=[suggestion])
        ship_release(release=release, by=staff, at=now)
        assert [row["verdict"] for row in taken("sorted", voter)] == ["skipped"]
        assert [(row["into_id"], row["evidence"]) for row in taken("same", voter)] == [(suggestion.pk, "Both reboot.")]
        assert [(row["release__slug"], row["role"]) for row in taken("credits", voter)] == [(release.slug, "voter")]

    @pytest.mark.parametrize("part", ["votes", "sorted", "credits", "same"])
    def test_nobody_takes_what_is_anothers(self, suggestion, author, part, now):
        answer_card(member=author, suggestion=make_suggestion(), say=PASS, at=now)
        assert taken(part, make_member()) == []

    def test_no_row_names_another_person(self, suggestion, voter, staff, now):
        make_vote(suggestion, voter)
        keys = {key for part in ("votes", "sorted", "credits", "same") for row in PARTS[part](voter) for key in row}
        assert not {key for key in keys if "member" in key or "_by" in key or "author" in key}

    def test_what_is_kept_of_a_voter_is_said_with_its_reason(self):
        assert {Vote, Judgement, Credit, ClusterVoter} <= set(KEPT) and {Vote, Judgement, Credit, MergeProposal} <= EXPORTED


class TestErasure:
    @pytest.mark.parametrize(("keeps_words", "evidence"), [(True, "Both reboot."), (False, "")])
    def test_their_words_about_what_is_the_same_go_with_their_words(self, suggestion, voter, now, keeps_words, evidence):
        propose_merge(duplicate=make_bug(), into=suggestion, by=voter, at=now, evidence="Both reboot.")
        close_account(member=voter, keeps_words=keeps_words, at=now)
        assert MergeProposal.objects.get().evidence == evidence

    def test_another_finders_words_stay(self, suggestion, voter, author, now):
        propose_merge(duplicate=make_bug(), into=suggestion, by=author, at=now, evidence="Both reboot.")
        close_account(member=voter, keeps_words=False, at=now)
        assert MergeProposal.objects.get().evidence == "Both reboot."

    def test_no_vote_and_no_score_shrinks_because_somebody_leaves(self, suggestion, voter, now):
        make_vote(suggestion, voter, need=Need.MUST)
        settle()
        before = Standing.objects.values("votes", "score", "heat").get(pk=suggestion.pk)
        close_account(member=voter, keeps_words=False, at=now)
        settle()
        assert Standing.objects.values("votes", "score", "heat").get(pk=suggestion.pk) == before

    def test_a_release_goes_on_thanking_them_without_their_name(self, suggestion, board, author, staff, now):
        release = draft_release(product=board.product, version="1", title="T", by=staff, at=now, suggestions=[suggestion])
        ship_release(release=release, by=staff, at=now)
        close_account(member=author, keeps_words=True, at=now)
        credit = Credit.objects.select_related("member").get()
        assert credit.role == "author" and "Mara" not in str(credit.member)


class TestClaims:
    """Two accounts turned out to be one person."""

    def test_a_vote_withdrawn_by_the_profile_moves_without_counting(self, suggestion, now):
        profile, member = make_member(claimed_at=None), make_member()
        make_vote(suggestion, profile)
        withdraw_vote(member=profile, suggestion=suggestion, at=now)
        assert take_over(profile_id=profile.pk, member_id=member.pk, at=now) == 1
        assert Vote.objects.get(member=member).withdrawn_at == now and not Vote.objects.filter(member=profile).exists()
        settle()
        assert standing_of(suggestion).votes == 1

    def test_taking_over_twice_moves_nothing_more(self, suggestion, now):
        profile, member = make_member(claimed_at=None), make_member()
        make_vote(suggestion, profile, need=Need.MUST)
        assert [take_over(profile_id=profile.pk, member_id=member.pk, at=now) for _ in range(2)] == [1, 0]
        assert Vote.objects.get(member=member).need == Need.MUST

    def test_the_members_own_word_stays_where_both_voted(self, suggestion, now):
        profile, member = make_member(claimed_at=None), make_member()
        make_vote(suggestion, profile, need=Need.MUST)
        make_vote(suggestion, member, need=Need.NICE)
        take_over(profile_id=profile.pk, member_id=member.pk, at=now)
        settle()
        assert Vote.objects.standing().get(member=member).need == Need.NICE and standing_of(suggestion).votes == 2

    def test_nobody_is_thanked_twice_for_one_wish(self, suggestion, board, staff, now):
        profile, member = make_member(claimed_at=None), make_member()
        for person in (profile, member):
            make_vote(suggestion, person)
        release = draft_release(product=board.product, version="1", title="T", by=staff, at=now, suggestions=[suggestion])
        ship_release(release=release, by=staff, at=now)
        take_over(profile_id=profile.pk, member_id=member.pk, at=now)
        assert Credit.objects.filter(member=member).count() == 1 and not Credit.objects.filter(member=profile).exists()


def test_a_post_that_is_no_wish_weighs_nothing_with_anybody(db):
    post = make_post(kind="story")
    settle()
    assert (Standing.objects.get(pk=post.pk).score, Vote.objects.count()) == (0, 0)


def test_who_joins_the_team_votes_no_more_in_any_cluster(suggestion, voter):
    make_vote(suggestion, voter)
    settle()
    type(voter).objects.filter(pk=voter.pk).update(is_staff=True)
    assert Vote.objects.counted().filter(suggestion=suggestion).count() == 1
    assert own_votes(make_staff(), [suggestion.pk]).counts is False
