"""Mails about the account: a code that is easy to find, in the same look and language as the page."""

import re

import pytest
from allauth.core import context
from django.contrib.auth.models import AnonymousUser
from django.core import mail
from django.test import RequestFactory
from django.utils import translation

from community.sign_in import AccountAdapter
from tests.letters import Tree, html_of, parsed, text_of

pytestmark = pytest.mark.django_db
MAILS = {
    "login_code": {"code": "ABC-123"},
    "email_confirmation": {"code": "ABC-123"},
    "email_confirmation_signup": {"code": "ABC-123"},
    "password_reset_code": {"code": "ABC-123"},
    "unknown_account": {"signup_url": "http://127.0.0.1:8000/accounts/signup/"},
    "account_already_exists": {"password_reset_url": "http://127.0.0.1:8000/accounts/password/reset/"},
    "password_reset_key": {"password_reset_url": "http://127.0.0.1:8000/accounts/password/reset/key/x/"},
}


@pytest.fixture
def adapter():
    request = RequestFactory().get("/")
    request.user, request.session = AnonymousUser(), {}
    with context.request_context(request):
        yield AccountAdapter(request)


def write(adapter, name, **more):
    adapter.send_mail(f"account/email/{name}", "mara@example.org", MAILS[name] | more)
    return mail.outbox[-1]


@pytest.mark.parametrize("name", MAILS)
def test_each_mail_has_our_look_and_says_the_same_in_text(adapter, name):
    letter = write(adapter, name)
    heart = MAILS[name].get("code") or next(iter(MAILS[name].values()))
    assert heart in text_of(letter)
    assert heart in html_of(letter)
    assert 'class="brand"' in html_of(letter)
    assert "style=" in html_of(letter)


@pytest.mark.parametrize("name", [name for name, data in MAILS.items() if "code" in data])
def test_a_code_stands_in_the_subject_where_a_phone_shows_it(adapter, name):
    assert "ABC-123" in write(adapter, name).subject


@pytest.mark.parametrize("name", MAILS)
def test_nothing_of_the_library_is_left_in_the_words(adapter, name):
    letter = write(adapter, name)
    assert not re.search(
        r"example\.com|Hello from|Thank you for using|\{\{|\{%", letter.subject + text_of(letter) + html_of(letter)
    )


def test_an_address_that_is_markup_is_shown_as_it_is(adapter):
    letter = write(adapter, "unknown_account", email='"<script>alert(1)</script>"@example.org')
    assert "script" not in Tree(html_of(letter)).names()


def test_it_is_in_the_language_of_the_page(adapter):
    with translation.override("zh-hant"):
        assert '<html lang="zh-hant"' in html_of(write(adapter, "login_code"))


def test_a_code_through_the_page_arrives_in_our_look(client, author):
    client.post("/accounts/login/code/", {"email": author.email})
    (letter,) = mail.outbox
    assert re.search(r"[A-Z]{4}-[A-Z]{4}", parsed(letter)["Subject"])
    assert 'class="code"' in html_of(letter)
