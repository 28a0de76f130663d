"""The page on which people help to sort, with and without script, signed in or not yet."""

import re

import pytest
from django.urls import reverse

from community.deliveries import drain
from community.pending import REGISTER, carry_out_acts
from feedback.models import Judgement, MergeProposal, Verdict, Vote
from feedback.views import sorting
from tests.factories import make_board, make_newcomer, make_suggestion

pytestmark = pytest.mark.django_db


@pytest.fixture
def wishes(author, board):
    found = [
        make_suggestion(f"Wish {number}", author=author, board=board, body="So **that** it rests.") for number in range(12)
    ]
    drain()
    return found


def top_of(answer) -> int:
    """The suggestion on top of the stack."""
    found = re.search(r'action="/sort/(\d+)/"', answer.content.decode())
    return int(found[1]) if found else 0


def say(client, what: str, **more):
    return client.post(f"/sort/{top_of(client.get('/sort/?more=1'))}/", {"say": what, "seed": "abc"}, **more)


def test_the_card_on_top_says_what_it_is_and_can_be_answered_by_plain_buttons(client, wishes, voter):
    client.force_login(voter)
    page = client.get("/sort/").content.decode()
    assert page.count('value="want"') == page.count('value="pass"') == page.count('value="skip"') == 1
    assert "So that it rests." in page and "1 of 10" in page
    assert page.count("<article") == 2 and page.count("inert") == 1


def test_an_answer_leads_back_to_the_stack_and_the_next_card(client, wishes, voter):
    client.force_login(voter)
    first = top_of(client.get("/sort/"))
    answer = client.post(f"/sort/{first}/", {"say": "want"})
    assert answer.status_code == 302 and answer["Location"] == "/sort/"
    assert Vote.objects.filter(member=voter, suggestion=first).exists()
    after = client.get("/sort/")
    assert top_of(after) not in (0, first) and "2 of 10" in after.content.decode()


def test_htmx_gets_the_stack_alone_with_the_card_that_lay_below(client, wishes, voter):
    client.force_login(voter)
    page = client.get("/sort/")
    below = re.findall(r'<h2[^>]*class="sort-title">([^<]+)', page.content.decode())[1]
    answer = say(client, "pass", headers={"HX-Request": "true"})
    assert "<html" not in answer.content.decode()
    assert re.search(r'id="sort-title"[^>]*>([^<]+)', answer.content.decode())[1] == below
    assert Judgement.objects.get().verdict == Verdict.PASSED


@pytest.mark.parametrize("what", ["", "burn"])
def test_an_answer_nobody_knows_is_refused(client, wishes, voter, what):
    client.force_login(voter)
    assert client.post(f"/sort/{wishes[0].pk}/", {"say": what}).status_code == 422


def test_the_last_card_comes_back(client, wishes, voter):
    client.force_login(voter)
    first = top_of(client.get("/sort/"))
    say(client, "want")
    answer = client.post("/sort/undo/", follow=True)
    assert top_of(answer) == first and "1 of 10" in answer.content.decode()
    assert not Vote.objects.standing().filter(member=voter).exists()
    assert client.post("/sort/undo/", follow=True).status_code == 200


def test_after_ten_there_is_thanks_and_a_way_on(client, wishes, voter):
    client.force_login(voter)
    for number in range(10):
        say(client, "want" if number < 4 else "pass")
    page = client.get("/sort/").content.decode()
    assert "Thank you. 10 suggestions heard you" in page and "You want 4 of them" in page and "Ten more" in page
    assert top_of(client.get("/sort/?more=1"))


def test_at_the_end_there_is_thanks_and_something_to_do(client, wishes, voter):
    client.force_login(voter)
    for _wish in wishes:
        say(client, "skip")
    page = client.get("/sort/").content.decode()
    assert "12 suggestions heard you" in page and reverse("post-new") in page and not top_of(client.get("/sort/"))


def test_where_there_is_nothing_to_sort_it_says_so(client, voter):
    client.force_login(voter)
    assert "Everything is sorted" in client.get("/sort/").content.decode()


def test_a_visitor_sorts_and_nothing_is_written_before_they_are_in(client, wishes):
    for _card in range(3):
        assert say(client, "want").status_code == 302
    assert not Vote.objects.exclude(member=wishes[0].post.author).exists()
    assert len(client.session["pending_acts"]) == 1 and len(client.session["pending_acts"][0]["data"]["answers"]) == 3


