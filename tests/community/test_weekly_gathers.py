"""What somebody wants once a week comes with the roadmap, or in its stead: one mail a week, whatever is in it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail

from community.deliveries import drain
from community.digest import plan_due_digests
from community.mail_choices import Wish, choose_wishes, stop_list
from community.mailings import send_batch
from community.models import Mailing, MailList, Pace
from tests.factories import make_board, make_comment, make_member, make_post
from tests.letters import html_of, parsed, text_of

pytestmark = pytest.mark.django_db
WEDNESDAY, MONDAY = datetime(2026, 11, 18, 12, tzinfo=UTC), datetime(2026, 11, 23, 8, tzinfo=UTC)


@pytest.fixture(autouse=True)
def wednesday(time_machine):
    time_machine.move_to(WEDNESDAY, tick=False)


@pytest.fixture
def weekly(author):
    choose_wishes(member=author, wishes={MailList.COMMENTS: Wish(Pace.WEEKLY)}, at=WEDNESDAY)
    return author


@pytest.fixture
def post(weekly):
    return make_post("Which charger do you use?", author=weekly, board=make_board(), at=WEDNESDAY)


def say(post, words="A small one.", *, times=1):
    for _ in range(times):
        make_comment(post, words, author=make_member("Tomasz Wilk", email=None), at=WEDNESDAY)
    drain()


def monday():
    plan_due_digests(at=MONDAY)
    return dict(send_batch(kind="digest", at=MONDAY + timedelta(minutes=1)))


def test_it_comes_with_the_roadmap_in_one_mail(post, weekly):
    make_talk()
    say(post)
    monday()
    (letter,) = [one for one in mail.outbox if one.to == [weekly.email]]
    assert "Gathered for you" in text_of(letter)
    assert "People talked about" in text_of(letter)
    assert "A small one." in html_of(letter)
    assert Mailing.objects.filter(member=weekly, kind="digest").count() == 1


def make_talk():
    lively = make_post("Who else wakes at six?", author=make_member(email=None), board=make_board(), at=WEDNESDAY)
    for _ in range(3):
        make_comment(lively, author=make_member(email=None), at=WEDNESDAY)


def test_it_alone_makes_the_mail_worth_sending(post, weekly):
    say(post)
    assert monday() == {"sent": 1}
    assert "Tomasz Wilk commented" in mail.outbox[0].subject


def test_without_the_roadmap_it_comes_alone_and_names_its_own_list(post, weekly):
    stop_list(member=weekly, name=MailList.DIGEST, at=WEDNESDAY)
    make_talk()
    say(post)
    monday()
    (letter,) = mail.outbox
    assert "People talked about" not in text_of(letter)
    assert parsed(letter)["List-Id"].startswith("<comments.")


def test_without_either_nothing_comes(post, weekly):
    say(post)
    for name in (MailList.DIGEST, MailList.COMMENTS):
        stop_list(member=weekly, name=name, at=WEDNESDAY)
    assert monday() == {"skipped": 1}


def test_the_roadmap_is_not_planned_a_second_time_for_who_already_has_one_coming(post, weekly):
    say(post)
    assert [plan_due_digests(at=MONDAY) for _ in range(2)] == [0, 0]
    assert Mailing.objects.filter(kind="digest").count() == 1


def test_what_was_read_on_the_page_meanwhile_is_left_out(post, weekly, client):
    say(post)
    client.force_login(weekly)
    client.get(post.get_absolute_url())
    assert monday() == {"skipped": 1}


def test_many_of_one_post_are_told_together(post):
    say(post, times=6)
    monday()
    assert "6 new comments on “Which charger do you use?”" in text_of(mail.outbox[0])
