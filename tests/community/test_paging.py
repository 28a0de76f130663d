"""Paging by the last row shown."""

import pytest

from community.lists import SORTS
from community.models import Standing
from community.paging import after_row, take_page
from tests.factories import make_board, make_member, make_post

ORDERS = [*SORTS.values(), ("-active_at", "-post_id")]


@pytest.mark.django_db
@pytest.mark.parametrize("order", ORDERS)
def test_any_size_of_page_gives_the_same_rows_in_the_same_order(order):
    author, board = make_member(), make_board()
    for number in range(13):
        row = make_post(f"Post number {number}", author=author, board=board)
        Standing.objects.filter(post=row).update(heat=10**30 + number % 3, score=number % 2, votes=number % 4)
    whole = list(Standing.objects.order_by(*order).values_list("pk", flat=True))
    for size in (1, 2, 5, 13, 20):
        seen, after = [], ""
        while True:
            page = take_page(Standing.objects.all(), order=order, after=after, size=size)
            seen += [row.pk for row in page.rows]
            if page.after is None:
                break
            after = str(page.after)
        assert seen == whole


@pytest.mark.django_db
def test_the_first_field_bounds_the_index():
    row = Standing(pk=5, heat=7)
    sql = str(after_row(Standing.objects.all(), row, ("-heat", "-post_id")).query)
    assert '"heat" <= 7' in sql


@pytest.mark.django_db
def test_a_row_that_moved_since_is_looked_up_anew():
    author, board = make_member(), make_board()
    posts = [make_post(f"Post number {number}", author=author, board=board) for number in range(3)]
    for heat, post in enumerate(posts):
        Standing.objects.filter(post=post).update(heat=heat)
    Standing.objects.filter(post=posts[2]).update(heat=0)
    page = take_page(Standing.objects.all(), order=SORTS["hot"], after=str(posts[2].pk))
    assert posts[1].pk not in [row.pk for row in page.rows]