def test_a_visitor_is_asked_for_an_address_after_some_cards_and_not_before(client, wishes):
    for asked in range(sorting.ASK_AFTER):
        assert "sort-keep" not in client.get("/sort/").content.decode(), asked
        say(client, "want")
    assert "Your 5 answers wait here." in client.get("/sort/").content.decode()
    answer = client.post("/sort/keep/", {"email": "nora@example.org"})
    assert (answer.status_code, answer["Location"]) == (307, "/accounts/login/code/")


def test_a_visitor_may_take_one_back(client, wishes):
    say(client, "want")
    say(client, "pass")
    client.post("/sort/undo/")
    assert [said for _pk, said in client.session["pending_acts"][0]["data"]["answers"]] == ["want"]


def test_everything_a_visitor_sorted_counts_once_they_are_in(client, wishes, stranger, rf, now):
    for what in ("want", "pass", "want", "skip"):
        say(client, what)
    request = rf.get("/")
    request.session = client.session
    request._messages = Told()
    assert carry_out_acts(request, stranger, at=__import__("django.utils.timezone", fromlist=["x"]).now()) == "/sort/"
    assert Vote.objects.filter(member=stranger).count() == 2
    assert sorted(Judgement.objects.values_list("verdict", flat=True)) == ["passed", "skipped"]
    assert request._messages.told == ["Thank you. 4 suggestions heard you."]


class Told:
    """Messages, remembered."""

    def __init__(self):
        self.told = []

    def add(self, _level, message, _extra=""):
        self.told.append(message)


def test_what_is_gone_or_ones_own_by_then_is_left_out(wishes, author, stranger, now):
    data = {"answers": [[wishes[0].pk, "want"], [999_999, "want"], [wishes[1].pk, "burn"]]}
    assert "1 suggestion heard you" in REGISTER["sorting"].perform(stranger, data, now).thanks
    assert "0 suggestions" in REGISTER["sorting"].perform(author, data, now).thanks
    assert REGISTER["sorting"].describe(data) == "Your answers to 3 suggestions are kept."


def test_other_things_a_visitor_began_keep_their_place(client, wishes):
    client.post(f"/posts/{wishes[0].pk}/follow/")
    for _card in range(7):
        say(client, "want")
    assert [act["kind"] for act in client.session["pending_acts"]] == ["follow", "sorting"]


def test_a_card_may_be_paired_by_those_who_may_and_leads_back(client, wishes, voter):
    client.force_login(voter)
    assert "/same/?next=/sort/" in client.get("/sort/").content.decode()
    answer = client.post(f"/posts/{wishes[0].pk}/same/?next=/sort/", {"link": str(wishes[1].pk)})
    assert answer["Location"] == "/sort/" and MergeProposal.objects.exists()
    client.force_login(make_newcomer("Nora Neu"))
    assert "/same/" not in client.get("/sort/").content.decode()


def test_no_get_changes_anything_and_nothing_is_kept_by_caches(client, wishes, voter):
    client.force_login(voter)
    assert "no-store" in client.get("/sort/")["Cache-Control"]
    assert [client.get(address).status_code for address in (f"/sort/{wishes[0].pk}/", "/sort/undo/", "/sort/keep/")] == [
        405
    ] * 3
    assert "sorting" not in client.session


def test_home_and_the_list_lead_there(client, wishes):
    assert 'href="/sort/"' in client.get("/").content.decode()
    assert 'href="/sort/"' in client.get("/suggestions/").content.decode()


def test_what_one_may_not_see_cannot_be_answered(client, voter, staff):
    secret = make_suggestion("Behind the door", author=staff, board=make_board("early", see="staff"))
    client.force_login(voter)
    assert client.post(f"/sort/{secret.pk}/", {"say": "want"}).status_code == 404


def test_the_page_costs_the_same_at_two_cards_and_at_twenty(client, author, board, voter, queries_of):
    client.force_login(voter)
    costs = []
    for rows in (2, 18):
        for number in range(rows):
            make_suggestion(f"Wish {rows} {number}", author=author, board=board, tags=["one"])
        drain()
        costs.append(queries_of("/sort/"))
    assert costs[0] == costs[1] <= 16
