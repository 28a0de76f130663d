"""The books of the score, kept by workers from facts."""

import pytest
from django.db import connection
from django.db.models import Model
from django.test.utils import CaptureQueriesContext

from community.activity import record
from community.deliveries import drain, pay_batch
from community.listening import REGISTER
from community.members import choose_persona, record_changes, welcome_member
from community.models import Activity, Delivery, ImportBatch, Persona, Role, Standing
from community.personas import save_persona
from community.posts import convert_post, delete_post
from community.staffing import appoint_member
from community.verbs import ImportUndone, PostsImported, Verb
from feedback import score_keeping
from feedback.merges import merge_suggestions, unmerge_suggestion
from feedback.models import ClusterCohort, ClusterScore, ClusterVoter, ImportedVotes, Suggestion, Vote
from feedback.rescoring import lock_clusters
from feedback.score_configs import switch_score_config
from feedback.score_debts import LISTENER
from feedback.triage import triage_suggestion
from feedback.votes import withdraw_vote
from tests.factories import NOW, make_bug, make_member, make_newcomer, make_persona, make_staff, make_suggestion, make_vote
from tests.feedback.books import book_of, by_the_formula, settle, standing_of

from_db = Model.from_db.__func__


def test_a_vote_reaches_the_books_and_the_lists(suggestion, voter):
    make_vote(suggestion, voter, need=1000)
    settle()
    score, heat, voters = by_the_formula(suggestion)
    book, standing = book_of(suggestion), standing_of(suggestion)
    assert (book.voters, book.numerator, int(book.heat)) == (voters, score.numerator, heat)
    assert (standing.votes, standing.score, int(standing.heat), standing.established) == (2, score.numerator, heat, 2000)
    assert score.numerator > 0


def test_a_withdrawn_vote_leaves_nothing_behind(suggestion, voter, stranger, now):
    settle()
    before = (ClusterScore.objects.values().get(pk=suggestion.pk), standing_of(suggestion).heat)
    for member in (voter, stranger):
        make_vote(suggestion, member, need=500)
        settle()
        withdraw_vote(member=member, suggestion=suggestion, at=now)
    settle()
    assert (ClusterScore.objects.values().get(pk=suggestion.pk), standing_of(suggestion).heat) == before
    assert ClusterVoter.objects.filter(root=suggestion).count() == 1
    assert not ClusterCohort.objects.filter(root=suggestion).exists()


def test_staff_never_count(suggestion, staff):
    make_vote(suggestion, staff, need=1000)
    settle()
    assert standing_of(suggestion).votes == 1


def test_who_joins_the_team_counts_no_more_and_who_leaves_it_does_again(suggestion, voter, staff, admin_member, now, hours):
    twin = make_suggestion(board=suggestion.post.board)
    for wish in (suggestion, twin):
        make_vote(wish, voter)
    merge_suggestions(duplicate=twin, into=suggestion, by=staff, at=now)
    settle()
    assert (standing_of(suggestion).votes, standing_of(twin).votes) == (3, 2)
    appoint_member(member=voter, role=Role.STAFF, staff_title="", by=admin_member, at=now)
    settle()
    assert (standing_of(suggestion).votes, standing_of(twin).votes) == (2, 1)
    appoint_member(member=voter, role=Role.MEMBER, staff_title="", by=admin_member, at=now + hours(1))
    settle()
    assert (standing_of(suggestion).votes, standing_of(twin).votes) == (3, 2)


def test_a_new_kind_of_user_takes_its_share_of_every_breadth(suggestion, voter, admin_member, now):
    choose_persona(member=voter, persona=make_persona("daily"), at=now)
    make_vote(suggestion, voter)
    settle()
    before = book_of(suggestion).breadth
    save_persona(persona=Persona(slug="expert", name="Expert"), by=admin_member, at=now)
    settle()
    assert book_of(suggestion).breadth == before // 2


def test_a_voter_nobody_has_claimed_counts_as_a_newcomer_until_they_sign_in(suggestion, now):
    named = make_member(claimed_at=None, trust=2, cohort="import:1")
    make_vote(suggestion, named)
    settle()
    assert (book_of(suggestion).established, book_of(suggestion).newcomers) == (1000, 200)
    welcome_member(member=named, at=now)
    settle()
    assert (book_of(suggestion).established, book_of(suggestion).newcomers) == (2000, 0)


def test_a_member_who_becomes_established_weighs_fully_in_every_cluster(stranger, now):
    wishes = [make_suggestion() for _ in range(3)]
    for wish in wishes:
        make_vote(wish, stranger)
    settle()
    stranger.trust = 2
    stranger.save()
    record_changes([stranger], at=now)
    settle()
    assert [book_of(wish).established for wish in wishes] == [2000] * 3


def test_saying_which_kind_of_user_one_is_counts_for_breadth(suggestion, voter, now):
    make_vote(suggestion, voter)
    settle()
    assert book_of(suggestion).breadth == 0
    choose_persona(member=voter, persona=make_persona("daily"), at=now)
    settle()
    assert book_of(suggestion).breadth == 10_000 * 1000 // 4000


