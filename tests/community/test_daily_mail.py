"""The daily mail: everything of a day by what it is about, true when it is sent, once."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from community.blocks import block_member
from community.comments import delete_comment
from community.deliveries import drain
from community.follows import Ear, Thing, listen_to
from community.mail_choices import Wish, choose_wishes, stop_list
from community.mail_threads import DAILY, KIND
from community.mailings import send_batch
from community.models import Audience, Board, Mailing, MailList, Member, Notice, Pace, Post
from community.news import compose_daily
from feedback.triage import change_status
from tests.factories import make_comment, make_member, make_post, make_suggestion
from tests.letters import Tree, html_of, parsed, text_of

pytestmark = pytest.mark.django_db
TOMORROW = timedelta(hours=25)


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def daily(author, now):
    """Mara wants everything once a day."""
    wishes = {name: Wish(Pace.DAILY) for name in (MailList.COMMENTS, MailList.STATUS, MailList.MENTIONS, MailList.POSTS)}
    choose_wishes(member=author, wishes=wishes, at=now)
    return author


@pytest.fixture
def post(daily, board, now):
    return make_post("Which charger do you use?", author=daily, board=board, at=now)


def say(post, body="A small one.", *, by=None):
    comment = make_comment(post, body, author=by or make_member("Tomasz Wilk"), at=timezone.now())
    drain()
    return comment


def send(after=TOMORROW, kind=DAILY):
    return dict(send_batch(kind=kind, at=timezone.now() + after))


def test_nothing_comes_before_the_morning_and_then_everything_at_once(post, daily, board, now):
    tomasz = make_member("Tomasz Wilk")
    for words in ("One.", "Two."):
        say(post, words, by=tomasz)
    say(make_post("And the cable?", author=daily, board=board, at=now), "Three.", by=tomasz)
    assert send(timedelta(minutes=5)) == {} == send(timedelta(minutes=5), kind=KIND)
    assert send() == {"sent": 1}
    (letter,) = mail.outbox
    assert letter.to == [daily.email]
    assert all(words in text_of(letter) for words in ("One.", "Two.", "Three.", "2 new comments on “Which charger"))


def test_sent_once_it_is_not_sent_again(post):
    say(post)
    assert [send(), send(timedelta(days=3))] == [{"sent": 1}, {}]


def test_a_decision_leads_and_names_its_list(post, daily, board, staff, now):
    say(post)
    wish = make_suggestion("Charge limit", author=daily, board=board, at=now)
    change_status(suggestion=wish, to="planned", by=staff, at=now)
    drain()
    send()
    letter = mail.outbox[0]
    assert letter.subject.startswith("“Charge limit” is planned, and one more")
    assert parsed(letter)["List-Id"].startswith("<status.")


@pytest.mark.parametrize(
    "undo",
    [
        lambda post, said: delete_comment(comment=said, by=said.author, at=timezone.now()),
        lambda post, said: Post.objects.filter(pk=post.pk).update(state="deleted"),
        lambda post, said: Board.objects.filter(pk=post.board_id).update(see=Audience.STAFF),
        lambda post, said: stop_list(member=post.author, name=MailList.COMMENTS, at=timezone.now()),
        lambda post, said: Member.objects.filter(pk=post.author_id).update(closed_at=timezone.now()),
        lambda post, said: Notice.objects.update(read_at=timezone.now()),
        lambda post, said: listen_to(member=post.author, kind=Thing.POST, thing=post, ear=Ear.MUTE, at=timezone.now()),
        lambda post, said: listen_to(member=post.author, kind=Thing.PERSON, thing=said.author, ear=Ear.MUTE, at=timezone.now()),
        lambda post, said: block_member(member=post.author, other=said.author, at=timezone.now()),
    ],
    ids=["deleted", "post deleted", "board closed", "list stopped", "left", "read", "thread muted", "person muted", "blocked"],
)
@pytest.mark.parametrize("pace", [Pace.NOW, Pace.DAILY, Pace.WEEKLY])
def test_what_is_no_longer_so_or_wanted_is_not_sent(post, undo, pace):
    choose_wishes(member=post.author, wishes={"comments": Wish(pace), "digest": Wish(Pace.NEVER)}, at=timezone.now())
    undo(post, say(post))
    kind = {Pace.NOW: KIND, Pace.DAILY: DAILY, Pace.WEEKLY: "digest"}[pace]
    assert send(timedelta(days=8), kind=kind) == {"skipped": 1}
    assert mail.outbox == []


def test_who_asks_for_a_slower_pace_has_what_waits_in_the_slower_mail(author, board, now):
    post = make_post("Which charger?", author=author, board=board, at=now)
    say(post, "Still to come.")
    choose_wishes(member=author, wishes={"comments": Wish(Pace.DAILY)}, at=now)
    assert send(timedelta(minutes=5), kind=KIND) == {"skipped": 1}
    assert send() == {"sent": 1}
    assert "Still to come." in text_of(mail.outbox[0])


def test_who_asks_for_a_quicker_pace_still_has_what_was_gathered(post, daily, now):
    say(post)
    choose_wishes(member=daily, wishes={"comments": Wish(Pace.NOW)}, at=now)
    assert send() == {"sent": 1}


def test_the_foot_says_why_and_leads_to_both_ways_out(post):
    say(post)
    send()
    said = text_of(mail.outbox[0])
    assert "Comments on posts you follow" in said
    assert "/mail/unsubscribe/" in said
    assert "/mail/preferences/" in said


def test_a_flood_on_one_post_is_told_by_its_first_and_counted(post):
    for number in range(9):
        say(post, f"Word {number}.")
    send()
    assert "9 new comments on" in mail.outbox[0].body
    assert "And 5 more there" in mail.outbox[0].body
    assert "Word 4." not in mail.outbox[0].body


def test_what_people_write_is_words_and_no_markup(daily, board, now):
    post = make_post("Title <script>alert(1)</script>", author=daily, board=board, at=now)
    say(post, "<img src=x onerror=alert(1)>", by=make_member("Eve <b>"))
    send()
    assert not Tree(html_of(mail.outbox[0])).names() & {"script", "img", "b"}


def test_it_is_in_the_readers_language(post, daily):
    Member.objects.filter(pk=daily.pk).update(language="zh-hans")
    say(post)
    send()
    assert '<html lang="zh-hans"' in html_of(mail.outbox[0])


def test_twenty_mails_cost_as_many_queries_to_compose_as_two(board, now):
    counts = []
    for crowd in (2, 20):
        Mailing.objects.all().delete()
        for _ in range(crowd):
            author = make_member()
            choose_wishes(member=author, wishes={"comments": Wish(Pace.DAILY)}, at=now)
            make_comment(make_post(author=author, board=board, at=now), at=now)
        drain()
        rows = list(Mailing.objects.filter(kind=DAILY).select_related("member"))
        with CaptureQueriesContext(connection) as queries:
            assert len(compose_daily(rows, now)) == crowd
        counts.append(len(queries))
    assert counts[0] == counts[1]
