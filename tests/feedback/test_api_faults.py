"""Feedback's part of the API: every fault is a problem with a sentence, cursors may lie, and a key belongs to one request."""

import base64
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from community.api_tokens import make_token
from community.deliveries import drain
from community.models import Activity, Audience, Board
from community.posts import convert_post, hide_post
from community.standing import set_standing
from feedback.merges import merge_suggestions
from feedback.models import ClusterScore, Release, Suggestion, Vote
from feedback.releases import draft_release, ship_release
from feedback.roadmap import adopt_suggestion, plan_item
from feedback.scoring import WEIGHTS
from tests.factories import NOW, make_member, make_post, make_staff, make_suggestion, make_team_board

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def quiet(settings):
    settings.RATE_LIMITS = False


def client_of(member, *scopes):
    _token, secret = make_token(member=member, name="test", scopes=scopes or ("read", "write"), at=NOW)
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
    return client


@pytest.fixture
def visitor():
    return APIClient()


@pytest.fixture
def fan(voter):
    return client_of(voter)


def vote(suggestion):
    return f"/api/v1/posts/{suggestion.pk}/vote"


def fault(answer):
    """(status, code) of a problem that is one in shape, too."""
    told = answer.json()
    assert answer["Content-Type"] == "application/problem+json" and answer["Cache-Control"] == "no-store"
    assert told["status"] == answer.status_code and told["type"] == f"urn:sprout:problem:{told['code']}"
    assert isinstance(told["title"], str) and len(told["title"]) > 10
    return told["status"], told["code"]


class TestVotes:
    def test_a_visitor_is_told_to_come_with_a_token(self, visitor, suggestion):
        for answer in (visitor.put(vote(suggestion)), visitor.delete(vote(suggestion))):
            assert fault(answer) == (401, "not-authenticated") and answer["WWW-Authenticate"].startswith("Bearer")

    @pytest.mark.parametrize("need", [1, -500, 750, "much", True, [500], {"need": 500}, 10**30, ""])
    def test_a_need_there_is_not_names_its_field(self, fan, suggestion, need):
        answer = fan.put(vote(suggestion), {"need": need})
        assert fault(answer) == (422, "invalid") and set(answer.json()["errors"]) == {"need"}
        assert Vote.objects.count() == 1

    @pytest.mark.parametrize("body", ["{", "\xff", "[]", '"x"', "5"])
    def test_a_body_that_is_no_object_is_a_problem_and_no_vote(self, fan, suggestion, body):
        answer = fan.put(vote(suggestion), body, content_type="application/json")
        assert fault(answer)[0] in (400, 422) and Vote.objects.count() == 1

    def test_another_kind_of_body_is_not_understood(self, fan, suggestion):
        answer = fan.put(vote(suggestion), "need=500", content_type="application/x-www-form-urlencoded")
        assert fault(answer) == (415, "unsupported-media-type")

    @pytest.mark.parametrize("method", ["get", "post", "patch"])
    def test_another_verb_is_not_allowed(self, fan, suggestion, method):
        assert fault(getattr(fan, method)(vote(suggestion))) == (405, "method-not-allowed")

    def test_what_is_not_there_and_what_one_may_not_see_answer_alike(self, fan):
        hidden = make_suggestion(board=make_team_board(), author=make_staff())
        talk = make_post(kind="discussion")
        seen = [fan.put(f"/api/v1/posts/{pk}/vote") for pk in (hidden.pk, talk.pk, 10**12)]
        assert {fault(answer) for answer in seen} == {(404, "not-found")} and len({answer.content for answer in seen}) == 1

    @pytest.mark.parametrize("number", ["0", "9" * 18, "9" * 19, "9" * 60])
    def test_a_number_of_any_length_is_not_found(self, fan, number):
        for address in (f"/api/v1/posts/{number}/vote", f"/api/v1/posts/{number}/score"):
            assert fan.generic("PUT" if "vote" in address else "GET", address).status_code == 404

    @pytest.mark.parametrize(("status", "answered"), [("shipped", 409), ("declined", 200), ("not-now", 200), ("testing", 200)])
    def test_only_what_has_shipped_takes_no_votes(self, fan, suggestion, status, answered):
        Suggestion.objects.update(status=status)
        answer = fan.put(vote(suggestion))
        assert answer.status_code == answered and (answered == 200 or fault(answer) == (409, "conflict"))

    def test_a_closed_board_says_so_and_a_hidden_wish_is_gone(self, fan, suggestion, staff):
        Board.objects.update(vote=Audience.STAFF)
        assert fault(fan.put(vote(suggestion))) == (403, "not-allowed")
        hide_post(post=suggestion.post, by=staff, at=NOW)
        assert fault(fan.put(vote(suggestion))) == (404, "not-found")

    def test_what_became_talk_takes_no_votes_and_lets_them_go(self, fan, voter, suggestion, staff):
        fan.put(vote(suggestion))
        convert_post(post=suggestion.post, kind="discussion", by=staff, at=NOW)
        assert fault(fan.put(vote(suggestion)))[0] in (404, 409)
        fan.delete(vote(suggestion))
        assert Vote.objects.get(member=voter).withdrawn_at

    def test_deleting_twice_or_nothing_is_the_same_as_once(self, fan, suggestion):
        fan.put(vote(suggestion), {"need": 1000})
        assert [fan.delete(vote(suggestion)).status_code for _ in range(3)] == [204] * 3
        assert Activity.objects.filter(verb="vote_withdrawn").count() == 1

    def test_a_vote_answers_the_need_that_stands_and_not_the_one_left_out(self, fan, suggestion):
        fan.put(vote(suggestion), {"need": 1000})
        told = fan.put(vote(suggestion)).json()
        assert set(told) == {"post", "need", "cast_at"} and (told["post"], told["need"]) == (suggestion.pk, 1000)


