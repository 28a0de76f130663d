"""The whole loop in a real browser: a wish, votes, triage, a score, the roadmap, a release, points, the weekly mail."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from community import mailings
from community.deliveries import drain
from community.models import Board, Member, Persona, Product
from feedback.models import Suggestion, Vote
from rewards.ledger import balances_of
from tests.factories import make_admin, make_member

TITLE = "Let the torch dim slowly at night"


@pytest.fixture
def people(site, monkeypatch):
    """A product with a board, an established fan, and a member of staff who signs in by password."""
    # Playwright keeps an event loop on this thread; the test itself is not asynchronous.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    product = Product.objects.create(slug="linden-os", name="Linden OS")
    Board.objects.create(slug="light", name="Light and sound", product=product)
    Persona.objects.create(slug="camper", name="Camper")
    staff = make_admin("Ines Okafor", is_demo=True)
    staff.set_password("a long enough password")
    staff.save()
    return {"fan": make_member("Tomasz Wilk"), "staff": staff, "product": product}


def code_in(message) -> str:
    """The code in the newest sign-in mail."""
    return re.search(r"^\s*([A-Z0-9-]{5,12})\s*$", message.body, flags=re.MULTILINE).group(1)


def sign_in_with_code(page, address=None):
    if address:
        page.fill("input[type=email]:visible", address)
        page.click("button:has-text('code'):visible")
    page.wait_for_selector("#id_code")
    page.fill("#id_code", code_in(mail.outbox[-1]))
    page.click("button:has-text('Go on')")


def send_the_news():
    """What waits goes out; news is gathered for a minute, and for an hour per thread."""
    later = timezone.now() + timedelta(hours=2)
    while mailings.send_batch(kind="news", at=later):
        pass


def write_as_a_visitor(page):
    """Step 1 and 2: the wish is written first; the account comes with the code."""
    page.goto("/posts/new/")
    page.fill("[name=title]", TITLE)
    page.fill("[name=body]", "When I camp, **full light** wakes everybody.")
    page.click("button:has-text('Preview')")
    page.wait_for_selector("#preview strong:has-text('full light')")
    page.fill("[name=tags]", "torch, camping")
    page.fill("input[type=email]:visible", "mara@example.org")
    page.click("button:not(.vh):has-text('Plant it')")
    sign_in_with_code(page)
    page.wait_for_selector(f"h1:has-text('{TITLE}')")
    return Suggestion.objects.get(post__title=TITLE)


def vote_as_a_visitor(page, title):
    """Step 1 and 3: a vote on the list, an address afterwards, the need and the persona with one tap each."""
    page.goto("/suggestions/")
    page.click(f"button[aria-label*='{title}']")
    sign_in_with_code(page, "nora@example.org")
    page.wait_for_url("**/posts/**")
    page.click("button:has-text('Cannot do without')")
    page.wait_for_selector("button[aria-pressed=true]:has-text('Cannot do without')")
    page.click("button.pick:has-text('Camper')")
    page.wait_for_selector("button.pick:has-text('Camper')", state="detached")


def vote_for_the_similar_one(page, member):
    """Step 2: whoever is about to write the same sees it and votes instead."""
    page.goto("/posts/new/")
    page.type("[name=title]", "Torch should dim at night", delay=5)
    button = page.wait_for_selector(f"button[aria-label*='{TITLE}']")
    button.click()
    page.wait_for_selector("text=/thank/i")
    assert Vote.objects.standing().filter(member=member, suggestion__post__title=TITLE).exists()


def talk(page, suggestion):
    page.goto(suggestion.post.get_absolute_url())
    page.fill("textarea[name=body]", "Shift worker here: *please*.")
    page.click("button:not(.vh):has-text('Post comment')")
    page.wait_for_selector(".comment em:has-text('please')")


def enter(context, member):
    """The member's session, as if they had signed in on this browser."""
    client = Client()
    client.force_login(member)
    page = context.new_page()
    cookie = client.cookies["session"]
    context.add_cookies([{"name": "session", "value": cookie.value, "domain": "127.0.0.1", "path": "/"}])
    return page


