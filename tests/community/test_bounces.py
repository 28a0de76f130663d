"""An address that a mail server refuses for good rests, its owner is told on the page, and can wake it."""

import email
import json
import mailbox
from smtplib import SMTPDataError, SMTPRecipientsRefused

import pytest
from django.core.mail import EmailMessage as Letter
from django.core.management import CommandError, call_command

from community import mailings
from community.bounces import Refusal, is_final, pause_address, pause_all, pause_of, refusals_in, resting, resume_address
from community.deliveries import drain
from community.models import Activity, Mailing, MailPause, Member, Notice
from tests.factories import make_member

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("code", "words", "final"),
    [
        (550, "5.1.1 no such user", True),
        (550, "unknown user", True),
        (553, "bad address", True),
        (551, "moved", True),
        (550, "5.2.1 mailbox disabled", True),
        (552, "5.2.2 mailbox full", False),
        (550, "5.2.2 over quota", False),
        (550, "5.7.1 your server is on a list", False),
        (554, "5.7.1 looks like spam", False),
        (554, "no", False),
        (450, "4.1.1 later", False),
        (0, "5.1.10", True),
    ],
)
def test_only_a_dead_address_is_final(code, words, final):
    assert is_final(code, words) is final


@pytest.fixture
def server(monkeypatch):
    """A mail server that answers as told, and whatever it takes."""
    monkeypatch.setitem(
        mailings.COMPOSERS, "test", lambda rows, at: {r.pk: Letter("Hi", "Hi", to=[r.member.email]) for r in rows}
    )
    taken = []

    class Server:
        fault = None
        taken_by = taken

        def open(self):
            pass

        close = open

        def send_messages(self, letters):
            if Server.fault:
                raise Server.fault
            taken.extend(letters)

    monkeypatch.setattr(mailings, "get_connection", Server)
    return Server


def send(member, now, period="1"):
    mailings.plan_mailings(kind="test", period=period, member_ids=[member.pk], due_at=now)
    return dict(mailings.send_batch(kind="test", at=now))


def refused(member, words, code=550):
    return SMTPRecipientsRefused({member.email: (code, words.encode())})


def test_a_refused_recipient_gets_nothing_more(server, author, now):
    server.fault = refused(author, "5.1.1 no such user here")
    assert send(author, now) == {"failed": 1}
    server.fault = None
    assert send(author, now, "2") == {"skipped": 1}
    assert server.taken_by == []
    assert "rests" in Mailing.objects.get(period="2").error


@pytest.mark.parametrize("words", ["5.2.2 mailbox full", "5.7.1 no thanks"])
def test_a_full_mailbox_or_a_policy_pauses_nobody(server, author, now, words):
    server.fault = refused(author, words)
    send(author, now)
    assert not MailPause.objects.exists()


def test_a_mail_that_is_refused_for_what_it_says_pauses_nobody(server, author, now):
    server.fault = SMTPDataError(550, b"5.1.1 odd, but about the mail")
    assert send(author, now) == {"failed": 1}
    assert not MailPause.objects.exists()


def test_the_member_is_told_on_the_page_alone(client, server, author, now):
    pause_address(member=author, reason="550 5.1.1 no such user", at=now)
    drain()
    assert not Mailing.objects.exists()
    client.force_login(author)
    assert "Our mails do not reach you" in client.get("/me/notices/").content.decode()
    page = client.get("/me/mail/").content.decode()
    assert "no such user" in page
    assert "/me/mail/resume/" in page


def test_one_press_wakes_the_address(client, server, author, now):
    pause_address(member=author, reason="550", at=now)
    client.force_login(author)
    assert client.get("/me/mail/resume/").status_code == 405
    client.post("/me/mail/resume/")
    assert pause_of(author) is None
    assert send(author, now) == {"sent": 1}
    assert set(Activity.objects.values_list("verb", flat=True)) >= {"mail_paused", "mail_resumed"}