class TestKeys:
    def test_a_key_with_another_need_is_refused_and_the_vote_stays(self, fan, voter, suggestion):
        key = {"Idempotency-Key": "k1"}
        first = fan.put(vote(suggestion), {"need": 500}, headers=key)
        assert fault(fan.put(vote(suggestion), {"need": 1000}, headers=key)) == (422, "idempotency-key")
        assert fan.put(vote(suggestion), {"need": 500}, headers=key).json() == first.json()
        assert Vote.objects.get(member=voter).need == 500

    def test_a_key_with_another_address_or_verb_is_refused(self, fan, suggestion, board):
        key = {"Idempotency-Key": "k1"}
        fan.put(vote(suggestion), headers=key)
        assert fault(fan.put(vote(make_suggestion(board=board)), headers=key)) == (422, "idempotency-key")
        assert fault(fan.delete(vote(suggestion), headers=key)) == (422, "idempotency-key")

    def test_a_kept_answer_is_the_old_one_whatever_happened_since(self, fan, suggestion):
        key = {"Idempotency-Key": "k1"}
        fan.put(vote(suggestion), headers=key)
        fan.delete(vote(suggestion))
        again = fan.put(vote(suggestion), headers=key)
        assert again["Idempotent-Replayed"] == "true" and again.status_code == 200
        assert Vote.objects.latest("pk").withdrawn_at is not None

    def test_an_endless_key_is_refused_and_reading_needs_none(self, fan, suggestion):
        key = {"Idempotency-Key": "k" * 256}
        assert fault(fan.put(vote(suggestion), headers=key)) == (422, "idempotency-key")
        assert fan.get("/api/v1/roadmap", headers=key).status_code == 200


class TestScores:
    @pytest.mark.parametrize("counted", [True, False])
    def test_the_parts_add_up_whether_or_not_somebody_counted(self, visitor, suggestion, counted):
        drain() if counted else ClusterScore.objects.all().delete()
        told = visitor.get(f"/api/v1/posts/{suggestion.pk}/score").json()
        assert list(told["parts"]) == list(WEIGHTS) and sum(told["parts"].values()) == told["numerator"]
        assert (told["numerator"] > 0) == counted

    def test_a_duplicate_has_the_score_of_its_cluster(self, visitor, suggestion, staff):
        duplicate = make_suggestion(board=suggestion.post.board)
        merge_suggestions(duplicate=duplicate, into=suggestion, by=staff, at=NOW)
        drain()
        scores = [visitor.get(f"/api/v1/posts/{wish.pk}/score").json() for wish in (duplicate, suggestion)]
        assert scores[0] == scores[1] and scores[0]["numerator"] > 0

    def test_talk_has_no_score(self, visitor):
        assert fault(visitor.get(f"/api/v1/posts/{make_post(kind='question').pk}/score")) == (404, "not-found")


