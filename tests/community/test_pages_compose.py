"""The composer: what was typed is never lost."""

import pytest

from community.models import Post
from community.models.post import TAKEN
from tests.attacks.routes import routes
from tests.factories import make_board, make_post, make_suggestion, make_team_board

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def typed(board):
    return {
        "title": "Stop charging at night", "body": "It stays **warm**.", "kind": "suggestion",
        "board": board.slug, "tags": "Battery, night mode", "need": "500",
    }  # fmt: skip


def test_a_member_posts_and_is_thanked_on_the_page(client, typed, author):
    client.force_login(author)
    answer = client.post("/posts/new/", typed, follow=True)
    post = Post.objects.get()
    assert answer.redirect_chain[-1][0] == post.get_absolute_url()
    assert "Thank you." in answer.content.decode()
    assert {tag.name for tag in post.tags.all()} == {"Battery", "night mode"}


def test_the_need_is_the_first_votes(client, typed, author):
    client.force_login(author)
    client.post("/posts/new/", typed)
    assert author.votes.get().need == 500


@pytest.mark.parametrize(
    ("field", "value", "fault"),
    [
        ("title", "", "id_title_error"),
        ("title", "ab", "id_title_error"),
        ("title", "x" * 161, "id_title_error"),
        ("body", "x" * 20_001, "id_body_error"),
        ("kind", "announcement", "id_kind_error"),
        ("board", "unheard-of", "id_board_error"),
    ],
)
def test_a_fault_is_shown_beside_its_field_and_everything_typed_stays(client, typed, author, field, value, fault):
    client.force_login(author)
    answer = client.post("/posts/new/", typed | {field: value})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'id="{fault}"' in page and "to fix." in page
    for name in {"title", "body", "tags"} - {field}:
        assert typed[name] in page
    assert 'value="500" checked' in page
    assert not Post.objects.exists()


def test_a_visitor_learns_of_faults_before_signing_in(client, typed):
    answer = client.post("/posts/new/", typed | {"title": "ab"})
    assert answer.status_code == 422 and "It stays **warm**." in answer.content.decode()


def test_the_wish_from_the_home_page_is_there_already(client, board):
    page = client.get("/posts/new/?title=I+wish+it+knew").content.decode()
    assert 'value="I wish it knew"' in page


def test_the_preview_shows_what_it_will_look_like(client, author):
    client.force_login(author)
    page = client.post("/posts/preview/", {"body": "**Bold** <script>x</script>"}, headers=HTMX).content.decode()
    assert "<strong>Bold</strong>" in page and "<script>" not in page and "<html" not in page


def test_without_script_the_preview_brings_the_form_back(client, typed):
    page = client.post("/posts/preview/", typed).content.decode()
    assert "<strong>warm</strong>" in page and 'value="Stop charging at night"' in page and 'value="500" checked' in page


def test_a_preview_of_too_much_says_so(client):
    assert "20,000 bytes" in client.post("/posts/preview/", {"body": "x" * 20_001}, headers=HTMX).content.decode()


def test_only_open_boards_are_offered(client, author, board):
    make_board("members", post="members")
    make_board("closed", post="nobody")
    make_team_board("secret")
    offered = lambda: [str(slug) for slug, _name in client.get("/posts/new/").context["form"].fields["board"].choices]  # noqa: E731
    assert offered() == ["battery", "members"]
    client.force_login(author)
    assert offered() == ["battery", "members"]


def test_the_composer_is_kept_by_no_cache(client, board):
    answer = client.get("/posts/new/")
    assert "no-store" in answer["Cache-Control"] and "csrfmiddlewaretoken" in answer.content.decode()


def test_a_post_without_the_token_is_refused_kindly(board, typed, author):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    strict.force_login(author)
    answer = strict.post("/posts/new/", typed)
    assert answer.status_code == 403 and "Please send it again" in answer.content.decode()
    assert not Post.objects.exists()


HEADINGS = {
    "suggestion": "Suggest something", "bug": "Report a bug", "question": "Ask a question", "discussion": "Start a discussion",
    "story": "Tell a story", "announcement": "Announce something",
}  # fmt: skip


