"""The box beside the composer."""

import pytest

from community.deliveries import drain
from community.models import Follow
from community.standing import set_standing
from feedback.models import Suggestion, Vote
from feedback.similar_index import index_what_is_stale
from tests.factories import make_board, make_suggestion, make_team_board, make_vote

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def planted(author, board):
    """Wishes to be found, known to the index."""
    made = [
        make_suggestion("Charge limit at 80 % that learns my alarm", author=author, board=board),
        make_suggestion("充电到百分之八十就停,记得我的闹钟", author=author, board=board),
        make_suggestion("Let one app always use the second SIM", author=author, board=board),
    ]
    drain()
    return made


def ask(client, title: str, **more):
    return client.get("/posts/similar/", {"title": title, **more}, headers=HTMX).content.decode()


def test_the_same_wish_is_shown_with_status_and_votes(client, planted):
    page = ask(client, "a charge limit that knows the alarm")
    assert "Charge limit at 80 % that learns my alarm" in page
    assert 'data-status="open"' in page and "1 vote. Vote for Charge limit" in page
    assert "Vote for this instead" in page


@pytest.mark.parametrize("title", ["充电到八十就停", "充電到八十就停"])
def test_simplified_and_traditional_find_each_other(client, planted, title):
    assert planted[1].post.title in ask(client, title)


@pytest.mark.parametrize("title", ["", "charge", "充电到", "a"])
def test_too_little_is_asked_for_nothing(client, planted, title, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert ask(client, title).strip() == ""


def test_at_most_five_are_shown(client, author, board):
    for number in range(8):
        make_suggestion(f"Charge limit number {number}", author=author, board=board)
    index_what_is_stale()
    assert ask(client, "charge limit").count('<li class="suggestion"') == 5


def test_what_one_may_not_see_is_not_similar(client, staff):
    make_suggestion("A secret charge limit", author=staff, board=make_team_board())
    index_what_is_stale()
    assert "secret" not in ask(client, "charge limit")


def test_voting_for_it_instead_votes_follows_and_thanks(client, planted, voter):
    client.force_login(voter)
    wish = planted[0]
    page = client.post(f"/posts/{wish.pk}/vote/", {"similar": "1", "want": "vote"}, headers=HTMX).content.decode()
    assert "Thank you, your vote counts there." in page and "You follow it" in page
    assert Vote.objects.standing().filter(suggestion=wish, member=voter).exists()
    assert Follow.objects.filter(member=voter, post=wish.pk, muted=False).exists()


def test_without_script_its_button_sends_the_composer_to_the_vote(client, planted, voter):
    client.force_login(voter)
    typed = {"title": "A charge limit", "body": "Why", "kind": "suggestion", "tags": "", "need": "500", "want": "vote"}
    answer = client.post(f"/posts/{planted[0].pk}/vote/", typed, follow=True)
    assert answer.redirect_chain[-1][0] == planted[0].post.get_absolute_url()


def test_what_one_voted_for_already_says_so(client, planted, voter):
    make_vote(planted[0], voter)
    client.force_login(voter)
    assert "You voted for this" in ask(client, "charge limit alarm")


def test_what_has_shipped_is_to_be_looked_at_not_voted_for(client, planted):
    Suggestion.objects.filter(pk=planted[0].pk).update(status="shipped")
    set_standing(planted[0].pk, status="shipped")
    page = ask(client, "charge limit alarm").split("</li>")[0]
    assert "It is there already" in page and "/vote/" not in page


def test_the_box_never_stops_a_post(client, planted, voter):
    client.force_login(voter)
    make_board("other")
    data = {"title": planted[0].post.title, "body": "", "kind": "suggestion", "board": "other", "tags": ""}
    assert client.post("/posts/new/", data).status_code == 302


def test_the_composer_asks_while_one_types(client, planted):
    page = client.get("/posts/new/").content.decode()
    assert 'hx-get="/posts/similar/"' in page and "delay:400ms" in page and 'aria-live="polite"' in page


def test_nobody_else_is_shown_an_answer_from_a_cache(client, planted):
    answer = client.get("/posts/similar/", {"title": "charge limit alarm"}, headers=HTMX)
    assert "no-store" in answer["Cache-Control"]
