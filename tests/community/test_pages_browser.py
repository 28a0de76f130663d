"""The pages in a real browser: with script, without it, by keyboard, and as axe reads them."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core import mail
from playwright.sync_api import expect

from community.deliveries import drain
from feedback.models import Vote
from tests.factories import make_board, make_comment, make_member, make_persona, make_post, make_suggestion

pytestmark = pytest.mark.browser
TITLE = "Charge limit at 80 % that learns my alarm"


@pytest.fixture
def garden(site, settings):
    """A wish with a comment, a discussion, a persona to choose; mails are kept in memory."""
    settings.ACCOUNT_RATE_LIMITS = False
    mail.outbox = []
    make_persona("commuter", name="Daily commuter")
    board = make_board("battery", name="Battery and charging")
    wish = make_suggestion(TITLE, author=make_member("Mara Lindqvist"), board=board, body="So **please**.", tags=["Alarm"])
    make_comment(wish.post, "The alarm is the one thing that is always right.")
    make_post("Who else wakes at six?", board=board)
    drain()
    return wish


def newest_code() -> str:
    lines = [line.strip() for line in mail.outbox[-1].body.splitlines()]
    return next(line for line in lines if re.fullmatch(r"[A-Z0-9]{3,4}-?[A-Z0-9]{3,4}", line))


def come_in(page) -> None:
    page.get_by_label("Code").fill(newest_code())
    page.get_by_role("button", name="Go on").click()


@pytest.fixture
def signed_in(page, garden):
    """Nora, freshly joined, on the home page."""
    page.goto("/accounts/login/")
    page.get_by_label("Your mail address").fill("nora@example.org")
    page.get_by_role("button", name="Send me a code").click()
    come_in(page)
    return page


def test_a_visitors_vote_takes_a_dialog_an_address_and_a_code(page, garden):
    page.goto("/suggestions/")
    page.get_by_role("button", name=re.compile("Vote for Charge limit")).click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Vote for")
    dialog.get_by_label("Your mail address").fill("nora@example.org")
    dialog.get_by_role("button", name="Vote and send me a code").click()
    expect(page.get_by_text("is kept.")).to_be_visible()
    come_in(page)
    expect(page.get_by_role("button", name=re.compile("2 votes"))).to_have_attribute("aria-pressed", "true")
    assert Vote.objects.standing().filter(suggestion=garden, member__email="nora@example.org").exists()
    assert page.faults == []


def test_the_same_works_without_script(browser, site, garden):
    context = browser.new_context(base_url=site, java_script_enabled=False)
    page = context.new_page()
    page.goto("/suggestions/")
    page.get_by_role("button", name=re.compile("Vote for Charge limit")).click()
    page.get_by_label("Your mail address").fill("nora@example.org")
    page.get_by_role("button", name="Vote and send me a code").click()
    come_in(page)
    expect(page.get_by_role("button", name=re.compile("2 votes"))).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name=re.compile("2 votes")).click()
    expect(page.get_by_role("button", name=re.compile("1 vote"))).to_have_attribute("aria-pressed", "false")
    page.get_by_role("button", name="深色").or_(page.get_by_role("button", name="Dark")).click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    context.close()


def test_a_member_votes_says_the_need_and_the_persona_without_leaving_the_list(signed_in, garden):
    page = signed_in
    page.goto("/suggestions/")
    page.get_by_role("button", name=re.compile("Vote for Charge limit")).click()
    expect(page.get_by_role("button", name=re.compile("2 votes"))).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Cannot do without").click()
    expect(page.get_by_role("button", name="Cannot do without")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Daily commuter").click()
    expect(page.get_by_text("Your votes count for: Daily commuter")).to_be_visible()
    page.get_by_role("button", name=re.compile("2 votes")).click()
    expect(page.get_by_role("button", name=re.compile("1 vote"))).to_have_attribute("aria-pressed", "false")
    assert page.faults == []


def test_somebody_who_types_is_shown_the_same_wish_and_votes_for_it_instead(signed_in, garden):
    page = signed_in
    page.goto("/posts/new/")
    page.get_by_label("What do you wish for?").press_sequentially("a charge limit for my alarm", delay=5)
    box = page.get_by_role("region", name="Similar suggestions")
    expect(box.get_by_role("link", name=TITLE)).to_be_visible()
    box.get_by_role("button").first.click()
    expect(box).to_contain_text("Thank you, your vote counts there.")
    expect(page.get_by_label("What do you wish for?")).to_have_value("a charge limit for my alarm")
    assert Vote.objects.standing().filter(suggestion=garden, member__email="nora@example.org").exists()
    assert page.faults == []


def test_the_preview_comes_while_writing_and_the_post_after(signed_in, garden):
    page = signed_in
    page.goto("/posts/new/")
    page.get_by_label("What do you wish for?").fill("Let me decide which hand")
    page.get_by_label("Tell us about the last time you needed it").fill("I have **small** hands.")
    page.get_by_role("button", name="Preview").click()
    expect(page.locator("#preview strong")).to_have_text("small")
    page.get_by_text("Important").click()
    page.get_by_role("button", name="Plant it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Let me decide which hand")
    expect(page.get_by_role("button", name="Important")).to_have_attribute("aria-pressed", "true")
    assert page.faults == []


def test_a_comment_is_written_answered_mended_and_taken_back_in_its_place(signed_in, garden):
    page = signed_in
    page.goto(garden.post.get_absolute_url())
    page.get_by_label("Add to it").fill("I would use it tonight.")
    page.get_by_role("button", name="Post comment").click()
    mine = page.locator("article.comment", has_text="I would use it tonight.").last
    expect(mine).to_be_visible()
    expect(page.get_by_label("Add to it")).to_have_value("")
    mine.get_by_role("link", name="Edit").click()
    mine.get_by_label("Your comment").fill("I would use it every night.")
    mine.get_by_role("button", name="Save").click()
    mended = page.locator("article.comment", has_text="every night").last
    mended.get_by_role("button", name="Take back").click()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("I would use it every night.")).to_be_visible()
    page.get_by_role("link", name="Reply").first.click()
    page.get_by_label(re.compile("Answer")).fill("So it is.")
    page.locator("[id^=reply-]").get_by_role("button", name="Post comment").click()
    expect(page.get_by_text("So it is.")).to_be_visible()
    assert page.faults == []


def test_a_refusal_appears_as_a_note_and_leaves_the_button(signed_in, garden):
    page = signed_in
    page.goto("/suggestions/")
    board = garden.post.board
    board.vote = "staff"
    board.save()
    page.get_by_role("button", name=re.compile("Vote for Charge limit")).click()
    expect(page.get_by_role("alert")).to_contain_text("does not take votes")
    expect(page.get_by_role("button", name=re.compile("1 vote"))).to_have_attribute("aria-pressed", "false")


def test_theme_and_language_change_at_once_for_a_visitor(page, garden):
    page.goto("/")
    page.get_by_role("button", name="Dark").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.get_by_role("button", name="简体中文").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-hans")
    assert page.faults == []


def test_by_keyboard_the_first_stop_skips_to_the_content_and_escape_closes_the_dialog(page, garden):
    page.goto("/suggestions/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    vote = page.get_by_role("button", name=re.compile("Vote for Charge limit"))
    vote.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Your mail address")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(vote).to_be_focused()


PLACES = [
    "/",
    "/suggestions/",
    "/suggestions/?q=nothing+says+this",
    "/posts/new/?title=charge+limit+alarm",
    "/community/",
    "/search/",
]
ENTRANCE = ["/accounts/login/", "/accounts/password/reset/", "/settings/look/", "/nowhere/"]
OWN = [
    "/",
    "/me/settings/",
    "/accounts/2fa/",
    "/accounts/email/",
    "/accounts/password/set/",
    "/accounts/logout/",
    "/posts/new/",
]


def faults_of(page, addresses: list[str]) -> list[str]:
    """What axe finds on these pages in both themes on a phone and at a desk, and what is wider than the screen."""
    found = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        for width in (360, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            for address in addresses:
                page.goto(address)
                if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
                    found.append(f"{address} {width}: too wide")
                for fault in Axe().run(page).response["violations"]:
                    found.append(f"{address} {scheme} {width}: {fault['id']} {fault['nodes'][0]['html'][:120]}")
    return found


@pytest.fixture
def measured(browser, site):
    """A page that lets axe in: its script is not ours, so the policy would keep it out."""
    context = browser.new_context(base_url=site, bypass_csp=True, locale="en-GB")
    yield context.new_page()
    context.close()


@pytest.mark.slow
def test_axe_finds_nothing_on_a_visitors_pages(measured, garden):
    post = garden.post.get_absolute_url()
    assert (
        faults_of(measured, [*PLACES, *ENTRANCE, post, f"/posts/{garden.pk}/vote/", f"/posts/{garden.pk}/comments/new/"]) == []
    )


@pytest.mark.slow
def test_axe_finds_nothing_on_a_members_pages(measured, garden):
    page = measured
    page.goto("/accounts/login/")
    page.get_by_label("Your mail address").fill("nora@example.org")
    page.get_by_role("button", name="Send me a code").click()
    assert faults_of(page, ["/accounts/login/code/confirm/"]) == []
    come_in(page)
    page.goto(garden.post.get_absolute_url())
    page.get_by_role("button", name=re.compile("Vote for Charge limit")).click()
    expect(page.get_by_role("button", name="Daily commuter")).to_be_visible()
    assert faults_of(page, [*OWN, garden.post.get_absolute_url(), garden.post.author.get_absolute_url()]) == []
