"""The link of a mail opens every choice of its member, and nothing else; a thread can be muted from its mail."""

import re

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from community.deliveries import drain
from community.follows import Ear, Thing, ear_of
from community.mail_choices import Wish, wishes_of
from community.mail_threads import KIND
from community.mail_tokens import issue_ways, mask_address
from community.mailings import send_batch
from community.models import Audience, Board, MailChoice, MailList, MailToken, Member, Notice, Pace
from tests.factories import make_comment, make_post
from tests.letters import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def token(author, now):
    return issue_ways(wanted=[(author.pk, "digest")], at=now).to_choose(author.pk)


@pytest.fixture
def post(author, board):
    return make_post("Charge limit", author=author, board=board, at=timezone.now())


def place(token):
    return f"/mail/preferences/{token}/"


def quiet(token, post):
    return f"/mail/thread/{token}/{post.pk}/"


def main_of(answer):
    return re.search(r"<main.*</main>", answer.content.decode(), re.DOTALL)[0]


def pressed(client, address, **said):
    """As a browser does it: the form's own token goes along."""
    secret = re.search(r'csrfmiddlewaretoken" value="(\w+)"', client.get(address).content.decode())[1]
    return client.post(address, said | {"csrfmiddlewaretoken": secret}, follow=True)


def choices(**said):
    """The whole form, as it stands, with what is said."""
    as_is = {f"pace-{name}": "now" for name in MailList.values} | {f"page-{name}": "on" for name in MailList.values}
    return {name: value for name, value in (as_is | said).items() if value is not None}


def test_the_whole_matrix_is_shown_and_kept_without_signing_in(token, author):
    client = Client(enforce_csrf_checks=True)
    page = client.get(place(token)).content.decode()
    assert all(f'name="pace-{name}"' in page for name in MailList.values)
    said = choices(**{"pace-comments": "weekly", "pace-posts": "never", "page-comments": None, "pace-digest": "never"})
    assert "Your choice is kept" in pressed(client, place(token), **said).content.decode()
    kept = wishes_of(author)
    assert kept[MailList.COMMENTS] == Wish(Pace.WEEKLY, on_page=False)
    assert kept[MailList.POSTS].pace == kept[MailList.DIGEST].pace == Pace.NEVER
    assert "_auth_user_id" not in client.session


def test_looking_changes_nothing_and_shows_no_address(token, author):
    page = Client().get(place(token)).content.decode()
    assert author.email not in page
    assert str(author) not in page
    assert mask_address(author) in page
    assert not MailChoice.objects.exists()


def test_it_is_protected_like_every_other_form(token):
    client = Client(enforce_csrf_checks=True)
    assert client.post(place(token), choices()).status_code == 403
    assert not MailChoice.objects.exists()


def test_one_button_ends_every_mail(token, author):
    pressed(Client(), place(token), stop="all")
    assert {wish.pace for wish in wishes_of(author).values()} == {Pace.NEVER}


@pytest.mark.parametrize("wrong", ["x", "A" * 32, "-" * 400])
def test_a_wrong_link_gets_the_answer_of_every_wrong_link(client, token, post, wrong):
    usual = main_of(client.get("/mail/unsubscribe/BBBB/"))
    for address in (place(wrong), quiet(wrong, post)):
        for answer in (client.get(address), client.post(address, choices())):
            assert (answer.status_code, main_of(answer)) == (404, usual)
    assert not MailChoice.objects.exists()


def test_a_link_out_of_one_list_does_not_open_all_choices(client, author, now):
    out = issue_ways(wanted=[(author.pk, "digest")], at=now).out_of(author.pk, "digest")
    assert client.get(place(out)).status_code == 404


def test_what_was_made_up_is_not_kept(token, author):
    pressed(Client(), place(token), **{"pace-status": "hourly", "pace-nonsense": "now", "pace-digest": "daily"})
    assert wishes_of(author)[MailList.STATUS].pace == Pace.NOW
    assert wishes_of(author)[MailList.DIGEST].pace == Pace.WEEKLY


