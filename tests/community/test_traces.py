"""Where an act came from is kept as a hash for 14 days, and never as an address."""

from datetime import timedelta

import pytest
from django.test import RequestFactory

from community.models import Trace
from community.tasks import forget_traces
from community.traces import traced
from tests.factories import NOW, make_comment, make_post


def write_from(address: str, agent: str = "Firefox", at=NOW):
    request = RequestFactory().post("/", REMOTE_ADDR=address, headers={"User-Agent": agent})
    with traced(request):
        post = make_post(at=at)
    return Trace.objects.get(activity__subject_id=post.pk, activity__verb="post_written")


def test_an_act_at_a_browser_leaves_a_trace_without_the_address(board):
    trace = write_from("203.0.113.9")
    assert trace.network and trace.device
    assert "203" not in trace.network


def test_two_acts_of_one_week_and_place_match_and_another_place_does_not(board):
    first, second, other = write_from("203.0.113.9"), write_from("203.0.113.9"), write_from("203.0.113.10")
    assert first.network == second.network != other.network


def test_the_salt_changes_with_the_week(board):
    assert write_from("203.0.113.9").network != write_from("203.0.113.9", at=NOW + timedelta(weeks=1)).network


def test_all_of_an_ipv6_household_is_one_network(board):
    assert write_from("2001:db8:1:2::5").network == write_from("2001:db8:1:2:ffff::9").network


def test_what_happens_without_a_browser_leaves_none(board):
    make_comment(make_post())
    assert not Trace.objects.exists()


@pytest.mark.parametrize(("days", "left"), [(13, 1), (15, 0)])
def test_traces_are_forgotten_after_two_weeks(board, days, left, time_machine):
    write_from("203.0.113.9")
    time_machine.move_to(NOW + timedelta(days=days))
    forget_traces()
    assert Trace.objects.count() == left
