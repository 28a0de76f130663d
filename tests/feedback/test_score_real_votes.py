"""The score on a real town's vote, applied by workers side by side in shuffled order with repeats."""

import multiprocessing
import time

import pytest
from django.db import connections
from django.utils import timezone

from community.deliveries import pay
from community.models import Delivery, Standing
from feedback.models import ClusterScore, ClusterVoter
from feedback.rescoring import rescore, verify
from feedback.score_debts import LISTENER
from tests.feedback.books import by_the_formula
from tests.feedback.polis import load_town


def work():
    """One worker: pays until nothing is owed."""
    connections.close_all()
    while Delivery.objects.filter(listener=LISTENER).exists():
        if not pay(LISTENER, at=timezone.now()):
            # The other worker holds every cluster that is left.
            time.sleep(0.05)
    connections.close_all()


@pytest.mark.slow
@pytest.mark.real_data
def test_a_towns_votes_applied_by_two_workers_equal_the_count_to_the_last_unit(committed_db, real_data, record_property):
    votes, facts = load_town(real_data / "polis")
    connections.close_all()
    seconds, exits = timed(race)
    record_property("facts a second", round(facts / seconds))
    assert (exits, votes > 110_000, facts > 130_000) == ([0, 0], True, True)
    record_property("seconds to verify", (verified := timed(verify))[0])
    assert (verified[1].differences, verified[1].left_out, verified[1].clusters) == (0, 0, 896)
    for row in Standing.objects.top()[:5]:
        score, heat, voters = by_the_formula(row.post.suggestion)
        assert (row.score, int(row.heat), row.votes) == (score.numerator, heat, voters)
    before = list(ClusterScore.objects.order_by("pk").values())
    ClusterScore.objects.filter(pk__in=[row["root_id"] for row in before[:300]]).update(numerator=1)
    ClusterVoter.objects.filter(pk__in=list(ClusterVoter.objects.values_list("pk", flat=True)[:5000])).delete()
    record_property("seconds to count anew", (counted := timed(rescore))[0])
    assert counted[1].rows["feedback_clustervoter"] == 5000
    assert list(ClusterScore.objects.order_by("pk").values()) == before


def race():
    workers = [multiprocessing.get_context("fork").Process(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(900)
    return [worker.exitcode for worker in workers]


def timed(job):
    started = time.monotonic()
    answer = job()
    return time.monotonic() - started, answer
