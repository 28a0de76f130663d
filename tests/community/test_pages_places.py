"""Lists of every kind of post: of everything, of a board, of a tag."""

import re
from html import unescape

import pytest

from community.deliveries import drain
from community.models import Audience, PostTemplate, Standing, Tag
from community.posts import hide_post
from community.read_marks import note_read
from tests.factories import NOW, make_board, make_comment, make_member, make_moderator, make_post, make_suggestion

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def talk(author, board, hours):
    """One post of each kind there may be; the oldest first."""
    kinds = ("question", "discussion", "story")
    return {kind: make_post(f"A {kind}", author=author, board=board, kind=kind, at=NOW + hours(place), tags=["Alarm"])
            for place, kind in enumerate(kinds)}  # fmt: skip


def titles(client, address: str) -> list[str]:
    return [row.post.title for row in client.get(address).context["rows"]]


def test_everything_is_listed_the_liveliest_first(client, talk, suggestion, hours):
    make_comment(talk["question"], "Yes.", at=NOW + hours(9))
    assert titles(client, "/posts/") == ["A question", "A story", "A discussion", suggestion.post.title]
    assert titles(client, "/posts/?sort=new") == ["A story", "A discussion", suggestion.post.title, "A question"]
    assert titles(client, "/posts/?sort=talked")[0] == "A question"


def test_each_kind_has_its_list_and_its_orders(client, talk, suggestion):
    assert titles(client, "/posts/?kind=story") == ["A story"]
    assert titles(client, "/posts/?kind=suggestion&sort=top") == [suggestion.post.title]
    assert client.get("/posts/?kind=story&sort=top").context["wanted"].sort == "active"
    assert client.get("/posts/?kind=gossip").context["wanted"].kind == ""


def test_what_waits_longest_for_a_word_is_first(client, talk, suggestion, author, board, hours):
    make_post("A later question", author=author, board=board, kind="question", at=NOW + hours(20))
    assert titles(client, "/posts/?kind=question&sort=unanswered") == ["A question", "A later question"]
    make_comment(talk["question"], "Yes.")
    assert titles(client, "/posts/?kind=question&sort=unanswered") == ["A later question"]
    assert titles(client, "/posts/?sort=unanswered") == [suggestion.post.title, "A discussion", "A later question"]


def test_a_suggestion_waits_until_the_team_answers(client, suggestion):
    assert titles(client, "/suggestions/?sort=unanswered") == [suggestion.post.title]
    Standing.objects.filter(pk=suggestion.pk).update(answered=True)
    assert titles(client, "/suggestions/?sort=unanswered") == []


def test_one_persons_posts_can_be_asked_for(client, talk, author, voter):
    make_post("Somebody else's", author=voter)
    assert len(titles(client, f"/posts/?author={author.username}")) == 3
    assert titles(client, "/posts/?author=nobody") == []


def test_each_filter_comes_off_by_itself(client, talk, author):
    page = client.get(f"/posts/?tag=alarm&author={author.username}&sort=new")
    assert [chip.label for chip in page.context["chips"]] == ["# Alarm", "Mara Lindqvist"]
    away = [unescape(link) for link in re.findall(r'class="pick" href="(\?[^"]*)" aria-label="Take', page.content.decode())]
    assert away == [f"?author={author.username}&sort=new", "?tag=alarm&sort=new"]
    assert all(client.get("/posts/" + link).status_code == 200 for link in away)


def test_an_author_who_is_not_there_is_named_as_typed(client):
    assert [chip.label for chip in client.get("/posts/?author=<b>x").context["chips"]] == ["<b>x"]


def test_a_board_says_what_it_is_for_who_may_what_and_who_keeps_it(client, talk, board):
    board.about = "How long it lasts."
    board.save()
    keeper = make_moderator("Ruth Bamford", board=board)
    page = client.get("/boards/battery/").content.decode()
    assert "How long it lasts." in page and "Everybody may read, post, comment and vote" in page
    assert keeper.get_absolute_url() in page and "/posts/new/?board=battery" in page


def test_a_narrower_board_says_so_and_offers_no_button(client, staff):
    make_board("news", post=Audience.STAFF)
    page = client.get("/boards/news/").content.decode()
    assert "Staff may post." in page and "/posts/new/?board=news" not in page
    client.force_login(staff)
    assert "/posts/new/?board=news" in client.get("/boards/news/").content.decode()


