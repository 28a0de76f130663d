"""Workers are killed while they send: nothing is silently lost, and whatever came twice carries a flag.

The control takes the claim away and has to fail, so that the harness is known to see what it looks for.
"""

import multiprocessing
import random
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connections

from community import digest, mailings
from community.mail_threads import DAILY, Item, gather_mails
from community.models import Activity, Comment, Mailing, MailList, Member, Notice, Pace
from tests.factories import make_board, make_comment, make_post
from tests.sink import sink

FORK = multiprocessing.get_context("fork")
MONDAY = datetime(2026, 11, 23, 8, tzinfo=UTC)
WORKERS = 2


@dataclass
class Result:
    """What came of a run. twice: mails that arrived more than once; flagged: those the rows call ambiguous."""

    missed: set[str]
    twice: set[str]
    flagged: set[str]
    given_up: set[str]
    most: int
    kills: int


def invite(count):
    """So many members, and a week worth a mail."""
    post = make_post("Which charger do you use?", board=make_board(), at=MONDAY - timedelta(days=3))
    for _ in range(3):
        make_comment(post, at=MONDAY - timedelta(days=3))
    was = {"claimed_at": MONDAY - timedelta(days=60), "verified_at": MONDAY - timedelta(days=60)}
    Member.objects.bulk_create(
        Member(username=f"m{n}", display_name=f"M {n}", email=f"m{n}@example.org", joined_at=was["claimed_at"], **was)
        for n in range(count)
    )


def invite_daily(count):
    """So many members who want comments once a day, and one comment for each of them."""
    invite(count)
    comment = Comment.objects.order_by("pk").last()
    fact = Activity.objects.get(key=f"comment_written:{comment.pk}")
    members = list(Member.objects.filter(username__startswith="m").exclude(pk__in=[comment.author_id, comment.post.author_id]))
    rows = [Notice(member=member, activity=fact, post=comment.post, kind="comment_written", list="comments",
                   data={"comment_id": comment.pk}, at=MONDAY) for member in members]  # fmt: skip
    Notice.objects.bulk_create(rows, ignore_conflicts=True)
    told = [Item(member.pk, "", fact.pk, MailList.COMMENTS, Pace.DAILY) for member in members]
    gather_mails(told, at=MONDAY - timedelta(hours=5))


def work(at, kind):
    """A worker: batch after batch, until nothing is due or somebody kills it."""
    while mailings.send_batch(kind=kind, at=at, size=20):
        pass
    connections.close_all()


def wait_for_mails(server, *, more):
    """Kills have to hit senders: they come while mails do, however slow the machine is."""
    goal, patience = sum(server.taken.values()) + more, time.monotonic() + 20
    while sum(server.taken.values()) < goal and time.monotonic() < patience:
        time.sleep(0.002)


def send_and_kill(server, kills, seed, kind=digest.KIND):
    """Generations of workers, each killed at a random moment; the last may finish. Ten minutes pass between them."""
    dice = random.Random(seed)
    if kind == digest.KIND:
        digest.plan_due_digests(at=MONDAY)
    for generation in range(kills + 3):
        connections.close_all()
        at = MONDAY + timedelta(minutes=10) * generation
        crew = [FORK.Process(target=work, args=(at, kind)) for _ in range(WORKERS)]
        for worker in crew:
            worker.start()
        if generation < kills:
            wait_for_mails(server, more=dice.randint(2, 20))
            time.sleep(dice.uniform(0, 0.03))
            for worker in crew:
                worker.kill()
        for worker in crew:
            worker.join()
    rows = list(Mailing.objects.filter(kind=kind))
    sent = {row.message_id for row in rows if row.state == Mailing.State.SENT}
    given_up = {row.message_id for row in rows if row.state == Mailing.State.FAILED}
    assert sent | given_up == {row.message_id for row in rows}
    return Result(
        missed={row.message_id for row in rows} - set(server.taken),
        twice={name for name, count in server.taken.items() if count > 1},
        flagged={row.message_id for row in rows if row.ambiguous},
        given_up=given_up,
        most=max(server.taken.values()),
        kills=kills,
    )


def check(result):
    assert result.missed <= result.given_up, "silently lost"
    assert result.twice <= result.flagged, "came twice, and nobody knows"
    assert result.most <= 2
    assert len(result.flagged) <= result.kills * WORKERS
    assert result.flagged, "no kill hit a send: this run shows nothing"


def test_workers_killed_while_sending_lose_nothing_silently(committed_db, settings):
    with sink(settings) as server:
        invite(80)
        check(send_and_kill(server, kills=4, seed=47))


def test_the_daily_mail_holds_the_same_promise(committed_db, settings):
    with sink(settings) as server:
        invite_daily(60)
        check(send_and_kill(server, kills=3, seed=47, kind=DAILY))
        assert len({row.member_id for row in Mailing.objects.filter(kind=DAILY)}) == Mailing.objects.count()


@pytest.mark.slow
def test_a_thousand_daily_mails_and_25_kills(committed_db, settings):
    with sink(settings) as server:
        invite_daily(1000)
        check(send_and_kill(server, kills=25, seed=2026, kind=DAILY))


@pytest.mark.slow
def test_a_thousand_readers_and_25_kills(committed_db, settings):
    with sink(settings) as server:
        invite(1000)
        check(send_and_kill(server, kills=25, seed=2026))


def test_without_the_claim_the_same_run_sends_twice_and_does_not_know(committed_db, settings, monkeypatch):
    claim = mailings._claim

    def look_only(kind, at, size, period):
        """The rows are read like before, and nobody else can tell."""
        rows = claim(kind, at, size, period)
        Mailing.objects.filter(pk__in=[row.pk for row in rows]).update(claimed_at=None)
        return rows

    def mark(row, *, state, before, **values):
        if state != Mailing.State.SENDING:
            Mailing.objects.filter(pk=row.pk).update(state=state, **values)
        return str(state)

    monkeypatch.setattr(mailings, "_claim", look_only)
    monkeypatch.setattr(mailings, "_mark", mark)
    with sink(settings) as server:
        invite(60)
        result = send_and_kill(server, kills=2, seed=47)
    assert result.twice - result.flagged
