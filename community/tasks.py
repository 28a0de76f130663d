"""Community's tasks: thin, safe to run twice, one chunk each."""

import time
from collections import Counter
from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from community import addresses, deliveries, digest, doorbell, mail_threads, mailings, members
from community.listening import REGISTER
from community.models import IdempotentAnswer, Member, Trace

SWEEP_AFTER = timedelta(seconds=20)
TRACES_FOR = timedelta(days=14)
ANSWERS_FOR = timedelta(days=8)
UNCLAIMED_FOR = timedelta(days=2)


@shared_task(name="community.deliver")
def deliver(name: str) -> int:
    """What the listener owes is paid; unknown names (of an older release) are left to the sweep."""
    return deliveries.pay(name, at=timezone.now()) if name in REGISTER else 0


@shared_task(name="community.sweep_deliveries")
def sweep_deliveries() -> list[str]:
    """Listeners with overdue debts are woken, whatever became of their doorbell."""
    names = deliveries.owing(at=timezone.now(), older_than=SWEEP_AFTER)
    doorbell.ring(names)
    return names


@shared_task(name="community.reassess_trust")
def reassess_trust(chunk: int = 5000) -> int:
    """Members who may have earned or lost trust are looked at again, a chunk at a time."""
    now, changed, last = timezone.now(), 0, 0
    while chunk_of := list(Member.objects.claimed().filter(pk__gt=last).order_by("pk")[:chunk]):
        changed += len(members.reassess_trust(members=chunk_of, at=now))
        last = chunk_of[-1].pk
    return changed


@shared_task(name="community.forget_traces")
def forget_traces() -> int:
    """Device and network traces older than 14 days are gone, so are answers nobody can ask for again and unclaimed addresses."""
    now = timezone.now()
    addresses.forget_unclaimed(before=now - UNCLAIMED_FOR)
    IdempotentAnswer.objects.filter(at__lt=now - ANSWERS_FOR).delete()
    return Trace.objects.filter(at__lt=now - TRACES_FOR).delete()[0]


@shared_task(name="community.write_digests")
def write_digests() -> int:
    """Everyone whose Monday morning has come has their digest on its way."""
    return digest.plan_due_digests(at=timezone.now())


@shared_task(name="community.send_mailings")
def send_mailings(seconds: float = 40.0) -> dict[str, int]:
    """Due mails are sent, news before digests; what does not fit into the time waits for the next run."""
    ends, outcome = time.monotonic() + seconds, Counter[str]()

    def late() -> bool:
        return time.monotonic() >= ends

    for kind in (mail_threads.KIND, digest.KIND):
        # A slow mail server must not keep a worker for longer than the broker waits before it hands the task out again.
        while not late() and (sent := mailings.send_batch(kind=kind, at=timezone.now(), size=20, stop=late)):
            outcome += sent
    return dict(outcome)
