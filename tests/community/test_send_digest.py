"""send_digest: everybody's digest once, or files to look at."""

import json
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from io import StringIO

import pytest
from django.core import mail
from django.core.management import CommandError, call_command

from community.mail_choices import stop_list
from community.models import Mailing, MailList, MailToken
from tests.factories import make_board, make_comment, make_member, make_post

pytestmark = pytest.mark.django_db
WEDNESDAY = datetime(2026, 11, 18, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def today(time_machine):
    time_machine.move_to(datetime(2026, 11, 24, 12, tzinfo=UTC), tick=False)


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    return tmp_path / "digest" / "2026-W47"


@pytest.fixture
def mara(db):
    return make_member("Mara Lindqvist", username="mara", time_zone="Asia/Shanghai")


@pytest.fixture
def talk(mara):
    staff = [make_member(username=f"voice-{n}", email=None) for n in range(3)]
    post = make_post("Which charger do you use?", board=make_board(), author=staff[0], at=WEDNESDAY)
    for member in staff:
        make_comment(post, author=member, at=WEDNESDAY)
    return post


def run(*args):
    out = StringIO()
    call_command("send_digest", "--json", *args, stdout=out)
    return json.loads(out.getvalue())


def test_a_dry_run_writes_a_mail_and_a_page_for_each_member_and_sends_nothing(talk, folder):
    report = run("--week", "2026-W47", "--dry-run")
    assert (report["written"], report["skipped"], report["folder"]) == (1, 0, str(folder))
    letter = message_from_bytes((folder / "mara.eml").read_bytes(), policy=policy.default)
    assert letter["To"] == "mara@example.org"
    assert "Which charger do you use?" in (folder / "mara.html").read_text()
    assert (mail.outbox, Mailing.objects.count(), MailToken.objects.count()) == ([], 0, 0)


def test_a_second_dry_run_leaves_nothing_of_the_first(talk, folder, mara):
    run("--week", "2026-W47", "--dry-run")
    stop_list(member=mara, name=MailList.DIGEST, at=WEDNESDAY)
    assert run("--week", "2026-W47", "--dry-run")["written"] == 0
    assert [path.name for path in folder.iterdir()] == ["index.html"]


def test_the_index_leads_to_every_mail_and_is_safe(talk, folder, mara):
    mara.display_name = "<script>alert(1)</script>"
    mara.save()
    run("--week", "2026-W47", "--dry-run")
    page = (folder / "index.html").read_text()
    assert '<a href="mara.html">' in page
    assert "<script>" not in page


def test_without_a_week_it_is_the_last_one_that_is_over(talk):
    assert run("--dry-run")["week"] == "2026-W47"


def test_it_sends_each_digest_once_however_often_it_runs(talk):
    assert [run()["planned"] for _ in range(3)] == [1, 0, 0]
    assert [letter.to for letter in mail.outbox] == [["mara@example.org"]]
    assert run()["sent"] == 1


def test_one_member_can_be_picked(talk):
    make_member(username="other")
    assert run("--member", "mara", "--dry-run")["written"] == 1


def test_a_week_of_nothing_is_said_and_not_sent(mara):
    assert run()["skipped"] == 1
    assert mail.outbox == []


def test_the_week_that_runs_can_be_sent_early(talk, time_machine):
    time_machine.move_to(WEDNESDAY + timedelta(days=2))
    assert run("--week", "2026-W47")["sent"] == 1


@pytest.mark.parametrize(("week", "sentence"), [("2027-W01", "not begun"), ("47", "write it like"), ("2025-W53", "week")])
def test_a_week_that_is_none_or_not_yet_is_refused_in_a_sentence(week, sentence, db):
    with pytest.raises(CommandError, match=sentence):
        run("--week", week)


def test_it_ends_with_a_fault_when_mails_are_left(talk, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    with pytest.raises(SystemExit):
        run()
    assert Mailing.objects.get().state == "waiting"
