"""The main path without a mouse, without script, and without movement."""

import re

import pytest
from django.core import mail
from playwright.sync_api import expect

from community.deliveries import drain
from community.models import Comment, Follow, Post
from feedback.models import Need, Vote
from tests.factories import make_board, make_member, make_suggestion
from tests.stories.world import session_of

pytestmark = pytest.mark.browser
TITLE = "Charge limit at 80 % that learns my alarm"
VOTE = re.compile("Vote for Charge limit")


@pytest.fixture
def wish(site, settings):
    settings.ACCOUNT_RATE_LIMITS = False
    mail.outbox = []
    made = make_suggestion(TITLE, author=make_member("Mara Lindqvist"), board=make_board("battery", name="Battery"))
    drain()
    return made


@pytest.fixture
def nora(wish):
    return make_member("Nora Neu")


def enter(page, site, member):
    page.context.add_cookies([{"name": "session", "value": session_of(member), "url": site}])


def newest_code() -> str:
    return re.search(r"^\s*([A-Z0-9]{3,4}-?[A-Z0-9]{3,4})\s*$", mail.outbox[-1].body, flags=re.MULTILINE).group(1)


def tab_to(page, target, most: int = 80) -> None:
    """Tab is pressed until the target has the focus, and the focus is drawn around it."""
    for _press in range(most):
        if target.evaluate("one => one === document.activeElement"):
            break
        page.keyboard.press("Tab")
    expect(target).to_be_focused()
    drawn = target.evaluate(
        "one => [getComputedStyle(one), getComputedStyle(one.closest('label') || one)].map((s) => s.outlineStyle)"
    )
    assert "solid" in drawn or "auto" in drawn


def test_a_vote_and_its_need_are_given_by_keyboard_alone(page, site, nora):
    enter(page, site, nora)
    page.goto("/suggestions/")
    tab_to(page, page.get_by_role("button", name=VOTE))
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name=re.compile("2 votes"))).to_have_attribute("aria-pressed", "true")
    need = page.get_by_role("button", name="Cannot do without")
    tab_to(page, need)
    page.keyboard.press("Space")
    expect(need).to_have_attribute("aria-pressed", "true")
    assert Vote.objects.get(member=nora).need == Need.MUST
    assert page.faults == []


