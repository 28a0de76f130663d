"""Workers and beat: the Celery application, its schedule and its sign of life."""

import os
import time
from typing import Any

from celery import Celery
from celery.signals import heartbeat_sent, setup_logging, worker_ready

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
app = Celery("sprout")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = {
    "sweep-deliveries": {"task": "community.sweep_deliveries", "schedule": 20.0},
    "send-mailings": {"task": "community.send_mailings", "schedule": 30.0},
    "reassess-trust": {"task": "community.reassess_trust", "schedule": 3600.0},
    "write-digests": {"task": "community.write_digests", "schedule": 900.0},
    "announce-polls": {"task": "community.announce_polls", "schedule": 120.0},
    "rebuild-segments": {"task": "community.rebuild_segments", "schedule": 600.0},
    "rebuild-all-segments": {"task": "community.rebuild_segments", "schedule": 86400.0, "kwargs": {"everything": True}},
    "rest-the-silent": {"task": "community.rest_the_silent", "schedule": 86400.0},
    "remind-of-meetups": {"task": "community.remind_of_meetups", "schedule": 600.0},
    "announce-phases": {"task": "community.announce_phases", "schedule": 300.0},
    "forget-traces": {"task": "community.forget_traces", "schedule": 86400.0},
    "sweep-notices": {"task": "community.sweep_notices", "schedule": 86400.0},
    "sweep-pictures": {"task": "community.sweep_pictures", "schedule": 3600.0},
    "dress-again": {"task": "community.dress_again", "schedule": 86400.0},
    "verify-scores": {"task": "feedback.verify_scores", "schedule": 86400.0},
    "snapshot-scores": {"task": "feedback.snapshot_scores", "schedule": 86400.0},
    "ship-due-releases": {"task": "feedback.ship_due_releases", "schedule": 60.0},
    "mend-search": {"task": "community.mend_search", "schedule": 3600.0},
    "mend-similar": {"task": "feedback.mend_similar", "schedule": 86400.0},
    "retrain-classifiers": {"task": "feedback.retrain_classifiers", "schedule": 86400.0},
    "seal-ledger": {"task": "rewards.seal_ledger", "schedule": 60.0},
    "audit-ledger": {"task": "rewards.audit_ledger", "schedule": 300.0},
}
HEARTBEAT_KEY = "worker-heartbeat"


@worker_ready.connect
@heartbeat_sent.connect
def sign_of_life(**_: Any) -> None:
    """Whoever asks /readyz?all=1 within the next half minute hears that a worker lives."""
    from django.core.cache import cache

    cache.set(HEARTBEAT_KEY, time.time(), timeout=30)


@setup_logging.connect
def keep_our_logging(**_: Any) -> None:
    """Celery leaves the logging of settings.py as it is."""
