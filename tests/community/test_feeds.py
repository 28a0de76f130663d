"""Feeds: valid, stable, conditional, and what a visitor may see."""

from xml.etree import ElementTree

import pytest

from community.feeds import at_home, clean, stable_id
from community.models import Audience, Post
from community.posts import edit_post, hide_post
from feedback.releases import draft_release, ship_release
from tests.factories import NOW, make_board, make_comment, make_post, make_team_board

ATOM = "{http://www.w3.org/2005/Atom}"
pytestmark = pytest.mark.django_db


def read(client, address: str):
    answer = client.get(address)
    assert answer.status_code == 200 and answer["Content-Type"] == "application/atom+xml; charset=utf-8", address
    return ElementTree.fromstring(answer.content)


def titles(client, address: str) -> list[str]:
    return [entry.findtext(f"{ATOM}title") for entry in read(client, address).iter(f"{ATOM}entry")]


@pytest.fixture
def talk(author, board):
    return make_post("Who else wakes at six?", author=author, board=board, tags=["Alarm"], body="**I** do. [More](/posts/1/)")


@pytest.fixture
def closed(staff):
    return make_post("Behind the door", author=staff, board=make_team_board("team"), tags=["Alarm"])


ADDRESSES = [
    "/feeds/posts.atom", "/feeds/posts.atom?kind=discussion", "/feeds/boards/battery.atom", "/feeds/tags/alarm.atom",
]  # fmt: skip


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_feed_tells_what_everybody_may_see_to_everybody_alike(client, talk, closed, staff, address):
    assert titles(client, address) == ["Who else wakes at six?"]
    client.force_login(staff)
    assert titles(client, address) == ["Who else wakes at six?"]


@pytest.mark.parametrize(
    "address",
    [*ADDRESSES, "/feeds/suggestions.atom", "/feeds/announcements.atom", "/feeds/search.atom?q=six", "/feeds/roadmap.atom", "/feeds/releases.atom"],
)  # fmt: skip
def test_every_feed_has_what_atom_asks_for(client, talk, suggestion, address):
    feed = read(client, address)
    assert all(feed.findtext(ATOM + part) for part in ("id", "title", "updated"))
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
    assert links["self"].endswith(address) and all(link.startswith("http://127.0.0.1:8000/") for link in links.values())
    for entry in feed.iter(f"{ATOM}entry"):
        assert all(entry.findtext(ATOM + part) for part in ("id", "title", "updated", "published"))
        assert entry.find(f"{ATOM}author/{ATOM}name").text and entry.find(f"{ATOM}link").get("href").startswith("http")


def test_an_entry_brings_its_text_with_whole_addresses(client, talk):
    [entry] = read(client, "/feeds/posts.atom").iter(f"{ATOM}entry")
    summary = entry.find(f"{ATOM}summary")
    assert summary.get("type") == "html" and "<strong>I</strong> do." in summary.text
    assert 'href="http://127.0.0.1:8000/posts/1/"' in summary.text
    assert {label.get("term") for label in entry.findall(f"{ATOM}category")} == {"Discussion", "Alarm"}


def test_the_id_outlives_a_new_title(client, talk, author, hours):
    def mark():
        return read(client, "/feeds/posts.atom").find(f"{ATOM}entry/{ATOM}id").text

    before = mark()
    assert before == stable_id(f"post/{talk.pk}", NOW) == f"tag:127.0.0.1,2026-11-16:post/{talk.pk}"
    edit_post(post=talk, by=author, title="Who else wakes at seven?", body="", at=NOW + hours(1))
    assert mark() == before


def test_a_reader_that_has_it_is_told_so_until_something_changes(client, talk, author, hours):
    first = client.get("/feeds/posts.atom")
    for known in ({"If-None-Match": first["ETag"]}, {"If-Modified-Since": first["Last-Modified"]}):
        again = client.get("/feeds/posts.atom", headers=known)
        assert (again.status_code, again.content) == (304, b"")
    edit_post(post=talk, by=author, title="Who else wakes at seven?", body="", at=NOW + hours(1))
    assert client.get("/feeds/posts.atom", headers={"If-None-Match": first["ETag"]}).status_code == 200
    assert client.head("/feeds/posts.atom").status_code == 200


def test_what_is_hidden_leaves_the_feed_and_its_comments_are_unknown(client, talk, staff):
    make_comment(talk, "I do.")
    assert len(titles(client, f"/feeds/posts/{talk.pk}/comments.atom")) == 1
    hide_post(post=talk, by=staff, at=NOW)
    assert titles(client, "/feeds/posts.atom") == []
    assert client.get(f"/feeds/posts/{talk.pk}/comments.atom").status_code == 404
    assert client.get("/feeds/tags/alarm.atom").status_code == 404


@pytest.mark.parametrize("see", [Audience.MEMBERS, Audience.STAFF, Audience.NOBODY])
def test_a_closed_board_has_no_feed_not_even_for_those_inside(client, staff, see):
    make_board("inner", see=see)
    client.force_login(staff)
    assert client.get("/feeds/boards/inner.atom").status_code == 404


def test_a_feed_of_comments_leads_to_each(client, talk):
    comment = make_comment(talk, "I do.")
    [entry] = read(client, f"/feeds/posts/{talk.pk}/comments.atom").iter(f"{ATOM}entry")
    assert entry.find(f"{ATOM}link").get("href") == f"http://127.0.0.1:8000/comments/{comment.pk}/"


def test_an_empty_search_finds_nothing_and_an_empty_feed_is_whole(client):
    assert titles(client, "/feeds/search.atom") == [] == titles(client, "/feeds/releases.atom")


def test_what_shipped_is_in_the_feed_of_releases(client, staff, board):
    release = draft_release(product=board.product, version="3.2", title="Quiet mornings", by=staff, at=NOW, notes="It *dims*.")
    assert titles(client, "/feeds/releases.atom") == []
    ship_release(release=release, by=staff, at=NOW)
    assert [title.endswith(" 3.2: Quiet mornings") for title in titles(client, "/feeds/releases.atom")] == [True]


def test_signs_no_xml_may_hold_break_no_feed(client, talk):
    Post.objects.filter(pk=talk.pk).update(title="Who\x0b else \x1b[31mwakes\ufffe?", body_html="<p>\x08</p>")
    assert titles(client, "/feeds/posts.atom") == ["Who else [31mwakes?"]
    assert clean("a\x01b\nc") == "ab\nc"


def test_only_our_own_paths_are_written_out():
    html = '<a href="/posts/1/">x</a><a href="//evil.example/">y</a><a href="https://e.org/">z</a>'
    assert at_home(html).count("http://127.0.0.1:8000/posts/1/") == 1 and "8000//evil" not in at_home(html)


@pytest.mark.parametrize("rows", [2, 20])
def test_a_feed_costs_the_same_however_much_it_tells(client, author, board, rows, django_assert_max_num_queries):
    for number in range(rows):
        make_post(f"Post number {number}", author=author, board=board, tags=["one", f"tag {number}"])
    with django_assert_max_num_queries(4):
        client.get("/feeds/posts.atom")
