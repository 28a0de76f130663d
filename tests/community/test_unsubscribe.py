"""A way out of every list, by one click and without signing in; nothing happens by looking."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import get_resolver

from community.mail_choices import lists_wanted_by
from community.mail_tokens import derive_token, find_token, hash_of, issue_ways, mask_address
from community.models import MailChoice, MailList, MailToken, Member

pytestmark = pytest.mark.django_db
ONE_CLICK = {"List-Unsubscribe": "One-Click"}
MAILED_BY_DEFAULT = set(MailList.values) - {"reactions"}


@pytest.fixture
def token(author, now):
    return issue_ways(wanted=[(author.pk, "digest")], at=now).out_of(author.pk, "digest")


@pytest.fixture
def program():
    """A mail program: no cookies, no session, no token but the address."""
    return Client(enforce_csrf_checks=True)


def out(token):
    return f"/mail/unsubscribe/{token}/"


def test_one_click_ends_the_list_and_no_other(program, token, author):
    answer = program.post(out(token), ONE_CLICK)
    assert (answer.status_code, answer.cookies.get("session")) == (200, None)
    assert lists_wanted_by(author) == MAILED_BY_DEFAULT - {"digest"}


def test_a_second_click_and_one_years_later_are_answered_as_well(program, token, author, time_machine):
    program.post(out(token), ONE_CLICK)
    time_machine.move_to("2036-11-16")
    assert program.post(out(token), ONE_CLICK).status_code == 200
    assert "digest" not in lists_wanted_by(author)


@pytest.mark.parametrize("method", ["get", "head"])
def test_looking_changes_nothing_however_often_a_scanner_looks(program, token, author, method):
    for _ in range(3):
        assert getattr(program, method)(out(token)).status_code == 200
    assert not MailChoice.objects.exists()


@pytest.mark.parametrize("method", ["put", "delete", "patch", "options"])
def test_other_methods_are_refused(program, token, method):
    assert getattr(program, method)(out(token)).status_code == 405


def test_the_page_has_one_button_and_shows_a_masked_address(program, token, author):
    page = program.get(out(token)).content.decode()
    main = re.search(r"<main.*</main>", page, re.DOTALL)[0]
    assert main.count("<button") == 1
    assert author.email not in page
    assert mask_address(author) in page


def test_a_press_can_be_taken_back(client, token, author):
    client.post(out(token), ONE_CLICK)
    client.post(f"/mail/resubscribe/{token}/")
    assert lists_wanted_by(author) == MAILED_BY_DEFAULT


def test_taking_it_back_is_protected_like_every_other_form(program, token):
    assert program.post(f"/mail/resubscribe/{token}/").status_code == 403
    assert program.get(f"/mail/resubscribe/{token}/").status_code == 405


def test_nothing_else_is_exempt_from_the_token_of_forms():
    def views(patterns):
        for pattern in patterns:
            yield from views(pattern.url_patterns) if hasattr(pattern, "url_patterns") else [pattern.callback]

    ours = {"community", "feedback", "rewards", "config"}
    exempt = {
        f"{view.__module__}.{view.__name__}"
        for view in views(get_resolver().url_patterns)
        if getattr(view, "csrf_exempt", False) and view.__module__.split(".")[0] in ours and not hasattr(view, "cls")
    }
    assert exempt == {"community.views.mail.unsubscribe"}


def told(answer):
    """What the page says; its frame names the address one came by."""
    return answer.status_code, re.search(r"<main.*</main>", answer.content.decode(), re.DOTALL)[0]


@pytest.mark.parametrize("wrong", ["x", "A" * 32, "%F0%9F%8C%B1", "-" * 400])
def test_every_wrong_link_gets_the_same_answer(program, token, wrong):
    usual = told(program.get(out("B" * 32)))
    assert told(program.get(out(wrong))) == told(program.post(out(wrong), ONE_CLICK)) == usual
    assert usual[0] == 404
    assert not MailChoice.objects.exists()


def test_a_link_that_ran_out_is_answered_like_one_that_never_was(program, token, now):
    MailToken.objects.update(expires_at=now)
    assert told(program.post(out(token), ONE_CLICK)) == told(program.post(out("B" * 32), ONE_CLICK))
    assert not MailChoice.objects.exists()


def test_a_link_for_another_purpose_ends_nothing(program, token):
    MailToken.objects.update(purpose="survey")
    assert program.post(out(token), ONE_CLICK).status_code == 404


def test_a_link_signs_nobody_in(program, token):
    program.post(out(token), ONE_CLICK)
    assert "_auth_user_id" not in program.session


def test_it_works_for_somebody_who_is_signed_in_as_somebody_else(client, token, author, voter):
    client.force_login(voter)
    client.post(out(token), ONE_CLICK)
    assert "digest" not in lists_wanted_by(author)
    assert "digest" in lists_wanted_by(voter)


def test_it_works_when_the_account_is_closed_and_its_address_gone(program, token, author, now):
    Member.objects.filter(pk=author.pk).update(closed_at=now, is_active=False, email=None)
    assert program.post(out(token), ONE_CLICK).status_code == 200


def test_only_a_hash_is_kept(token):
    assert MailToken.objects.get(purpose="unsubscribe").hash == hash_of(token)
    assert token not in str(list(MailToken.objects.values()))


def test_a_link_is_the_same_in_every_mail_and_one_row(author, token, now):
    again = issue_ways(wanted=[(author.pk, "digest")], at=now + timedelta(days=7))
    assert again.out_of(author.pk, "digest") == token
    assert MailToken.objects.filter(purpose="unsubscribe").count() == 1


def test_links_outlive_the_secret_they_were_made_with(author, token, now, settings):
    settings.SECRET_KEY = "another one " * 5
    assert issue_ways(wanted=[(author.pk, "digest")], at=now).out_of(author.pk, "digest") != token
    assert find_token(token, purpose="unsubscribe", at=now).member == author


def test_links_differ_by_member_list_and_purpose_and_are_long_enough(author, voter):
    three = [(author.pk, "digest", "a"), (voter.pk, "digest", "a"), (author.pk, "status", "a"), (author.pk, "digest", "b")]
    tokens = {derive_token(member_id=pk, thing=name, purpose=purpose) for pk, name, purpose in three}
    assert len(tokens) == 4
    assert all(re.fullmatch(r"[\w-]{32}", token) for token in tokens)


@pytest.mark.parametrize(
    ("email", "masked"),
    [
        ("mara@example.org", "m***@e***.org"),
        ("x@a.b.example.co.uk", "x***@a***.uk"),
        ("root@localhost", "r***@l***"),
        (None, "***"),
    ],
)
def test_a_masked_address_is_known_to_its_owner_alone(email, masked):
    assert mask_address(Member(email=email)) == masked
