"""Who comes into the admin, and who is led to set up a second factor first."""

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.messages import get_messages

from tests.factories import make_member, make_moderator, make_staff

pytestmark = pytest.mark.django_db
HOME = {"REMOTE_ADDR": "127.0.0.1"}


@pytest.fixture(autouse=True)
def guarded(settings):
    """The guard stands behind the messages, where the site has it too."""
    guard = "community.second_factor.SecondFactorMiddleware"
    if guard not in settings.MIDDLEWARE:
        settings.MIDDLEWARE = [*settings.MIDDLEWARE, guard]


def give_factor(member, kind=Authenticator.Type.TOTP):
    Authenticator.objects.create(user=member, type=kind, data={})


def test_a_visitor_signs_in_by_the_sites_own_door(client):
    answer = client.get("/admin/feedback/suggestion/?status=open")
    assert (answer.status_code, answer.url) == (
        302,
        "/accounts/login/?next=%2Fadmin%2Ffeedback%2Fsuggestion%2F%3Fstatus%3Dopen",
    )


def test_the_admins_own_sign_in_is_never_shown(client, db):
    answer = client.post("/admin/login/", {"username": "staff", "password": "guess"})
    assert (answer.status_code, answer.url.startswith("/accounts/login/")) == (302, True)


@pytest.mark.parametrize("make", [make_member, make_moderator])
def test_members_and_moderators_are_told_that_it_is_for_the_team(client, make):
    client.force_login(make())
    answer = client.get("/admin/")
    assert answer.status_code == 403
    assert "for the team" in answer.content.decode()


def test_staff_without_a_factor_are_led_to_set_one_up(client, staff):
    client.force_login(staff)
    answer = client.get("/admin/")
    assert (answer.status_code, answer.url) == (302, "/accounts/2fa/totp/activate/?next=%2Fadmin%2F")
    assert [str(message) for message in get_messages(answer.wsgi_request)]


@pytest.mark.parametrize("kind", [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN])
def test_staff_with_a_factor_come_in(client, staff, kind):
    give_factor(staff, kind)
    client.force_login(staff)
    assert client.get("/admin/").status_code == 200


def test_recovery_codes_alone_are_no_factor(client, staff):
    give_factor(staff, Authenticator.Type.RECOVERY_CODES)
    client.force_login(staff)
    assert client.get("/admin/").status_code == 302


def test_demo_staff_at_home_are_let_off(client):
    client.force_login(make_staff(is_demo=True))
    assert client.get("/admin/", **HOME).status_code == 200


@pytest.mark.parametrize("header", ["HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP"])
def test_demo_staff_behind_a_proxy_do_not_come_in(client, header):
    client.force_login(make_staff(is_demo=True))
    assert client.get("/admin/", **HOME, **{header: "203.0.113.7"}).status_code == 302


def test_demo_staff_do_not_come_in_where_the_site_lives_elsewhere(client, settings):
    settings.LOOPBACK = False
    client.force_login(make_staff(is_demo=True))
    assert client.get("/admin/", **HOME).status_code == 302


def test_being_at_home_alone_lets_nobody_off(client, staff):
    client.force_login(staff)
    assert client.get("/admin/", **HOME).status_code == 302


def test_other_pages_ask_for_no_factor(client, staff):
    client.force_login(staff)
    assert client.get("/roadmap/").status_code == 200
