"""Members make keys to the API, see each secret once, and take keys back."""

import pytest

from community.api_tokens import hash_of, make_token
from community.models import ApiToken
from tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(client, voter):
    client.force_login(voter)
    return client


def test_a_new_token_is_shown_once_and_works_by_its_hash(page, voter):
    answer = page.post("/me/tokens/", {"name": "Backup", "scopes": ["read", "write"]})
    secret = answer.context["secret"]
    assert secret in answer.content.decode()
    assert ApiToken.objects.get(member=voter).hash == hash_of(secret)
    assert secret not in page.get("/me/tokens/").content.decode()


def test_a_form_without_a_name_is_shown_again_with_what_to_do(page):
    answer = page.post("/me/tokens/", {"name": "", "scopes": ["read"]})
    assert answer.status_code == 422 and b"fault" in answer.content
    assert not ApiToken.objects.exists()


def test_nobody_makes_themselves_a_staff_token_here(page):
    assert page.post("/me/tokens/", {"name": "x", "scopes": ["staff"]}).status_code == 422


def test_a_revoked_token_is_off_the_list(page, voter):
    token, _secret = make_token(member=voter, name="Old one", scopes=["read"], at=NOW)
    page.post(f"/me/tokens/{token.pk}/revoke/")
    token.refresh_from_db()
    assert token.revoked_at and b"Old one" not in page.get("/me/tokens/").content


def test_nobody_revokes_the_token_of_another(page, author):
    token, _secret = make_token(member=author, name="Hers", scopes=["read"], at=NOW)
    assert page.post(f"/me/tokens/{token.pk}/revoke/").status_code == 404


def test_visitors_are_asked_to_sign_in(client):
    assert client.get("/me/tokens/").status_code == 302