def test_waking_what_is_awake_does_nothing(author, now):
    assert resume_address(member=author, at=now) is False


def test_a_new_address_begins_without_a_past(server, author, now):
    pause_address(member=author, reason="550", at=now)
    Member.objects.filter(pk=author.pk).update(email="new@example.org")
    author.refresh_from_db()
    assert resting([author]) == set()
    assert send(author, now) == {"sent": 1}


def test_paused_again_and_again_it_is_one_pause_and_one_notice(author, now, hours):
    assert [pause_address(member=author, reason="550", at=now + hours(n)) for n in range(3)] == [True, False, False]
    drain()
    assert Notice.objects.filter(member=author, kind="mail_paused").count() == 1


def test_after_waking_a_second_refusal_is_told_again(author, now, hours):
    pause_address(member=author, reason="550", at=now)
    resume_address(member=author, at=now + hours(1))
    pause_address(member=author, reason="550", at=now + hours(2))
    drain()
    assert Notice.objects.filter(member=author, kind="mail_paused").count() == 2


def test_nobody_sees_anothers_pause(client, author, voter, now):
    pause_address(member=author, reason="550 nosy", at=now)
    client.force_login(voter)
    assert "nosy" not in client.get("/me/mail/").content.decode()


def test_a_batch_asks_once_who_rests(django_assert_num_queries):
    members = [make_member() for _ in range(20)]
    with django_assert_num_queries(1):
        assert resting(members) == set()


REPORT = """Subject: Undelivered Mail Returned to Sender
Content-Type: multipart/report; report-type=delivery-status; boundary="edge"

--edge
Content-Type: text/plain

I'm sorry to have to inform you that your message could not be delivered.

--edge
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org

Final-Recipient: rfc822; {address}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 no such user

--edge--
"""


def report(address, status="5.1.1", action="failed"):
    """A report as mail servers send it."""
    return REPORT.format(address=address, status=status, action=action)


def test_reports_name_the_dead_and_leave_the_rest(tmp_path):
    said = [
        list(refusals_in(email.message_from_string(text)))
        for text in (
            report("Mara@Example.org"),
            report("x@example.org", "5.2.2"),
            report("x@example.org", "4.4.1", "delayed"),
            "Subject: Hi\n\nHello",
        )
    ]
    assert said == [[Refusal("mara@example.org", "5.1.1 smtp; 550 no such user")], [], [], []]


def test_a_mailbox_of_reports_pauses_whom_it_names(tmp_path, author, voter, capsys):
    Member.objects.filter(pk=author.pk).update(email="Mara@example.org")
    box = mailbox.mbox(tmp_path / "bounces")
    for address in ("mara@example.org", "mara@example.org", "nobody@example.org"):
        box.add(report(address))
    box.close()
    call_command("import_bounces", str(tmp_path / "bounces"), "--json")
    assert json.loads(capsys.readouterr().out) == {"mails": 3, "refused": 2, "paused": 1}
    call_command("import_bounces", str(tmp_path / "bounces"))
    assert "paused: 0" in capsys.readouterr().out
    assert list(MailPause.objects.values_list("member", flat=True)) == [author.pk]


def test_a_folder_of_reports_can_be_looked_at_first(tmp_path, author, capsys):
    (tmp_path / "1.eml").write_text(report(author.email))
    call_command("import_bounces", str(tmp_path), "--dry-run", "--json")
    assert json.loads(capsys.readouterr().out) == {"mails": 1, "refused": 1, "paused": 0}
    assert not MailPause.objects.exists()


def test_a_path_that_is_not_there_is_said_so(tmp_path):
    with pytest.raises(CommandError, match="is not there"):
        call_command("import_bounces", str(tmp_path / "none"))


def test_reports_about_strangers_pause_nobody(now):
    assert pause_all([Refusal("nobody@example.org", "5.1.1")], at=now) == 0
