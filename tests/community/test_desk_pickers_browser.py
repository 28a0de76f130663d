"""The admin's pickers have names for those who hear the page, open and closed."""

import re

import pytest
from playwright.sync_api import expect

from tests.community.test_meetups import make_meetup
from tests.factories import make_admin
from tests.stories.test_every_page import LAWS, faults_of
from tests.stories.world import session_of

pytestmark = pytest.mark.browser
CHOSEN = re.compile(r"^Host\*? Ines Okafor$")


@pytest.fixture
def desk(page, site):
    """The admin's browser, and a meetup with a host and without a recap."""
    page.context.add_cookies([{"name": "session", "value": session_of(make_admin()), "url": site}])
    page.meetup = make_meetup()
    return page


def test_a_picker_says_its_field_and_what_is_chosen(desk):
    desk.goto(f"/admin/community/meetup/{desk.meetup.pk}/change/")
    expect(desk.get_by_role("combobox", name=CHOSEN)).to_be_visible()
    expect(desk.get_by_role("combobox", name="Post that tells how it was", exact=True)).to_be_visible()
    assert faults_of(desk, LAWS, "closed") == []


def test_an_open_picker_names_its_search_box_and_its_list(desk):
    desk.goto("/admin/community/meetup/add/")
    desk.get_by_role("combobox", name=re.compile(r"^Host\*?$")).click()
    desk.get_by_role("searchbox", name="Host").fill("Ines")
    desk.get_by_role("option", name="Ines Okafor").wait_for()
    assert faults_of(desk, LAWS, "open") == []
    desk.get_by_role("option", name="Ines Okafor").click()
    expect(desk.get_by_role("combobox", name=CHOSEN)).to_be_focused()


@pytest.mark.parametrize(("place", "field"), [("board/{}", "Moderators"), ("contest/add", "Jury")])
def test_a_picker_of_many_is_named_as_well(desk, place, field):
    desk.goto(f"/admin/community/{place.format(desk.meetup.board_id).removesuffix('/')}/")
    desk.get_by_role("searchbox", name=field).click()
    desk.locator(".select2-results__option[aria-selected]").first.wait_for()
    assert faults_of(desk, LAWS, "open") == []
