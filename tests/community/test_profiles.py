"""A member's page shows what the viewer may see of what they said, newest first, a page at a time."""

from datetime import timedelta

import pytest

from community.models import Audience
from community.posts import hide_post
from community.profiles import PAGE, traces_of
from tests.factories import NOW, make_board, make_comment, make_member, make_post, make_staff, make_suggestion

pytestmark = pytest.mark.django_db


@pytest.fixture
def mara():
    return make_member("Mara Lindqvist", username="mara")


def test_posts_and_comments_come_newest_first(mara):
    old = make_post("Oldest", author=mara, at=NOW)
    said = make_comment(make_post("Of another"), author=mara, at=NOW + timedelta(hours=1))
    new = make_suggestion("Newest", author=mara, at=NOW + timedelta(hours=2)).post
    assert [(trace.post, trace.comment) for trace in traces_of(mara, None).rows] == [
        (new, None),
        (said.post, said),
        (old, None),
    ]


def test_a_visitor_sees_nothing_of_closed_boards(mara):
    make_post("Members only", author=mara, board=make_board(see=Audience.MEMBERS))
    assert not traces_of(mara, None).rows
    assert len(traces_of(mara, make_member()).rows) == 1


def test_what_is_hidden_is_there_for_its_author_alone(mara):
    hide_post(post=make_post("Hidden", author=mara), by=make_staff(), at=NOW)
    assert not traces_of(mara, make_member()).rows and len(traces_of(mara, mara).rows) == 1


def test_every_trace_is_on_exactly_one_page(mara):
    post = make_post("Of another")
    for hours in range(PAGE + 7):
        make_comment(post, author=mara, at=NOW + timedelta(hours=hours))
    first = traces_of(mara, None)
    second = traces_of(mara, None, after=first.after)
    assert (len(first.rows), len(second.rows), second.after) == (PAGE, 7, "")
    assert len({trace.comment.pk for trace in [*first.rows, *second.rows]}) == PAGE + 7


@pytest.mark.parametrize(
    "after", ["nonsense", "2026-13-45~1", "2026-11-16T12:00:00~1", "2026-11-16T12:00:00+00:00~x", "~", "1" * 500]
)
def test_whatever_is_no_place_in_the_list_begins_anew(mara, after):
    make_post("One post", author=mara)
    assert len(traces_of(mara, None, after=after).rows) == 1


def test_a_page_of_traces_costs_three_queries(mara, django_assert_num_queries):
    for number in range(5):
        make_post(f"Post {number}", author=mara)
        make_comment(make_post(), author=mara)
    with django_assert_num_queries(3):
        traces_of(mara, None)


def test_the_page_offers_both_views(mara, client):
    make_comment(make_post("Of another"), author=mara, body="What **I** said")
    shown = client.get("/members/mara/?show=talk").content.decode()
    assert "What I said" in shown and 'aria-current="true">All they said' in shown
    assert client.get("/members/mara/?show=nonsense").status_code == 200


def test_nobody_finds_an_account_that_only_asked_for_a_code(client):
    make_member(username="nobody-yet", claimed_at=None, verified_at=None)
    assert client.get("/members/nobody-yet/").status_code == 404
    assert client.get("/api/v1/members/nobody-yet").status_code == 404