def triage_in_the_admin(desk, suggestion):
    """Step 4: how it is seen, then planned on the roadmap, then in progress with an answer."""
    desk.goto(f"/admin/feedback/suggestion/{suggestion.pk}/change/")
    desk.select_option("[name=frequency]", "3")
    desk.click(".desk-facts ~ p button")
    desk.wait_for_selector("text=Saved.")
    desk.click("button:has-text('Put it on the roadmap')")
    desk.wait_for_selector("text=On the roadmap")
    desk.select_option("[name=status]", "in-progress")
    desk.fill("[name=answer]", "We will. It dims over three seconds.")
    desk.click("button:has-text('Publish')")
    desk.wait_for_selector("text=everybody concerned is told")


def ship_in_the_admin(desk, product):
    """Step 6: a release is drafted with the suggestion and shipped by one button."""
    desk.goto("/admin/feedback/release/add/")
    desk.select_option("[name=product]", str(product.pk))
    desk.fill("[name=version]", "3.4")
    desk.fill("[name=title]", "Quiet nights")
    desk.fill("[name=notes]", "The torch wakes **nobody**.")
    desk.fill(".select2-search__field", "torch")
    desk.click(f".select2-results__option:has-text('{TITLE}')")
    desk.click("[name=_continue]")
    desk.click("a:has-text('Ship')")
    desk.click("button:has-text('Ship')")
    desk.wait_for_selector("h1:has-text('Quiet nights')")


def test_a_wish_grows_from_a_visitors_words_to_a_release_that_thanks_them(page, browser, site, people):
    suggestion = write_as_a_visitor(page)
    drain()
    mara = Member.objects.get(email="mara@example.org")
    assert suggestion.post.author == mara and Vote.objects.get().member == mara

    second = browser.new_context(base_url=site).new_page()
    vote_as_a_visitor(second, TITLE)
    nora = Member.objects.get(email="nora@example.org")
    assert Vote.objects.get(member=nora).need == 1000 and nora.persona.slug == "camper"

    third = enter(browser.new_context(base_url=site), people["fan"])
    vote_for_the_similar_one(third, people["fan"])
    talk(third, suggestion)
    drain()

    # Step 5: workers have scored it, and the page says why.
    third.goto(suggestion.post.get_absolute_url())
    assert third.inner_text(".vote-wide").startswith("3")
    third.wait_for_selector("details.why :text('Demand')")

    desk = enter(browser.new_context(base_url=site), people["staff"])
    triage_in_the_admin(desk, suggestion)
    drain()
    send_the_news()
    suggestion.refresh_from_db()
    assert suggestion.status == "in-progress"
    assert any("three seconds" in message.body for message in mail.outbox if message.to == ["mara@example.org"])
    page.goto("/me/notices/")
    page.wait_for_selector(f"text={TITLE}")
    page.goto(suggestion.post.get_absolute_url())
    page.wait_for_selector(".answer :text('three seconds')")

    ship_in_the_admin(desk, people["product"])
    drain()
    send_the_news()

    # Step 6: the roadmap shows it, the release names the fan, every voter hears of it.
    page.goto("/roadmap/")
    page.wait_for_selector(f".lane :text('{TITLE}')")
    page.goto("/releases/")
    page.click("text=Quiet nights")
    page.wait_for_selector(f".made :text('{mara.display_name}')")
    page.wait_for_selector(f"text={TITLE}")
    told = {message.to[0] for message in mail.outbox if "with Linden OS 3.4" in message.subject}
    assert told >= {"mara@example.org", "nora@example.org", people["fan"].email}

    # Step 7: adopted and shipped pay, and every number opens to its statement.
    assert balances_of([mara.pk])[mara.pk]["points"] > 0
    page.goto("/me/points/")
    page.wait_for_selector(f"text={TITLE}")
    call_command("audit_ledger")
    call_command("rescore", "--verify")

    # Step 8: one digest each for the week, in which the release stands.
    mail.outbox.clear()
    year, week, _day = timezone.now().isocalendar()
    for _twice in range(2):
        call_command("send_digest", "--week", f"{year}-W{week:02d}")
    digests = [message for message in mail.outbox if message.to == ["mara@example.org"]]
    assert len(digests) == 1 and TITLE in digests[0].body and "List-Unsubscribe-Post" in digests[0].extra_headers
    for tab in (page, second, third):
        assert not getattr(tab, "faults", [])
