"""What a list asks for, and what it counts."""

import pytest
from django.http import QueryDict

from community.deliveries import drain
from community.lists import Wanted, boards_with_counts, count_by_status, narrowed, suggestions_for, tags_of
from community.models import Audience, Standing
from tests.factories import make_board, make_member, make_post, make_suggestion, make_team_board


def wanted(query: str) -> Wanted:
    return Wanted.from_query(QueryDict(query))


def test_an_empty_address_wants_the_hot_ones():
    assert wanted("") == Wanted(sort="hot", status="", board="", tag="", words="")


@pytest.mark.parametrize("query", ["sort=worst", "sort=", "sort=-heat", "sort=hot%00"])
def test_an_unknown_sort_is_the_hot_one(query):
    assert wanted(query).sort == "hot"


@pytest.mark.parametrize("query", ["status=unheard-of", "status=OPEN", "status=open'--"])
def test_an_unknown_status_is_any_status(query):
    assert wanted(query).status == ""


def test_words_are_tidied_and_bounded():
    assert wanted("q=++two%0A%20words%00++").words == "two words"
    assert len(wanted(f"q={'x' * 5000}").words) == 120


def test_a_value_given_twice_counts_as_given_last():
    assert wanted("sort=top&sort=new").sort == "new"


def test_every_order_ends_with_something_unique():
    from community.lists import SORTS

    assert all(order[-1].lstrip("-") == "post_id" for order in SORTS.values())


@pytest.mark.django_db
def test_every_word_has_to_be_there(author, board):
    make_suggestion("A quieter alarm", author=author, board=board, body="For my neighbour.")
    drain()
    for query, count in (("q=alarm", 1), ("q=alarm+neighbour", 1), ("q=alarm+camera", 0)):
        assert suggestions_for(None, wanted(query)).count() == count


@pytest.mark.django_db
def test_needs_votes_means_open_ones(author, board):
    first, second = (make_suggestion(f"Wish {number}", author=author, board=board) for number in range(2))
    Standing.objects.filter(post=second.pk).update(status="shipped")
    rows = suggestions_for(None, wanted("sort=needs-votes"))
    assert [row.post_id for row in narrowed(rows, wanted("sort=needs-votes"))] == [first.pk]
    assert [row.post_id for row in narrowed(rows, wanted("sort=needs-votes&status=shipped"))] == [second.pk]


@pytest.mark.django_db
def test_counts_are_of_what_the_viewer_may_see(author, staff):
    make_suggestion("In the open", author=author)
    make_suggestion("Behind the door", author=staff, board=make_team_board())
    assert count_by_status(suggestions_for(None, Wanted())) == {"open": 1}
    assert count_by_status(suggestions_for(staff, Wanted())) == {"open": 2}


@pytest.mark.django_db
def test_boards_are_counted_without_talk_and_without_what_was_merged(author, board):
    kept, merged = (make_suggestion(f"Wish {number}", author=author, board=board) for number in range(2))
    make_post("Talk", author=author, board=board)
    Standing.objects.filter(post=merged.pk).update(folded_into=kept.post)
    empty = make_board("watch", see=Audience.MEMBERS)
    assert boards_with_counts(None) == [(board, 1)]
    assert boards_with_counts(make_member()) == [(board, 1), (empty, 0)]


@pytest.mark.django_db
def test_the_tags_of_a_page_come_most_used_first(author, board, django_assert_num_queries):
    make_suggestion("First wish", author=author, board=board, tags=["Sound", "Alarm"])
    make_suggestion("Second wish", author=author, board=board, tags=["Sound"])
    rows = list(Standing.objects.with_posts())
    with django_assert_num_queries(0):
        assert [tag.name for tag in tags_of(rows)] == ["Sound", "Alarm"]
        assert len(tags_of(rows, most=1)) == 1
