"""rescore: every score from nothing but the votes, and the proof that the workers' books are right."""

import json
import logging
import threading

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from community.deliveries import drain
from community.members import record_changes
from community.models import Delivery, Standing
from feedback import rescoring
from feedback.models import ClusterCohort, ClusterPersona, ClusterScore, ClusterVoter, ScoreSnapshot, Vote
from feedback.rescoring import rescore, verify
from feedback.score_debts import owed_now
from feedback.tasks import snapshot_scores, verify_scores
from tests.factories import make_member, make_newcomer, make_persona, make_suggestion, make_vote
from tests.feedback.books import book_of, by_the_formula, standing_of


@pytest.fixture
def wishes(db):
    """Three suggestions, all facts paid: established people with a kind, newcomers of one cohort."""
    wishes = [make_suggestion() for _ in range(3)]
    for wish in wishes:
        make_vote(wish, make_member(persona=make_persona("daily")), need=1000)
        make_vote(wish, make_newcomer())
    drain()
    return wishes


def said(capsys):
    return json.loads(capsys.readouterr().out.strip().splitlines()[-1])


@pytest.mark.parametrize(
    ("plant", "table"),
    [
        (lambda: ClusterScore.objects.update(numerator=7), "feedback_clusterscore"),
        (lambda: ClusterScore.objects.all().delete(), "feedback_clusterscore"),
        (lambda: ClusterScore.objects.update(heat=1), "feedback_clusterscore"),
        (lambda: ClusterVoter.objects.all().delete(), "feedback_clustervoter"),
        (lambda: ClusterVoter.objects.update(step=1), "feedback_clustervoter"),
        (lambda: ClusterCohort.objects.update(weight=1), "feedback_clustercohort"),
        (lambda: ClusterPersona.objects.all().delete(), "feedback_clusterpersona"),
        (lambda: Standing.objects.update(votes=99), "community_standing"),
        (lambda: Standing.objects.update(score=99), "community_standing"),
    ],
)
def test_a_planted_error_is_found_and_set_right(wishes, plant, table):
    plant()
    found = verify()
    assert found.rows[table] >= 3
    assert set(found.examples) == {wish.pk for wish in wishes}
    assert rescore().rows[table] >= 3
    assert verify().differences == 0


def test_a_vote_nobody_told_of_is_found(wishes, now):
    Vote.objects.create(suggestion=wishes[0], member=make_member(), cast_at=now)
    assert verify().examples == [wishes[0].pk]


def test_verifying_writes_nothing(wishes):
    ClusterScore.objects.update(numerator=7)
    verify()
    assert book_of(wishes[0]).numerator == 7


def test_counting_anew_where_nothing_differs_writes_nothing(wishes):
    assert rescore().differences == 0


def test_counting_from_nothing_gives_what_the_formula_gives(wishes):
    for table in (ClusterScore, ClusterVoter, ClusterCohort, ClusterPersona):
        table.objects.all().delete()
    Standing.objects.update(votes=0, heat=0, score=0, established=0)
    rescore(chunk=2)
    for wish in wishes:
        score, heat, voters = by_the_formula(wish)
        assert (standing_of(wish).score, int(standing_of(wish).heat), standing_of(wish).votes) == (
            score.numerator,
            heat,
            voters,
        )


def test_clusters_with_unpaid_facts_are_left_out_and_counted(wishes):
    make_vote(wishes[0])
    report = verify()
    assert (report.differences, report.left_out, report.clusters) == (0, 1, 2)


def test_a_member_whose_change_is_owed_leaves_out_every_cluster_of_theirs(wishes, now):
    member = Vote.objects.filter(suggestion=wishes[1]).latest("pk").member
    make_vote(wishes[2], member)
    drain()
    member.trust = 2
    member.save()
    record_changes([member], at=now)
    assert (verify().left_out, verify().differences) == (2, 0)


def test_an_error_in_a_cluster_without_debts_is_found_beside_others_with_debts(wishes):
    make_vote(wishes[0])
    ClusterScore.objects.update(numerator=7)
    assert verify().examples == [wishes[1].pk, wishes[2].pk]


class TestCommand:
    def test_it_says_how_many_it_counted_and_what_differed(self, wishes, capsys):
        ClusterScore.objects.filter(pk=wishes[0].pk).update(numerator=7)
        call_command("rescore", "--json")
        figures = said(capsys)
        assert (figures["rescored"], figures["differences"], figures["rows"]["feedback_clusterscore"]) == (3, 1, 1)

    def test_verify_fails_where_anything_differs(self, wishes, capsys):
        ClusterScore.objects.filter(pk=wishes[0].pk).update(numerator=7)
        with pytest.raises(CommandError, match=rf"\[{wishes[0].pk}\]"):
            call_command("rescore", "--verify", "--json")
        assert said(capsys)["differences"] == 1

    def test_verify_passes_where_nothing_differs(self, wishes, capsys):
        call_command("rescore", "--verify", "--json")
        assert said(capsys)["verified"] == 3

    def test_drain_pays_what_is_owed_first(self, wishes, capsys):
        make_vote(wishes[0])
        call_command("rescore", "--verify", "--drain", "--json")
        figures = said(capsys)
        assert (figures["verified"], figures["left_out"], figures["paid"] > 0) == (3, 0, True)
        assert not Delivery.objects.filter(listener="feedback.score").exists()

    def test_it_speaks_plainly_without_json(self, wishes, capsys):
        make_vote(wishes[0])
        call_command("rescore", "--verify")
        assert "Verified 2 suggestions" in (told := capsys.readouterr().out)
        assert "1 left out" in told


class TestTasks:
    def test_the_nightly_check_tells_and_repairs_a_difference(self, wishes, caplog):
        ClusterScore.objects.filter(pk=wishes[0].pk).update(numerator=7)
        with caplog.at_level(logging.ERROR):
            assert verify_scores() >= 1
        assert str(wishes[0].pk) in caplog.text
        assert verify_scores() == 0

    def test_the_nightly_snapshot_keeps_every_score(self, wishes):
        assert snapshot_scores() == 3
        assert set(ScoreSnapshot.objects.values_list("root_id", flat=True)) == {wish.pk for wish in wishes}


def test_verifying_sees_one_snapshot_whatever_is_committed_meanwhile(committed_db, monkeypatch):
    wish, voter = make_suggestion(), make_member()
    drain()

    def vote_elsewhere():
        make_vote(wish, voter)
        connection.close()

    def owed_then_a_vote():
        owed = owed_now()
        elsewhere = threading.Thread(target=vote_elsewhere)
        elsewhere.start()
        elsewhere.join()
        return owed

    monkeypatch.setattr(rescoring, "owed_now", owed_then_a_vote)
    assert (verify().differences, Vote.objects.count()) == (0, 2)
    monkeypatch.undo()
    Delivery.objects.all().delete()
    assert verify().differences > 0
