"""A row first, then the send, then the mark."""

from datetime import UTC, datetime, timedelta
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPServerDisconnected

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.locmem import EmailBackend

from community import mailings
from community.mailings import plan_mailings, recover_cut_off, send_batch, state_of_mailings
from community.models import Mailing
from tests.factories import make_member

pytestmark = pytest.mark.django_db
START = datetime(2026, 11, 16, 8, tzinfo=UTC)
State = Mailing.State


def compose_plainly(rows, at):
    return {
        row.pk: row.data.get("skip")
        or EmailMultiAlternatives("Hello", "Hello.", to=[row.member.email], headers={"Message-ID": row.message_id})
        for row in rows
    }


class Server(EmailBackend):
    """A mail server that does what the test says, once per fault."""

    faults: list = []
    shut = False

    def open(self):
        if Server.shut:
            raise ConnectionRefusedError("nobody listens")

    def send_messages(self, messages):
        if Server.faults:
            raise Server.faults.pop(0)
        return super().send_messages(messages)


@pytest.fixture(autouse=True)
def server(settings, monkeypatch):
    settings.EMAIL_BACKEND = f"{__name__}.Server"
    Server.faults, Server.shut = [], False
    monkeypatch.setitem(mailings.COMPOSERS, "test", compose_plainly)
    return Server


@pytest.fixture
def members():
    return [make_member() for _ in range(3)]


def plan(*members, period="2026-W46"):
    plan_mailings(kind="test", period=period, member_ids=[member.pk for member in members], due_at=START)


def send(at=START, **more):
    return dict(send_batch(kind="test", at=at, **more))


def row():
    return Mailing.objects.get()


def test_planned_twice_is_one_mail(members):
    plan(*members)
    plan(*members)
    assert send() == {State.SENT: 3}
    assert len(mail.outbox) == 3


def test_sent_is_sent(members):
    plan(*members)
    send()
    assert send(START + timedelta(days=1)) == {}
    assert len(mail.outbox) == 3


def test_nothing_is_sent_before_it_is_due(members):
    plan(*members)
    assert send(START - timedelta(seconds=1)) == {}


def test_the_message_id_says_kind_period_and_member_and_nothing_else(members):
    plan(*members)
    plan(*members, period="2026-W47")
    names = set(Mailing.objects.values_list("message_id", flat=True))
    assert len(names) == 6
    assert names == {mailings.message_id_of(r.kind, r.period, r.member_id) for r in Mailing.objects.all()}


def test_a_composer_may_find_that_there_is_nothing_to_say(members):
    plan(members[0])
    Mailing.objects.update(data={"skip": "Nothing happened."})
    assert send() == {State.SKIPPED: 1}
    assert (row().error, mail.outbox) == ("Nothing happened.", [])


def test_one_row_that_cannot_be_composed_fails_alone(members, monkeypatch):
    def compose(rows, at):
        if any(row.member == members[1] for row in rows):
            raise ZeroDivisionError("a bad row")
        return compose_plainly(rows, at)

    monkeypatch.setitem(mailings.COMPOSERS, "test", compose)
    plan(*members)
    assert send() == {State.SENT: 2, State.WAITING: 1}
    left = Mailing.objects.get(state=State.WAITING)
    assert (left.member, left.attempts, left.error) == (members[1], 1, "ZeroDivisionError: a bad row")


def test_a_server_that_says_later_is_asked_later(members, server):
    server.faults = [SMTPDataError(451, b"greylisted")]
    plan(members[0])
    assert send() == {State.WAITING: 1}
    assert send(START + timedelta(seconds=59)) == {}
    assert send(START + timedelta(seconds=60)) == {State.SENT: 1}
    assert not row().ambiguous


def test_a_server_that_says_never_is_believed(members, server):
    server.faults = [SMTPRecipientsRefused({"a@example.org": (550, b"no such user")})]
    plan(members[0])
    assert send() == {State.FAILED: 1}
    assert row().error == "550 no such user"


def test_later_five_times_is_never(members, server):
    server.faults = [SMTPDataError(451, b"greylisted")] * 6
    plan(members[0])
    for day in range(6):
        send(START + timedelta(days=day))
    assert (row().state, row().attempts) == (State.FAILED, 5)


