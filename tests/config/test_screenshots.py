"""Pictures for docs/ are taken by one command, which says kindly what it lacks."""

import pytest
from django.core.management import CommandError, call_command

from config.management.commands import screenshots
from tests.factories import make_member


def test_without_a_browser_it_says_where_one_comes_from(monkeypatch):
    monkeypatch.setattr(screenshots.shutil, "which", lambda name: None)
    with pytest.raises(CommandError, match="Chromium"):
        call_command("screenshots")


@pytest.mark.django_db
def test_without_the_demo_it_says_how_to_load_it(monkeypatch):
    monkeypatch.setattr(screenshots.shutil, "which", lambda name: "/usr/bin/true")
    with pytest.raises(CommandError, match="demo"):
        call_command("screenshots")


def test_the_pictures_in_the_docs_are_the_ones_it_takes():
    folder = screenshots.settings.ROOT / "docs" / "pictures"
    assert {path.stem for path in folder.glob("*.png")} == screenshots.SHOWN


def test_no_picture_weighs_more_than_a_page():
    folder = screenshots.settings.ROOT / "docs" / "pictures"
    assert all(path.stat().st_size < 300_000 for path in folder.glob("*.png"))


@pytest.mark.django_db
def test_a_session_is_that_of_the_member(client, settings):
    member = make_member(email="fan@demo.sprout", is_demo=True)
    client.cookies[settings.SESSION_COOKIE_NAME] = screenshots.session_of("fan@demo.sprout")
    assert client.get("/me/").url == member.get_absolute_url()