def test_it_works_when_the_account_is_closed(client, token, author, now):
    Member.objects.filter(pk=author.pk).update(closed_at=now, is_active=False, email=None)
    assert client.get(place(token)).status_code == 200


def test_it_chooses_for_whom_it_was_mailed_to_and_not_for_whoever_is_signed_in(client, token, author, voter):
    client.force_login(voter)
    client.post(place(token), choices(**{"pace-status": "daily"}))
    assert wishes_of(author)[MailList.STATUS].pace == Pace.DAILY
    assert wishes_of(voter)[MailList.STATUS].pace == Pace.NOW


def test_the_page_of_the_signed_in_keeps_the_same(client, author):
    client.force_login(author)
    client.post("/me/mail/", choices(**{"pace-status": "daily", "page-status": None}))
    assert wishes_of(author)[MailList.STATUS] == Wish(Pace.DAILY, on_page=False)
    assert re.search(r'<option value="daily" selected>', client.get("/me/mail/").content.decode())


def test_a_visitor_is_asked_to_sign_in_for_their_own_page(client):
    assert client.get("/me/mail/").headers["Location"].startswith("/accounts/login/")
    assert client.post("/me/mail/", choices()).status_code == 302
    assert not MailChoice.objects.exists()


def test_every_news_mail_leads_to_all_three_ways_and_they_open(client, post, author, voter):
    make_comment(post, author=voter, at=timezone.now())
    drain()
    send_batch(kind=KIND, at=timezone.now() + timezone.timedelta(minutes=5))
    said = text_of(next(letter for letter in mail.outbox if letter.to == [author.email]))
    ways = [re.search(rf"http://127.0.0.1:8000(/mail/{way}/\S+)", said)[1] for way in ("thread", "unsubscribe", "preferences")]
    assert [client.get(way).status_code for way in ways] == [200, 200, 200]
    assert ways[0].endswith(f"/{post.pk}/")


def test_one_button_mutes_the_thread_and_another_takes_it_back(token, author, post):
    client = Client(enforce_csrf_checks=True)
    assert main_of(client.get(quiet(token, post))).count("<button") == 1
    assert ear_of(author, Thing.POST, post) == Ear.FOLLOW
    pressed(client, quiet(token, post), want="mute")
    assert ear_of(author, Thing.POST, post) == Ear.MUTE
    pressed(client, quiet(token, post), want="follow")
    assert ear_of(author, Thing.POST, post) == Ear.FOLLOW


def test_a_muted_thread_mails_nothing_more_and_others_do(token, author, voter, post, board):
    pressed(Client(), quiet(token, post), want="mute")
    other = make_post("Another", author=author, board=board, at=timezone.now())
    for one in (post, other):
        make_comment(one, author=voter, at=timezone.now())
    drain()
    assert list(Notice.objects.filter(member=author).values_list("post", flat=True)) == [other.pk]


def test_whoever_holds_a_forwarded_mail_learns_no_title_that_is_not_everybodys(client, token, post):
    assert "Charge limit" in client.get(quiet(token, post)).content.decode()
    Board.objects.filter(pk=post.board_id).update(see=Audience.MEMBERS)
    assert "Charge limit" not in client.get(quiet(token, post)).content.decode()
    there, nowhere = (main_of(client.get(f"/mail/thread/{token}/{pk}/")) for pk in (post.pk, 999_999))
    assert re.sub(r'value="\w{40,}"', "", there) == re.sub(r'value="\w{40,}"', "", nowhere)


def test_there_is_one_link_to_all_choices_per_member_however_many_mails(author, now):
    for name in ("digest", "status", "digest"):
        issue_ways(wanted=[(author.pk, name)], at=now)
    assert MailToken.objects.filter(purpose="choose").count() == 1