def test_a_suggestion_is_written_by_keyboard_alone(page, site, nora):
    enter(page, site, nora)
    page.goto("/")
    tab_to(page, page.get_by_role("link", name="Suggest", exact=True))
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_label("What do you wish for?"))
    page.keyboard.type("Let me decide which hand")
    tab_to(page, page.get_by_label("Tell us about the last time you needed it"))
    page.keyboard.type("I have small hands.")
    tab_to(page, page.get_by_role("radio", name="Nice to have"))
    page.keyboard.press("ArrowRight")
    tab_to(page, page.get_by_role("button", name="Plant it"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Let me decide which hand")
    assert Vote.objects.get(member=nora).need == Need.IMPORTANT


def test_a_comment_is_written_and_a_post_followed_by_keyboard_alone(page, site, nora, wish):
    enter(page, site, nora)
    page.goto(wish.post.get_absolute_url())
    follow = page.get_by_role("button", name="Follow")
    tab_to(page, follow)
    page.keyboard.press("Enter")
    expect(follow).to_have_attribute("aria-pressed", "true")
    tab_to(page, page.get_by_label("Add to it"))
    page.keyboard.type("I would use it tonight.")
    tab_to(page, page.get_by_role("button", name="Post comment"))
    page.keyboard.press("Enter")
    expect(page.locator("article.comment")).to_contain_text("I would use it tonight.")
    assert page.faults == []


def test_following_looks_different_from_not_following(page, site, nora, wish):
    enter(page, site, nora)
    page.goto(wish.post.get_absolute_url())
    follow = page.get_by_role("button", name="Follow")
    look = "one => { const s = getComputedStyle(one); return [s.backgroundColor, s.borderTopColor] }"
    before = follow.evaluate(look)
    follow.click()
    expect(follow).to_have_attribute("aria-pressed", "true")
    page.mouse.move(0, 0)
    assert all(new != old for new, old in zip(follow.evaluate(look), before, strict=True))


@pytest.fixture
def bare(browser, site, wish):
    """A visitor whose browser runs no script."""
    context = browser.new_context(base_url=site, locale="en-GB", java_script_enabled=False)
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()


def come_in(page) -> None:
    page.get_by_label("Code").wait_for()
    page.get_by_label("Code").fill(newest_code())
    page.get_by_role("button", name="Go on").click()


def test_without_script_a_visitor_votes_before_signing_in_and_says_the_need(bare, wish):
    bare.goto("/suggestions/")
    bare.get_by_role("button", name=VOTE).click()
    bare.get_by_label("Your mail address").fill("nora@example.org")
    bare.get_by_role("button", name="Vote and send me a code").click()
    come_in(bare)
    expect(bare.get_by_role("button", name=re.compile("2 votes"))).to_have_attribute("aria-pressed", "true")
    bare.get_by_role("button", name="Important").click()
    assert Vote.objects.get(member__email="nora@example.org").need == Need.IMPORTANT


def test_without_script_a_visitor_sees_a_preview_and_plants_the_wish(bare):
    bare.goto("/posts/new/")
    bare.get_by_label("What do you wish for?").fill("Let me decide which hand")
    bare.get_by_label("Tell us about the last time you needed it").fill("I have **small** hands.")
    bare.get_by_role("button", name="Preview").click()
    expect(bare.locator("#preview strong")).to_have_text("small")
    expect(bare.get_by_label("What do you wish for?")).to_have_value("Let me decide which hand")
    bare.get_by_label("Your mail address").fill("nora@example.org")
    bare.get_by_role("button", name="Plant it").click()
    come_in(bare)
    expect(bare.get_by_role("heading", level=1)).to_have_text("Let me decide which hand")
    assert Post.objects.get(title="Let me decide which hand").author.email == "nora@example.org"


def test_without_script_a_visitor_comments_and_follows(bare, wish):
    bare.goto(wish.post.get_absolute_url())
    bare.get_by_role("link", name="Write a comment").click()
    bare.get_by_label("Add to it").fill("I would use it tonight.")
    bare.get_by_label("Your mail address").fill("nora@example.org")
    bare.get_by_role("button", name="Post and send me a code").click()
    come_in(bare)
    expect(bare.locator("article.comment")).to_contain_text("I would use it tonight.")
    assert Comment.objects.get().author.email == "nora@example.org"


def test_without_script_a_member_follows_and_stops(bare, site, nora, wish):
    enter(bare, site, nora)
    bare.goto(wish.post.get_absolute_url())
    for pressed in ("true", "false"):
        bare.get_by_role("button", name="Follow").click()
        expect(bare.get_by_role("button", name="Follow")).to_have_attribute("aria-pressed", pressed)
    assert not Follow.objects.filter(member=nora, muted=False).exists()


def test_without_script_language_and_theme_take_one_page_more(bare):
    bare.goto("/suggestions/")
    for name, attribute, value in (("Dark", "data-theme", "dark"), ("简体中文", "lang", "zh-hans")):
        bare.get_by_role("button", name=name).click()
        bare.get_by_role("button", name=name).click()
        expect(bare.locator("html")).to_have_attribute(attribute, value)
        assert bare.url.endswith("/suggestions/")


MOVING = "() => document.getAnimations().filter((one) => one.playState === 'running').length"


@pytest.mark.parametrize(("wanted", "moves"), [("reduce", False), ("no-preference", True)])
def test_nothing_moves_for_those_who_asked_for_rest(browser, site, wish, wanted, moves):
    context = browser.new_context(base_url=site, reduced_motion=wanted)
    page = context.new_page()
    page.goto(wish.post.get_absolute_url())
    assert (page.evaluate(MOVING) > 0) is moves
    context.close()
