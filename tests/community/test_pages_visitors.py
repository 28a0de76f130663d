"""Pages for visitors: the same for everybody, so that any cache may keep them."""

import re

import pytest
from django.test import Client

from tests.factories import make_comment, make_member, make_post, make_suggestion, make_team_board

pytestmark = pytest.mark.django_db
PAGES = ["/", "/suggestions/", "/community/", "/search/"]


@pytest.fixture
def filled(author, board):
    """A suggestion with a comment, a discussion, and the address of each page that shows them."""
    wish = make_suggestion("A quieter alarm", author=author, board=board)
    make_comment(wish.post, "Yes please", author=author)
    make_post("Who else wakes at six?", author=author, board=board)
    return [*PAGES, wish.post.get_absolute_url(), author.get_absolute_url()]


def test_a_visitors_page_sets_no_cookie_and_carries_no_token(client, filled):
    for address in filled:
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert not answer.cookies, address
        assert "csrfmiddlewaretoken" not in answer.content.decode(), address
        assert "X-CSRFToken" not in answer.content.decode(), address


def test_shared_caches_may_keep_a_visitors_page_for_a_moment(client, filled):
    for address in filled:
        answer = client.get(address)
        assert "public" in answer["Cache-Control"] and "s-maxage=30" in answer["Cache-Control"]
        assert {"Cookie", "Accept-Language"} <= set(re.split(r",\s*", answer["Vary"]))


def test_nobody_elses_cache_keeps_a_members_page(client, filled, author):
    client.force_login(author)
    for address in filled:
        assert "private" in client.get(address)["Cache-Control"]


def test_a_visitors_page_is_the_same_twice(client, filled):
    for address in filled:
        assert Client().get(address).content == Client().get(address).content


def test_a_message_left_in_a_cookie_is_shown_once_and_kept_by_no_cache(client, author):
    client.force_login(author)
    client.post("/accounts/logout/")
    first = client.get("/")
    assert "You are signed out" in first.content.decode()
    assert "private" in first["Cache-Control"]
    assert "You are signed out" not in client.get("/").content.decode()


def test_a_visitors_page_needs_no_query_about_people(client, filled, django_assert_max_num_queries):
    with django_assert_max_num_queries(6) as seen:
        client.get("/suggestions/")
    assert not [query for query in seen.captured_queries if "django_session" in query["sql"]]


def test_what_a_board_hides_is_on_no_page(client, author):
    secret = make_suggestion("A secret prototype", author=make_member(is_staff=True, role="staff"), board=make_team_board())
    for address in [*PAGES, "/suggestions/?q=secret"]:
        assert "A secret prototype" not in client.get(address).content.decode()
    assert client.get(secret.post.get_absolute_url()).status_code == 404


def test_the_title_of_a_hidden_post_is_not_told_by_a_redirect(client):
    secret = make_suggestion("A secret prototype", author=make_member(is_staff=True, role="staff"), board=make_team_board())
    for address in (f"/posts/{secret.pk}/", f"/posts/{secret.pk}/anything/", f"/posts/{secret.pk}/vote/"):
        answer = client.get(address)
        assert answer.status_code == 404
        assert "prototype" not in answer.content.decode()


def test_the_policy_allows_neither_inline_script_nor_inline_style(client, filled):
    for address in filled:
        answer = client.get(address)
        policy, page = answer["Content-Security-Policy"], answer.content.decode()
        assert "script-src 'self'" in policy and "style-src 'self'" in policy and "unsafe" not in policy
        assert not re.search(r"<script(?![^>]*(?:\bsrc=|application/ld\+json))", page) and not re.search(
            r"\sstyle=|<style|\son\w+=", page
        )
