"""The bell in a real browser, with a clock of its own: how often it asks, and what it shows."""

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import expect

from community.deliveries import drain
from community.models import Notice
from tests.factories import make_board, make_comment, make_member, make_post
from tests.stories.world import session_of

pytestmark = pytest.mark.browser
MINUTE, HOUR = 60_000, 3_600_000


@pytest.fixture
def mara(site):
    return make_member("Mara Lindqvist")


@pytest.fixture
def post(mara):
    return make_post("Which charger do you use?", author=mara, board=make_board(), at=timezone.now())


@pytest.fixture
def tab(page, site, mara):
    """Mara's tab, with a clock that only the test moves; `asked` collects what it asks the bell."""
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session_of(mara), "url": site}])
    page.asked = []
    page.on("request", lambda request: page.asked.append(request.url) if "/notices/bell/" in request.url else None)
    page.clock.install()
    return page


def talk(post):
    make_comment(post, "A small one.", author=make_member("Tomasz Wilk", email=None), at=timezone.now())
    drain()


def busy_for(tab, hours):
    """Somebody who reads: something stirs every minute."""
    for _ in range(int(hours * 60)):
        tab.clock.run_for(MINUTE)
        tab.evaluate("document.dispatchEvent(new Event('scroll'))")
        answered(tab)


def answered(tab):
    """Whatever was asked is answered: the test's clock runs ahead of the server, and tabs ask in turn."""
    tab.evaluate("() => navigator.locks.request('sprout-bell', () => null)")


def hide(tab, hidden):
    tab.evaluate(f"Object.defineProperty(document, 'hidden', {{ value: {str(hidden).lower()}, configurable: true }})")
    tab.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def test_an_hour_of_reading_asks_at_most_twelve_times(tab):
    tab.goto("/me/mail/")
    busy_for(tab, 1)
    assert 9 <= len(tab.asked) <= 12


def test_a_page_nobody_looks_at_asks_never(tab):
    tab.goto("/me/mail/")
    hide(tab, True)
    tab.clock.run_for(8 * HOUR)
    assert tab.asked == []


def test_a_page_left_open_stops_asking_after_half_an_hour(tab):
    tab.goto("/me/mail/")
    tab.clock.run_for(8 * HOUR)
    assert len(tab.asked) <= 6


def test_coming_back_asks_once_and_not_again_within_a_minute(tab):
    tab.goto("/me/mail/")
    hide(tab, True)
    tab.clock.run_for(10 * MINUTE)
    for _ in range(5):
        hide(tab, False)
        tab.clock.run_for(4_000)
        hide(tab, True)
    assert len(tab.asked) == 1


def test_four_tabs_ask_no_more_than_one_would(tab, page):
    tabs = [tab] + [page.context.new_page() for _ in range(3)]
    asked = []
    for one in tabs[1:]:
        one.on("request", lambda request: asked.append(request.url) if "/notices/bell/" in request.url else None)
    for one in tabs:
        one.goto("/me/mail/")
    begun = tab.evaluate("Date.now()")
    for _ in range(30):
        for one in tabs:
            one.clock.run_for(MINUTE)
            one.evaluate("document.dispatchEvent(new Event('scroll'))")
            answered(one)
    minutes = max(one.evaluate("Date.now()") - begun for one in tabs) / MINUTE
    # The clock of the test is one for all of them: it jumps in all at once, and their timers ring together.
    assert 1 <= len(asked) + len(tab.asked) <= minutes / 5 + 1


def test_the_new_number_shows_without_a_reload(tab, post):
    tab.goto("/me/mail/")
    talk(post)
    tab.clock.run_for(6 * MINUTE)
    expect(tab.get_by_role("link", name="Notices, 1 unread")).to_be_visible()
    assert tab.faults == []


def test_at_a_desk_the_newest_open_under_the_bell_and_escape_closes_them(tab, post):
    talk(post)
    tab.goto("/me/mail/")
    tab.get_by_role("link", name="Notices, 1 unread").click()
    panel = tab.locator("#bell-panel")
    expect(panel.get_by_role("button", name="Tomasz Wilk commented")).to_be_visible()
    tab.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    assert Notice.objects.unread().exists()
    assert tab.faults == []


def test_a_notice_in_the_panel_leads_to_the_very_place(tab, post):
    talk(post)
    tab.goto("/me/mail/")
    tab.locator("#bell").click()
    tab.locator("#bell-panel").get_by_role("button", name="Tomasz Wilk commented").click()
    tab.wait_for_url("**/posts/**")
    assert "#comment-" in tab.url
    assert not Notice.objects.unread().exists()


def test_on_a_phone_the_bell_leads_to_the_page(tab, post):
    tab.set_viewport_size({"width": 360, "height": 800})
    tab.goto("/me/mail/")
    tab.locator("#bell").click()
    tab.wait_for_url("**/me/notices/")
