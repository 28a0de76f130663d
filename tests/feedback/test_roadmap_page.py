"""The public roadmap: what stands in which column, for whom, and who asked."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from community.models import Audience, Standing
from feedback.lanes import SHORT_LANE, lanes_of, wanted_items
from feedback.merges import merge_suggestions
from feedback.models import RoadmapItem
from feedback.releases import draft_release, ship_release
from feedback.roadmap import edit_item, move_item, plan_item, serve_suggestion
from tests.factories import make_board, make_member, make_staff, make_suggestion, make_vote

pytestmark = pytest.mark.django_db


@pytest.fixture
def item(board, suggestion, staff, now):
    return plan_item(product=board.product, title="Smarter charging", by=staff, at=now, suggestions=[suggestion])


def count_votes(*suggestions):
    """What the score's listener will have written by now."""
    for one in suggestions:
        Standing.objects.filter(pk=one.pk).update(votes=one.votes.counted().count())


def card_of(item, viewer=None):
    lanes = lanes_of(wanted_items(), viewer=viewer)
    return next(card for lane in lanes for card in lane.cards if card.item == item)


def test_visitors_see_every_column_with_its_number(client, item):
    page = client.get("/roadmap/").content.decode()
    assert all(name in page for name in ("Planned", "In progress", "Testing", "Shipped", "Smarter charging"))


def test_a_card_says_how_many_asked_and_who_did_first(client, item, suggestion, voter):
    make_vote(suggestion, voter)
    count_votes(suggestion)
    page = client.get("/roadmap/").content.decode()
    assert "2 people asked" in page
    assert "people asked, Mara Lindqvist first" in page
    assert suggestion.post.get_absolute_url() in page


def test_work_that_nobody_asked_for_is_from_us(client, board, staff, now):
    plan_item(product=board.product, title="Security", by=staff, at=now)
    assert "From us" in client.get("/roadmap/").content.decode()


def test_somebody_who_asked_for_two_parts_is_counted_once(item, suggestion, voter, staff, now):
    second = make_suggestion(board=suggestion.post.board)
    serve_suggestion(item=item, suggestion=second, by=staff, at=now)
    for one in (suggestion, second):
        make_vote(one, voter)
    count_votes(suggestion, second)
    card = card_of(item)
    # Mara, the second author and Tomasz.
    assert (card.people, len(card.wishes)) == (3, 2)


def test_the_first_to_ask_may_be_the_author_of_a_duplicate(item, suggestion, staff, now):
    earlier = make_suggestion(board=suggestion.post.board, author=make_member("林小满"), at=now.replace(day=1))
    merge_suggestions(duplicate=earlier, into=suggestion, by=staff, at=now)
    assert str(card_of(item).first) == "林小满"


def test_a_served_duplicate_is_shown_as_its_canonical(item, suggestion, staff, now):
    root = make_suggestion("One wish for all", board=suggestion.post.board)
    merge_suggestions(duplicate=suggestion, into=root, by=staff, at=now)
    assert [wish.pk for wish in card_of(item).wishes] == [root.pk]


def test_wishes_of_closed_boards_are_not_told_of(item, suggestion, voter, staff, now):
    secret = make_suggestion("Secret", board=make_board(see=Audience.STAFF), author=make_staff("Jun Park"))
    serve_suggestion(item=item, suggestion=secret, by=staff, at=now)
    assert [wish.pk for wish in card_of(item, voter).wishes] == [suggestion.pk]
    assert {wish.pk for wish in card_of(item, staff).wishes} == {suggestion.pk, secret.pk}


def test_hidden_work_is_on_nobodys_roadmap(client, item, staff, now):
    edit_item(item=item, by=staff, at=now, is_public=False)
    assert "Smarter charging" not in client.get("/roadmap/").content.decode()


def test_one_product_alone(client, item, staff, now):
    other = make_board().product
    plan_item(product=other, title="Watch straps", by=staff, at=now)
    page = client.get(f"/roadmap/?product={other.slug}").content.decode()
    assert ("Watch straps" in page, "Smarter charging" in page) == (True, False)


def test_members_can_see_what_they_backed_alone(client, item, author, stranger):
    for member, shown in ((author, True), (stranger, False)):
        client.force_login(member)
        assert ("Smarter charging" in client.get("/roadmap/?mine=1").content.decode()) is shown


def test_a_long_column_leads_to_itself_in_full(client, board, staff, now):
    for number in range(SHORT_LANE + 2):
        plan_item(product=board.product, title=f"Work number {number}!", by=staff, at=now)
    page = client.get("/roadmap/").content.decode()
    assert (f"All {SHORT_LANE + 2}" in page, f"number {SHORT_LANE + 1}!" in page) == (True, False)
    assert f"number {SHORT_LANE + 1}!" in client.get("/roadmap/?column=planned").content.decode()


def test_what_shipped_last_stands_on_top_and_names_its_release(client, board, staff, now):
    for version in ("3.1", "3.2"):
        item = plan_item(product=board.product, title=f"Work of {version}", by=staff, at=now)
        release = draft_release(product=board.product, version=version, title="Drop", by=staff, at=now)
        edit_item(item=item, by=staff, at=now, release=release)
        ship_release(release=release, by=staff, at=now.replace(hour=int(version[-1])))
    assert [card.item.title for card in lanes_of(wanted_items(), viewer=None)[3].cards] == ["Work of 3.2", "Work of 3.1"]
    assert "In 3.2" in client.get("/roadmap/").content.decode()


@pytest.mark.parametrize("query", ["?column=nothing", "?product=nothing", "?column=testing&mine=1", "?product=%00"])
def test_strange_addresses_are_answered(client, item, query):
    assert client.get(f"/roadmap/{query}").status_code == 200


def test_an_empty_roadmap_says_how_to_fill_it(client):
    page = client.get("/roadmap/").content.decode()
    assert "Nothing is planned yet" in page
    assert 'href="/posts/new/"' in page


def queries_of(client, url):
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def test_twenty_pieces_of_work_cost_no_more_queries_than_two(client, board, staff, author, now):
    def grow(count):
        for number in range(count):
            wishes = [make_suggestion(board=board, author=author) for _wish in range(2)]
            item = plan_item(product=board.product, title=f"Work {number}", by=staff, at=now, suggestions=wishes)
            move_item(item=item, column=["in-progress", "testing"][number % 2], by=staff, at=now)

    grow(2)
    few = queries_of(client, "/roadmap/")
    grow(18)
    assert RoadmapItem.objects.count() == 20
    assert queries_of(client, "/roadmap/") == few <= 10


def test_visitors_pages_are_cacheable_and_members_are_not(client, item, author):
    assert "public" in client.get("/roadmap/")["Cache-Control"]
    client.force_login(author)
    assert "private" in client.get("/roadmap/")["Cache-Control"]