class TestSimilar:
    @pytest.mark.parametrize(
        ("said", "field"),
        [
            ({}, "title"),
            ({"title": ""}, "title"),
            ({"title": "x" * 401}, "title"),
            ({"title": "Dark", "body": "x" * 20_001}, "body"),
            ({"title": "Dark", "limit": 0}, "limit"),
            ({"title": "Dark", "limit": 21}, "limit"),
            ({"title": "Dark", "limit": "many"}, "limit"),
            ({"title": "Dark", "board": "no such board"}, "board"),
            ({"title": "Dark", "board": "nowhere"}, "board"),
            ({"title": "Da\x00rk"}, "title"),
        ],
    )
    def test_a_question_that_does_not_fit_names_its_field_by_both_ways(self, visitor, said, field):
        for answer in (visitor.get("/api/v1/similar", said), visitor.post("/api/v1/similar", said)):
            assert fault(answer) == (422, "invalid") and list(answer.json()["errors"]) == [field]

    def test_a_closed_board_is_one_there_is_not(self, visitor):
        make_team_board("secret")
        told = [visitor.get("/api/v1/similar", {"title": "Dark mode", "board": name}) for name in ("secret", "nowhere")]
        assert told[0].json() == told[1].json()

    def test_asking_is_reading_for_a_token(self, voter):
        assert client_of(voter, "read").post("/api/v1/similar", {"title": "Dark mode"}).status_code == 200
        assert fault(client_of(voter, "write").post("/api/v1/similar", {"title": "Dark mode"})) == (403, "permission-denied")

    def test_twenty_answers_cost_what_two_do(self, visitor, board):
        costs = []
        for count in (2, 18):
            for number in range(count):
                make_suggestion(f"Dark mode number {number} of {count}", board=board)
            drain()
            with CaptureQueriesContext(connection) as seen:
                visitor.get("/api/v1/similar", {"title": "Dark mode number", "limit": 20})
            costs.append(len(seen))
        assert costs[0] == costs[1]


def cursor(words):
    return quote(base64.b64encode(words.encode()).decode())


LIES = ["x", "%ff", "=", cursor(""), cursor("p=abc"), cursor("p=1&r=x"), cursor("o=-5"), cursor("o=999999999"), cursor("p="),
        cursor("p=" + "9" * 40), cursor("p=-1"), cursor("p=a\x00b"), cursor("r=1&p=9999-99-99"), cursor("p=2026-11-16"),
        cursor("p=1e400"), cursor("p=%5B%5D"), cursor("p=1&p=2"), "a" * 4000]  # fmt: skip


