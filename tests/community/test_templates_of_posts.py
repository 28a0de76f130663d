"""Templates: what a post can begin with, offered in the composer, kept by staff."""

import pytest
from django.utils import translation

from community.models import PostTemplate
from community.refusals import Invalid, NotAllowed
from community.writing.templates import drop_template, keep_template
from tests.factories import make_board, make_team_board
from tests.feedback.desks import at_the_desk

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def make_template(kind="bug", **fields):
    return PostTemplate.objects.create(kind=kind, **({"name": "A fault, step by step", "body": "1. I press …"} | fields))


@pytest.fixture
def template(board):
    return make_template(body_zh_hans="1. 我按下……", name_zh_hans="一步一步说")


def adapt(client, query="", **typed):
    return client.post(
        f"/posts/adapt/{query}", {"kind": "bug", "title": "It stays silent", **typed}, headers=HTMX
    ).content.decode()


def test_a_template_fills_an_empty_text_and_nothing_else(client, template):
    page = adapt(client, template=template.pk, body="  ")
    assert "1. I press …</textarea>" in page and 'value="It stays silent"' in page and "<html" not in page


def test_a_text_is_replaced_only_after_asking(client, template):
    page = adapt(client, template=template.pk, body="My own words")
    assert "My own words</textarea>" in page and "Shall “A fault, step by step” take its place?" in page
    assert "1. I press …</textarea>" in adapt(client, "?replace=1", template=template.pk, body="My own words")


def test_another_template_replaces_an_untouched_one_without_asking(client, template):
    other = make_template(name="Short", body="It does not …")
    assert "It does not …</textarea>" in adapt(client, template=other.pk, body="1. I press …")


def test_a_link_begins_with_a_template(client, template):
    page = client.get(f"/posts/new/?template={template.pk}").content.decode()
    assert "1. I press …</textarea>" in page and "Report a bug" in page


def test_a_template_speaks_the_language_of_the_page(template):
    with translation.override("zh-hans"):
        assert (str(template), template.text) == ("一步一步说", "1. 我按下……")
    with translation.override("zh-hant"):
        assert template.text == "1. I press …"


def test_only_templates_of_the_kind_are_offered(client, template):
    make_template(kind="story", name="How it began")
    page = client.get("/posts/new/?kind=bug").content.decode()
    assert "A fault, step by step" in page and "How it began" not in page


def test_a_boards_template_brings_its_board(client, template, board):
    camera = make_board("camera")
    mine = make_template(name="Camera fault", board=camera)
    assert f'value="{camera.slug}" selected' in adapt(client, template=mine.pk, board=board.slug)


def test_a_closed_boards_template_is_a_secret(client, board):
    mine = make_template(name="For the team", body="Inner words", board=make_team_board())
    assert "For the team" not in client.get("/posts/new/?kind=bug").content.decode()
    assert "Inner words" not in adapt(client, template=mine.pk)
    assert "Inner words" not in client.get(f"/posts/new/?template={mine.pk}").content.decode()


def test_one_that_is_not_offered_any_more_begins_nothing(client, board):
    old = make_template(is_offered=False)
    assert "1. I press …</textarea>" not in client.get(f"/posts/new/?template={old.pk}").content.decode()


@pytest.mark.parametrize("wish", ["", "x", "999999", "9" * 40])
def test_an_unknown_template_changes_nothing(client, board, wish):
    assert "Mine</textarea>" in adapt(client, template=wish, body="Mine")


def test_staff_keep_templates_and_nobody_else_does(staff, moderator):
    assert keep_template(template=PostTemplate(kind="bug", name="New", body="Steps:\r\n"), by=staff).body == "Steps:"
    with pytest.raises(NotAllowed):
        keep_template(template=PostTemplate(kind="bug", name="New", body="Steps"), by=moderator)
    with pytest.raises(NotAllowed):
        drop_template(template=PostTemplate.objects.get(), by=moderator)


def test_a_template_that_nobody_could_post_is_refused(staff):
    with pytest.raises(Invalid) as refusal:
        keep_template(template=PostTemplate(kind="bug", name="New", body="ok", body_zh_hans="|" * 600), by=staff)
    assert "body_zh_hans" in refusal.value.fields


def test_the_desk_adds_and_drops_one(client, staff):
    at_the_desk(client, staff)
    typed = {"kind": "story", "board": "", "position": "1", "is_offered": "on", "name": "How it began", "body": "It was …"}
    blank = {f"{name}_{language}": "" for name in ("name", "body") for language in ("zh_hans", "zh_hant")}
    assert client.post("/admin/community/posttemplate/add/", typed | blank).status_code == 302
    kept = PostTemplate.objects.get()
    assert kept.name == "How it began" and client.get("/admin/community/posttemplate/").status_code == 200
    client.post(f"/admin/community/posttemplate/{kept.pk}/delete/", {"post": "yes"})
    assert not PostTemplate.objects.exists()
