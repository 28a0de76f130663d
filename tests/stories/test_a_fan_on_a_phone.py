"""An evening with the phone: a fan finds a wish, votes, signs in, plants one with a picture, has a say, says yes, and goes."""

import re
from pathlib import Path

import pytest
from django.core import mail
from django.utils import timezone
from playwright.sync_api import expect

from community.deliveries import drain
from community.models import Attachment, Attendance, Ballot, Post
from feedback.models import Vote
from tests.community.polling import make_poll
from tests.community.test_meetups import make_meetup
from tests.factories import make_board, make_member, make_post, make_suggestion
from tests.pictures import photo
from tests.stories.conftest import watched
from tests.stories.test_on_a_phone import LOW, MAIN, PHONE, SMALL, come_in

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("media")]
WISH = "Charge limit at 80 % that learns my alarm"
TALL = PHONE | {"viewport": {"width": 360, "height": 780}}
KEYBOARD = 320  # what it takes of the height
# How far things have moved under the eyes (and thumbs) of somebody who did nothing to move them.
SHIFTS = """() => { window.moved = 0; new PerformanceObserver((list) => {
    for (const one of list.getEntries()) if (!one.hadRecentInput) window.moved += one.value;
}).observe({ type: "layout-shift", buffered: true }); }"""


@pytest.fixture
def evening(site, settings):
    """What there is to find: a wish, a poll and a meetup."""
    settings.ACCOUNT_RATE_LIMITS = False
    mail.outbox = []
    at, board, mara = timezone.now(), make_board("battery", name="Battery"), make_member("Mara Lindqvist")
    make_suggestion(WISH, author=mara, board=board, at=at)
    make_poll(post=make_post("Which colour next?", board=board, author=mara, at=at), at=at)
    make_meetup(board=board, at=at)
    drain()


@pytest.fixture
def phone(browser, site, evening):
    context = browser.new_context(base_url=site, locale="en-GB", reduced_motion="reduce", **TALL)
    context.add_init_script(f"({SHIFTS})()")
    yield watched(context.new_page())
    context.close()


def is_at_hand(page) -> None:
    """What is on the page now fits it, can be hit with a thumb, and did not jump on its way there."""
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert page.evaluate(SMALL) == [] and page.evaluate(LOW, MAIN) == []
    assert page.evaluate("window.moved") < 0.05
    assert page.faults == []


def finds_it_and_votes(phone) -> None:
    phone.goto("/")
    phone.get_by_role("banner").get_by_role("link", name="Search").tap()
    phone.locator("#words").fill("alarm")
    phone.locator("#words").press("Enter")
    phone.get_by_role("button", name=re.compile("1 vote. Vote for Charge limit")).tap()
    dialog = phone.get_by_role("dialog")
    dialog.get_by_label("Your mail address").fill("nora@example.org")
    go = dialog.get_by_role("button", name="Vote and send me a code")
    assert go.bounding_box()["y"] + 44 <= 780 - KEYBOARD
    go.tap()


def comes_in_and_sees_the_vote(phone) -> None:
    phone.get_by_label("Code").wait_for()
    is_at_hand(phone)
    come_in(phone)
    expect(phone.get_by_role("button", name=re.compile("2 votes"))).to_have_attribute("aria-pressed", "true")
    assert Vote.objects.filter(member__email="nora@example.org", suggestion__post__title=WISH).exists()
    is_at_hand(phone)


def plants_a_wish_with_a_picture(phone, folder: Path) -> None:
    (folder / "IMG_2048.jpg").write_bytes(photo())
    tab_bar(phone, "Suggest")
    phone.get_by_label("What do you wish for?").fill("Show the battery as a leaf")
    phone.get_by_label("Tell us about the last time you needed it").fill("At a glance, from across the table.")
    with phone.expect_file_chooser() as choosing:
        phone.get_by_text("Add pictures").tap()
    choosing.value.set_files(folder / "IMG_2048.jpg")
    phone.get_by_label("What does it show?").fill("A leaf, four fifths green")
    is_at_hand(phone)
    phone.get_by_role("button", name="Plant it").tap()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Show the battery as a leaf")
    expect(phone.get_by_role("img", name="A leaf, four fifths green")).to_be_visible()
    assert Attachment.objects.get().post == Post.objects.get(title="Show the battery as a leaf")
    is_at_hand(phone)


def has_a_say_in_the_poll(phone) -> None:
    tab_bar(phone, "Community")
    phone.get_by_role("link", name="Which colour next?").first.tap()
    phone.get_by_label("Slate").tap()
    poll = phone.get_by_role("region", name="Poll")
    poll.get_by_role("button", name="Vote", exact=True).tap()
    expect(poll.get_by_text("1 person voted")).to_be_visible()
    assert Ballot.objects.get().member.email == "nora@example.org"
    is_at_hand(phone)


def says_yes_to_the_meetup(phone) -> None:
    tab_bar(phone, "Community")
    phone.get_by_role("link", name="Linden in Leipzig").tap()
    phone.get_by_role("button", name="I am coming").tap()
    expect(phone.get_by_text("You have a place")).to_be_visible()
    assert Attendance.objects.get().state == "going"
    expect(phone.get_by_role("complementary").get_by_role("link", name=re.compile("^fan-"))).to_be_visible()
    is_at_hand(phone)
    with phone.expect_download() as arriving:
        phone.get_by_role("main").get_by_role("link", name="Into your calendar").first.tap()
    assert "SUMMARY:Linden in Leipzig" in arriving.value.path().read_text()


def signs_out(phone) -> None:
    phone.get_by_role("link", name=re.compile("your page")).tap()
    leave = phone.get_by_role("link", name="Sign out")
    leave.wait_for()
    is_at_hand(phone)
    leave.tap()
    phone.get_by_role("main").get_by_role("button", name="Sign Out").tap()
    expect(phone.get_by_role("link", name="Sign in")).to_be_visible()
    is_at_hand(phone)


def tab_bar(phone, name: str) -> None:
    phone.get_by_role("navigation", name="Main").get_by_role("link", name=name, exact=True).tap()


def test_an_evening_with_the_phone(phone, tmp_path):
    finds_it_and_votes(phone)
    comes_in_and_sees_the_vote(phone)
    plants_a_wish_with_a_picture(phone, tmp_path)
    has_a_say_in_the_poll(phone)
    says_yes_to_the_meetup(phone)
    signs_out(phone)
