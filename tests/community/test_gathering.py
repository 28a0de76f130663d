"""What can wait is gathered: one mail a day in one's own morning, or with the roadmap on Monday; never two of a period."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from community.mail_threads import DAILY, WEEKLY, Item, gather_mails
from community.models import Mailing, MailList, Pace

pytestmark = pytest.mark.django_db
START = datetime(2026, 11, 18, 10, 50, tzinfo=UTC)  # a Wednesday
State = Mailing.State


def gather(member, *activities, at=START, pace=Pace.DAILY, zone="UTC", thread="post:7"):
    gather_mails([Item(member.pk, thread, one, MailList.POSTS, pace, ZoneInfo(zone)) for one in activities], at=at)


def told(mailing):
    mailing.refresh_from_db()
    return [activity for activity, _ in mailing.data["news"]]


def test_a_day_is_one_mail_whatever_it_is_about(author):
    gather(author, 1)
    gather(author, 2, at=START + timedelta(hours=9), thread="post:8")
    mail = Mailing.objects.get()
    assert (mail.kind, mail.period, told(mail)) == (DAILY, "2026-11-19", [1, 2])
    assert mail.due_at == datetime(2026, 11, 19, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "due"),
    [
        ("America/New_York", datetime(2026, 11, 18, 13, tzinfo=UTC)),
        ("Asia/Shanghai", datetime(2026, 11, 19, 0, tzinfo=UTC)),
        ("Pacific/Kiritimati", datetime(2026, 11, 18, 18, tzinfo=UTC)),
    ],
)
def test_the_morning_is_the_members_own(author, zone, due):
    gather(author, 1, zone=zone)
    assert Mailing.objects.get().due_at == due


def test_the_clocks_going_back_leave_the_morning_at_eight(author):
    gather(author, 1, zone="Europe/Berlin", at=datetime(2026, 10, 24, 20, tzinfo=UTC))
    assert Mailing.objects.get().due_at == datetime(2026, 10, 25, 7, tzinfo=UTC)


@pytest.mark.parametrize("state", [State.SENDING, State.SENT, State.SKIPPED, State.FAILED])
def test_what_comes_too_late_for_a_morning_waits_for_the_next(author, state):
    gather(author, 1)
    Mailing.objects.update(state=state)
    gather(author, 2, at=START + timedelta(seconds=1))
    assert set(Mailing.objects.values_list("period", flat=True)) == {"2026-11-19", "2026-11-20"}
    assert told(Mailing.objects.get(state=State.WAITING)) == [2]


def test_a_mail_that_is_being_written_is_not_joined(author):
    gather(author, 1)
    Mailing.objects.update(claimed_at=START)
    gather(author, 2)
    assert sorted(told(row) for row in Mailing.objects.all()) == [[1], [2]]


def test_a_week_goes_with_the_roadmap_of_its_monday(author):
    gather(author, 1, pace=Pace.WEEKLY)
    mail = Mailing.objects.get()
    assert (mail.kind, mail.period, mail.due_at) == (WEEKLY, "2026-W47", datetime(2026, 11, 23, 8, tzinfo=UTC))


def test_what_happens_on_monday_before_eight_is_still_in_that_mail(author):
    gather(author, 1, pace=Pace.WEEKLY, at=datetime(2026, 11, 23, 7, 59, tzinfo=UTC))
    gather(author, 2, pace=Pace.WEEKLY, at=datetime(2026, 11, 23, 8, 0, tzinfo=UTC))
    assert dict(Mailing.objects.values_list("period", "due_at")) == {
        "2026-W47": datetime(2026, 11, 23, 8, tzinfo=UTC),
        "2026-W48": datetime(2026, 11, 30, 8, tzinfo=UTC),
    }


def test_a_roadmap_that_was_planned_before_takes_what_comes(author):
    Mailing.objects.create(kind=WEEKLY, period="2026-W47", member=author, message_id="<1@x>", due_at=START)
    gather(author, 1, pace=Pace.WEEKLY)
    assert told(Mailing.objects.get()) == [1]


def test_paces_are_kept_apart(author):
    for pace in (Pace.NOW, Pace.DAILY, Pace.WEEKLY):
        gather(author, 1, pace=pace)
    assert set(Mailing.objects.values_list("kind", flat=True)) == {"news", "daily", "digest"}


def test_a_busy_year_is_a_mail_a_day(author):
    """Something every five hours; a sender that comes by each morning."""
    for step in range(73 * 24 // 5):
        at = START + timedelta(hours=5 * step)
        Mailing.objects.filter(state=State.WAITING, due_at__lte=at).update(state=State.SENT, sent_at=at)
        gather(author, step, at=at)
    days = list(Mailing.objects.order_by("due_at").values_list("due_at", flat=True))
    assert all(after - before == timedelta(days=1) for before, after in zip(days, days[1:], strict=False))
    assert sorted(one for row in Mailing.objects.all() for one in told(row)) == list(range(73 * 24 // 5))
