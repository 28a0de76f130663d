"""The API: the same operations as the pages, for tokens with scopes; every fault is a problem with a sentence."""

from datetime import timedelta

import pytest
from rest_framework.test import APIClient

from community.api_tokens import make_token, revoke_token
from community.deliveries import drain
from community.models import Audience, Comment, ImportBatch, Post
from feedback.models import RoadmapItem, Vote
from tests.factories import NOW, make_comment, make_member, make_post, make_staff, make_suggestion, make_team_board

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def quiet(settings):
    settings.RATE_LIMITS = False


@pytest.fixture
def visitor():
    return APIClient()


def client_of(member, *scopes):
    _token, secret = make_token(member=member, name="test", scopes=scopes or ("read", "write"), at=NOW)
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
    return client


@pytest.fixture
def fan(voter):
    return client_of(voter)


def test_a_visitor_reads_posts_with_their_standing_and_no_source_for_our_own(visitor, suggestion):
    [post] = visitor.get("/api/v1/posts").json()["results"]
    assert (post["id"], post["title"], post["status"]) == (suggestion.pk, suggestion.post.title, "open")
    assert post["source"] is None and post["score"] == "0.0"


def test_an_imported_post_says_where_it_comes_from(visitor, suggestion, author):
    batch = ImportBatch.objects.create(name="old", system="github")
    Post.objects.filter(pk=suggestion.pk).update(
        source_system="github", source_id="123", source_url="https://e.org/123", batch=batch
    )
    post = visitor.get(f"/api/v1/posts/{suggestion.pk}").json()
    assert post["source"] == {"system": "github", "id": "123", "url": "https://e.org/123"}


def test_a_member_writes_a_suggestion_and_votes_for_it_by_that(fan, voter, board):
    answer = fan.post("/api/v1/posts", {"board": board.slug, "title": "Dark mode at sunset", "body": "**Please**", "need": 500})
    assert answer.status_code == 201 and answer["Location"] == f"/api/v1/posts/{answer.json()['id']}"
    assert Vote.objects.get(member=voter).need == 500
    assert "<strong>" in answer.json()["body_html"]


def test_a_bad_post_is_a_problem_that_names_the_fields(fan, board):
    answer = fan.post("/api/v1/posts", {"board": board.slug, "kind": "wish"})
    assert answer.status_code == 422 and answer["Content-Type"] == "application/problem+json"
    assert set(answer.json()["errors"]) == {"title", "kind"}
    assert answer.json()["code"] == "invalid"


def test_a_refusal_of_an_operation_is_a_problem_too(fan, board):
    answer = fan.post("/api/v1/posts", {"board": board.slug, "title": "x"})
    assert answer.status_code == 422 and answer.json()["title"] == "Please give it a title of a few words."


@pytest.mark.parametrize(
    "body", ["{not json", '"text"', "[1]", '{"board": {"a": 1}, "title": ["x"]}', '{"title": 5, "board": null}']
)
def test_wrong_types_are_refused_and_never_break(fan, body):
    answer = fan.post("/api/v1/posts", body, content_type="application/json")
    assert answer.status_code in (400, 422) and answer["Content-Type"] == "application/problem+json"


def test_an_author_changes_and_takes_back_their_post(author, suggestion):
    client = client_of(author)
    assert client.patch(f"/api/v1/posts/{suggestion.pk}", {"title": "A better title"}).json()["title"] == "A better title"
    assert client.delete(f"/api/v1/posts/{suggestion.pk}").status_code == 204
    assert client.get(f"/api/v1/posts/{suggestion.pk}").status_code == 404


def test_nobody_changes_the_post_of_another(fan, suggestion):
    answer = fan.patch(f"/api/v1/posts/{suggestion.pk}", {"title": "Mine now"})
    assert answer.status_code == 403 and answer.json()["code"] == "not-allowed"


def test_comments_are_read_and_written(fan, visitor, suggestion):
    first = fan.post(f"/api/v1/posts/{suggestion.pk}/comments", {"body": "Yes!"}).json()
    fan.post(f"/api/v1/posts/{suggestion.pk}/comments", {"body": "And more.", "parent": first["id"]})
    thread = visitor.get(f"/api/v1/posts/{suggestion.pk}/comments").json()["results"]
    assert [(comment["body"], comment["parent"]) for comment in thread] == [("Yes!", None), ("And more.", first["id"])]


def test_an_answer_to_a_comment_elsewhere_is_refused(fan, suggestion):
    other = make_comment(make_post())
    answer = fan.post(f"/api/v1/posts/{suggestion.pk}/comments", {"body": "Hm", "parent": other.pk})
    assert answer.status_code == 422 and not Comment.objects.filter(body="Hm").exists()


