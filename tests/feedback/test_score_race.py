"""Workers in processes of their own on few hot clusters; and the proof that without the cluster's lock they would fail."""

import multiprocessing
import random
import time

import pytest
from django.db import connections
from django.utils import timezone

from community.deliveries import pay_batch
from community.listening import Registered
from community.models import Delivery
from feedback import score_keeping
from feedback.models import ClusterScore, Vote
from feedback.rescoring import verify
from feedback.score_debts import LISTENER, VERBS
from feedback.votes import cast_vote, withdraw_vote
from tests.factories import NOW, make_member, make_newcomer, make_suggestion
from tests.feedback.books import book_of, by_the_formula

WORKERS = 4
refigure = score_keeping._refigure


def slowly(*args):
    """Time for another worker to step in between what was read and what is written."""
    time.sleep(0.005)
    return refigure(*args)


def trustingly(ids):
    """No lock at all: every cluster is said to be ours."""
    ClusterScore.objects.bulk_create([ClusterScore(root_id=pk) for pk in ids], ignore_conflicts=True)
    return set(ids)


def work(seed):
    """Pays small batches until nothing is owed; starts somewhere else than the others."""
    connections.close_all()
    entry = Registered(LISTENER, frozenset(VERBS), score_keeping.settle, batch=5)
    chance = random.Random(seed)
    while ids := list(Delivery.objects.filter(listener=LISTENER, error="").values_list("pk", flat=True)):
        pay_batch(entry, at=timezone.now(), ids=chance.sample(ids, min(5, len(ids))))
    connections.close_all()


def race():
    connections.close_all()
    processes = [multiprocessing.get_context("fork").Process(target=work, args=[seed]) for seed in range(WORKERS)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(120)
    return [process.exitcode for process in processes]


def hot_clusters(count, voters):
    """Votes of established people and newcomers of one cohort, some withdrawn, some said twice."""
    wishes = [make_suggestion() for _ in range(count)]
    for number in range(voters):
        member = make_member() if number % 2 else make_newcomer()
        for wish in wishes:
            cast_vote(member=member, suggestion=wish, need=0, at=NOW)
            if number % 3 == 0:
                cast_vote(member=member, suggestion=wish, need=1000, at=NOW)
            if number % 5 == 0:
                withdraw_vote(member=member, suggestion=wish, at=NOW)
    return wishes


@pytest.mark.slow
def test_four_workers_on_three_hot_clusters_lose_nothing(committed_db, monkeypatch):
    monkeypatch.setattr(score_keeping, "_refigure", slowly)
    wishes = hot_clusters(3, 40)
    assert race() == [0] * WORKERS
    report = verify()
    assert (report.differences, report.left_out) == (0, 0), report
    for wish in wishes:
        score, heat, voters = by_the_formula(wish)
        assert (book_of(wish).numerator, int(book_of(wish).heat)) == (score.numerator, heat)
        assert voters == Vote.objects.standing().filter(suggestion=wish).count() == 33


@pytest.mark.slow
def test_without_the_clusters_lock_the_same_race_loses_votes(committed_db, monkeypatch):
    monkeypatch.setattr(score_keeping, "_refigure", slowly)
    monkeypatch.setattr(score_keeping, "lock_clusters", trustingly)
    hot_clusters(1, 40)
    race()
    Delivery.objects.filter(listener=LISTENER).delete()
    assert verify().differences > 0