def test_a_refusal_does_not_stop_the_mails_behind_it(members, server):
    server.faults = [SMTPDataError(554, b"no")]
    plan(*members)
    assert send() == {State.FAILED: 1, State.SENT: 2}


def test_a_server_that_hangs_up_in_the_middle_leaves_a_flag_and_gets_it_once_more(members, server):
    server.faults = [SMTPServerDisconnected("gone")]
    plan(members[0])
    send()
    assert send(START + timedelta(minutes=1)) == {State.SENT: 1}
    assert row().ambiguous


def test_cut_off_twice_is_left_to_people(members, server):
    server.faults = [SMTPServerDisconnected("gone"), TimeoutError("gone again")]
    plan(members[0])
    send()
    assert send(START + timedelta(minutes=1)) == {State.FAILED: 1}
    assert row().ambiguous


def test_a_server_that_is_away_costs_the_mails_nothing(members, server):
    server.shut = True
    plan(*members)
    assert send() == {}
    assert set(Mailing.objects.values_list("state", "attempts", "ambiguous")) == {(State.WAITING, 0, False)}
    server.shut = False
    assert send(START + timedelta(minutes=1)) == {State.SENT: 3}


def test_a_server_that_breaks_off_twice_in_a_row_is_left_alone_and_the_rest_is_unharmed(members, server):
    server.faults = [TimeoutError("stalled"), SMTPServerDisconnected("gone")]
    plan(*members)
    assert send() == {State.WAITING: 2}
    third = Mailing.objects.get(member=members[2])
    assert (third.state, third.attempts, third.ambiguous) == (State.WAITING, 0, False)
    assert send(START + timedelta(minutes=1)) == {State.SENT: 3}


def test_a_mail_the_server_always_breaks_off_at_does_not_block_the_others(members, server):
    server.faults = [SMTPServerDisconnected("gone")]
    plan(*members)
    assert send() == {State.WAITING: 1, State.SENT: 2}


def test_who_is_told_to_stop_leaves_the_rest_due_at_once(members):
    answers = iter([False, True])
    plan(*members)
    assert send(stop=lambda: next(answers)) == {State.SENT: 1}
    assert send(START + timedelta(seconds=1)) == {State.SENT: 2}


def test_an_address_that_cannot_be_said_fails_alone(members):
    members[1].email = "bad\nBcc: all@example.org"
    members[1].save()
    plan(*members)
    assert send() == {State.SENT: 2, State.FAILED: 1}


def test_a_row_somebody_died_sending_is_sent_once_more_and_flagged(members):
    plan(members[0])
    Mailing.objects.update(state=State.SENDING, claimed_at=START)
    assert send(START + mailings.CUT_OFF - timedelta(seconds=1)) == {}
    assert send(START + mailings.CUT_OFF) == {State.SENT: 1}
    assert row().ambiguous


def test_a_row_somebody_died_sending_twice_is_not_sent_a_third_time(members):
    plan(members[0])
    Mailing.objects.update(state=State.SENDING, claimed_at=START, ambiguous=True)
    assert recover_cut_off(at=START + mailings.CUT_OFF) == 1
    assert (row().state, mail.outbox) == (State.FAILED, [])


def test_a_row_somebody_died_composing_is_simply_taken_up_again(members):
    plan(members[0])
    Mailing.objects.update(claimed_at=START)
    assert send(START + timedelta(seconds=119)) == {}
    assert send(START + mailings.LEASE) == {State.SENT: 1}
    assert not row().ambiguous


def test_who_lost_the_lease_does_not_send(members, monkeypatch):
    def compose_slowly(rows, at):
        Mailing.objects.update(claimed_at=START + timedelta(minutes=3))  # another worker took over meanwhile
        return compose_plainly(rows, at)

    monkeypatch.setitem(mailings.COMPOSERS, "test", compose_slowly)
    plan(members[0])
    assert send() == {"lost": 1}
    assert mail.outbox == []


def test_a_batch_is_no_larger_than_asked(members):
    plan(*members)
    assert send(size=2) == {State.SENT: 2}


def test_one_period_can_be_sent_alone(members):
    plan(members[0], period="2026-W45")
    plan(members[0], period="2026-W46")
    assert send(period="2026-W45") == {State.SENT: 1}
    assert state_of_mailings(kind="test", period="2026-W46")["waiting"] == 1
