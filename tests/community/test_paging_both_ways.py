"""Pages both ways and around a row: always a stretch of the one list, whatever is equal, whatever goes meanwhile."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from community.models import MemberDay
from community.paging import backwards, take_around, take_page, take_page_before
from tests.factories import NOW

pytestmark = pytest.mark.django_db
ORDERS = [("-reads", "pk"), ("reads", "-day"), ("-day",)]
orders, sizes = st.sampled_from(ORDERS), st.integers(1, 6)
# What rows have in common, so that many are equal in what comes first.
lists = st.lists(st.integers(0, 2), min_size=1, max_size=14)
laws = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
ROWS = MemberDay.objects


def fill(member, reads):
    """As many rows as were drawn, in place of those of the example before."""
    ROWS.all().delete()
    today = NOW.date()
    ROWS.bulk_create([MemberDay(member=member, day=today + timedelta(days=at), reads=one) for at, one in enumerate(reads)])


def whole(order):
    return list(ROWS.order_by(*order))


@laws
@given(reads=lists, order=orders, size=sizes, place=st.integers(0, 13))
def test_the_page_behind_a_row_is_what_follows_it(voter, reads, order, size, place):
    fill(voter, reads)
    rows = whole(order)
    at = place % len(rows)
    page, behind = take_page(ROWS.all(), order=order, after=str(rows[at].pk), size=size), rows[at + 1 :]
    assert page.rows == behind[:size]
    assert page.after == (behind[size - 1].pk if len(behind) > size else None)
    assert page.before == (behind[0].pk if behind else None)


@laws
@given(reads=lists, order=orders, size=sizes, place=st.integers(0, 13))
def test_the_page_ahead_of_a_row_ends_right_before_it(voter, reads, order, size, place):
    fill(voter, reads)
    rows = whole(order)
    at = place % len(rows)
    page, ahead = take_page_before(ROWS.all(), order=order, before=str(rows[at].pk), size=size), rows[max(0, at - size) : at]
    assert page.rows == ahead
    assert page.before == (ahead[0].pk if at > size else None)


@laws
@given(reads=lists, order=orders, size=sizes)
def test_there_and_back_shows_the_same_rows(voter, reads, order, size):
    fill(voter, reads)
    page = take_page(ROWS.all(), order=order, size=size)
    there = [page.rows]
    while page.after:
        page = take_page(ROWS.all(), order=order, after=str(page.after), size=size)
        there.append(page.rows)
    back, first = [there[-1]], page.rows[0]
    while earlier := take_page_before(ROWS.all(), order=order, before=str(first.pk), size=size).rows:
        back, first = [earlier, *back], earlier[0]
    assert [row for rows in there for row in rows] == [row for rows in back for row in rows] == whole(order)


@laws
@given(reads=lists, order=orders, size=sizes, lead=st.integers(0, 3), place=st.integers(0, 13))
def test_a_page_around_a_row_is_a_stretch_that_holds_it(voter, reads, order, size, lead, place):
    fill(voter, reads)
    rows = whole(order)
    at = place % len(rows)
    page = take_around(ROWS.all(), rows[at], order=order, size=size, lead=lead)
    first, last = max(0, at - lead), at + max(size, 1)
    assert page.rows == rows[first:last]
    assert page.before == (rows[first].pk if first else None)
    assert page.after == (page.rows[-1].pk if last < len(rows) else None)


@laws
@given(reads=lists, order=orders, size=sizes, gone=st.sets(st.integers(0, 13), max_size=6))
def test_what_goes_meanwhile_neither_hides_nor_repeats_the_rest(voter, reads, order, size, gone):
    fill(voter, reads)
    rows = whole(order)
    page = take_page(ROWS.all(), order=order, size=size)
    seen = list(page.rows)
    # Anything but the row the reader stands at, which the next page is asked behind.
    leaving = {row.pk for at, row in enumerate(rows) if at in gone} - {page.after}
    ROWS.filter(pk__in=leaving).delete()
    while page.after:
        page = take_page(ROWS.all(), order=order, after=str(page.after), size=size)
        seen += page.rows
    assert len(seen) == len(set(seen))
    assert [row for row in seen if row.pk not in leaving] == [row for row in rows if row.pk not in leaving]


@pytest.mark.parametrize("wish", ["0", "77777", "", "first", "-3", "²"])
def test_behind_or_ahead_of_nothing_the_list_begins_anew(voter, wish):
    fill(voter, [0, 1, 2])
    assert take_page(ROWS.all(), order=("-day",), after=wish, size=2).rows == whole(("-day",))[:2]
    assert take_page_before(ROWS.all(), order=("-day",), before=wish, size=2).rows == whole(("-day",))[:2]


def test_around_a_row_that_is_filtered_out_its_neighbours_stand_alone(voter):
    fill(voter, [0, 0, 1, 0, 0])
    pivot = ROWS.get(reads=1)
    page = take_around(ROWS.filter(reads=0), pivot, order=("day",), size=3)
    assert pivot not in page.rows and [row.day.day for row in page.rows] == [16, 17, 19, 20]


def test_an_empty_list_has_one_empty_page(voter):
    page = take_page(ROWS.all(), order=("-day",))
    assert (page.rows, page.after, page.before) == ([], None, None)


@given(orders)
def test_read_from_its_end_twice_an_order_is_the_same(order):
    assert tuple(backwards(backwards(order))) == order
    assert all(one != other for one, other in zip(backwards(order), order, strict=True))
