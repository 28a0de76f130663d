"""A limit lets exactly so many through, per person or network, and stays open when Redis is away."""

import pytest
from django.core.cache import cache
from django.test import RequestFactory

from community import limits
from community.refusals import TooMany


@pytest.fixture(autouse=True)
def counted(settings):
    settings.RATE_LIMITS = True
    cache.clear()


def spend(who="member:1", limit=3):
    return limits.spend(what="test", who=who, limit=limit, seconds=3600)


def test_exactly_so_many_pass():
    assert [spend().left for _ in range(3)] == [2, 1, 0]
    with pytest.raises(TooMany) as refusal:
        spend()
    assert 0 < refusal.value.retry_after <= 3600


def test_one_persons_limit_is_nobody_elses():
    for _ in range(3):
        spend()
    assert spend(who="member:2").left == 2


def test_a_new_window_starts_anew(time_machine):
    time_machine.move_to("2026-11-20T10:00:00Z")
    for _ in range(3):
        spend()
    time_machine.move_to("2026-11-20T11:00:00Z")
    assert spend().left == 2


def test_without_redis_people_may_still_write(monkeypatch):
    def broken(*args, **kwargs):
        raise ConnectionError("no redis")

    monkeypatch.setattr(limits.cache, "add", broken)
    assert [spend().left for _ in range(9)] == [3] * 9


def test_limits_can_be_off(settings):
    settings.RATE_LIMITS = False
    assert [spend().left for _ in range(9)] == [3] * 9


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "203.0.113.9", "198.51.100.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "10.0.0.1, 203.0.113.9", "203.0.113.9"),
        (2, "203.0.113.9, 10.0.0.1", "203.0.113.9"),
        (2, "6.6.6.6, 203.0.113.9, 10.0.0.1", "203.0.113.9"),
        (1, "", "198.51.100.1"),
        (2, "203.0.113.9", "198.51.100.1"),
    ],
)
def test_only_what_trusted_proxies_added_is_believed(settings, proxies, forwarded, address):
    settings.TRUSTED_PROXIES = proxies
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    assert limits.client_address(RequestFactory().get("/", REMOTE_ADDR="198.51.100.1", headers=headers)) == address


def test_an_ipv6_household_shares_a_limit():
    request = RequestFactory().get("/", REMOTE_ADDR="2001:db8:1:2:aaaa::1")
    assert limits.client_address(request) == "2001:db8:1:2::"