@pytest.mark.parametrize("kind", HEADINGS)
def test_every_kind_is_asked_for_in_its_own_words_and_can_be_written(client, typed, staff, kind):
    client.force_login(staff)
    page = client.get(f"/posts/new/?kind={kind}").content.decode()
    assert f"<h1>{HEADINGS[kind]}</h1>" in page and f'value="{kind}"' in page
    client.post("/posts/new/", typed | {"kind": kind})
    assert Post.objects.get().kind == kind


def test_a_fan_is_offered_all_kinds_but_announcements(client, author, board):
    client.force_login(author)
    offered = [kind for kind, _name in client.get("/posts/new/?kind=announcement").context["form"].fields["kind"].choices]
    assert offered == [kind for kind in HEADINGS if kind != "announcement"]


def test_choosing_a_kind_draws_the_form_anew_with_everything_typed(client, typed, author):
    client.force_login(author)
    page = client.post("/posts/adapt/", typed | {"kind": "question"}, headers=HTMX).content.decode()
    assert "Ask a question" in page and 'value="Stop charging at night"' in page and "It stays **warm**." in page
    assert "<html" not in page and not Post.objects.exists()
    assert "<html" in client.post("/posts/adapt/", typed | {"kind": "question"}).content.decode()


@pytest.mark.parametrize(("kind", "asked"), [("suggestion", True), ("bug", True), ("question", False), ("story", False)])
def test_only_a_wish_is_asked_how_much_it_is_missed_and_what_is_like_it(client, board, kind, asked):
    page = client.get(f"/posts/new/?kind={kind}").content.decode()
    assert ("How much would you miss it?" in page, "data-similar" in page) == (asked, asked)


@pytest.mark.parametrize("kind", ["question", "discussion", "story", "announcement"])
def test_talk_has_no_vote_button_on_its_page_and_says_what_it_is(client, board, staff, kind):
    post = make_post(author=staff, board=board, kind=kind)
    page = client.get(post.get_absolute_url()).content.decode()
    assert 'class="vote' not in page and post.get_kind_display() in page


@pytest.mark.parametrize("word", ["Move", "History", "Convert", "Edit", "Vote"])
def test_a_title_that_is_the_name_of_a_page_still_leads_to_the_post(client, board, author, word):
    post = make_post(word, author=author, board=board)
    assert client.get(post.get_absolute_url()).status_code == 200


def test_every_page_behind_a_posts_number_is_kept_from_titles():
    words = {route.split("/")[2] for route in routes() if route.startswith("posts/<int:post_id>/") and route.count("/") == 3}
    assert words - {"", "<str:slug>"} <= TAKEN


def test_what_a_visitor_began_waits_when_they_vote_for_a_similar_one_instead(client, typed, board):
    other = make_suggestion(board=board)
    form = {"draft_form": "post", "want": "vote", **typed}
    dialog = client.post(f"/posts/{other.pk}/vote/", form, headers=HTMX).content.decode()
    assert f'action="/posts/{other.pk}/vote/"' in dialog and 'type="email"' in dialog
    page = client.get("/posts/new/").content.decode()
    assert 'value="Stop charging at night"' in page and "It stays **warm**." in page and 'value="500" checked' in page


def test_without_script_it_waits_as_well_and_the_need_is_not_taken_for_the_votes(client, typed, board):
    other = make_suggestion(board=board)
    client.post(f"/posts/{other.pk}/vote/", {"draft_form": "post", "want": "vote", **typed})
    assert client.session["pending_acts"][0]["data"] == {"post": other.pk, "need": None}
    assert client.session["drafts"]["post"]["title"] == "Stop charging at night"


def test_what_waits_can_be_begun_anew(client, typed, board):
    other = make_suggestion(board=board)
    client.post(f"/posts/{other.pk}/vote/", {"draft_form": "post", **typed})
    assert "Begin anew" in client.get("/posts/new/").content.decode()
    client.post("/posts/adapt/?clear=1", typed)
    assert "Stop charging" not in client.get("/posts/new/").content.decode()


def test_the_browser_is_told_to_forget_its_copy_once_the_post_stands(client, typed, author):
    client.force_login(author)
    assert client.post("/posts/new/", typed).cookies["sent"].value == "post"
