"""What search engines are led to, and what they are kept from."""

from xml.etree import ElementTree

import pytest

from community.models import Audience, Member
from community.posts import hide_post
from feedback.releases import draft_release, ship_release
from tests.factories import NOW, make_board, make_member, make_post, make_team_board

MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
HERE = "http://127.0.0.1:8000"
pytestmark = pytest.mark.django_db


def places(client, address: str) -> dict[str, str | None]:
    answer = client.get(address)
    assert answer.status_code == 200 and answer["Content-Type"].startswith("application/xml")
    found = ElementTree.fromstring(answer.content)
    return {place.findtext(f"{MAP}loc").removeprefix(HERE): place.findtext(f"{MAP}lastmod") for place in found}


def everything(client) -> dict[str, str | None]:
    return {path: at for part in places(client, "/sitemap.xml") for path, at in places(client, part).items()}


def test_the_map_leads_to_posts_with_when_they_last_moved(client, author, board):
    post = make_post("谁六点起床？", author=author, board=board)
    found = everything(client)
    assert found[post.get_absolute_url()] == "2026-11-16T12:00:00+00:00"
    assert {"/", "/suggestions/", "/community/", "/posts/", "/boards/battery/", "/roadmap/", "/releases/"} <= set(found)


def test_what_is_closed_hidden_or_merged_is_not_on_the_map(client, author, board, staff):
    hidden = make_post("A hidden thing", author=author, board=board, tags=["Secret"])
    hide_post(post=hidden, by=staff, at=NOW)
    closed = make_post("A closed thing", author=staff, board=make_team_board("team"), tags=["Inner"])
    members = make_post("A members' thing", author=author, board=make_board("inner", see=Audience.MEMBERS))
    client.force_login(staff)
    found = everything(client)
    gone = {post.get_absolute_url() for post in (hidden, closed, members)} | {"/boards/team/", "/boards/inner/"}
    assert not gone & set(found) and not any("/tags/" in path for path in found)


def test_people_are_on_the_map_who_wrote_something_under_their_own_name(client, author, board):
    make_post("A thing", author=author, board=board)
    imported = make_member("Brought along", source_system="github", source_id="7", claimed_at=None)
    make_post("Another thing", author=imported, board=board)
    silent = make_member("Silent")
    people = {path for path in everything(client) if path.startswith("/members/")}
    assert people == {author.get_absolute_url()} and silent.get_absolute_url() not in people


def test_a_closed_account_leaves_the_map(client, author, board):
    make_post("A thing", author=author, board=board)
    Member.objects.filter(pk=author.pk).update(closed_at=NOW, is_active=False)
    assert not any(path.startswith("/members/") for path in everything(client))


def test_releases_are_on_the_map_once_they_are_out(client, staff, board):
    release = draft_release(product=board.product, version="3.2", title="Quiet mornings", by=staff, at=NOW)
    assert release.get_absolute_url() not in everything(client)
    ship_release(release=release, by=staff, at=NOW)
    assert release.get_absolute_url() in everything(client)


@pytest.mark.parametrize(
    "name", ["nothing-0", "posts-x", "posts-", "posts", "posts-99999", "posts-٣", "posts-9999999999", "-0"]
)
def test_a_part_that_is_not_there_is_unknown(client, name):
    assert client.get(f"/sitemaps/{name}.xml").status_code == 404


def test_a_long_map_comes_in_parts(client, author, board, monkeypatch):
    posts = [make_post(f"Post number {number}", author=author, board=board) for number in range(4)]
    monkeypatch.setattr("community.sitemaps.A_FILE", 2)
    parts = [part for part in places(client, "/sitemap.xml") if part.startswith("/sitemaps/posts-")]
    assert len(parts) in (2, 3)
    found = [path for part in parts for path in places(client, part)]
    assert sorted(found) == sorted(post.get_absolute_url() for post in posts)


def test_robots_are_told_where_the_map_is_and_what_is_not_for_them(client):
    told = client.get("/robots.txt").content.decode()
    assert f"Sitemap: {HERE}/sitemap.xml" in told
    assert all(f"Disallow: {path}\n" in told for path in ("/me/", "/accounts/", "/admin/", "/api/"))
    assert "Disallow: /\n" not in told


def test_a_part_costs_the_same_however_much_it_holds(author, board, queries_of, monkeypatch):
    # One file for all: ids go on counting from test to test, so that after thousands of them file 0 is empty.
    monkeypatch.setattr("community.sitemaps.A_FILE", 10**9)
    parts = [f"/sitemaps/{name}-0.xml" for name in ("posts", "members", "tags", "places")]

    def costs(rows: range) -> list[int]:
        for number in rows:
            make_post(f"Post number {number}", author=author, board=board, tags=[f"tag {number}"])
        return [queries_of(part) for part in parts]

    assert costs(range(2)) == costs(range(2, 20)) == [1, 1, 1, 2]
