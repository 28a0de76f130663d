"""The page of the search, and what is offered while somebody types."""

import pytest
from django.core.cache import cache
from django.test import Client

from community.deliveries import drain
from community.models import Audience
from community.views import search as view
from tests.factories import make_board, make_comment, make_member, make_post, make_suggestion

pytestmark = pytest.mark.django_db


@pytest.fixture
def alarms(author, board):
    """A suggestion with a comment, a story, and one thing more."""
    wish = make_suggestion("Charge limit that learns my alarm", author=author, board=board, tags=["Alarm"], body="At night.")
    make_comment(wish.post, "My <b>alarm</b> is at six.", author=make_member("Tomasz Wilk"))
    make_post("How an alarm saved my trip", author=author, board=board, kind="story")
    make_post("Camera", author=author, board=board)
    drain()


def test_without_words_it_says_how_to_search(client):
    page = client.get("/search/").content.decode()
    assert 'name="q"' in page and "Words in quotes stand side by side" in page


def test_what_was_found_stands_with_its_kind_its_board_and_its_votes(client, alarms):
    answer = client.get("/search/?q=alarm")
    page = answer.content.decode()
    assert "2 found" in page and "Charge limit that learns my <mark>alarm</mark>" in page
    assert "How an <mark>alarm</mark> saved my trip" in page and "Story" in page and 'class="vote"' in page
    assert "1 comment says it too" in page and "Camera" not in page.split("<ol")[1]


def test_what_somebody_wrote_is_shown_as_text(client, alarms):
    page = client.get("/search/", {"q": "alarm six"}).content.decode()
    assert "<b>alarm" not in page and "comment by Tomasz Wilk" in page


def test_a_comment_is_led_to_by_its_own_address(client, alarms):
    hit = client.get("/search/?q=alarm+six").context["found"].hits[0]
    assert f"#comment-{hit.comment.pk}" in hit.url


@pytest.mark.parametrize(
    "words", ["zebra", "<script>alert(1)</script>", "'; drop table x; --", "a:* & !", "\\", "%", "\x00zebra"]
)
def test_where_nothing_was_found_it_may_be_planted(client, alarms, words):
    answer = client.get("/search/", {"q": words})
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "<script>alert" not in page and "/posts/new/?title=" in page or "says more" in page


def test_words_that_say_nothing_ask_for_one_more(client, alarms):
    assert "Please add a word that says more" in client.get("/search/?q=the+of").content.decode()


def test_a_slip_is_told(client, alarms):
    assert "Also looked for “alarm” instead of “alarn”." in client.get("/search/?q=alarn").content.decode()


def test_filters_stand_in_the_address_and_can_be_taken_away(client, alarms, board):
    page = client.get(f"/search/?q=alarm&kind=story&board={board.slug}").content.decode()
    assert "1 found" in page and "Clear filters" in page and 'aria-current="true">Story' in page
    assert f'<option value="{board.slug}" selected>' in page
    page = client.get("/search/?q=alarm&kind=bug").content.decode()
    assert "Take one of the filters away" in page and "Search without filters" in page


def test_a_filter_alone_lists_what_there_is(client, alarms):
    assert "1 found" in client.get("/search/?kind=story").content.decode()


def test_places_of_that_name_are_offered_above(client, alarms):
    assert "/search/?tag=alarm" in client.get("/search/?q=alarm").content.decode()


def test_the_next_page_follows_and_htmx_gets_it_alone(client, author, board):
    for number in range(23):
        make_post(f"Alarm number {number}", author=author, board=board)
    drain()
    first = client.get("/search/?q=alarm")
    after = first.context["found"].after
    rest = client.get("/search/", {"q": "alarm", "after": after}, headers={"HX-Request": "true"})
    assert len(first.context["found"].hits) == 20 and rest.content.decode().count('class="hit"') == 3
    assert "<html" not in rest.content.decode()


def test_a_visitors_page_may_be_kept_and_carries_no_token(client, alarms):
    answer = client.get("/search/?q=alarm")
    assert "s-maxage=30" in answer["Cache-Control"] and "csrfmiddlewaretoken" not in answer.content.decode()


def test_search_pages_are_for_people_and_not_for_other_searches(client, alarms):
    assert '<meta name="robots" content="noindex' in client.get("/search/?q=alarm").content.decode()


def test_while_typing_lines_to_choose_from_are_offered(client, alarms):
    page = client.get("/search/suggest/?q=alar").content.decode()
    assert page.count('role="option"') == 3 and "<mark>alarm</mark>" in page and "<html" not in page
    assert client.get("/search/suggest/?q=").content.strip() == b""


def test_what_is_out_of_sight_is_neither_found_nor_offered(client, author, staff):
    closed = make_board("closed", name="Alarm plans", see=Audience.STAFF, post=Audience.STAFF)
    make_post("Alarm of the team", author=staff, board=closed, tags=["Alarming"])
    drain()
    for address in ("/search/?q=alarm", "/search/suggest/?q=alar", "/search/?board=closed", "/search/?tag=alarming"):
        told = client.get(address).content.decode()
        assert "Alarm of" not in told and "Alarm plans" not in told and "Alarming" not in told, address


def codes(count: int, address: str = "/search/?q=alarm", client=None) -> list[int]:
    return [(client or Client(REMOTE_ADDR="203.0.113.9")).get(address).status_code for _ in range(count)]


@pytest.fixture
def counted(settings, monkeypatch):
    cache.clear()
    settings.RATE_LIMITS = True
    monkeypatch.setattr("community.limits.time.time", lambda: 1_800_000_000)


def test_a_visitor_searches_fifteen_times_a_minute_and_is_told_kindly_when_again(counted):
    assert codes(16) == [200] * 15 + [429]
    answer = Client(REMOTE_ADDR="203.0.113.9").get("/search/?q=alarm")
    assert "sign in: then nobody counts" in answer.content.decode() and int(answer["Retry-After"]) > 0
    assert codes(1, "/suggestions/?q=alarm") == [429] and codes(1, "/suggestions/") == [200]


def test_opening_the_search_without_words_is_never_counted(counted):
    assert set(codes(20, "/search/")) == {200}


def test_all_visitors_together_are_counted_too(counted, monkeypatch):
    monkeypatch.setattr(view, "ALL_A_MINUTE", 3)
    found = [Client(REMOTE_ADDR=f"203.0.113.{n}").get("/search/?q=alarm").status_code for n in range(5)]
    assert found == [200, 200, 200, 429, 429]


def test_a_member_is_not_counted(counted, voter):
    client = Client()
    client.force_login(voter)
    assert set(codes(20, client=client)) == {200}


def test_who_types_too_fast_is_offered_nothing_and_told_nothing(counted, alarms, monkeypatch):
    monkeypatch.setattr(view, "TYPING_A_MINUTE", 2)
    client = Client(REMOTE_ADDR="203.0.113.9")
    told = [client.get("/search/suggest/?q=alarm") for _ in range(3)]
    assert [answer.status_code for answer in told] == [200] * 3
    assert [b"option" in answer.content for answer in told] == [True, True, False]


def test_what_is_new_for_these_words_can_be_read_as_a_feed(client, alarms):
    assert "/feeds/search.atom?q=alarm" in client.get("/search/?q=alarm").content.decode()
    assert "How an alarm saved my trip" in client.get("/feeds/search.atom?q=alarm").content.decode()
