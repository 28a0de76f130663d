"""However an address is written, its household has one limit."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.limits import network_of

six, four = st.ip_addresses(v=6), st.ip_addresses(v=4)


@given(four)
def test_an_address_of_four_numbers_stands_for_itself_mapped_or_not(address):
    assert network_of(str(address)) == str(address) == network_of(f"::ffff:{address}")


@given(six.filter(lambda address: address.ipv4_mapped is None), st.integers(0, 2**64 - 1))
def test_whoever_shares_the_first_half_shares_the_limit(address, rest):
    neighbour = ipaddress.IPv6Address(int(address) >> 64 << 64 | rest)
    if neighbour.ipv4_mapped is None:
        assert network_of(str(neighbour)) == network_of(str(address)) == network_of(address.exploded.upper())


@given(st.integers(1, 2**63), st.integers(0, 2**64 - 1))
def test_the_network_next_door_has_a_limit_of_its_own(half, rest):
    here, next_door = (str(ipaddress.IPv6Address(network << 64 | rest)) for network in (half, half + 1))
    assert network_of(here) != network_of(next_door)


@given(six)
def test_counting_a_network_again_is_the_same_network(address):
    assert network_of(network_of(str(address))) == network_of(str(address))


@pytest.mark.parametrize("odd", ["", "unknown", "203.0.113.9:443", "[2001:db8::1]", "1.2.3"])
def test_what_is_no_address_is_counted_as_it_is(odd):
    assert network_of(odd) == odd
