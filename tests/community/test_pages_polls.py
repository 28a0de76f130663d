"""Polls on the pages: under their post, in lists, in the composer; with script and without."""

from datetime import timedelta

import pytest
from django.utils import timezone

from community.models import Ballot, Board, Poll, PollKind, PollShows, PollWeight, Post
from tests.community.polling import make_poll, option, say
from tests.factories import make_board, make_member, make_post
from tests.feedback.desks import at_the_desk, desk, queries_of

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def poll(author, board):
    return make_poll(post=make_post("Which colour next?", author=author, board=board), at=timezone.now())


def act(poll, name):
    return f"/posts/{poll.pk}/poll/{name}/"


def page(client, poll):
    return client.get(poll.post.get_absolute_url()).content.decode()


def test_a_visitor_sees_the_question_without_a_token_and_is_asked_at_the_end(client, poll):
    shown = page(client, poll)
    assert (
        "Moss" in shown
        and 'name="choice"' in shown
        and "csrfmiddlewaretoken" not in shown.split('id="poll"')[1].split("</section>")[0]
    )
    asked = client.get(act(poll, "vote"), {"choice": option(poll, "Clay")})
    assert "Your answer: Clay." in asked.content.decode() and "no-store" in asked["Cache-Control"]


def test_a_visitors_vote_counts_after_the_code(client, poll, settings, code_in_mail):
    settings.ACCOUNT_RATE_LIMITS = False
    client.post(act(poll, "vote"), {"choices": str(option(poll, "Clay"))})
    assert not Ballot.objects.exists()
    assert "Your vote in “Which colour next?” is kept." in client.get("/accounts/login/").content.decode()
    client.post("/accounts/login/code/", {"email": "nora@example.org"})
    landed = client.post("/accounts/login/code/confirm/", {"code": code_in_mail()}, follow=True).content.decode()
    assert "Your vote in “Which colour next?” counts." in landed
    assert Ballot.objects.get().choices.get().option.text == "Clay"


def test_voting_swaps_the_poll_in_place_and_shows_the_result(client, poll, voter):
    client.force_login(voter)
    told = client.post(act(poll, "vote"), {"choice": option(poll, "Moss")}, headers=HTMX).content.decode()
    assert told.lstrip().startswith("<section") and "100 %" in told and "Yours" in told and "1 person voted" in told


def test_without_script_voting_leads_back_with_thanks(client, poll, voter):
    client.force_login(voter)
    answer = client.post(act(poll, "vote"), {"choice": option(poll, "Moss")}, follow=True)
    assert "Your vote counts" in answer.content.decode() and answer.redirect_chain[-1][0].endswith("#poll")


def test_a_fault_is_told_where_it_is_and_what_was_ticked_stays(client, voter):
    poll = make_poll(kind=PollKind.MULTIPLE, most=1, at=timezone.now())
    client.force_login(voter)
    ticked = [option(poll, "Moss"), option(poll, "Clay")]
    answer = client.post(act(poll, "vote"), {"choice": ticked})
    assert answer.status_code == 422 and "at most 1" in answer.content.decode()
    assert answer.content.decode().count("checked") == 2
    assert client.post(act(poll, "vote"), {}, headers=HTMX)["HX-Retarget"] == "#toasts"


def test_ranks_are_read_by_their_place_and_two_alike_are_told(client, voter):
    poll = make_poll(kind=PollKind.RANKED, at=timezone.now())
    client.force_login(voter)
    moss, clay = option(poll, "Moss"), option(poll, "Clay")
    assert (
        "Two options have the same place"
        in client.post(act(poll, "vote"), {f"rank-{moss}": 1, f"rank-{clay}": 1}).content.decode()
    )
    client.post(act(poll, "vote"), {f"rank-{moss}": "3", f"rank-{clay}": "1"})
    assert list(Ballot.objects.get().choices.values_list("option", flat=True)) == [clay, moss]


@pytest.mark.parametrize("sent", ["x", "-1", "9" * 30, "1.5", "²"])
def test_what_is_no_option_is_refused_kindly(client, poll, voter, sent):
    client.force_login(voter)
    assert client.post(act(poll, "vote"), {"choice": sent}).status_code == 422
    assert client.post(act(poll, "vote"), {"choices": sent}).status_code == 422


def test_a_vote_is_taken_back_in_place_or_by_a_page(client, poll, voter):
    client.force_login(voter)
    for more in ({"headers": HTMX}, {"follow": True}):
        say(poll, "Moss", member=voter, at=timezone.now())
        assert client.post(act(poll, "withdraw"), **more).status_code == 200
        assert not Ballot.objects.exists()


def test_hidden_results_are_not_in_the_page(client, voter):
    poll = make_poll(shows=PollShows.CLOSED, at=timezone.now())
    say(poll, "Moss", member=voter, at=timezone.now())
    client.force_login(voter)
    shown = page(client, poll)
    assert "Your vote counts. The result is shown once the poll is closed." in shown and "poll-tally" not in shown


