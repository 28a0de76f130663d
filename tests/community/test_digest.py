"""The weekly digest: one's own week, in one's own language and time, once, and never empty."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from community import digest, sections
from community.digest import KIND, compose_digests, draft_digests, plan_due_digests
from community.mail_choices import resume_list, stop_list
from community.mailings import send_batch
from community.models import Audience, Board, Mailing, MailList, Member
from tests.factories import make_board, make_comment, make_member, make_post
from tests.letters import Tree, html_of, parsed, text_of

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 11, 23, 8, tzinfo=UTC)
WEDNESDAY = datetime(2026, 11, 18, 12, tzinfo=UTC)


@pytest.fixture
def reader(db):
    return make_member("Mara Lindqvist")


@pytest.fixture
def talk(db):
    """A post that people talked about in week 47."""
    board = make_board("battery")
    post = make_post("Which charger do you use?", board=board, at=WEDNESDAY)
    for _ in range(3):
        make_comment(post, at=WEDNESDAY)
    return post


def send(at=MONDAY):
    plan_due_digests(at=at)
    return dict(send_batch(kind=KIND, at=at, size=500))


def digest_of(member):
    (letter,) = [letter for letter in mail.outbox if letter.to == [member.email]]
    return letter


def states():
    return dict(Mailing.objects.values_list("member__username", "state"))


def test_the_digest_comes_on_monday_at_eight_and_tells_of_the_week(reader, talk):
    assert send(MONDAY - timedelta(minutes=1)).get("sent") is None
    send()
    assert "Which charger do you use? (3 comments this week)" in text_of(digest_of(reader))


def test_however_often_it_is_planned_and_sent_there_is_one_per_week_and_person(reader, talk):
    for minutes in range(0, 180, 15):
        send(MONDAY + timedelta(minutes=minutes))
    assert digest_of(reader)
    assert Mailing.objects.filter(member=reader, period="2026-W47").count() == 1


def test_there_is_a_digest_for_every_week_and_nothing_back_dated_after_a_long_silence(reader, talk):
    make_comment(talk, at=WEDNESDAY + timedelta(weeks=4))
    send()
    send(MONDAY + timedelta(weeks=5))
    assert set(Mailing.objects.filter(member=reader).values_list("period", flat=True)) == {"2026-W47", "2026-W52"}


def test_nobody_gets_an_empty_one(reader):
    assert send() == {"skipped": 1}
    assert mail.outbox == []
    assert Mailing.objects.get().error == digest.EMPTY


def test_what_is_always_true_alone_is_not_worth_a_mail(reader, monkeypatch):
    evergreen = sections.Section("talk", 1, lambda members, week: None, lambda *_: {"entries": []} | {"x": 1}, personal=False)
    monkeypatch.setattr(sections, "REGISTER", {"talk": evergreen})
    assert send() == {"skipped": 1}


@pytest.mark.parametrize(
    ("zone", "hour"), [("Asia/Shanghai", 0), ("Europe/Berlin", 7), ("America/New_York", 13), ("Pacific/Kiritimati", -6)]
)
def test_monday_morning_is_where_the_member_lives(zone, hour, talk):
    member = make_member(time_zone=zone)
    eight = datetime(2026, 11, 23, tzinfo=UTC) + timedelta(hours=hour)
    send(eight - timedelta(minutes=1))
    assert "2026-W47" not in Mailing.objects.filter(member=member).values_list("period", flat=True)
    send(eight)
    assert Mailing.objects.filter(member=member, period="2026-W47").count() == 1


def test_on_the_monday_after_the_clocks_changed_it_is_still_eight(talk):
    make_member(time_zone="Europe/Berlin")
    send(datetime(2026, 10, 26, 6, 59, tzinfo=UTC))
    assert not Mailing.objects.filter(period="2026-W43").exists()
    send(datetime(2026, 10, 26, 7, 0, tzinfo=UTC))
    assert Mailing.objects.filter(period="2026-W43").exists()


def test_who_moves_to_another_time_zone_gets_no_second_one(reader, talk):
    send()
    Member.objects.filter(pk=reader.pk).update(time_zone="America/Los_Angeles")
    send(MONDAY + timedelta(hours=12))
    assert digest_of(reader)


def test_a_zone_that_is_no_more_is_utc(talk):
    member = make_member(time_zone="Mars/Olympus")
    send()
    assert digest_of(member)


@pytest.mark.parametrize(
    "fields",
    [{"email": None}, {"email": ""}, {"verified_at": None}, {"claimed_at": None}, {"is_active": False}, {"closed_at": MONDAY}],
)
def test_who_cannot_be_written_to_gets_no_row(fields, talk):
    member = make_member(**fields)
    send()
    assert member.username not in states()


def test_who_joined_after_the_week_gets_the_next_one(talk):
    member = make_member(joined_at=datetime(2026, 11, 23, 1, tzinfo=UTC))
    send()
    assert member.username not in states()


def test_who_said_no_gets_no_row_and_who_says_yes_late_gets_the_next_one(reader, talk):
    stop_list(member=reader, name=MailList.DIGEST, at=MONDAY - timedelta(days=1))
    send()
    resume_list(member=reader, name=MailList.DIGEST, at=MONDAY + timedelta(days=1))
    send(MONDAY + timedelta(days=2))
    assert reader.username not in states()
    send(MONDAY + timedelta(weeks=1))
    assert states()[reader.username]


def test_who_says_no_between_planning_and_sending_gets_none(reader, talk):
    plan_due_digests(at=MONDAY)
    stop_list(member=reader, name=MailList.DIGEST, at=MONDAY)
    send_batch(kind=KIND, at=MONDAY, size=500)
    assert states()[reader.username] == "skipped"


def test_who_closes_the_account_between_planning_and_sending_gets_none(reader, talk):
    plan_due_digests(at=MONDAY)
    Member.objects.filter(pk=reader.pk).update(closed_at=MONDAY)
    send_batch(kind=KIND, at=MONDAY, size=500)
    assert states()[reader.username] == "skipped"


def test_what_was_closed_to_the_reader_between_planning_and_sending_is_not_told(reader, talk):
    plan_due_digests(at=MONDAY)
    Board.objects.update(see=Audience.STAFF)
    send_batch(kind=KIND, at=MONDAY, size=500)
    assert states()[reader.username] == "skipped"


def test_it_speaks_the_members_language_and_keeps_their_calendar(talk):
    member = make_member("林小满", language="zh-hans", time_zone="Asia/Shanghai")
    send(datetime(2026, 11, 23, 0, 0, tzinfo=UTC))
    letter = digest_of(member)
    assert '<html lang="zh-hans"' in html_of(letter)
    assert "11月16日" in text_of(letter)
    assert "11月22日" in text_of(letter)


def test_a_language_we_do_not_speak_is_english(talk):
    send_to = make_member(language="tlh")
    send()
    assert '<html lang="en"' in html_of(digest_of(send_to))


def test_days_are_the_readers_days(talk):
    make_member(time_zone="Pacific/Kiritimati")
    send(datetime(2026, 11, 22, 18, 0, tzinfo=UTC))
    assert "16 November to 22 November" in text_of(mail.outbox[0])


def test_html_and_text_say_the_same(reader, talk):
    send()
    letter = digest_of(reader)
    assert "Which charger do you use?" in Tree(html_of(letter)).read
    assert f"/posts/{talk.pk}/" in text_of(letter)
    assert parsed(letter).get_content_type() == "multipart/alternative"


def test_a_section_that_breaks_for_one_member_costs_the_others_nothing(reader, talk, monkeypatch):
    victim, whole = make_member(), sections.REGISTER["talk"]

    def write(member, week, prepared):
        return 1 / 0 if member == victim else whole.write(member, week, prepared)

    broken = sections.Section("talk", 60, whole.prepare, write, personal=True)
    monkeypatch.setitem(sections.REGISTER, "talk", broken)
    send()
    assert (states()[reader.username], states()[victim.username]) == ("sent", "waiting")


def test_twenty_readers_cost_as_many_queries_as_two(talk):
    counts = []
    for crowd in (2, 20):
        rows = [Mailing(pk=n, kind=KIND, period="2026-W47", member=make_member(), message_id=f"<{n}>") for n in range(crowd)]
        with CaptureQueriesContext(connection) as queries:
            letters = compose_digests(rows, MONDAY)
        assert len(letters) == crowd
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_draft_writes_nothing_and_sends_nothing(reader, talk):
    (drafted,) = draft_digests(members=[reader], week_name="2026-W47")
    assert drafted[1].subject
    assert not Mailing.objects.exists()
    assert not reader.mail_tokens.exists()
