"""Signing in by password, for those who have one."""

import pytest

from tests.factories import make_member

pytestmark = pytest.mark.django_db
PASSWORD = "a long walk by the river"


@pytest.fixture
def member(db):
    member = make_member("Mara Lindqvist")
    member.set_password(PASSWORD)
    member.save()
    member.emailaddress_set.create(email=member.email, verified=True, primary=True)
    return member


def sign_in(client, member, password):
    return client.post("/accounts/login/", {"login": member.email, "password": password})


def test_the_right_password_opens_the_door(client, member):
    assert sign_in(client, member, PASSWORD).url == "/"
    assert client.session["_auth_user_id"] == str(member.pk)


@pytest.mark.parametrize("password", ["", "another walk"])
def test_a_wrong_or_missing_one_does_not(client, member, password):
    assert sign_in(client, member, password).status_code in (200, 422)
    assert "_auth_user_id" not in client.session


def test_demo_members_sign_in_at_home_alone(client, member, settings):
    member.is_demo = True
    member.save()
    sign_in(client, member, PASSWORD)
    assert "_auth_user_id" in client.session
    client.logout()
    client.post("/accounts/login/", {"login": member.email, "password": PASSWORD}, HTTP_X_FORWARDED_FOR="203.0.113.7")
    assert "_auth_user_id" not in client.session