@pytest.mark.parametrize("see", [Audience.MEMBERS, Audience.STAFF])
def test_a_board_one_may_not_see_is_not_there(client, see):
    make_board("inner", see=see)
    assert client.get("/boards/inner/").status_code == client.get("/boards/nowhere/").status_code == 404


def test_a_board_offers_its_templates(client, board):
    PostTemplate.objects.create(board=board, kind="bug", name="It gets hot", body="When?")
    PostTemplate.objects.create(board=make_board("other"), kind="bug", name="Elsewhere", body="When?")
    page = client.get("/boards/battery/").content.decode()
    assert "It gets hot" in page and "Elsewhere" not in page


def test_a_tag_joins_boards(client, talk, author):
    make_post("In another board", author=author, board=make_board("other"), tags=["Alarm"])
    assert len(titles(client, "/tags/alarm/")) == 4
    assert titles(client, "/tags/alarm/?kind=story") == ["A story"]


def test_a_tag_on_nothing_one_sees_is_not_there(client, talk, staff):
    Tag.objects.create(slug="lonely", name="Lonely")
    for post in talk.values():
        hide_post(post=post, by=staff, at=NOW)
    assert [client.get(f"/tags/{slug}/").status_code for slug in ("lonely", "alarm", "nowhere")] == [404] * 3


def test_a_merged_tag_leads_to_where_it_went(client, talk):
    into = Tag.objects.get(slug="alarm")
    Tag.objects.create(slug="alarms", name="Alarms", into=into)
    answer = client.get("/tags/alarms/")
    assert (answer.status_code, answer["Location"]) == (301, "/tags/alarm/")


def test_further_rows_come_alone(client, author, board):
    for number in range(25):
        make_post(f"Post number {number}", author=author, board=board)
    first = client.get("/posts/")
    rest = client.get(f"/posts/?after={first.context['after']}", headers=HTMX)
    assert len(rest.context["rows"]) == 5 and b"<html" not in rest.content


@pytest.mark.parametrize("address", ["/posts/", "/boards/battery/", "/community/"])
def test_an_empty_place_says_what_comes_next(client, board, address):
    assert "/posts/new/" in client.get(address).content.decode()


def test_when_nobody_waits_the_list_says_so(client, board):
    assert "Nobody waits" in client.get("/posts/?kind=question&sort=unanswered").content.decode()


def test_the_hub_shows_who_waits_the_oldest_first(client, talk, author, board, hours):
    make_post("A later question", author=author, board=board, kind="question", at=NOW + hours(20))
    context = client.get("/community/").context
    assert [row.post.title for row in context["waiting"]] == ["A question", "A later question"]
    assert [row.post.title for row, _words in context["stories"]] == ["A story"]
    assert context["wait_count"] == 2 and dict(context["boards"])[board] == 4


def test_rows_say_what_is_new_to_the_member(client, talk, voter):
    note_read(member=voter, post=talk["story"], at=NOW)
    make_comment(talk["story"], "Lovely.")
    client.force_login(voter)
    for address in ("/posts/", "/community/", "/boards/battery/"):
        assert "1 new" in client.get(address).content.decode(), address
    answer = client.post("/me/read/", {"next": "/posts/"}, follow=True)
    assert answer.redirect_chain == [("/posts/", 302)] and "1 new" not in answer.content.decode()


def test_marking_all_read_is_for_members_and_by_post_alone(client, voter):
    assert client.post("/me/read/")["Location"].startswith("/accounts/login/")
    client.force_login(voter)
    assert client.get("/me/read/").status_code == 405
    assert client.post("/me/read/", {"next": "https://evil.example/"})["Location"] == "/community/"


PAGES = {"/posts/": 14, "/posts/?sort=unanswered": 14, "/boards/battery/": 20, "/tags/one/": 16, "/community/": 32, "/": 20}


def test_every_list_costs_the_same_at_two_rows_and_at_twenty(client, board, queries_of):
    mara, costs = make_member("Mara"), []
    client.force_login(make_member("Vera"))
    for rows in (2, 18):
        for number in range(rows):
            make_suggestion(f"Wish {number}", author=mara, board=board, tags=["one"])
            for kind in ("question", "discussion", "story"):
                post = make_post(f"A {kind} {number}", author=mara, board=board, kind=kind, tags=["one", f"tag {number}"])
                make_comment(post, "Yes.", author=mara)
        drain()
        costs.append({page: queries_of(page) for page in PAGES})
    assert costs[0] == costs[1]
    assert {page: cost for page, cost in costs[1].items() if cost > PAGES[page]} == {}
