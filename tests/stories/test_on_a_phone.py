"""A phone of 360 pixels: the whole way by thumb, and nothing too small to hit."""

import re

import pytest
from django.core import mail
from playwright.sync_api import expect

from community.deliveries import drain
from community.models import Post
from feedback.models import Vote
from tests.factories import make_board, make_member, make_suggestion
from tests.stories.conftest import watched

pytestmark = pytest.mark.browser
TITLE = "Charge limit at 80 % that learns my alarm"
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True, "device_scale_factor": 2}


@pytest.fixture
def phone(browser, site, settings):
    """A visitor's phone, on a site with one wish."""
    settings.ACCOUNT_RATE_LIMITS = False
    mail.outbox = []
    make_suggestion(TITLE, author=make_member("Mara Lindqvist"), board=make_board("battery", name="Battery"))
    drain()
    context = browser.new_context(base_url=site, locale="en-GB", **PHONE)
    yield watched(context.new_page())
    context.close()


def come_in(page) -> None:
    page.get_by_label("Code").wait_for()
    code = re.search(r"^\s*([A-Z0-9]{3,4}-?[A-Z0-9]{3,4})\s*$", mail.outbox[-1].body, flags=re.MULTILINE).group(1)
    page.get_by_label("Code").fill(code)
    page.get_by_role("button", name="Go on").tap()


def find(page, words: str):
    """Found by the magnifying glass of the top bar."""
    page.goto("/")
    page.get_by_role("banner").get_by_role("link", name="Search").tap()
    page.locator("#words").fill(words)
    page.get_by_role("main").get_by_role("button", name="Search").tap()
    return page.get_by_role("button", name=re.compile("Vote for Charge limit"))


def test_a_wish_is_found_voted_for_and_the_account_comes_with_the_code(phone):
    find(phone, "alarm").tap()
    dialog = phone.get_by_role("dialog")
    dialog.get_by_label("Your mail address").fill("nora@example.org")
    dialog.get_by_role("button", name="Vote and send me a code").tap()
    come_in(phone)
    expect(phone.get_by_role("button", name=re.compile("2 votes"))).to_have_attribute("aria-pressed", "true")
    assert Vote.objects.filter(member__email="nora@example.org").exists()
    assert phone.faults == []


def test_the_dialog_fits_the_phone_and_stands_above_the_tab_bar(phone):
    find(phone, "alarm").tap()
    box = phone.get_by_role("dialog").bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 360 and box["y"] >= 0 and box["y"] + box["height"] <= 740


def test_a_post_is_begun_from_the_tab_bar_and_the_same_wish_is_offered_under_the_title(phone):
    phone.goto("/")
    phone.get_by_role("navigation", name="Main").get_by_role("link", name="Suggest", exact=True).tap()
    title = phone.get_by_label("What do you wish for?")
    title.press_sequentially("a charge limit for my alarm", delay=5)
    offered = phone.get_by_role("region", name="Similar suggestions").get_by_role("link", name=TITLE)
    expect(offered).to_be_visible()
    text = phone.get_by_label("Tell us about the last time you needed it")
    assert title.bounding_box()["y"] < offered.bounding_box()["y"] < text.bounding_box()["y"]


def test_a_post_is_planted_from_the_phone(phone):
    phone.goto("/posts/new/")
    phone.get_by_label("What do you wish for?").fill("Let me decide which hand")
    phone.get_by_label("Tell us about the last time you needed it").fill("I have small hands.")
    phone.get_by_label("Your mail address").fill("nora@example.org")
    phone.get_by_role("button", name="Plant it").tap()
    come_in(phone)
    expect(phone.get_by_role("heading", level=1)).to_have_text("Let me decide which hand")
    assert Post.objects.filter(title="Let me decide which hand", author__email="nora@example.org").exists()


def test_somebody_signs_in_by_code_and_comes_back_to_where_they_were(phone):
    phone.goto("/roadmap/")
    phone.get_by_role("link", name="Sign in").tap()
    phone.get_by_label("Your mail address").fill("nora@example.org")
    phone.get_by_role("button", name="Send me a code").tap()
    come_in(phone)
    expect(phone.get_by_role("link", name=re.compile("your page"))).to_be_visible()
    assert phone.url.endswith("/roadmap/")


def test_the_tab_bar_is_under_the_thumb_on_every_page_and_covers_nothing_at_the_end(phone):
    phone.goto("/suggestions/")
    bar = phone.get_by_role("navigation", name="Main")
    box = bar.bounding_box()
    assert box["y"] + box["height"] == pytest.approx(740, abs=1) and box["width"] == pytest.approx(360, abs=1)
    assert all(link.bounding_box()["height"] >= 44 for link in bar.get_by_role("link").all())
    phone.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    last = phone.get_by_role("contentinfo").get_by_role("button").last.bounding_box()
    assert last["y"] + last["height"] <= box["y"]


# A target is at least 24 px, or has so much room around its middle (WCAG 2.5.8); links inside a sentence are excepted.
SMALL = """() => {
    const middles = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")]
        .filter((one) => one.checkVisibility({ visibilityProperty: true }) && !one.closest(".vh, .skip, dialog"))
        .map((one) => ({ one, box: (one.closest("label") || one).getBoundingClientRect() }))
        .filter(({ box }) => box.width > 1);
    const inSentence = (one) => one.matches("p a, li a, td a, dd a, .by a") && getComputedStyle(one).display === "inline";
    return middles.filter(({ one, box }) => Math.min(box.width, box.height) < 23.5 && !inSentence(one))
        .map(({ one, box }) => `${Math.round(box.width)}x${Math.round(box.height)} ${one.outerHTML.slice(0, 120)}`);
}"""
MAIN = ".btn-leaf, .vote, .mainnav a, .iconbtn, .input:not(.find .input)"
LOW = """(main) => [...document.querySelectorAll(main)].filter((one) => one.checkVisibility() && !one.closest("dialog"))
    .filter((one) => one.getBoundingClientRect().height < 43.5).map((one) => one.outerHTML.slice(0, 120))"""
PAGES = [
    "home",
    "search results",
    "sort",
    "suggestions",
    "post",
    "new",
    "comment",
    "vote",
    "roadmap",
    "release",
    "community",
    "honours",
    "sign-in",
]
OWN = ["post", "points", "notices", "settings", "tokens", "mail preferences", "edit", "same", "member"]


@pytest.mark.parametrize(("who", "names"), [("", PAGES), ("fan", OWN)], ids=["visitor", "fan"])
def test_everything_can_be_hit_and_what_matters_most_easily(visit, world, who, names):
    tab, small, low = visit(who, **PHONE), {}, {}
    for name in names:
        tab.goto(world.address(name))
        small[name], low[name] = tab.evaluate(SMALL), tab.evaluate(LOW, MAIN)
    assert {name: found for name, found in small.items() if found} == {}
    assert {name: found for name, found in low.items() if found} == {}
    assert tab.faults == []