def test_a_vote_is_put_changed_and_deleted(fan, voter, suggestion):
    path = f"/api/v1/posts/{suggestion.pk}/vote"
    assert fan.put(path).json()["need"] == 0
    assert fan.put(path, {"need": 1000}).json()["need"] == 1000
    assert fan.delete(path).status_code == 204
    assert Vote.objects.get(member=voter).withdrawn_at is not None


def test_a_score_adds_up_to_its_numerator(visitor, suggestion):
    drain()
    score = visitor.get(f"/api/v1/posts/{suggestion.pk}/score").json()
    assert sum(score["parts"].values()) == score["numerator"] > 0
    assert score["score"] == f"{score['numerator'] // 1000 / 10:.1f}" and score["config"] == 1


def test_similar_answers_by_title_and_by_text(visitor, suggestion):
    drain()
    by_title = visitor.get("/api/v1/similar", {"title": "charge limit alarm"}).json()
    by_text = visitor.post("/api/v1/similar", {"title": "charge limit", "body": "It learns my alarm"}).json()
    assert by_title["count"] == by_text["count"] == 1
    assert by_title["results"][0]["id"] == suggestion.pk and by_title["results"][0]["source"] is None


def test_boards_roadmap_releases_and_members_are_read(visitor, suggestion, author):
    item = RoadmapItem.objects.create(product=suggestion.post.board.product, title="Smart charging")
    item.suggestions.add(suggestion)
    assert visitor.get("/api/v1/boards").json()[0]["slug"] == suggestion.post.board.slug
    [shown] = visitor.get("/api/v1/roadmap").json()["results"]
    assert shown["suggestions"][0]["id"] == suggestion.pk
    assert visitor.get("/api/v1/releases").json()["results"] == []
    assert visitor.get(f"/api/v1/members/{author.username}").json()["name"] == "Mara Lindqvist"


def test_me_is_the_caller_and_nobody_for_a_visitor(fan, visitor, voter):
    assert fan.get("/api/v1/me").json()["mail"] == voter.email
    answer = visitor.get("/api/v1/me")
    assert answer.status_code == 401 and answer["WWW-Authenticate"].startswith("Bearer")


def test_a_members_page_tells_no_mail_address(visitor, author):
    assert author.email not in visitor.get(f"/api/v1/members/{author.username}").content.decode()


@pytest.mark.parametrize("path", ["", "/comments", "/score"])
def test_what_a_caller_may_not_see_is_not_there(visitor, fan, path):
    hidden = make_suggestion(board=make_team_board(), author=make_staff())
    missing = visitor.get(f"/api/v1/posts/999999{path}")
    for client in (visitor, fan):
        answer = client.get(f"/api/v1/posts/{hidden.pk}{path}")
        assert (answer.status_code, answer.content) == (missing.status_code, missing.content)


def test_a_roadmap_item_does_not_name_a_private_suggestion(visitor):
    hidden = make_suggestion("Secret ring", board=make_team_board(), author=make_staff())
    item = RoadmapItem.objects.create(product=hidden.post.board.product, title="Work")
    item.suggestions.add(hidden)
    assert "Secret ring" not in visitor.get("/api/v1/roadmap").content.decode()


def test_a_closed_board_takes_no_posts(fan, board):
    board.post = Audience.STAFF
    board.save()
    assert fan.post("/api/v1/posts", {"board": board.slug, "title": "Let me in here"}).status_code == 403


def test_a_token_does_what_its_scopes_say(voter, suggestion):
    reader = client_of(voter, "read")
    assert reader.get("/api/v1/me").status_code == 200
    answer = reader.put(f"/api/v1/posts/{suggestion.pk}/vote")
    assert answer.status_code == 403 and '"write"' in answer.json()["title"]


@pytest.mark.parametrize("end", ["revoked", "expired", "invented", "closed"])
def test_a_token_that_ended_opens_nothing(voter, end):
    token, secret = make_token(member=voter, name="t", scopes=["read"], at=NOW, days=1)
    if end == "revoked":
        revoke_token(token=token, at=NOW)
    voter.is_active = end != "closed"
    voter.save()
    token.expires_at = NOW - timedelta(days=400) if end == "expired" else None
    token.save()
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {'sprout_guess' if end == 'invented' else secret}")
    assert client.get("/api/v1/me").status_code == 401


