"""Never more than one mail per thread and hour, and nothing is left out of them."""

from datetime import UTC, datetime, timedelta

import pytest

from community.mail_threads import Item, gather_mails
from community.models import Mailing, MailList

pytestmark = pytest.mark.django_db
START = datetime(2026, 11, 16, 10, 50, tzinfo=UTC)
State = Mailing.State


def gather(member, *activities, at=START, thread="post:7", name=MailList.COMMENTS):
    gather_mails([Item(member.pk, thread, activity, name) for activity in activities], at=at)


def send(mailing, at):
    Mailing.objects.filter(pk=mailing.pk).update(state=State.SENT, sent_at=at)


def told(mailing):
    mailing.refresh_from_db()
    return [activity for activity, _ in mailing.data["news"]]


def test_what_comes_while_a_mail_waits_joins_it(author):
    gather(author, 1)
    gather(author, 2, at=START + timedelta(seconds=30))
    assert told(Mailing.objects.get()) == [1, 2]


def test_many_at_once_share_a_mail(author):
    gather(author, 1, 2, 3)
    assert told(Mailing.objects.get()) == [1, 2, 3]


def test_a_comment_waits_two_minutes_and_news_one(author):
    gather(author, 1)
    gather(author, 2, thread="post:8", name=MailList.STATUS)
    assert [row.due_at - START for row in Mailing.objects.order_by("pk")] == [timedelta(minutes=2), timedelta(minutes=1)]


def test_after_a_mail_the_next_one_is_due_an_hour_later_and_loses_nothing(author):
    gather(author, 1)
    first = Mailing.objects.get()
    send(first, START + timedelta(minutes=3))
    gather(author, 2, at=START + timedelta(minutes=15))
    gather(author, 3, at=START + timedelta(minutes=40))
    second = Mailing.objects.exclude(pk=first.pk).get()
    assert told(second) == [2, 3]
    assert second.due_at == START + timedelta(minutes=63)


def test_a_mail_sent_late_still_keeps_the_hour(author):
    gather(author, 1)
    first = Mailing.objects.get()
    send(first, START + timedelta(hours=6))
    gather(author, 2, at=START + timedelta(hours=6, minutes=5))
    assert Mailing.objects.exclude(pk=first.pk).get().due_at == START + timedelta(hours=7)


def test_a_mail_that_is_being_written_is_not_joined(author):
    gather(author, 1)
    Mailing.objects.update(claimed_at=START)
    gather(author, 2)
    assert sorted(told(row) for row in Mailing.objects.all()) == [[1], [2]]


@pytest.mark.parametrize("state", [State.SKIPPED, State.FAILED, State.SENDING])
def test_a_mail_that_came_to_nothing_does_not_swallow_the_next(author, state):
    gather(author, 1)
    Mailing.objects.update(state=state)
    gather(author, 2, at=START + timedelta(minutes=5))
    assert told(Mailing.objects.get(state=State.WAITING)) == [2]


def test_a_mail_put_off_by_the_server_takes_what_comes_meanwhile(author):
    gather(author, 1)
    Mailing.objects.update(due_at=START + timedelta(hours=5), attempts=3)
    gather(author, 2, at=START + timedelta(hours=3))
    assert told(Mailing.objects.get()) == [1, 2]


def test_threads_and_members_are_kept_apart(author, voter):
    gather(author, 1)
    gather(author, 2, thread="post:8")
    gather(voter, 3)
    assert Mailing.objects.count() == 3


def test_a_busy_day_gives_at_most_one_mail_an_hour(author):
    """A comment every seven minutes for a day, and a sender that comes by every minute."""
    sent = []
    for minute in range(24 * 60):
        at = START + timedelta(minutes=minute)
        if minute % 7 == 0:
            gather(author, minute, at=at)
        for row in Mailing.objects.filter(state=State.WAITING, due_at__lte=at):
            send(row, at)
            sent.append(at)
    gaps = [after - before for before, after in zip(sent, sent[1:], strict=False)]
    heard = {activity for row in Mailing.objects.all() for activity in told(row)}
    assert min(gaps) >= timedelta(hours=1)
    assert heard == set(range(0, 24 * 60, 7))
