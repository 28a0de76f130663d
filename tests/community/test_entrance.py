"""The door: a mail address and a code, for the new and for those who come back; a password for who has one."""

import pytest
from allauth.account.models import EmailAddress

from community.addresses import expect_member, forget_unclaimed
from community.models import Activity, Member
from tests.factories import NOW, make_member

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def without_limits(settings):
    settings.ACCOUNT_RATE_LIMITS = False


def ask_for_code(client, email: str):
    return client.post("/accounts/login/code/", {"email": email})


def enter(client, code: str):
    return client.post("/accounts/login/code/confirm/", {"code": code})


def signed_in(client) -> bool:
    return client.get("/session/").json()["member"] is not None


def test_a_new_address_is_a_member_once_the_code_is_entered(client, code_in_mail):
    ask_for_code(client, "Nora@Example.org")
    nora = Member.objects.get(email="nora@example.org")
    assert nora.claimed_at is None and not signed_in(client)
    enter(client, code_in_mail())
    nora.refresh_from_db()
    assert signed_in(client) and nora.claimed_at and nora.verified_at
    assert EmailAddress.objects.get(user=nora).verified
    assert Activity.objects.filter(verb="member_joined", subject_id=nora.pk).count() == 1


def test_a_new_member_is_told_under_which_name_they_are_shown(client, code_in_mail):
    ask_for_code(client, "nora@example.org")
    enter(client, code_in_mail())
    page = client.get("/").content.decode()
    assert "Welcome. You are shown as fan-" in page and 'href="/me/settings/"' in page


def test_the_name_in_addresses_tells_nothing_of_the_mail_address(client):
    ask_for_code(client, "nora.neumann@example.org")
    assert "nora" not in Member.objects.get().username


def test_who_comes_back_is_the_same_member(client, author, code_in_mail):
    ask_for_code(client, author.email)
    enter(client, code_in_mail())
    assert client.get("/session/").json()["member"]["username"] == author.username
    assert Member.objects.count() == 1


def test_known_and_unknown_addresses_are_answered_alike(client, author, mailoutbox):
    known, unknown = ask_for_code(client, author.email), type(client)()
    other = ask_for_code(unknown, "nobody@example.org")
    assert (known.status_code, known["Location"]) == (other.status_code, other["Location"])
    assert mailoutbox[0].subject[:20] == mailoutbox[1].subject[:20]


def test_a_wrong_code_is_said_kindly_and_the_right_one_still_works(client, author, code_in_mail):
    ask_for_code(client, author.email)
    page = enter(client, "WRONG-1").content.decode()
    assert 'aria-invalid="true"' in page and not signed_in(client)
    enter(client, code_in_mail())
    assert signed_in(client)


def test_after_three_wrong_codes_a_new_one_is_needed(client, author, code_in_mail):
    ask_for_code(client, author.email)
    for _try in range(3):
        enter(client, "WRONG-1")
    enter(client, code_in_mail())
    assert not signed_in(client)


def test_a_code_can_be_sent_again(client, author, code_in_mail, mailoutbox):
    ask_for_code(client, author.email)
    first = code_in_mail()
    client.post("/accounts/login/code/confirm/", {"action": "resend"})
    assert len(mailoutbox) == 2 and code_in_mail() != first
    enter(client, code_in_mail())
    assert signed_in(client)


def test_the_code_of_another_browser_opens_nothing(client, author, code_in_mail):
    ask_for_code(client, author.email)
    thief = type(client)()
    enter(thief, code_in_mail())
    assert not signed_in(thief)


def test_another_address_can_be_tried(client, author, code_in_mail):
    ask_for_code(client, "mistyped@example.org")
    client.post("/accounts/logout/", {"next": "/accounts/login/"})
    ask_for_code(client, author.email)
    enter(client, code_in_mail())
    assert signed_in(client)


def test_a_password_is_another_way_in(client, author):
    author.set_password("a long pass phrase")
    author.save()
    EmailAddress.objects.create(user=author, email=author.email, primary=True, verified=True)
    client.post("/accounts/login/", {"login": author.email, "password": "a long pass phrase", "remember": "on"})
    assert signed_in(client)


def test_a_wrong_password_is_told_beside_the_form(client, author):
    page = client.post("/accounts/login/", {"login": author.email, "password": "nonsense"}).content.decode()
    assert "password-fault" in page and '<details class="card" open>' in page


def test_a_mistyped_address_is_told_beside_the_field(client):
    answer = ask_for_code(client, "nobody@")
    assert "code-fault" in answer.content.decode() and 'value="nobody@"' in answer.content.decode()


def test_a_closed_account_gets_no_code(client, mailoutbox):
    gone = make_member("Gone", closed_at=NOW, is_active=False)
    answer = ask_for_code(client, gone.email)
    assert answer["Location"] == "/accounts/login/code/confirm/"
    assert not [mail for mail in mailoutbox if mail.subject.startswith("Your code")]


def test_joining_and_signing_in_are_one_page(client):
    assert client.get("/accounts/signup/?next=/me/")["Location"] == "/accounts/login/?next=/me/"
    page = client.get("/accounts/login/").content.decode()
    assert page.index("Send me a code") < page.index("Use a password")


@pytest.mark.parametrize("path", ["/me/settings/", "/accounts/2fa/", "/accounts/email/", "/accounts/password/change/", "/me/"])
def test_ones_own_pages_ask_to_sign_in_first(client, path):
    answer = client.get(path)
    assert answer.status_code == 302 and answer["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize(
    "path", ["/accounts/2fa/", "/accounts/email/", "/accounts/password/set/", "/accounts/logout/", "/accounts/2fa/webauthn/"]
)
def test_account_pages_are_in_our_look(client, code_in_mail, path):
    ask_for_code(client, "nora@example.org")
    enter(client, code_in_mail())
    page = client.get(path, follow=True).content.decode()
    assert 'class="topbar"' in page and "Your settings" in page


def test_two_requests_for_one_address_make_one_member():
    for _time in range(2):
        expect_member(email="Nora@example.org ", language="en", at=NOW)
    assert Member.objects.filter(email="nora@example.org").count() == 1


def test_an_unclaimed_profile_becomes_its_owners(client, code_in_mail):
    make_member(
        "Imported Ida", email="ida@example.org", claimed_at=None, verified_at=None, source_system="github", source_id="7"
    )
    ask_for_code(client, "ida@example.org")
    enter(client, code_in_mail())
    assert Member.objects.get().claimed_at is not None and signed_in(client)


def test_addresses_whose_code_was_never_entered_are_forgotten(hours):
    old = expect_member(email="never@example.org", language="en", at=NOW)
    young = expect_member(email="soon@example.org", language="en", at=NOW + hours(47))
    imported = make_member("Ida", claimed_at=None, verified_at=None, source_system="github", source_id="7")
    assert forget_unclaimed(before=NOW + hours(1)) == 1
    assert set(Member.objects.all()) == {young, imported} and old