def test_a_person_who_voted_for_both_counts_once_with_the_strongest_need_after_a_merge(suggestion, voter, staff, now):
    twin = make_suggestion(board=suggestion.post.board)
    make_vote(suggestion, voter, need=0)
    make_vote(twin, voter, need=1000)
    settle()
    merge_suggestions(duplicate=twin, into=suggestion, by=staff, at=now)
    settle()
    assert standing_of(suggestion).votes == 3
    assert ClusterVoter.objects.get(root=suggestion, member=voter).need == 1000
    assert (standing_of(twin).votes, standing_of(twin).score, standing_of(twin).heat) == (2, 0, 0)


def test_a_vote_for_a_duplicate_counts_in_the_canonical_and_shows_at_the_duplicate(suggestion, voter, staff, now):
    twin = make_suggestion(board=suggestion.post.board)
    merge_suggestions(duplicate=twin, into=suggestion, by=staff, at=now)
    settle()
    make_vote(Suggestion.objects.get(pk=twin.pk), voter)
    settle()
    assert (standing_of(suggestion).votes, standing_of(twin).votes) == (3, 2)


def test_an_undone_merge_takes_its_subtree_along_and_leaves_no_trace(suggestion, staff, now):
    twin, leaf = (make_suggestion(board=suggestion.post.board) for _ in range(2))
    for wish in (twin, leaf):
        make_vote(wish)
    merge_suggestions(duplicate=leaf, into=twin, by=staff, at=now)
    settle()
    before = list(ClusterScore.objects.order_by("pk").values())
    merge_suggestions(duplicate=twin, into=suggestion, by=staff, at=now)
    settle()
    unmerge_suggestion(duplicate=twin, by=staff, at=now)
    settle()
    assert list(ClusterScore.objects.order_by("pk").values()) == before
    assert standing_of(twin).votes == 4


def test_facts_told_after_a_merge_that_was_undone_meanwhile_do_no_harm(suggestion, voter, staff, now):
    twin = make_suggestion(board=suggestion.post.board)
    merge_suggestions(duplicate=twin, into=suggestion, by=staff, at=now)
    make_vote(Suggestion.objects.get(pk=twin.pk), voter)
    unmerge_suggestion(duplicate=twin, by=staff, at=now)
    settle()
    assert (standing_of(suggestion).votes, standing_of(twin).votes) == (1, 2)


def test_what_staff_judge_moves_the_parts_they_set(suggestion, staff, now):
    triage_suggestion(
        suggestion=suggestion, by=staff, at=now, strategy_fit=2, strategy_reason="our promise", evidence=4200,
        evidence_source="Survey 12",
    )  # fmt: skip
    settle()
    assert (book_of(suggestion).strategy, book_of(suggestion).evidence) == (6667, 4200)
    assert standing_of(suggestion).score == by_the_formula(suggestion)[0].numerator


def test_a_bug_is_judged_by_its_severity_and_so_is_what_becomes_one(suggestion, staff, now):
    bug = make_bug()
    triage_suggestion(suggestion=bug, by=staff, at=now, severity=8)
    triage_suggestion(suggestion=suggestion, by=staff, at=now, kind="bug")
    settle()
    assert book_of(bug).impact == 10_000 * 8 * 1000 // (8 * 1000 + 80_000)
    assert book_of(suggestion).impact == 10_000 * 2 * 1000 // (2 * 1000 + 80_000)


def test_talk_that_was_a_suggestion_has_no_score_until_it_is_one_again(suggestion, staff, voter, now, hours):
    triage_suggestion(suggestion=suggestion, by=staff, at=now, strategy_fit=3, strategy_reason="our promise")
    make_vote(suggestion, voter)
    settle()
    before = standing_of(suggestion).score
    convert_post(post=suggestion.post, kind="question", by=staff, at=now)
    settle()
    assert (standing_of(suggestion).votes, standing_of(suggestion).score, standing_of(suggestion).heat) == (0, 0, 0)
    convert_post(post=suggestion.post, kind="suggestion", by=staff, at=now + hours(1))
    settle()
    assert (standing_of(suggestion).votes, standing_of(suggestion).score) == (2, before)


def test_a_deleted_duplicate_keeps_its_votes_in_the_cluster(suggestion, staff, now):
    twin = make_suggestion(board=suggestion.post.board)
    merge_suggestions(duplicate=twin, into=suggestion, by=staff, at=now)
    delete_post(post=twin.post, by=staff, at=now)
    settle()
    assert book_of(suggestion).voters == 2


def test_a_new_version_of_the_constants_counts_every_score_anew(suggestion, admin_member, now):
    for _ in range(60):
        make_vote(suggestion, make_newcomer())
    settle()
    assert (book_of(suggestion).config, book_of(suggestion).supporters) == (1, 1000 + 10_954)
    switch_score_config(version=2, by=admin_member, at=now)
    settle()
    assert (book_of(suggestion).config, book_of(suggestion).supporters) == (2, 1000 + 5500)


