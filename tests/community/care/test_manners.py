"""How a text came in cannot be made up."""

from datetime import timedelta

import pytest

from community.manners import STAMP, TRAP, manner_of, stamp
from community.screening import Manner
from tests.factories import NOW


def test_the_stamp_says_how_long_the_form_was_open():
    assert manner_of({STAMP: stamp(at=NOW)}, at=NOW + timedelta(seconds=42)).typed_ms == 42_000


@pytest.mark.parametrize("forged", ["", "0", "1:x", "170000000:abc", "x" * 9000])
def test_without_a_true_stamp_it_was_typed_in_no_time(forged):
    assert manner_of({STAMP: forged}, at=NOW).typed_ms == 0
    assert manner_of({}, at=NOW).typed_ms == 0


def test_a_stamp_of_the_future_or_of_last_week_says_no_more_than_it_may():
    assert manner_of({STAMP: stamp(at=NOW + timedelta(hours=1))}, at=NOW).typed_ms == 0
    assert manner_of({STAMP: stamp(at=NOW - timedelta(days=9))}, at=NOW).typed_ms == 86_400_000


def test_the_field_that_nobody_sees_gives_programs_away():
    assert manner_of({TRAP: " http://x.example "}, at=NOW).trapped
    assert not manner_of({TRAP: "  "}, at=NOW).trapped


@pytest.mark.parametrize("manner", [Manner(), Manner("page", 1200, True), Manner("token")])
def test_it_outlives_the_sign_in(manner):
    assert Manner.from_kept(manner.kept()) == manner


@pytest.mark.parametrize("kept", [None, "x", {"typed_ms": "9"}, {"typed_ms": []}])
def test_whatever_else_a_session_holds_says_nothing(kept):
    assert Manner.from_kept(kept).typed_ms is None