def test_a_secret_is_kept_only_as_its_hash(voter):
    token, secret = make_token(member=voter, name="t", scopes=["read"], at=NOW)
    assert secret not in str(vars(token)) and len(secret) > 30


def test_the_same_key_writes_once_and_gets_the_same_answer(fan, board):
    said = {"board": board.slug, "title": "Only once please"}
    first = fan.post("/api/v1/posts", said, headers={"Idempotency-Key": "k1"})
    second = fan.post("/api/v1/posts", said, headers={"Idempotency-Key": "k1"})
    assert first.json() == second.json() and second["Idempotent-Replayed"] == "true"
    assert Post.objects.count() == 1


def test_the_same_key_with_another_request_is_refused(fan, board):
    fan.post("/api/v1/posts", {"board": board.slug, "title": "One thing here"}, headers={"Idempotency-Key": "k1"})
    answer = fan.post("/api/v1/posts", {"board": board.slug, "title": "Another thing"}, headers={"Idempotency-Key": "k1"})
    assert answer.status_code == 422 and answer.json()["code"] == "idempotency-key"


def test_a_refusal_is_kept_for_its_key_as_well(fan, board):
    said, key = {"board": board.slug, "title": "x"}, {"Idempotency-Key": "k2"}
    assert fan.post("/api/v1/posts", said, headers=key).status_code == 422
    again = fan.post("/api/v1/posts", said, headers=key)
    assert again.status_code == 422 and again["Content-Type"] == "application/problem+json"


def test_keys_belong_to_their_caller(fan, author, board):
    said = {"board": board.slug, "title": "Same key, other person"}
    fan.post("/api/v1/posts", said, headers={"Idempotency-Key": "k1"})
    client_of(author).post("/api/v1/posts", said, headers={"Idempotency-Key": "k1"})
    assert Post.objects.count() == 2


def test_limits_stand_in_the_headers_and_hold(voter, settings):
    settings.RATE_LIMITS = True
    client = client_of(voter)
    answer = client.get("/api/v1/me")
    assert answer["RateLimit-Limit"] == "300" and int(answer["RateLimit-Remaining"]) == 299
    for _ in range(299):
        client.get("/api/v1/me")
    stopped = client.get("/api/v1/me")
    assert stopped.status_code == 429 and int(stopped["Retry-After"]) <= 60


def test_a_browser_session_needs_the_csrf_token_to_write(voter, suggestion):
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(voter)
    assert client.get("/api/v1/me").status_code == 200
    assert client.put(f"/api/v1/posts/{suggestion.pk}/vote").status_code == 403


def test_pages_go_on_by_cursor_without_gap_or_repeat(visitor, board):
    made = {make_suggestion(board=board, at=NOW).pk for _ in range(7)}
    seen, path = [], "/api/v1/posts?limit=3&sort=new"
    while path:
        page = visitor.get(path).json()
        seen += [post["id"] for post in page["results"]]
        path = page["next"]
    assert sorted(seen) == sorted(made)


@pytest.mark.parametrize("count", [2, 20])
def test_a_list_costs_the_same_queries_for_2_and_for_20_posts(visitor, board, count, django_assert_max_num_queries):
    for _ in range(count):
        make_suggestion(board=board, tags=["a", "b"])
    with django_assert_max_num_queries(3):
        assert len(visitor.get("/api/v1/posts").json()["results"]) == count


@pytest.mark.parametrize("path", ["/api/v1/roadmap", "/api/v1/releases", "/api/v1/boards"])
def test_other_lists_cost_few_queries(visitor, suggestion, path, django_assert_max_num_queries):
    for number in range(10):
        item = RoadmapItem.objects.create(product=suggestion.post.board.product, title=f"Work {number}")
        item.suggestions.add(suggestion)
    with django_assert_max_num_queries(3):
        assert visitor.get(path).status_code == 200


def test_filters_narrow_the_list(visitor, board):
    bug = make_suggestion("夜间模式闪烁", kind="bug", board=board, tags=["display"])
    make_suggestion("Something else", author=make_member(), board=board)
    drain()
    for query in ("kind=bug", "tag=display", "q=夜间", f"author={bug.post.author.username}"):
        assert [post["id"] for post in visitor.get(f"/api/v1/posts?{query}").json()["results"]] == [bug.pk], query


def test_the_schema_names_every_route_and_no_other(visitor):
    schema = visitor.get("/api/schema/?format=json").json()
    assert "/api/v1/posts/{id}/vote" in schema["paths"] and "/api/v1/webhooks" not in schema["paths"]
    assert visitor.get("/api/v1/webhooks").status_code == 404
    assert visitor.get("/api/docs/").status_code == 200
