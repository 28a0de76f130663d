"""Voting on the pages: one press, at once, and back again."""

import pytest

from community.deliveries import drain
from community.models import Member, Standing
from feedback.merges import merge_suggestions
from feedback.models import Suggestion, Vote
from feedback.triage import answer_suggestion
from tests.factories import NOW, make_member, make_persona, make_post, make_staff, make_suggestion, make_team_board, make_vote

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def press(client, suggestion):
    def send(**data):
        return client.post(f"/posts/{suggestion.pk}/vote/", data, headers=HTMX).content.decode()

    return send


def test_one_press_votes_and_the_next_takes_it_back(client, suggestion, voter, press):
    client.force_login(voter)
    assert 'aria-pressed="true"' in press()
    assert Vote.objects.standing().filter(suggestion=suggestion, member=voter).exists()
    assert 'aria-pressed="true"' not in press().split("</form>")[0]
    assert not Vote.objects.standing().filter(suggestion=suggestion, member=voter).exists()


def test_the_number_moves_at_once_and_stays_right_when_workers_come(client, suggestion, voter, press):
    drain()
    client.force_login(voter)
    assert "<span>2</span>" in press()
    assert Standing.objects.get(post=suggestion.pk).votes == 1
    assert "<span>2 <span" in client.get(suggestion.post.get_absolute_url()).content.decode()
    drain()
    assert Standing.objects.get(post=suggestion.pk).votes == 2
    assert "<span>2 <span" in client.get(suggestion.post.get_absolute_url()).content.decode()
    assert "<span>1</span>" in press()


def test_a_staff_press_follows_but_never_moves_the_number(client, suggestion, press):
    drain()
    client.force_login(make_staff())
    assert "<span>1</span>" in press()


def test_without_script_it_leads_back_with_thanks(client, suggestion, voter):
    client.force_login(voter)
    answer = client.post(f"/posts/{suggestion.pk}/vote/", {"want": "vote"}, follow=True)
    assert answer.redirect_chain[-1][0] == suggestion.post.get_absolute_url()
    assert "You voted for “Charge limit that learns my alarm”" in answer.content.decode()


def test_after_the_vote_the_need_is_one_press_away(client, suggestion, voter, press):
    client.force_login(voter)
    assert "How much would you miss it?" in press(wide="1")
    assert 'value="1000" aria-pressed="true"' in press(need="1000")
    assert Vote.objects.get(member=voter).need == 1000


def test_choosing_a_need_votes_too(client, suggestion, voter, press):
    client.force_login(voter)
    press(need="500")
    assert Vote.objects.standing().get(member=voter).need == 500


def test_the_persona_is_asked_once_after_the_first_vote(client, suggestion, voter, press):
    make_persona("commuter", name="Daily commuter")
    client.force_login(voter)
    assert "Which kind of user" not in client.get(suggestion.post.get_absolute_url()).content.decode()
    assert 'value="commuter">Daily commuter</button>' in press()
    client.post("/me/persona/", {"persona": "commuter"}, headers=HTMX)
    assert Member.objects.get(pk=voter.pk).persona.slug == "commuter"
    assert "Which kind of user" not in client.get(suggestion.post.get_absolute_url()).content.decode()


def test_who_would_rather_not_say_is_not_asked_again(client, suggestion, voter, press):
    make_persona("commuter")
    client.force_login(voter)
    press()
    client.post("/me/persona/", {"persona": ""}, headers=HTMX)
    assert "Which kind of user" not in client.get(suggestion.post.get_absolute_url()).content.decode()
    assert Member.objects.get(pk=voter.pk).persona is None


def test_an_unknown_persona_is_a_404(client, voter):
    client.force_login(voter)
    assert client.post("/me/persona/", {"persona": "unheard-of"}).status_code == 404


def test_a_shipped_suggestion_says_why_it_takes_no_votes(client, suggestion, voter):
    Suggestion.objects.filter(pk=suggestion.pk).update(status="shipped")
    client.force_login(voter)
    answer = client.post(f"/posts/{suggestion.pk}/vote/", headers=HTMX)
    assert answer.status_code == 409 and answer["HX-Retarget"] == "#toasts"
    assert "This has shipped" in answer.content.decode() and "<html" not in answer.content.decode()


