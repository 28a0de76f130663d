"""`/api/v1/me/points`: balances and the statement, for the caller alone."""

import pytest

from community.api_tokens import make_token
from rewards.awards import settle_awards
from tests.factories import NOW, make_member, make_post
from tests.rewards.facts import adopt, ship
from tests.rewards.ledgers import give, make_cause

pytestmark = pytest.mark.django_db
URL = "/api/v1/me/points"


@pytest.fixture
def bearer(author):
    _token, secret = make_token(member=author, name="Test", scopes=["read", "write"], at=NOW)
    return {"Authorization": f"Bearer {secret}"}


def test_balances_and_lines_each_with_its_cause(client, author, bearer):
    post = make_post("Charge limit", author=author)
    fact, _shipped = adopt(post), ship(post)
    settle_awards([fact, _shipped])
    answer = client.get(URL, headers=bearer).json()
    assert (answer["points"], answer["honour"], answer["debt"], answer["of"]) == (600, 180, 0, "points")
    newest, oldest = answer["results"]
    assert (newest["amount"], newest["balance"], newest["reason"]) == (400, 600, "shipped")
    assert (oldest["amount"], oldest["balance"], oldest["activity"]) == (200, 200, fact.pk)
    assert oldest["post"].endswith(post.get_absolute_url())
    assert (oldest["words"], oldest["rule_version"]) == ("Your suggestion was adopted", 1)


@pytest.mark.parametrize(("asked", "of", "amount"), [("honour", "honour", 60), ("points", "points", 200), ("x", "points", 200)])
def test_either_account_may_be_asked_for(client, author, bearer, asked, of, amount):
    settle_awards([adopt(make_post(author=author))])
    answer = client.get(URL, {"of": asked}, headers=bearer).json()
    assert (answer["of"], answer["results"][0]["amount"]) == (of, amount)


def test_pages_follow_each_other_by_cursor(client, author, bearer):
    cause = make_cause()
    for amount in range(1, 8):
        give(author.pk, amount, activity=cause)
    seen, url = [], f"{URL}?limit=3"
    while url:
        page = client.get(url, headers=bearer).json()
        seen += [(line["amount"], line["balance"]) for line in page["results"]]
        url = page["next"]
    assert seen == [(7, 28), (6, 21), (5, 15), (4, 10), (3, 6), (2, 3), (1, 1)]


def test_nobody_gets_anothers_lines(client, author, bearer):
    give(make_member().pk, 5)
    answer = client.get(URL, headers=bearer).json()
    assert (answer["points"], answer["results"]) == (0, [])


def test_a_visitor_is_asked_for_a_token(client):
    answer = client.get(URL)
    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"


def test_a_token_without_the_scope_is_refused(client, author):
    _token, secret = make_token(member=author, name="Test", scopes=["write"], at=NOW)
    assert client.get(URL, headers={"Authorization": f"Bearer {secret}"}).status_code == 403


def test_nothing_can_be_written_here(client, bearer):
    assert client.post(URL, {}, headers=bearer).status_code == 405


def test_as_many_queries_for_twenty_lines_as_for_two(client, author, bearer, django_assert_num_queries):
    give(author.pk, 1)
    give(author.pk, 1)
    client.get(URL, headers=bearer)
    with django_assert_num_queries(5):
        client.get(URL, headers=bearer)
    for _ in range(18):
        give(author.pk, 1)
    with django_assert_num_queries(5):
        assert len(client.get(URL, headers=bearer).json()["results"]) == 20
