"""The composer: what was typed is never lost."""

import pytest

from community.models import Post
from tests.factories import make_board, make_team_board

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
