"""The API keeps what its schema says, whatever it is sent: never a fault of ours, never another shape."""

from urllib.parse import unquote

import hypothesis
import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.core.failures import FailureGroup

from community.api_tokens import make_token
from tests.factories import NOW, make_comment, make_member, make_suggestion

pytestmark = pytest.mark.django_db
load_all_checks()
SHAPE = ["content_type_conformance", "response_schema_conformance", "not_a_server_error"]
KEPT = CHECKS.get_by_names(SHAPE)
FEW = hypothesis.settings(
    max_examples=8, database=None, deadline=None, derandomize=True, suppress_health_check=list(hypothesis.HealthCheck)
)


@pytest.fixture
def schema(settings, caplog):
    settings.RATE_LIMITS, settings.ALLOWED_HOSTS = False, ["*"]
    caplog.set_level("CRITICAL", "django.request")
    signals = (request_started, request_finished)
    # The test's own transaction is on this connection, as with Django's client.
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield schemathesis.openapi.from_wsgi("/api/schema/?format=json", get_wsgi_application())
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture
def bearer():
    wish = make_suggestion("A wish", author=make_member("Mara"))
    make_comment(wish.post)
    _token, secret = make_token(member=wish.post.author, name="t", scopes=["read", "write"], at=NOW)
    return {"Authorization": f"Bearer {secret}"}


def break_everything(schema, headers) -> dict[str, str]:
    """What broke, by operation. Answers come as they are: schemathesis does not unpack what GZipMiddleware packs."""
    broken, sent = {}, headers | {"Accept-Encoding": "identity"}
    for found in schema.get_all_operations():
        operation = found.ok()

        @FEW
        @hypothesis.given(case=operation.as_strategy())
        def attempt(case):
            # Headers given here stand above generated ones.
            case.call_and_validate(headers=sent, checks=KEPT)

        try:
            attempt()
        except FailureGroup as fault:
            broken[operation.label] = str(fault)[:1500]
    return broken


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["visitor", "member"])
def test_no_request_breaks_the_api_or_its_promises(schema, bearer, kind):
    assert break_everything(schema, bearer if kind == "member" else {}) == {}


@pytest.mark.slow
def test_a_broken_promise_is_noticed(schema, monkeypatch):
    """The control."""
    monkeypatch.setattr("community.api.BoardsView.get", lambda view, request: 1 / 0)
    assert set(break_everything(schema, {})) == {"GET /api/v1/boards"}


HOSTILE = [
    "%00",
    "a%00b",
    "%ff%fe",
    "%F0%9F%92%A9",
    "9" * 400,
    "-1",
    "1e999",
    "%27%22%3B--",
    "[]",
    "{}",
    "%E2%80%AE",
    "a" * 3000,
    "%5C",
    "%25",
    "\ud800",
]
ASKED = {
    "/api/v1/posts": ["q", "board", "status", "kind", "tag", "author", "source", "sort", "cursor", "limit"],
    "/api/v1/roadmap": ["product", "cursor", "limit"],
    "/api/v1/releases": ["product", "cursor"],
    "/api/v1/similar": ["title", "board", "limit"],
    "/api/v1/me/points": ["of", "cursor"],
    "/suggestions/": ["q", "tag", "board", "status", "sort", "after", "page"],
    "/search/": ["q", "kind", "board", "tag", "status", "author", "since", "until", "answered", "sort", "after"],
    "/search/suggest/": ["q"],
    "/sort/": ["more", "first"],
    "/roadmap/": ["product", "column", "mine"],
    "/releases/": ["product", "after"],
    "/posts/new/": ["title", "board", "kind", "tags"],
    "/posts/similar/": ["title", "body"],
    "/me/points/": ["of", "after"],
    "/me/notices/": ["after"],
    "/settings/look/": ["next", "language", "theme"],
    "/accounts/login/": ["next"],
}


@pytest.mark.parametrize("address", ASKED)
def test_no_value_of_a_query_breaks_a_page(client, settings, author, address):
    settings.RATE_LIMITS, client.raise_request_exception = False, False
    client.force_login(author)
    asked = [f"{address}?{name}={value.encode('utf-8', 'replace').decode()}" for name in ASKED[address] for value in HOSTILE]
    broken = {one[:80] for one in asked if client.get(one).status_code >= 500}
    assert broken == set()


@pytest.mark.parametrize(
    "route",
    [
        "/members/{}/",
        "/api/v1/members/{}",
        "/releases/{}/",
        "/posts/{}/",
        "/api/v1/posts/{}",
        "/posts/1/{}/",
        "/mail/unsubscribe/{}/",
        "/comments/{}/edit/",
    ],
)
def test_no_word_in_an_address_breaks_a_page(client, author, route):
    client.raise_request_exception = False
    client.force_login(author)
    assert {value[:40] for value in HOSTILE[:-1] if client.get(route.format(value)).status_code >= 500} == set()


TYPED = {
    "/me/persona/": ["persona", "next"], "/settings/look/": ["language", "theme", "next"], "/me/mail/": ["lists"],
    "/posts/preview/": ["body", "title", "board", "kind", "tags"], "/posts/new/": ["title", "body", "board", "kind", "tags", "need"],
    "/me/settings/": ["display_name", "persona"], "/me/tokens/": ["name", "scopes"],
    "/posts/{}/vote/": ["need", "want"], "/posts/{}/comments/new/": ["body", "parent"], "/posts/{}/same/": ["link", "evidence"],
    "/accounts/login/": ["login", "password", "next"], "/accounts/login/code/": ["email"], "/accounts/password/reset/": ["email"],
}  # fmt: skip


@pytest.mark.parametrize("address", TYPED)
def test_nothing_typed_into_a_form_breaks_it(client, settings, suggestion, address):
    settings.RATE_LIMITS, client.raise_request_exception = False, False
    if not address.startswith("/accounts"):
        client.force_login(suggestion.post.author)
    whole = {
        "title": "A wish",
        "body": "Why",
        "board": suggestion.post.board.slug,
        "kind": "suggestion",
        "display_name": "Mara",
    }
    asked = [(name, unquote(value)) for name in TYPED[address] for value in HOSTILE[:-1]]
    broken = {
        (name, value[:40])
        for name, value in asked
        if client.post(address.format(suggestion.pk), whole | {name: value}).status_code >= 500
    }
    assert broken == set()
