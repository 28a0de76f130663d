"""The list of suggestions: sorted, filtered, searched and paged."""

import re
from datetime import timedelta

import pytest

from community.deliveries import drain
from community.models import Standing
from tests.factories import NOW, make_board, make_bug, make_comment, make_member, make_post, make_suggestion, make_vote

pytestmark = pytest.mark.django_db


def titles(answer) -> list[str]:
    return [row.post.title for row in answer.context["rows"]]


def stand(suggestion, **figures):
    Standing.objects.filter(post=suggestion.pk).update(**figures)
    return suggestion


@pytest.fixture
def three(author, board):
    """Old and much wanted, hot and planned, new with few votes."""
    return [
        stand(make_suggestion("Old wish", author=author, board=board, at=NOW), heat=1, score=900, votes=9),
        stand(
            make_suggestion("Hot wish", author=author, board=board, at=NOW + timedelta(hours=1)),
            heat=9, score=500, votes=5, status="planned",
        ),
        stand(make_suggestion("New wish", author=author, board=board, at=NOW + timedelta(hours=2)), heat=5, score=1, votes=1),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("hot", ["Hot wish", "New wish", "Old wish"]),
        ("top", ["Old wish", "Hot wish", "New wish"]),
        ("new", ["New wish", "Hot wish", "Old wish"]),
        ("needs-votes", ["New wish", "Old wish"]),
        ("unheard-of", ["Hot wish", "New wish", "Old wish"]),
    ],
)
def test_each_sort_has_its_order(client, three, sort, expected):
    assert titles(client.get(f"/suggestions/?sort={sort}")) == expected


def test_a_status_narrows_the_list_and_the_counts_stay(client, three):
    answer = client.get("/suggestions/?status=planned")
    assert titles(answer) == ["Hot wish"]
    assert answer.context["picks"]["counts"] == {"open": 2, "planned": 1}


def test_a_board_and_a_tag_narrow_the_list(client, author):
    camera = make_board("camera")
    make_suggestion("Night shots", author=author, board=camera, tags=["Night mode"])
    make_suggestion("Something else", author=author)
    assert titles(client.get("/suggestions/?board=camera")) == ["Night shots"]
    assert titles(client.get("/suggestions/?tag=night-mode")) == ["Night shots"]


@pytest.mark.parametrize("words", ["charge limit", "CHARGE", "limit charge", "overnight"])
def test_words_are_found_in_titles_and_texts(client, author, board, words):
    make_suggestion("Charge limit at 80 %", author=author, board=board, body="It stays warm overnight.")
    make_suggestion("Another thing", author=author, board=board)
    drain()
    assert titles(client.get("/suggestions/", {"q": words})) == ["Charge limit at 80 %"]


def test_parts_of_chinese_sentences_are_found(client, author, board):
    make_suggestion("充电到 80% 就停,并且记得我的闹钟", author=author, board=board)
    make_suggestion("让我决定哪只手", author=author, board=board)
    drain()
    assert titles(client.get("/suggestions/", {"q": "记得我的闹钟"})) == ["充电到 80% 就停,并且记得我的闹钟"]


@pytest.mark.parametrize("words", ["100%", "under_score", "back\\slash", "'; drop table x; --", "\x00"])
def test_signs_of_the_database_are_mere_words(client, author, board, words):
    make_suggestion("Nothing of the kind", author=author, board=board)
    assert client.get("/suggestions/", {"q": words}).status_code == 200


def test_a_search_that_finds_nothing_offers_to_plant_it(client, three):
    page = client.get("/suggestions/", {"q": "foldable stylus"}).content.decode()
    assert "No suggestion says “foldable stylus”" in page
    assert "/posts/new/?title=foldable%20stylus" in page


def test_an_empty_board_says_the_next_step(client):
    make_board("watch", name="Watch and buds", about="All that is worn.")
    page = client.get("/suggestions/?board=watch").content.decode()
    assert "Be the first on Watch and buds" in page and "/posts/new/?board=watch" in page


def test_an_empty_filter_says_what_to_do(client, three):
    assert "Nothing here at the moment" in client.get("/suggestions/?status=shipped").content.decode()


def test_what_was_merged_is_not_listed(client, three):
    stand(three[0], folded_into=three[1].post)
    assert titles(client.get("/suggestions/")) == ["Hot wish", "New wish"]


def test_talk_is_no_suggestion_and_a_bug_says_so(client, author, board):
    make_post("Just talking", author=author, board=board)
    make_bug("Broken clock", author=author, board=board)
    answer = client.get("/suggestions/")
    assert titles(answer) == ["Broken clock"]
    assert re.search(r'class="mark mark-clay[^>]*>.*?Bug', answer.content.decode(), re.DOTALL)


@pytest.mark.parametrize("sort", ["hot", "top", "new", "needs-votes"])
def test_pages_follow_each_other_without_gap_or_double(client, author, board, sort):
    for number in range(45):
        # Equal figures, so that only the last field of the order tells the rows apart.
        stand(make_suggestion(f"Wish {number}", author=author, board=board), heat=number % 3, score=number % 4, votes=1)
    seen, after = [], ""
    for _page in range(3):
        answer = client.get("/suggestions/", {"sort": sort, **({"after": after} if after else {})})
        seen += titles(answer)
        after = answer.context["after"]
    assert len(seen) == 45 == len(set(seen)) and after is None


def test_htmx_gets_the_next_rows_alone(client, author, board):
    for number in range(25):
        make_suggestion(f"Wish {number}", author=author, board=board)
    first = client.get("/suggestions/?sort=new")
    rest = client.get("/suggestions/", {"sort": "new", "after": first.context["after"]}, headers={"HX-Request": "true"})
    assert len(titles(rest)) == 5
    assert "<html" not in rest.content.decode()


def test_nonsense_in_the_address_begins_anew(client, three):
    for after in ("x", "999999999999999999999999", "-1", ""):
        assert len(titles(client.get("/suggestions/", {"after": after}))) == 3


@pytest.mark.parametrize("signed_in", [False, True])
@pytest.mark.parametrize(("address", "most"), [("/suggestions/", 18), ("/", 20), ("/community/", 32), ("/members/mara/", 20)])
def test_a_list_costs_as_many_queries_at_two_rows_as_at_twenty(client, board, address, most, signed_in, queries_of):
    mara = make_member("Mara", username="mara")
    if signed_in:
        client.force_login(make_member("Vera Voter"))
    costs = []
    for number in range(20):
        wish = make_suggestion(f"Wish {number}", author=mara, board=board, tags=["one", f"tag {number}"])
        make_vote(wish)
        make_comment(wish.post)
        make_post(f"Talk {number}", author=mara, board=board)
        if number in (1, 19):
            costs.append(queries_of(address))
    assert costs[0] == costs[1] <= most
