"""Community's tasks: thin, safe to run twice, one chunk each."""

import time
from collections import Counter
from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from community import addresses, deliveries, digest, doorbell, dressing, mail_threads, mailings, members, notice_box, segments
from community.accounts import exports, sessions
from community.contests import phasing
from community.groups import leaving
from community.listening import REGISTER
from community.meetups import reminding
from community.models import Comment, IdempotentAnswer, Member, Post, Trace
from community.pictures.attachments import sweep_pictures
from community.polls.asking import announce_closed_polls
from community.search import index as search_index
from community.writing import drafts

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


@shared_task(name="community.rebuild_segments")
def rebuild_segments(everything: bool = False) -> int:
    """Who belongs to segments that time alone may change is true again; everything: all of them, whatever was missed."""
    return segments.rebuild_segments(at=timezone.now(), drifting=not everything)


@shared_task(name="community.rest_the_silent")
def rest_the_silent() -> int:
    """Whoever has been away for long rests in their groups, and is told how to come back."""
    return leaving.rest_the_silent(at=timezone.now())


@shared_task(name="community.forget_traces")
def forget_traces() -> int:
    """Device and network traces older than 14 days are gone, so are answers nobody can ask for
    again, unclaimed addresses and old exports."""
    now = timezone.now()
    addresses.forget_unclaimed(before=now - UNCLAIMED_FOR)
    exports.drop_exports(before=now - exports.KEPT_FOR)
    sessions.forget_addresses(before=now - TRACES_FOR)
    IdempotentAnswer.objects.filter(at__lt=now - ANSWERS_FOR).delete()
    drafts.forget_old_drafts(before=now - drafts.KEPT_FOR)
    return Trace.objects.filter(at__lt=now - TRACES_FOR).delete()[0]


@shared_task(name="community.remind_of_meetups")
def remind_of_meetups() -> int:
    """Whoever goes to a meetup within a day is reminded."""
    return reminding.remind_of_meetups(at=timezone.now())


@shared_task(name="community.announce_phases")
def announce_phases() -> int:
    """Whoever takes part in a contest or follows it hears when a phase begins."""
    return phasing.announce_phases(at=timezone.now())


@shared_task(name="community.write_digests")
def write_digests() -> int:
    """Everyone whose Monday morning has come has their digest on its way."""
    return digest.plan_due_digests(at=timezone.now())


@shared_task(name="community.send_mailings")
def send_mailings(seconds: float = 40.0) -> dict[str, int]:
    """Due mails are sent, news before what was gathered; what does not fit into the time waits for the next run."""
    ends, outcome = time.monotonic() + seconds, Counter[str]()

    def late() -> bool:
        return time.monotonic() >= ends

    for kind in (mail_threads.KIND, mail_threads.DAILY, digest.KIND):
        # A slow mail server must not keep a worker for longer than the broker waits before it hands the task out again.
        while not late() and (sent := mailings.send_batch(kind=kind, at=timezone.now(), size=20, stop=late)):
            outcome += sent
    return dict(outcome)


@shared_task(name="community.sweep_notices")
def sweep_notices() -> int:
    """Notices that were read half a year ago are gone."""
    return notice_box.sweep_notices(at=timezone.now())


@shared_task(name="community.announce_polls")
def announce_polls() -> int:
    """Polls whose time has come have it on record, and whoever voted hears of it."""
    return announce_closed_polls(at=timezone.now())


@shared_task(name="community.mend_search")
def mend_search() -> int:
    """The index of the search holds everything shown as this version reads it, whatever was missed."""
    return search_index.index_what_is_stale()


@shared_task(name="community.sweep_pictures")
def sweep_loose_pictures() -> int:
    """Pictures that no text has had for 48 hours are gone, with their files."""
    return sweep_pictures(at=timezone.now())


@shared_task(name="community.dress_again")
def dress_old_texts(seconds: float = 60.0) -> int:
    """Texts of an older renderer look as if they were written now, so many as there is time for."""
    ends, done = time.monotonic() + seconds, 0
    for model in (Post, Comment):
        while time.monotonic() < ends and (count := dressing.dress_again(model)):
            done += count
    return done