class TestImports:
    @pytest.fixture
    def batch(self, db):
        return ImportBatch.objects.create(name="old-forum", system="sprout")

    def tell(self, batch, data, now):
        record(data.verb, key=f"{data.verb}:{batch.pk}", actor=None, subject=batch.pk, data=data, at=now)

    def test_nameless_votes_are_one_cohort_and_shown_apart(self, suggestion, batch, now):
        ImportedVotes.objects.create(suggestion=suggestion, batch=batch, count=80)
        self.tell(batch, PostsImported(posts=0, comments=0, votes=0), now)
        settle()
        # 80 · 200 = 16,000 in one cohort: ten full votes count fully, the rest by the square root.
        assert (book_of(suggestion).newcomers, book_of(suggestion).voters, book_of(suggestion).imported) == (12_649, 1, 80)
        assert (standing_of(suggestion).votes, standing_of(suggestion).imported_votes) == (1, 80)

    def test_named_votes_join_the_cohort_of_their_import(self, suggestion, batch, now):
        ImportedVotes.objects.create(suggestion=suggestion, batch=batch, count=1)
        person = make_member(claimed_at=None, cohort=f"import:{batch.pk}")
        Vote.objects.create(suggestion=suggestion, member=person, batch=batch, cast_at=now)
        self.tell(batch, PostsImported(posts=0, comments=0, votes=1), now)
        settle()
        assert ClusterCohort.objects.get(root=suggestion).weight == 400

    def test_an_undone_import_takes_its_votes_back(self, suggestion, batch, now):
        imported = ImportedVotes.objects.create(suggestion=suggestion, batch=batch, count=80)
        self.tell(batch, PostsImported(posts=0, comments=0, votes=0), now)
        settle()
        imported.delete()
        self.tell(batch, ImportUndone(posts=0, kept=0), now)
        settle()
        assert (book_of(suggestion).newcomers, standing_of(suggestion).imported_votes) == (0, 0)


class TestBatches:
    """How much a batch costs, and what it leaves."""

    def cost_of(self, votes):
        drain()
        wish = make_suggestion()
        for _ in range(votes):
            make_vote(wish, make_newcomer())
            make_vote(make_suggestion())
        with CaptureQueriesContext(connection) as seen:
            pay_batch(REGISTER[LISTENER], at=Delivery.objects.latest("due_at").due_at)
        return len(seen)

    def test_a_batch_costs_as_many_queries_for_ten_votes_as_for_one(self, db):
        assert self.cost_of(1) == self.cost_of(10) <= 26

    @pytest.mark.parametrize("crowd", [2, 8])
    def test_the_rows_read_do_not_grow_with_the_votes_that_are_there(self, db, monkeypatch, crowd):
        wishes, people = [make_suggestion() for _ in range(2)], [make_newcomer() for _ in range(crowd)]
        for wish in wishes:
            for member in people:
                make_vote(wish, member)
        settle()
        for wish, member in zip(wishes, people[:2], strict=True):
            make_vote(wish, member, need=1000)
        read = []
        for table in (ClusterVoter, ClusterCohort):
            monkeypatch.setattr(table, "from_db", classmethod(lambda cls, *row: read.append(cls) or from_db(cls, *row)))
        score_keeping.settle(list(Activity.objects.filter(deliveries__listener=LISTENER)))
        assert sorted(table.__name__ for table in read) == ["ClusterCohort", "ClusterCohort", "ClusterVoter", "ClusterVoter"]

    def test_a_fact_told_twice_writes_nothing_the_second_time(self, suggestion, voter):
        make_vote(suggestion, voter)
        facts = list(Activity.objects.filter(deliveries__listener=LISTENER))
        settle()
        with CaptureQueriesContext(connection) as seen:
            assert score_keeping.settle(facts) == []
        assert not [query["sql"] for query in seen if query["sql"].startswith(("INSERT", "UPDATE", "DELETE", "update"))]

    def test_facts_about_a_cluster_that_another_worker_holds_stay_owed(self, suggestion, monkeypatch):
        other = make_suggestion()
        monkeypatch.setattr(score_keeping, "lock_clusters", lambda ids: lock_clusters(ids) - {suggestion.pk})
        drain()
        owed = Delivery.objects.filter(listener=LISTENER).values_list("activity__subject_id", flat=True)
        assert list(owed) == [suggestion.pk]
        monkeypatch.undo()
        settle()
        assert [book_of(wish).voters for wish in (suggestion, other)] == [1, 1]

    def test_facts_about_what_is_gone_are_paid_and_harm_nobody(self, suggestion, now):
        suggestion.post.follows.all().delete()
        Standing.objects.filter(post=suggestion.pk).delete()
        Vote.objects.filter(suggestion=suggestion).delete()
        Suggestion.objects.filter(pk=suggestion.pk).delete()
        facts = list(Activity.objects.filter(deliveries__listener=LISTENER))
        assert facts
        assert score_keeping.settle(facts) == []

    def test_members_and_merges_without_votes_cost_nothing(self, db, now):
        record_changes([make_staff()], at=NOW)
        facts = list(Activity.objects.filter(verb=Verb.MEMBER_CHANGED))
        assert score_keeping.settle(facts) == []
        assert not ClusterScore.objects.exists()