def test_a_closed_ranked_poll_shows_its_rounds(client):
    poll = make_poll(kind=PollKind.RANKED, at=timezone.now() - timedelta(days=9))
    for texts in [("Moss",), ("Moss",), ("Slate",), ("Slate",), ("Clay", "Slate")]:
        say(poll, *texts, at=timezone.now() - timedelta(days=8))
    shown = page(client, poll)
    assert "“Slate” wins after 2 rounds." in shown and "Round by round" in shown and 'name="rank' not in shown


def test_the_author_mends_it_until_somebody_votes_and_others_never(client, poll, author, voter):
    client.force_login(voter)
    assert client.get(act(poll, "edit")).status_code == client.get(act(poll, "close")).status_code == 404
    client.force_login(author)
    assert "Moss\nSlate\nClay" in client.get(act(poll, "edit")).content.decode()
    assert client.post(act(poll, "edit"), {"poll_options": "One"}).status_code == 422
    client.post(act(poll, "edit"), {"poll_options": "Red\nBlue", "poll_kind": "single"})
    assert "Red" in page(client, poll)
    say(poll, "Red", at=timezone.now())
    assert client.post(act(poll, "edit"), {"poll_options": "Red\nGreen"}).status_code == 409


def test_closing_early_asks_once_and_is_told(client, poll, author):
    client.force_login(author)
    assert "Close this poll now?" in client.get(act(poll, "close")).content.decode()
    assert "is closed. Its result stays" in client.post(act(poll, "close"), follow=True).content.decode()


@pytest.mark.parametrize("name", ["withdraw", "close", "edit", "decision"])
def test_a_visitor_is_led_to_the_sign_in(client, poll, name):
    assert "/accounts/login/" in client.post(act(poll, name))["Location"]


def test_staff_say_what_they_do_with_it(client, staff, voter):
    poll = make_poll(weight=PollWeight.ADVISORY, at=timezone.now() - timedelta(days=9))
    client.force_login(voter)
    assert client.get(act(poll, "decision")).status_code == 403
    at_the_desk(client, staff)
    assert "The team says what it does with this by" in page(client, poll)
    assert client.post(act(poll, "decision"), {"decision": " "}).status_code == 422
    client.post(act(poll, "decision"), {"decision": "**Moss**."})
    assert "<strong>Moss</strong>" in page(client, poll) and "What we do with this" in page(client, poll)


def test_the_composer_asks_a_poll_with_the_post(client, author, board):
    client.force_login(author)
    assert "Add a poll" in client.get("/posts/new/").content.decode()
    typed = {"title": "Which colour next?", "body": "", "kind": "discussion", "board": board.slug, "tags": ""}
    refused = client.post("/posts/new/", typed | {"poll_options": "Only one"})
    assert refused.status_code == 422 and "Only one</textarea>" in refused.content.decode()
    client.post("/posts/new/", typed | {"poll_options": "Moss\r\nClay", "poll_kind": "single"})
    assert Post.objects.get().poll.options.count() == 2


def test_lists_say_that_there_is_a_poll(client, poll):
    shown = client.get("/community/").content.decode()
    assert "Poll, 0 people, " in shown and "Moss · Slate · Clay" in shown


def test_the_community_page_asks_as_often_for_many_polls_as_for_two(client, queries_of):
    board = make_board()
    counts = []
    for _round in range(2):
        for _poll in range(2):
            say(make_poll(post=make_post(board=board), at=timezone.now()), "Moss", at=timezone.now())
        counts.append(queries_of("/community/"))
    assert counts[0] == counts[1]


def test_the_api_shows_the_poll_and_never_what_is_hidden(client, poll, voter):
    told = client.get(f"/api/v1/posts/{poll.pk}").json()["poll"]
    assert (told["kind"], told["open"], told["options"], told["result"]) == ("single", True, ["Moss", "Slate", "Clay"], None)
    say(poll, "Moss", member=voter, at=timezone.now())
    client.force_login(voter)
    told = client.get(f"/api/v1/posts/{poll.pk}").json()["poll"]
    assert told["result"][0] == {"id": option(poll, "Moss"), "text": "Moss", "votes": 1, "percent": "100", "leads": True}
    assert client.get(f"/api/v1/posts/{make_post().pk}").json()["poll"] is None


def test_the_desk_reminds_of_decisions_that_are_late(client, admin_member):
    make_poll(weight=PollWeight.BINDING, at=timezone.now() - timedelta(days=30))
    make_poll(weight=PollWeight.BINDING, at=timezone.now() - timedelta(days=9))
    at_the_desk(client, admin_member)
    assert "polls wait for our decision" in client.get("/admin/").content.decode()
    for asked, count in (("late", 1), ("owed", 2)):
        shown = client.get(desk("community_poll_changelist") + f"?decision={asked}")
        assert shown.context["cl"].result_count == count
    assert "Late" in shown.content.decode()
    assert queries_of(client, desk("community_poll_changelist")) < 20


def test_nobody_changes_a_poll_or_its_votes_in_the_admin(client, admin_member, poll):
    at_the_desk(client, admin_member)
    address = desk("community_poll_change", poll.pk)
    assert client.get(address).status_code == 200
    assert client.post(address, {"kind": "ranked"}).status_code == 403
    assert Poll.objects.get().kind == "single" and Board.objects.exists() and make_member()
