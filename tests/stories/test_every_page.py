"""Every page, as everybody who may see it: at both widths and in both themes, axe and the browser have nothing to say."""

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = pytest.mark.browser

VISITORS = [
    "home", "suggestions", "suggestions filtered", "nothing found", "search", "search results", "search finds nothing", "sort", "post", "post in Chinese", "declined bug", "question", "story", "history", "new", "new question",
    "vote", "follow", "comment", "roadmap", "roadmap column", "releases", "release", "member", "member's talk", "unclaimed", "goodbye", "community", "honours", "groups", "group", "apply",
    "look", "rules", "moderation in numbers", "report", "sign-in", "code", "password reset", "unsubscribe", "mail choice", "mute a thread", "follow a board", "not found",
]  # fmt: skip
FANS = [
    "sort", "search results", "home", "suggestions", "post", "post in Chinese", "new", "edit", "convert", "convert to", "drafts", "new with a draft", "same", "roadmap", "release", "member", "community", "groups", "group", "apply",
    "honours", "points", "honour statement", "notices", "unread notices", "follows", "settings", "sessions", "export", "leave", "claim", "tokens", "mail preferences", "look", "second factor",
    "your reports", "decisions about you", "decision about you", "blocked", "report", "addresses", "password", "sign-out", "not found",
]  # fmt: skip
STAFF = [
    "what waits", "nothing waits", "decisions so far", "record of a member", "decline", "admin words", "admin care", "admin rules",
    "home", "post", "question", "history", "move", "move to", "release", "admin", "admin desk", "admin case", "admin members", "admin member", "admin roadmap",
    "admin item", "admin releases", "admin release", "admin proposals", "admin proposal", "admin record", "admin segments", "admin segment", "admin groups", "admin applications", "admin board", "admin templates", "admin template", "admin tags", "admin tag",
]  # fmt: skip
VISITORS += [
    "poll",
    "poll vote",
    "closed poll",
    "contests",
    "contest",
    "contest decided",
    "contest open",
    "enter",
    "entry",
    "entry won",
]
VISITORS += ["meetups", "meetup", "meetup over", "report a meetup"]
FANS += ["meetups", "meetup", "propose a talk"]
STAFF += ["meetup", "talks", "decline a talk", "door", "hide a meetup"]
VISITORS += ["circles", "circle", "proposed circle", "join a circle"]
FANS += ["circles", "circle", "proposed circle", "new circle"]
STAFF += ["admin plans", "ask for a plan", "admin plan", "adopt a plan"]
STAFF += ["circle", "close a circle", "admin circles"]
VISITORS += ["everything", "unanswered", "board", "tag", "comment address", "signs", "thread", "sign a comment"]
FANS += ["everything", "board", "comment address", "signs"]
FANS += ["poll", "ranked poll", "poll edit", "poll close", "contest", "entry own", "entry edit", "jury"]
STAFF += [
    "closed poll",
    "poll decision",
    "standing",
    "admin contests",
    "admin contest",
    "admin polls",
    "admin poll",
]
TABLE = [("", name) for name in VISITORS] + [("fan", name) for name in FANS] + [("staff", name) for name in STAFF]
TABLE += [("newcomer", "forbidden"), ("newcomer", "points"), ("newcomer", "notices"), ("newcomer", "tokens")]
STATUS = {"not found": 404, "forbidden": 403}
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
LAWS = {"resultTypes": ["violations"], "runOnly": {"type": "tag", "values": LEVELS}}
COLOURS = {"resultTypes": ["violations"], "runOnly": {"type": "rule", "values": ["color-contrast"]}}
axe = Axe()


@pytest.fixture(scope="module")
def tabs(visit):
    """One tab per kind of person, kept for all their pages."""
    opened = {}

    def of(who):
        if who not in opened:
            opened[who] = visit(who, reduced_motion="reduce")
        return opened[who]

    return of


def frame_of(tab) -> dict:
    """What every page must have once."""
    return tab.evaluate(
        """() => ({
            headings: document.querySelectorAll("h1").length,
            title: document.title.replace("· Sprout", "").trim() !== "",
            language: document.documentElement.lang,
            landmarks: document.querySelectorAll("main").length,
        })"""
    )


def faults_of(tab, options: dict, how: str) -> list[str]:
    found = axe.run(tab, options=options).response["violations"]
    return [f"{how}: {fault['id']}: {node['html'][:200]}" for fault in found for node in fault["nodes"][:3]]


def too_wide_at(tab, width: int) -> list[str]:
    """What sticks out sideways of a window of this width."""
    tab.set_viewport_size({"width": width, "height": 800})
    if tab.evaluate("document.documentElement.scrollWidth <= window.innerWidth"):
        return []
    culprit = """() => [...document.querySelectorAll("body *")]
        .filter((one) => one.getBoundingClientRect().right > window.innerWidth + 1).map((one) => one.outerHTML.slice(0, 120))"""
    return [f"{width}: {one}" for one in tab.evaluate(culprit)[:5]]


@pytest.mark.parametrize(("who", "name"), TABLE, ids=[f"{who or 'visitor'}: {name}" for who, name in TABLE])
def test_a_page_fits_every_screen_and_reads_well_to_everybody(tabs, world, who, name):
    tab = tabs(who)
    tab.faults.clear()
    tab.set_viewport_size({"width": 360, "height": 800})
    tab.emulate_media(color_scheme="light")
    answer = tab.goto(world.address(name))
    assert answer.status == STATUS.get(name, 200)
    assert frame_of(tab) == {"headings": 1, "title": True, "language": "en", "landmarks": 1}
    found = faults_of(tab, LAWS, "360 light") + too_wide_at(tab, 320) + too_wide_at(tab, 1280)
    found += faults_of(tab, LAWS, "1280 light")
    tab.emulate_media(color_scheme="dark")
    found += faults_of(tab, COLOURS, "1280 dark") + too_wide_at(tab, 360) + faults_of(tab, COLOURS, "360 dark")
    assert found + tab.faults == []


@pytest.mark.parametrize("language", ["zh-hans", "zh-hant"])
@pytest.mark.parametrize(
    "name",
    [
        "home",
        "suggestions",
        "post",
        "new",
        "roadmap",
        "release",
        "honours",
        "sign-in",
        "ranked poll",
        "closed poll",
        "contests",
        "contest",
        "contest decided",
        "meetups",
        "meetup",
    ],
)
def test_in_chinese_a_page_fits_as_well_and_says_which_chinese_it_is(tabs, world, house, name, language):
    tab = tabs("")
    tab.faults.clear()
    tab.context.add_cookies([{"name": "django_language", "value": language, "url": house}])
    tab.goto(world.address(name))
    assert frame_of(tab) == {"headings": 1, "title": True, "language": language, "landmarks": 1}
    found = too_wide_at(tab, 1280) + too_wide_at(tab, 320) + faults_of(tab, LAWS, "320")
    tab.context.clear_cookies(name="django_language")
    assert found + tab.faults == []
