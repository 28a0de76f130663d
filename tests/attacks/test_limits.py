"""Limits hold, whatever a caller writes into headers."""

import pytest
from django.core.cache import cache
from django.test import Client, RequestFactory

from community import api_base, limits
from tests.factories import make_board, make_member

pytestmark = pytest.mark.django_db
REMOTE = "203.0.113.9"


@pytest.fixture(autouse=True)
def counted(settings, monkeypatch):
    """Limits as in production, but small, in one long window, from zero."""
    cache.clear()
    settings.RATE_LIMITS = True
    monkeypatch.setattr(api_base, "READS_A_MINUTE", 4)
    monkeypatch.setattr(api_base, "WRITES_A_MINUTE", 2)
    monkeypatch.setattr(limits.time, "time", lambda: 1_800_000_000)


def read(header: str = "", remote: str = REMOTE) -> int:
    more = {"HTTP_X_FORWARDED_FOR": header} if header else {}
    return Client(REMOTE_ADDR=remote).get("/api/v1/boards", **more).status_code


FORGERIES = [
    lambda n: f"198.51.100.{n}",
    lambda n: f"198.51.100.{n}, 10.0.0.1",
    lambda n: "x" * n,
    lambda n: f"2001:db8:{n}::1",
]


@pytest.mark.parametrize("forge", FORGERIES)
def test_without_a_proxy_no_header_makes_a_new_caller(settings, forge):
    settings.TRUSTED_PROXIES = 0
    assert [read(forge(n)) for n in range(1, 6)] == [200] * 4 + [429]


@pytest.mark.parametrize("forge", FORGERIES)
def test_behind_one_proxy_only_what_that_proxy_wrote_counts(settings, forge):
    settings.TRUSTED_PROXIES = 1
    assert [read(f"{forge(n)}, 198.51.100.77") for n in range(1, 6)] == [200] * 4 + [429]


def test_behind_one_proxy_two_people_are_two_callers(settings):
    """The control: what the proxy wrote does count."""
    settings.TRUSTED_PROXIES = 1
    assert [read(f"1.1.1.1, 198.51.100.{n}") for n in range(1, 7)] == [200] * 6


@pytest.mark.parametrize("proxies", [2, 3])
def test_who_comes_past_the_proxies_is_counted_by_the_peer(settings, proxies):
    settings.TRUSTED_PROXIES = proxies
    assert [read(f"198.51.100.{n}") for n in range(1, 6)] == [200] * 4 + [429]


SAME = [
    ("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff"), ("2001:db8::1", "2001:db8::2"), ("2001:db8:1::a", "2001:db8:1:0:9::"),
    ("2001:DB8::1", "2001:0db8:0000::0099"), ("::ffff:203.0.113.9", "203.0.113.9"),
]  # fmt: skip
OTHER = [
    ("2001:db8:1:2::1", "2001:db8:1:3::1"),
    ("2001:db8::1", "2001:db8:0:1::1"),
    ("203.0.113.9", "203.0.113.10"),
    ("::1", "::ffff:1.2.3.4"),
]


@pytest.mark.parametrize(("one", "two", "same"), [(*pair, True) for pair in SAME] + [(*pair, False) for pair in OTHER])
def test_a_household_is_one_caller_however_its_addresses_are_written(one, two, same):
    ask = RequestFactory().get
    assert (limits.client_address(ask("/", REMOTE_ADDR=one)) == limits.client_address(ask("/", REMOTE_ADDR=two))) is same


def test_a_member_is_one_caller_from_everywhere():
    member = make_member()
    codes = []
    for number in range(5):
        client = Client(REMOTE_ADDR=f"203.0.113.{number}")
        client.force_login(member)
        codes.append(client.get("/api/v1/boards").status_code)
    assert codes == [200] * 4 + [429]


def test_writes_are_counted_apart_and_a_refusal_says_how_long_to_wait(client):
    client.force_login(make_member())
    board = make_board().slug
    answers = [
        client.post("/api/v1/posts", {"board": board, "title": f"A wish {n}"}, content_type="application/json")
        for n in range(3)
    ]
    assert [answer.status_code for answer in answers] == [201, 201, 429]
    assert 0 < int(answers[-1]["Retry-After"]) <= 60 and client.get("/api/v1/boards").status_code == 200


def test_with_limits_off_nothing_is_counted(settings):
    """The control: it is this guard that refuses."""
    settings.RATE_LIMITS = False
    assert {read() for _ in range(9)} == {200}


def codes_asked(count: int, address, forwarded) -> list[bool]:
    """Whether each asking, by a browser of its own, led on to the page for the code."""
    path, browsers = (
        "/accounts/login/code/",
        [Client(REMOTE_ADDR=REMOTE, HTTP_X_FORWARDED_FOR=forwarded(n)) for n in range(count)],
    )
    return [browser.post(path, {"email": address(n)}).status_code == 302 for n, browser in enumerate(browsers)]


@pytest.mark.parametrize("proxies", [0, 1])
def test_codes_for_many_addresses_are_refused_after_twenty_a_minute_whatever_is_forged(settings, proxies):
    settings.TRUSTED_PROXIES = settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    tail = ", 198.51.100.77" if proxies else ""
    let = codes_asked(22, lambda n: f"fan{n}@example.org", lambda n: f"198.51.100.{n}{tail}")
    assert let == [True] * 20 + [False] * 2


def test_one_address_gets_no_flood_of_codes(mailoutbox):
    codes_asked(8, lambda _n: "mara@example.org", lambda n: f"198.51.100.{n}")
    assert len(mailoutbox) == 3


@pytest.mark.parametrize(
    "address", [lambda n: "mara@example.org", lambda n: "Mara@Example.org " if n % 2 else "mara@example.org"]
)
def test_guessing_a_password_ends_after_a_few_tries(address):
    member = make_member(email="mara@example.org")
    member.set_password("a long walk by the river")
    member.save()
    member.emailaddress_set.create(email=member.email, verified=True, primary=True)
    client = Client(REMOTE_ADDR=REMOTE)
    for number in range(6):
        client.post("/accounts/login/", {"login": address(number), "password": f"guess {number}"})
    client.post("/accounts/login/", {"login": member.email, "password": "a long walk by the river"})
    assert "_auth_user_id" not in client.session


def test_one_wrong_try_does_not_lock_anybody_out():
    """The control of the one above."""
    member = make_member(email="mara@example.org")
    member.set_password("a long walk by the river")
    member.save()
    member.emailaddress_set.create(email=member.email, verified=True, primary=True)
    client = Client(REMOTE_ADDR=REMOTE)
    for guess in ("no", "a long walk by the river"):
        client.post("/accounts/login/", {"login": member.email, "password": guess})
    assert "_auth_user_id" in client.session
