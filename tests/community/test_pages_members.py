"""People's pages, the page where they meet, and one's own settings."""

import pytest
from django.conf import settings as site

from community.models import Member, Standing
from tests.factories import NOW, make_board, make_comment, make_member, make_persona, make_post, make_suggestion

pytestmark = pytest.mark.django_db


def test_a_members_page_shows_what_they_wished_for_and_what_shipped(client, author, board):
    first, second = (make_suggestion(title, author=author, board=board) for title in ("First wish", "Second wish"))
    make_suggestion("Somebody else's", board=board)
    Standing.objects.filter(post=second.pk).update(status="shipped")
    page = client.get(author.get_absolute_url()).content.decode()
    assert "First wish" in page and "Second wish" in page and "Somebody else" not in page
    assert "1 suggestion shipped" in page and first


def test_ones_own_empty_page_says_the_next_step(client, author):
    client.force_login(author)
    page = client.get("/me/", follow=True).content.decode()
    assert "You have planted nothing yet" in page and "Edit your page" in page


@pytest.mark.parametrize(
    ("gone", "status"), [({"closed_at": NOW}, 410), ({"is_active": False}, 404), ({"claimed_at": None}, 404)]
)
def test_closed_barred_and_unclaimed_members_have_no_page(client, gone, status):
    person = make_member("Gone", **gone)
    answer = client.get(person.get_absolute_url())
    assert answer.status_code == status and "Gone" not in answer.content.decode()


def test_an_imported_author_has_a_page_that_says_so(client):
    ida = make_member("Ida", claimed_at=None, source_system="github", source_id="7")
    assert "Brought along by an import" in client.get(ida.get_absolute_url()).content.decode()


def test_no_page_shows_a_mail_address(client, author, board):
    make_comment(make_suggestion("A wish", author=author, board=board).post, author=author)
    for address in (author.get_absolute_url(), "/community/", "/", f"/posts/{author.posts.get().pk}/"):
        assert author.email not in client.get(address, follow=True).content.decode()


def test_the_community_page_shows_talk_people_and_boards(client, author, board):
    make_post("Who else wakes at six?", author=author, board=board)
    page = client.get("/community/").content.decode()
    assert "Who else wakes at six?" in page and "Mara Lindqvist" in page and "Battery" in page


def test_an_empty_community_invites_the_first_question(client, db):
    assert "Ask the first one." in client.get("/community/").content.decode()


def test_settings_are_saved_and_followed(client, author):
    make_persona("commuter")
    client.force_login(author)
    wishes = {
        "display_name": "林小满",
        "bio": "Hello",
        "language": "zh-hans",
        "time_zone": "Asia/Shanghai",
        "persona": "commuter",
    }
    client.post("/me/settings/", wishes)
    changed = Member.objects.get(pk=author.pk)
    assert (changed.display_name, changed.time_zone, changed.persona.slug) == ("林小满", "Asia/Shanghai", "commuter")
    assert 'lang="zh-hans"' in client.get("/").content.decode()


@pytest.mark.parametrize(
    ("field", "value"), [("display_name", "  "), ("time_zone", "Mars/Base"), ("language", "tlh"), ("bio", "x" * 281)]
)
def test_a_faulty_setting_is_told_and_the_rest_stays(client, author, field, value):
    client.force_login(author)
    wishes = {"display_name": "Mara L", "bio": "Kept words", "language": "en", "time_zone": "UTC", "persona": ""}
    answer = client.post("/me/settings/", wishes | {field: value})
    assert answer.status_code == 422 and f'id="id_{field}_error"' in answer.content.decode()
    assert ("Kept words" in answer.content.decode()) or field == "bio"
    assert Member.objects.get(pk=author.pk).bio == ""


def test_times_are_shown_in_the_members_zone(client, author, board):
    post = make_post("Late at night", author=author, board=board, at=NOW.replace(hour=23))
    assert "2026-11-16" in client.get(post.get_absolute_url()).content.decode()
    author.time_zone = "Asia/Tokyo"
    author.save()
    client.force_login(author)
    assert "2026-11-17" in client.get(post.get_absolute_url()).content.decode()


def test_the_session_tells_script_who_is_here(client, author):
    visitor = client.get("/session/")
    assert visitor.json()["member"] is None and len(visitor.json()["token"]) == 64
    assert "no-store" in visitor["Cache-Control"]
    client.force_login(author)
    assert client.get("/session/").json()["member"] == {"username": author.username, "name": "Mara Lindqvist"}


def test_the_theme_is_kept_in_a_cookie_and_set_on_the_page(client, db):
    client.post("/settings/look/", {"theme": "dark", "next": "/search/"})
    assert 'data-theme="dark"' in client.get("/search/").content.decode()
    client.post("/settings/look/", {"theme": "auto"})
    assert "data-theme" not in client.get("/search/").content.decode()


def test_the_language_is_kept_and_a_members_mails_follow(client, author):
    client.force_login(author)
    client.post("/settings/look/", {"language": "zh-hant"})
    assert client.cookies[site.LANGUAGE_COOKIE_NAME].value == "zh-hant"
    assert Member.objects.get(pk=author.pk).language == "zh-hant"


@pytest.mark.parametrize("goal", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_no_form_leads_off_the_site(client, db, goal):
    assert client.post("/settings/look/", {"theme": "dark", "next": goal})["Location"] == "/"


def test_looking_at_the_look_page_changes_nothing(client, db):
    answer = client.get("/settings/look/?theme=dark&language=zh-hans")
    assert "theme" not in answer.cookies and site.LANGUAGE_COOKIE_NAME not in answer.cookies
    assert 'value="dark" aria-pressed="false" autofocus' in answer.content.decode()


def test_nonsense_is_no_theme_and_no_language(client, db):
    answer = client.post("/settings/look/", {"theme": "<script>", "language": "xx"})
    assert "theme" not in answer.cookies and site.LANGUAGE_COOKIE_NAME not in answer.cookies


def test_the_bell_counts_and_the_face_leads_home(client, author):
    client.force_login(author)
    page = client.get("/search/").content.decode()
    assert 'aria-label="Mara Lindqvist, your page"' in page and "Sign in" not in page


def test_a_board_of_the_team_is_not_among_the_boards(client, db):
    make_board("secret", see="staff", name="Secret lab")
    assert "Secret lab" not in client.get("/community/").content.decode()
    assert "Secret lab" not in client.get("/suggestions/").content.decode()
