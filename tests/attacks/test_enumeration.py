"""Nobody learns from the door who is a member, and the demo's known passwords open it on this machine alone."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from rest_framework.test import APIClient

from community import sign_in
from community.api_tokens import make_token
from community.models import Member
from tests.factories import NOW, make_member

pytestmark = pytest.mark.django_db
PASSWORD = "a long walk by the river"
FORMS = {
    "code": ("/accounts/login/code/", "email", {}),
    "password": ("/accounts/login/", "login", {"password": "quite another walk"}),
    "reset": ("/accounts/password/reset/", "email", {}),
}
FORWARDED = ["HTTP_X_FORWARDED_FOR", "HTTP_X_REAL_IP", "HTTP_FORWARDED", "HTTP_X_FORWARDED_HOST"]
ELSEWHERE = [{name: "203.0.113.7"} for name in FORWARDED] + [{"REMOTE_ADDR": "203.0.113.7"}, {"REMOTE_ADDR": ""}]
HOME = [{}, {"REMOTE_ADDR": "::1"}, {"REMOTE_ADDR": "127.9.9.9"}]


@pytest.fixture(autouse=True)
def without_limits(settings):
    settings.ACCOUNT_RATE_LIMITS = settings.RATE_LIMITS = False


def person(**fields) -> Member:
    member = make_member("Mara Lindqvist", **fields)
    member.set_password(PASSWORD)
    member.save()
    EmailAddress.objects.create(user=member, email=member.email, verified=bool(member.verified_at), primary=True)
    return member


KNOWN = {
    "with a password": lambda: person().email,
    "in capitals": lambda: person().email.upper(),
    "with a code only": lambda: make_member("Nina").email,
    "not verified": lambda: person(verified_at=None, claimed_at=None).email,
    "closed": lambda: person(is_active=False, closed_at=NOW).email,
    "of the demo": lambda: person(is_demo=True).email,
}


def answer_to(form: str, address: str):
    """Status, way and words of the answer, with the address and the tokens taken out, and how many mails there were."""
    path, field, more = FORMS[form]
    before = len(mail.outbox)
    answer = Client().post(path, {field: address, **more}, follow=True)
    words = re.sub(r'(csrfmiddlewaretoken" value="|X-CSRFToken": ")\w+', r"\1", answer.content.decode())
    words = re.sub(re.escape(address), "ADDRESS", words, flags=re.IGNORECASE)
    return answer.status_code, answer.redirect_chain, words, len(mail.outbox) - before


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("who", KNOWN)
def test_a_known_address_is_answered_like_an_unknown_one(form, who):
    known, unknown = answer_to(form, KNOWN[who]()), answer_to(form, "nobody@example.org")
    assert known[:3] == unknown[:3]


@pytest.mark.parametrize("form", ["code", "reset"])
def test_both_get_one_mail_so_that_the_time_it_takes_tells_nothing(form):
    assert answer_to(form, KNOWN["with a password"]())[3] == answer_to(form, "nobody@example.org")[3] == 1


def test_the_right_password_is_answered_differently():
    """The control: the comparison would see a difference."""
    member = person()
    right = Client().post("/accounts/login/", {"login": member.email, "password": PASSWORD}, follow=True)
    assert (right.status_code, right.redirect_chain) != answer_to("password", member.email)[:2]


def test_an_unknown_address_costs_as_many_hashes_as_a_known_one(monkeypatch):
    """What takes time is counted, not timed: a busy machine must not decide."""
    from django.contrib.auth.hashers import MD5PasswordHasher

    hashed, real = [], MD5PasswordHasher.encode
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda self, *said: hashed.append(1) or real(self, *said))
    address = KNOWN["with a password"]()
    counts = []
    for one in (address, "nobody@example.org"):
        hashed.clear()
        answer_to("password", one)
        counts.append(len(hashed))
    assert counts[0] == counts[1] > 0


# --- The demo's members -------------------------------------------------------------------------------------------


def by_password(member, **peer):
    client = Client(**peer)
    client.post("/accounts/login/", {"login": member.email, "password": PASSWORD})
    return client


def by_code(member, **peer):
    client = Client(**peer)
    mail.outbox.clear()
    client.post("/accounts/login/code/", {"email": member.email})
    lines = [line.strip() for line in mail.outbox[-1].body.splitlines()] if mail.outbox else []
    code = next((line for line in lines if line and line == line.upper() and " " not in line), "")
    client.post("/accounts/login/code/confirm/", {"code": code})
    return client


def by_session(member, **peer):
    """A session made at home and carried elsewhere."""
    client = by_password(member)
    client.defaults.update(peer)
    return client


def by_token(member, **peer):
    _token, secret = make_token(member=member, name="t", scopes=["read", "write"], at=NOW)
    return APIClient(HTTP_AUTHORIZATION=f"Bearer {secret}", **peer)


WAYS = {"password": by_password, "code": by_code, "session": by_session, "token": by_token}


def inside(client) -> bool:
    return client.get("/api/v1/me").status_code == 200


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("peer", ELSEWHERE, ids=lambda peer: "-".join(peer) + (peer.get("REMOTE_ADDR", "")))
def test_a_demo_member_comes_in_by_no_way_from_elsewhere(way, peer):
    assert not inside(WAYS[way](person(is_demo=True), **peer))


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("peer", HOME, ids=str)
def test_a_demo_member_comes_in_by_every_way_at_home(way, peer):
    assert inside(WAYS[way](person(is_demo=True), **peer))


@pytest.mark.parametrize("way", WAYS)
def test_a_demo_member_comes_in_by_no_way_where_the_site_lives_elsewhere(way, settings):
    member = person(is_demo=True)
    client = WAYS[way](member)
    settings.LOOPBACK = False
    assert not inside(client) and not inside(WAYS[way](member))


@pytest.mark.parametrize("way", WAYS)
def test_everybody_else_comes_in_from_anywhere(way):
    assert inside(WAYS[way](person(), REMOTE_ADDR="203.0.113.7", HTTP_X_FORWARDED_FOR="198.51.100.1"))


@pytest.mark.parametrize("way", WAYS)
def test_a_closed_account_comes_in_by_no_way(way):
    member = person()
    client = WAYS[way](member)
    Member.objects.filter(pk=member.pk).update(is_active=False, closed_at=NOW)
    assert not inside(client)


def test_without_the_guard_the_demo_would_be_open(monkeypatch):
    """The control: the tests above look at the guard and not at something else."""
    monkeypatch.setattr(sign_in, "is_at_home", lambda request: True)
    assert inside(by_password(person(is_demo=True), **ELSEWHERE[0]))


@pytest.mark.parametrize("path", ["/", "/me/settings/", "/admin/", "/session/"])
def test_no_page_takes_the_demos_session_from_elsewhere(path):
    client = by_session(person(is_demo=True, is_staff=True, role="staff"), **ELSEWHERE[0])
    page = client.get(path)
    assert "Mara" not in page.content.decode() and page.status_code in (200, 302)