class TestLists:
    @pytest.fixture
    def work(self, board, staff, suggestion):
        adopt_suggestion(suggestion=suggestion, by=staff, at=NOW)
        for number in range(5):
            plan_item(product=board.product, title=f"Work {number}", by=staff, at=NOW)

    @pytest.fixture
    def shipped(self, board, staff, suggestion):
        for number in range(6):
            wishes = [suggestion] if number == 0 else []
            draft = draft_release(product=board.product, version=f"1.{number}", title="T", by=staff, at=NOW, suggestions=wishes)
            ship_release(release=draft, by=staff, at=NOW + timedelta(days=number // 2))

    @pytest.mark.parametrize("address", ["/api/v1/roadmap", "/api/v1/releases", "/api/v1/posts"])
    def test_a_cursor_that_lies_is_a_problem_or_a_page_and_never_a_fault_of_ours(self, visitor, work, shipped, address):
        visitor.raise_request_exception = False
        told = {lie[:40]: visitor.get(f"{address}?cursor={lie}") for lie in LIES}
        assert {lie: answer.status_code for lie, answer in told.items() if answer.status_code not in (200, 404, 422)} == {}
        assert all(fault(answer)[1] in ("not-found", "invalid") for answer in told.values() if answer.status_code != 200)

    @pytest.mark.parametrize("address", ["/api/v1/roadmap", "/api/v1/releases"])
    @pytest.mark.parametrize("size", [1, 4])
    def test_all_pages_together_are_everything_once_and_back_again(self, visitor, work, shipped, address, size):
        name = "id" if address.endswith("roadmap") else "slug"
        whole = [row[name] for row in visitor.get(address).json()["results"]]
        seen, path, last = [], f"{address}?limit={size}", None
        while path:
            page = visitor.get(path).json()
            seen, last, path = seen + [row[name] for row in page["results"]], page, page["next"]
        assert seen == whole and len(whole) == 6
        assert visitor.get(last["previous"]).json()["results"][-1][name] == whole[-1 - len(last["results"])]

    @pytest.mark.parametrize(("limit", "rows"), [("0", 6), ("-3", 6), ("x", 6), ("2", 2), ("9999999999", 6)])
    def test_an_odd_limit_is_the_usual_one_and_a_large_one_is_bounded(self, visitor, work, limit, rows):
        assert len(visitor.get(f"/api/v1/roadmap?limit={limit}").json()["results"]) == rows

    @pytest.mark.parametrize("product", ["nothing", "%ff", "x" * 3000, "'%3B--"])
    def test_a_product_nobody_has_is_an_empty_list(self, visitor, work, shipped, product):
        for address in ("/api/v1/roadmap", "/api/v1/releases"):
            assert visitor.get(f"{address}?product={product}").json()["results"] == []

    def test_drafts_and_hidden_work_are_on_nobodys_list_not_even_staffs(self, board, staff, suggestion):
        draft_release(product=board.product, version="9", title="Secret", by=staff, at=NOW)
        plan_item(product=board.product, title="Secret", by=staff, at=NOW, is_public=False)
        for address in ("/api/v1/roadmap", "/api/v1/releases"):
            assert client_of(staff).get(address).json()["results"] == []

    def test_a_release_names_only_the_wishes_its_reader_may_see(self, visitor, board, suggestion, staff):
        hidden = make_suggestion("Secret ring", board=make_team_board(), author=staff)
        draft = draft_release(
            product=board.product, version="1", title="T", by=staff, at=NOW, suggestions=[suggestion, hidden], notes="**Hi**"
        )
        ship_release(release=draft, by=staff, at=NOW)
        [told] = visitor.get("/api/v1/releases").json()["results"]
        assert [wish["id"] for wish in told["suggestions"]] == [suggestion.pk] and "<strong>Hi</strong>" in told["notes_html"]
        assert told["url"].endswith(Release.objects.get().get_absolute_url())
        [seen] = client_of(staff).get("/api/v1/releases").json()["results"]
        assert len(seen["suggestions"]) == 2

    def test_a_list_tells_of_people_by_name_and_not_by_mail(self, visitor, work, author):
        set_standing(Suggestion.objects.get().pk, votes=3)
        told = visitor.get("/api/v1/roadmap").content.decode()
        assert author.display_name in told and author.email not in told

    @pytest.mark.parametrize("address", ["/api/v1/roadmap", "/api/v1/releases"])
    def test_twenty_rows_with_wishes_cost_what_two_do(self, visitor, board, staff, address):
        costs = []
        for count in (2, 18):
            for number in range(count):
                wish = make_suggestion(board=board, author=make_member())
                plan_item(product=board.product, title="Work", by=staff, at=NOW, suggestions=[wish])
                version = f"{count}.{number}"
                draft = draft_release(product=board.product, version=version, title="T", by=staff, at=NOW, suggestions=[wish])
                ship_release(release=draft, by=staff, at=NOW)
            with CaptureQueriesContext(connection) as seen:
                visitor.get(address)
            costs.append(len(seen))
        assert costs[0] == costs[1]
