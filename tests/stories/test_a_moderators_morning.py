"""A moderator's morning: the queue, two let through, one of them trusted, one declined, one hidden, an appeal to somebody else."""

import re

import pytest
from playwright.sync_api import expect

from community.deliveries import drain
from community.models import Decision, Member, Post
from community.posts import write_post
from community.screening import Manner
from tests.factories import make_board, make_member, make_moderator, make_newcomer, make_post
from tests.stories.world import session_of

pytestmark = pytest.mark.browser
TRAPPED = Manner("page", 900, trapped=True)


@pytest.fixture
def people(site, screened):
    """Two who keep the board, and what came in over night."""
    board = make_board("battery", name="Battery")
    at = Member.objects.create_user("clock", "clock@example.org").joined_at
    author, newcomer = make_member("Mara Lindqvist", username="mara"), make_newcomer("Bargain Bay")
    begun = (
        (author, "A kind question"),
        (make_newcomer("Nora Neu", username="nora"), "My first wish"),
        (newcomer, "Cheap cases"),
    )
    for writer, title in begun:
        write_post(author=writer, board=board, kind="discussion", title=title, body="Words.", at=at, manner=TRAPPED)
    rude = make_post("Too loud", author=author, board=board, at=at)
    drain()
    return {
        "moe": make_moderator("Moe", board=board),
        "sofia": make_moderator("Sofia", board=board),
        "mara": author,
        "rude": rude,
    }


@pytest.fixture
def as_(browser, site):
    """`as_(member)` is a tab of that person."""
    contexts = []

    def tab_of(member):
        context = browser.new_context(base_url=site, locale="en-GB", reduced_motion="reduce")
        contexts.append(context)
        context.add_cookies([{"name": "session", "value": session_of(member), "url": site}])
        tab = context.new_page()
        tab.set_default_timeout(20_000)
        return tab

    yield tab_of
    for context in contexts:
        context.close()


def state(title: str) -> str:
    return Post.objects.get(title=title).state


def test_a_moderators_morning(people, as_):
    moe = as_(people["moe"])
    moe.goto("/community/")
    moe.get_by_role("link", name="Moderation, 3 wait").click()
    expect(moe.get_by_role("heading", name="What waits")).to_be_visible()

    # By keyboard: to the first case, and let it through.
    moe.wait_for_load_state()
    moe.keyboard.press("j")
    expect(moe.locator("[data-case]").first).to_be_focused()
    moe.keyboard.press("a")
    expect(moe.get_by_text("is let through")).to_be_visible()
    assert state("A kind question") == "visible"

    # The next is let through as well, and its author waits no more.
    moe.get_by_role("listitem").filter(has_text="My first wish").get_by_role("button", name="Let through and trust").click()
    expect(moe.get_by_text("Its author waits no more")).to_be_visible()
    assert state("My first wish") == "visible"
    assert Decision.objects.filter(verdict="trusted", member__username="nora", by=people["moe"]).exists()

    # The third is declined, with a reason, in a dialog.
    moe.wait_for_load_state()
    moe.keyboard.press("j")
    moe.keyboard.press("d")
    dialog = moe.get_by_role("dialog")
    dialog.get_by_label("Advertising or spam").check()
    dialog.get_by_label("A sentence to the person").fill("No adverts, please.")
    dialog.get_by_role("button", name="Decline").click()
    expect(moe.get_by_text("Nothing waits")).to_be_visible()
    assert state("Cheap cases") == "hidden" and Decision.objects.latest("pk").words == "No adverts, please."

    # On the page of a post: hide, with a reason.
    moe.goto(people["rude"].get_absolute_url())
    moe.get_by_role("link", name="Hide").click()
    dialog.get_by_label("Unkind or abusive").check()
    dialog.get_by_role("button", name="Hide").click()
    expect(moe.get_by_text("Its author reads why and may appeal")).to_be_visible()
    assert state("Too loud") == "hidden"
    drain()

    # Mara reads why, and appeals.
    mara = as_(people["mara"])
    mara.goto("/me/decisions/")
    mara.get_by_role("link", name="Your post was hidden by a moderator.").click()
    expect(mara.get_by_text("We argue about things, never about people.")).to_be_visible()
    mara.get_by_label("Why do you see it differently?").fill("I was quoting my father.")
    mara.get_by_role("button", name="Appeal").click()
    expect(mara.get_by_text("Somebody else than before will look at it")).to_be_visible()

    # Moe is not asked; Sofia is, and overturns it.
    moe.goto("/moderation/")
    expect(moe.get_by_text("Nothing waits")).to_be_visible()
    sofia = as_(people["sofia"])
    sofia.goto("/moderation/?kind=appeal")
    expect(sofia.get_by_text("I was quoting my father.")).to_be_visible()
    sofia.get_by_label("A sentence to the person").fill("It is a quotation.")
    sofia.get_by_role("button", name="Overturn").click()
    expect(sofia.get_by_text("everything is as it was before")).to_be_visible()
    assert state("Too loud") == "visible"
    mara.reload()
    expect(mara.get_by_text(re.compile("Granted"))).to_be_visible()