def test_a_vote_for_a_duplicate_shows_on_its_canonical_and_is_taken_back_there(client, suggestion, voter, staff, board):
    other = make_suggestion("Stop at four fifths", board=board)
    make_vote(other, voter)
    merge_suggestions(duplicate=other, into=suggestion, by=staff, at=NOW)
    client.force_login(voter)
    assert 'class="vote vote-wide" aria-pressed="true"' in client.get(suggestion.post.get_absolute_url()).content.decode()
    client.post(f"/posts/{suggestion.pk}/vote/")
    assert not Vote.objects.standing().filter(member=voter).exists()


def test_a_visitors_button_leads_to_a_page_with_the_token(client, suggestion):
    page = client.get("/suggestions/").content.decode()
    assert f'action="/posts/{suggestion.pk}/vote/" method="get"' in page
    confirm = client.get(f"/posts/{suggestion.pk}/vote/")
    assert "csrfmiddlewaretoken" in confirm.content.decode() and "no-store" in confirm["Cache-Control"]
    assert 'name="email"' in confirm.content.decode()


def test_the_dialog_of_a_visitor_is_a_fragment(client, suggestion):
    page = client.get(f"/posts/{suggestion.pk}/vote/", headers=HTMX).content.decode()
    assert 'id="act-title"' in page and "<html" not in page


def test_talk_takes_no_votes(client, voter, board):
    client.force_login(voter)
    assert client.post(f"/posts/{make_post(board=board).pk}/vote/").status_code == 404


def test_ones_own_votes_are_told_beside_the_list(client, voter, suggestion):
    make_vote(suggestion, voter)
    assert "Your votes" not in client.get("/suggestions/").content.decode()
    client.force_login(voter)
    assert "You stand for 1 suggestion." in client.get("/suggestions/").content.decode()


def test_imported_votes_stand_apart(client, suggestion):
    Standing.objects.filter(post=suggestion.pk).update(imported_votes=203)
    assert "and 203 imported votes" in client.get("/suggestions/").content.decode()
    assert "and 203 brought along by an import" in client.get(suggestion.post.get_absolute_url()).content.decode()


def test_a_second_press_from_another_tab_that_wanted_a_vote_keeps_it(client, suggestion, voter, press):
    client.force_login(voter)
    press(want="vote")
    press(want="vote")
    assert Vote.objects.standing().filter(member=voter).count() == 1


def test_withdrawing_what_was_never_given_changes_nothing(client, suggestion, voter, press):
    client.force_login(voter)
    press(want="withdraw")
    assert not Vote.objects.filter(member=voter).exists()


def test_the_bed_counts_each_stage(client, suggestion):
    make_suggestion("Another")
    Standing.objects.filter(post=suggestion.pk).update(status="planned")
    page = client.get("/").content.decode()
    assert '?status=planned"' in page and page.count("<b>1</b>") == 2


def test_the_score_is_one_press_from_its_reasons(client, suggestion):
    Standing.objects.filter(post=suggestion.pk).update(score=748_000)
    page = client.get("/suggestions/").content.decode()
    assert "Score 74.8 of 100. Why?" in page and f"{suggestion.post.get_absolute_url()}#why" in page


def test_a_member_of_a_closed_board_is_told_so(client, board, make_reader=make_member):
    board.vote = "staff"
    board.save()
    closed = make_suggestion("For staff to weigh", board=board)
    client.force_login(make_reader("Rita Reader"))
    assert client.post(f"/posts/{closed.pk}/vote/").status_code == 403


def test_the_home_page_shows_who_answered_last(client, suggestion, staff, board):
    assert "Answered lately" not in client.get("/").content.decode()
    answer_suggestion(suggestion=suggestion, by=staff, at=NOW, answer="We are **building** it for 3.3.")
    page = client.get("/").content.decode()
    assert "“We are building it for 3.3.”" in page and "Ines Okafor" in page and "Battery team" in page


def test_an_answer_in_a_closed_board_is_not_shown_outside(client, staff):
    secret = make_suggestion("A secret plan", author=staff, board=make_team_board())
    answer_suggestion(suggestion=secret, by=staff, at=NOW, answer="Only for us.")
    assert "Only for us." not in client.get("/").content.decode()
