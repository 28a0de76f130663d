"""The standing of posts: what every list reads, written in one place."""

from decimal import Decimal

from community.models import Standing
from community.standing import set_standings
from tests.factories import make_post


def test_many_rows_get_fields_of_every_kind_in_few_statements(db, django_assert_max_num_queries):
    posts = [make_post() for _ in range(20)]
    fresh = {
        post.pk: {
            "votes": place,
            "heat": Decimal(2**200 + place),
            "status": "open",
            "answered": place % 2 == 0,
            "folded_into_id": None,
        }
        for place, post in enumerate(posts)
    }
    with django_assert_max_num_queries(2):
        set_standings(fresh, fields=["votes", "heat", "status", "answered", "folded_into"])
    for post in posts:
        row = Standing.objects.get(post=post)
        wanted = fresh[post.pk]
        assert (row.votes, int(row.heat), row.status, row.answered) == (
            wanted["votes"],
            wanted["heat"],
            "open",
            wanted["answered"],
        )


def test_only_the_named_fields_and_rows_change(db):
    one, other = make_post(), make_post()
    set_standings({one.pk: {"votes": 3, "score": 9}}, fields=["votes"])
    assert [(row.votes, row.score) for row in Standing.objects.order_by("pk")] == [(3, 0), (0, 0)]
    assert other.standing.votes == 0


def test_a_post_can_be_folded_into_another_and_out_again(db):
    one, other = make_post(), make_post()
    for folded in (other.pk, None):
        set_standings({one.pk: {"folded_into_id": folded}}, fields=["folded_into"])
        assert Standing.objects.get(post=one).folded_into_id == folded


def test_rows_that_are_gone_are_passed_over_and_nothing_at_all_costs_nothing(db, django_assert_num_queries):
    with django_assert_num_queries(0):
        set_standings({}, fields=["votes"])
    set_standings({10**9: {"votes": 3}}, fields=["votes"])
    assert not Standing.objects.exists()
