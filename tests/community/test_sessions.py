"""A member sees where they are signed in and ends what is not them."""

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client
from django.utils import timezone

from community.accounts.sessions import NOWHERE, browser_of, forget_addresses
from tests.factories import make_member

pytestmark = pytest.mark.django_db
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1"


@pytest.fixture
def mara():
    return make_member("Mara", password="long enough to do", email="mara@example.org")


def signed_in(member, agent=FIREFOX) -> Client:
    client = Client(headers={"User-Agent": agent})
    client.force_login(member)
    UserSession.objects.create(user=member, session_key=client.session.session_key, user_agent=agent, ip="198.51.100.7")
    return client


def test_the_list_names_each_browser_and_marks_this_one(mara):
    desk, _phone = signed_in(mara), signed_in(mara, PHONE)
    shown = desk.get("/me/sessions/").content.decode()
    assert "Firefox, Windows" in shown and "Safari, iPhone" in shown and shown.count("This one") == 1


def test_ending_a_session_signs_that_browser_out_and_no_other(mara):
    desk, phone = signed_in(mara), signed_in(mara, PHONE)
    desk.post(f"/me/sessions/{UserSession.objects.get(session_key=phone.session.session_key).pk}/end/")
    assert phone.get("/me/settings/").status_code == 302 and desk.get("/me/settings/").status_code == 200


def test_everything_else_is_signed_out_at_once(mara):
    desk, others = signed_in(mara), [signed_in(mara, PHONE) for _number in range(3)]
    desk.post("/me/sessions/end/")
    assert {other.get("/me/settings/").status_code for other in others} == {302}
    assert desk.get("/me/settings/").status_code == 200


def test_nobody_ends_anothers_session(mara):
    signed_in(mara)
    answer = signed_in(make_member("Otto")).post(f"/me/sessions/{UserSession.objects.get(user=mara).pk}/end/")
    assert answer.status_code == 404 and UserSession.objects.filter(user=mara).exists()


def test_a_visitor_is_asked_to_sign_in(client):
    assert client.get("/me/sessions/").status_code == 302
    assert client.post("/me/sessions/end/").status_code == 302


def test_network_addresses_are_forgotten_after_fourteen_days(mara):
    signed_in(mara)
    UserSession.objects.update(created_at=timezone.now() - timedelta(days=15), ip="198.51.100.7")
    assert forget_addresses(before=timezone.now() - timedelta(days=14)) == 1
    assert UserSession.objects.get().ip == NOWHERE


@pytest.mark.parametrize(
    ("agent", "words"),
    [(FIREFOX, "Firefox, Windows"), (PHONE, "Safari, iPhone"), ("curl/8.5", "curl/8.5"), ("", ""),
     ("Mozilla/5.0 (Linux; Android 14) AppleWebKit Chrome/126 Mobile MicroMessenger/8.0", "WeChat, Android"),
     ("Mozilla/5.0 (Macintosh; Intel Mac OS X 14) AppleWebKit Chrome/126 Safari/537 Edg/126", "Edge, macOS")],
)  # fmt: skip
def test_a_browser_is_named_as_people_know_it(agent, words):
    assert browser_of(agent) == words
