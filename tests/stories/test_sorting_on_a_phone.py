"""Two minutes in the queue: a visitor sorts by swipe and by thumb on a phone, and all of it counts once they are in."""

import re

import pytest
from django.core import mail
from playwright.sync_api import expect

from community.deliveries import drain
from feedback.models import Judgement, Vote
from tests.factories import make_board, make_member, make_suggestion
from tests.stories.conftest import watched
from tests.stories.test_on_a_phone import PHONE, come_in

pytestmark = pytest.mark.browser


@pytest.fixture
def wishes(site, settings):
    settings.ACCOUNT_RATE_LIMITS = False
    mail.outbox = []
    mara, board = make_member("Mara Lindqvist"), make_board("battery", name="Battery")
    found = [make_suggestion(f"A wish of its own, number {number}", author=mara, board=board) for number in range(13)]
    drain()
    return found


@pytest.fixture
def phone(browser, site, wishes):
    context = browser.new_context(base_url=site, locale="en-GB", **PHONE)
    yield watched(context.new_page())
    context.close()


def title(page) -> str:
    return page.locator("#sort-title").inner_text()


def next_card(page, before: str) -> None:
    expect(page.locator("#sort-title")).not_to_have_text(before)


def swipe(page, far: int) -> None:
    """A finger lays itself on the card and goes so far to the right."""
    page.locator("[data-top]").evaluate(
        """(card, far) => {
            const { left, top } = card.getBoundingClientRect();
            const touch = (kind, x) => card.dispatchEvent(new PointerEvent(kind, {
                bubbles: true, pointerId: 7, pointerType: "touch", clientX: left + 120 + x, clientY: top + 20 }));
            card.setPointerCapture = () => {};
            touch("pointerdown", 0); touch("pointermove", far / 2); touch("pointermove", far); touch("pointerup", far);
        }""",
        far,
    )


def press(page, name: str) -> None:
    before = title(page)
    page.get_by_role("button", name=name).tap()
    next_card(page, before)


def test_a_visitor_sorts_with_one_thumb_and_it_counts_once_they_are_in(phone):
    phone.goto("/")
    phone.get_by_role("link", name="Help us sort").first.tap()
    before = title(phone)
    swipe(phone, 200)
    next_card(phone, before)
    before = title(phone)
    swipe(phone, -200)
    next_card(phone, before)
    for name in ("Skip", "I want this", "Not for me"):
        press(phone, name)
    expect(phone.get_by_text("Your 5 answers wait here.")).to_be_visible()
    phone.get_by_label("Your mail address").fill("nora@example.org")
    phone.get_by_role("button", name="Make them count").tap()
    come_in(phone)
    expect(phone.get_by_text("5 suggestions heard you")).to_be_visible()
    assert Vote.objects.filter(member__email="nora@example.org").count() == 2
    assert sorted(Judgement.objects.values_list("verdict", flat=True)) == ["passed", "passed", "skipped"]
    assert phone.faults == []


def test_a_finger_that_changes_its_mind_answers_nothing(phone):
    phone.goto("/sort/")
    before = title(phone)
    swipe(phone, 40)
    phone.wait_for_timeout(400)
    assert title(phone) == before
    assert phone.locator("[data-top]").evaluate("card => getComputedStyle(card).transform") in (
        "none",
        "matrix(1, 0, 0, 1, 0, 0)",
    )


def test_the_last_one_comes_back_and_ten_are_thanked_for(phone):
    phone.goto("/sort/")
    first = title(phone)
    press(phone, "I want this")
    phone.get_by_role("button", name="Take back the last one").tap()
    expect(phone.locator("#sort-title")).to_have_text(first)
    for _card in range(9):
        press(phone, "I want this")
    phone.get_by_role("button", name="I want this").tap()
    expect(phone.get_by_role("heading", name=re.compile("10 suggestions heard you"))).to_be_visible()
    phone.get_by_role("link", name="Ten more").tap()
    expect(phone.get_by_text("1 of 10")).to_be_visible()


def test_the_answers_are_under_the_thumb_and_everything_can_be_hit(phone):
    phone.goto("/sort/")
    for name in ("Not for me", "Skip", "I want this"):
        box = phone.get_by_role("button", name=name).bounding_box()
        assert box["height"] >= 44 and box["y"] + box["height"] <= 740 - 60
    assert phone.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_arrow_keys_answer_at_a_desk_and_leave_a_text_field_alone(browser, site, wishes):
    desk = watched(browser.new_context(base_url=site, locale="en-GB", viewport={"width": 1280, "height": 800}).new_page())
    desk.goto("/sort/")
    before = title(desk)
    desk.keyboard.press("ArrowRight")
    next_card(desk, before)
    expect(desk.locator("[data-top]")).to_be_focused()
    before = title(desk)
    desk.keyboard.press("ArrowDown")
    next_card(desk, before)
    before = title(desk)
    desk.get_by_role("combobox").fill("wish")
    desk.keyboard.press("ArrowLeft")
    desk.wait_for_timeout(400)
    assert title(desk) == before and desk.faults == []
    desk.context.close()


def test_without_script_the_same_buttons_do_it_in_a_page_more(browser, site, wishes):
    plain = browser.new_context(base_url=site, locale="en-GB", java_script_enabled=False, **PHONE).new_page()
    plain.goto("/sort/")
    before = plain.locator("#sort-title").text_content()
    plain.get_by_role("button", name="I want this").click()
    assert plain.locator("#sort-title").text_content() != before and "2 of 10" in plain.content()
    plain.context.close()


def test_the_search_box_offers_what_one_types_and_the_arrow_keys_walk_through_it(browser, site, wishes):
    desk = watched(browser.new_context(base_url=site, locale="en-GB", viewport={"width": 1280, "height": 800}).new_page())
    desk.goto("/")
    box = desk.get_by_role("combobox")
    box.press_sequentially("number 1", delay=20)
    expect(desk.get_by_role("option").first).to_be_visible()
    expect(box).to_have_attribute("aria-expanded", "true")
    desk.keyboard.press("ArrowDown")
    expect(desk.get_by_role("option").first).to_have_attribute("aria-selected", "true")
    desk.keyboard.press("Escape")
    expect(desk.get_by_role("option")).to_have_count(0)
    box.press("Enter")
    desk.wait_for_url(re.compile(r"/search/\?q=number"))
    assert desk.faults == []
    desk.context.close()
