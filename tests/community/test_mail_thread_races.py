"""Many tell and somebody sends at the same instant: nothing told is left out of the mails, and none is told twice."""

from datetime import UTC, datetime, timedelta

import pytest

from community import mailings
from community.mail_threads import DAILY, KIND, WEEKLY, Item, gather_mails
from community.models import Mailing, MailList, Member, Pace
from tests.factories import make_member
from tests.rewards.racing import race

START = datetime(2026, 11, 16, 10, tzinfo=UTC)
EACH = 15


def composed(rows, at):
    """What a mail would have said, kept where the test can read it: the row is skipped with that as its reason."""
    return {row.pk: " ".join(str(activity) for activity, _ in row.data["news"]) for row in rows}


def run(task):
    what, number, kind, pace = task
    member = Member.objects.get()
    for step in range(EACH):
        at = START + timedelta(minutes=20 * step)
        if what == "tell":
            gather_mails([Item(member.pk, "post:7", number * EACH + step, MailList.COMMENTS, pace)], at=at)
        else:
            mailings.send_batch(kind=kind, at=START + timedelta(days=30), size=5)
    return "done"


@pytest.mark.parametrize(("kind", "pace"), [(KIND, Pace.NOW), (DAILY, Pace.DAILY), (WEEKLY, Pace.WEEKLY)])
def test_what_is_told_while_a_mail_is_sent_is_in_that_mail_or_the_next(committed_db, monkeypatch, kind, pace):
    monkeypatch.setitem(mailings.COMPOSERS, kind, composed)
    make_member()
    tasks = [(what, number, kind, pace) for what, number in (("tell", 0), ("send", 0), ("tell", 1), ("send", 0), ("tell", 2))]
    assert race(run, tasks) == ["done"] * 5
    mailings.send_batch(kind=kind, at=START + timedelta(days=600), size=500)
    said = [int(activity) for row in Mailing.objects.all() for activity in row.error.split()]
    assert sorted(said) == list(range(3 * EACH))


def test_two_who_tell_at_once_share_one_mail(committed_db):
    make_member()
    race(tell_once, range(6))
    (mail,) = Mailing.objects.all()
    assert sorted(activity for activity, _ in mail.data["news"]) == list(range(6))


def tell_once(number):
    gather_mails([Item(Member.objects.get().pk, "post:7", number, MailList.COMMENTS)], at=START)
