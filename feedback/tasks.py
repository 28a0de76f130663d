"""Feedback's tasks: thin, safe to run twice."""

import logging

from celery import shared_task
from django.utils import timezone

from feedback import class_training, rescoring, schedules, score_history, similar_index

log = logging.getLogger(__name__)


@shared_task(name="feedback.verify_scores")
def verify_scores() -> int:
    """The books agree with the votes: any difference is told to whoever reads the errors, and repaired."""
    report = rescoring.verify()
    if report.differences:
        log.error("The score's books differed in %d rows (%s), clusters %s.", report.differences, report.rows, report.examples)
        rescoring.rescore()
    return report.differences


@shared_task(name="feedback.snapshot_scores")
def snapshot_scores() -> int:
    """Today's scores are kept for the history."""
    return score_history.take_snapshots(at=timezone.now())


@shared_task(name="feedback.ship_due_releases")
def ship_due_releases() -> int:
    """Every release whose moment has come is out."""
    return schedules.ship_due_releases(at=timezone.now())


@shared_task(name="feedback.mend_similar")
def mend_similar() -> int:
    """The index of similar suggestions holds every one as this version reads it, whatever was missed."""
    return similar_index.index_what_is_stale()


@shared_task(name="feedback.retrain_classifiers")
def retrain_classifiers() -> int:
    """What guesses kind, severity and department has learnt from staff's decisions; how many models are new."""
    return class_training.retrain_classifiers(at=timezone.now())
