"""The tasks that beat rings for: named as the schedule says, thin, safe to run twice."""

from datetime import UTC, datetime

import pytest
from celery import current_app
from django.core import mail

from community import mail_threads, mailings
from community.models import Mailing
from community.tasks import send_mailings, write_digests
from tests.factories import make_board, make_comment, make_member, make_post

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 11, 23, 8, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def talk(db, time_machine):
    time_machine.move_to(MONDAY, tick=False)
    people = [make_member(email=None) for _ in range(3)]
    post = make_post("Which charger do you use?", board=make_board(), author=people[0], at=datetime(2026, 11, 18, tzinfo=UTC))
    for member in people:
        make_comment(post, author=member, at=datetime(2026, 11, 18, tzinfo=UTC))


@pytest.fixture
def mara():
    return make_member("Mara Lindqvist")


@pytest.mark.parametrize("name", ["community.write_digests", "community.send_mailings", "community.sweep_notices"])
def test_the_schedule_names_tasks_that_exist(name):
    assert name in current_app.tasks
    assert name in {entry["task"] for entry in current_app.conf.beat_schedule.values()}


def test_a_digest_is_planned_by_one_and_sent_by_the_other(mara):
    assert write_digests() == 1
    assert send_mailings() == {"sent": 1}
    assert [letter.to for letter in mail.outbox] == [[mara.email]]


def test_run_twice_they_do_it_once(mara):
    for _ in range(2):
        write_digests()
        send_mailings()
    assert len(mail.outbox) == 1


def test_what_does_not_fit_into_the_time_waits_for_the_next_run(mara):
    write_digests()
    assert send_mailings(seconds=0) == {}
    assert Mailing.objects.get().state == "waiting"


def test_news_overtakes_digests(mara, monkeypatch):
    order = []
    monkeypatch.setattr(mailings, "send_batch", lambda *, kind, **how: order.append(kind))
    send_mailings()
    assert order == [mail_threads.KIND, mail_threads.DAILY, "digest"]
