"""What a page weighs, what caches may do with it, and which doors its headers close, for every class of route."""

import gzip
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from community.deliveries import drain
from community.models import Member
from feedback.releases import draft_release, ship_release
from feedback.roadmap import plan_item
from tests import databases
from tests.attacks.routes import routes
from tests.factories import NOW, make_board, make_comment, make_member, make_post, make_staff, make_suggestion, make_vote
from tests.feedback.desks import at_the_desk

STATIC = Path(__file__).resolve().parents[2] / "static"
TITLE = "Wish number {} that is about as long as a wish on a real site, with a word or two more than needed"
PUBLIC = [
    "/",
    "/suggestions/",
    "/search/",
    "/roadmap/",
    "/releases/",
    "/community/",
    "/posts/",
    "/boards/battery/",
    "/tags/alarm/",
    "/honours/",
    "{post}",
    "{member}",
    "{release}",
]
PRIVATE = ["/me/notices/", "/me/points/", "/me/settings/", "/me/tokens/", "/me/mail/"]
FORMS = [
    "/posts/new/", "{post_id}vote/", "{post_id}follow/", "{post_id}comments/new/", "/settings/look/", "/session/",
    "/accounts/login/", "/accounts/login/code/", "/accounts/password/reset/",
]  # fmt: skip
ELSEWHERE = ["/nowhere/", "/posts/999999/", "/members/nobody/", "/releases/none/", "/mail/unsubscribe/none/"]
REDIRECTS = ["/me/", "/me/points/", "/admin/"]
MACHINES = ["/api/v1/posts", "/api/v1/nothing", "/api/schema/", "/healthz"]


@pytest.fixture(scope="module")
def places(django_db_setup, django_db_blocker) -> Iterator[dict[str, str]]:
    """Twenty rows on every list, twenty comments on one post, twenty wishes in a release; the tests only look."""
    with django_db_blocker.unblock(), databases.fresh_clone():
        yield plant()


def plant() -> dict[str, str]:
    mara, staff, board = make_member("Mara Lindqvist", username="mara"), make_staff(username="ines"), make_board("battery")
    voter, wishes = make_member("Tomasz Wilk"), []
    for number in range(20):
        tags = ["Alarm", f"Tag {number}"]
        wish = make_suggestion(TITLE.format(number), author=mara, board=board, tags=tags)
        make_vote(wish, voter)
        make_post(f"Talk {number}", author=mara, board=board)
        plan_item(product=board.product, title=f"Work {number}", by=staff, at=NOW, suggestions=[wish])
        wishes.append(wish)
    for number in range(20):
        make_comment(wishes[0].post, f"A comment that says **more** than one line would hold, number {number}.", author=voter)
    release = draft_release(product=board.product, version="1", title="Drop", by=staff, at=NOW, suggestions=wishes)
    ship_release(release=release, by=staff, at=NOW)
    drain()
    post = wishes[0].post.get_absolute_url()
    return {
        "post": post,
        "post_id": f"/posts/{wishes[0].pk}/",
        "member": "/members/mara/",
        "release": release.get_absolute_url(),
    }


@pytest.fixture(scope="module")
def mara(places):
    """The busiest member, signed in."""
    client = Client()
    client.force_login(Member.objects.get(username="mara"))
    return client


def weight(*contents: bytes) -> int:
    """Bytes on the wire, each answer packed for itself at the level a server uses."""
    return sum(len(gzip.compress(content, 6)) for content in contents)


LINKED = re.compile(r'<(?:link[^>]+rel="(?:stylesheet|icon|manifest)"[^>]+href|script[^>]+src)="([^"]+)"')


def weights_of(page: bytes) -> dict[str, int]:
    """What the page and the sheets and scripts it links weigh."""
    linked = [address.removeprefix("/static/") for address in LINKED.findall(page.decode())]
    # Some come from packages, such as those that read passkeys.
    files = {name: Path(finders.find(name) or STATIC / name) for name in set(linked)}
    sizes = {suffix: weight(*(path.read_bytes() for name, path in files.items() if name.endswith(suffix)))
             for suffix in (".css", ".js")}  # fmt: skip
    return {"html": weight(page), **sizes, "all": weight(page) + sum(sizes.values())}


BUDGETS = {"html": 20_000, ".css": 15_000, ".js": 25_000, "all": 60_000}


def too_heavy(client, addresses, places) -> dict[str, dict[str, int]]:
    found = {address: weights_of(client.get(address.format(**places)).content) for address in addresses}
    return {address: sizes for address, sizes in found.items() if any(sizes[part] > most for part, most in BUDGETS.items())}


def test_a_full_page_and_a_first_visit_keep_their_budgets(client, places):
    assert too_heavy(client, [*PUBLIC, *FORMS], places) == {}


def test_a_members_full_pages_keep_theirs(mara, places):
    assert too_heavy(mara, [*PUBLIC, *PRIVATE, "/posts/new/"], places) == {}


def test_what_is_fetched_only_when_somebody_begins_to_write_is_small_and_one_file(mara, places):
    """The control: the budget of the first visit is not kept by putting off the half of it."""
    later = re.compile(r'data-script="/static/([^"]+)"')
    found = {name for address in (places["post"], "/posts/new/") for name in later.findall(mara.get(address).content.decode())}
    assert found == {"js/talk.js"} and weight((STATIC / "js/talk.js").read_bytes()) <= 4_000


def pages_of(client) -> list[str]:
    """Every address without a name or number in it that shows this reader a whole page."""
    plain = [
        f"/{route}"
        for route in routes()
        if re.fullmatch(r"[a-z/-]*", route) and not route.startswith(("admin", "api", "feeds"))
    ]
    answers = {address: client.get(address) for address in plain}
    return [one for one, answer in answers.items() if answer.status_code == 200 and b"<!doctype html" in answer.content[:100]]


@pytest.mark.parametrize("who", ["visitor", "mara", "ines"])
def test_no_other_page_is_heavier_for_a_visitor_a_member_or_staff(places, who):
    client = Client()
    if who != "visitor":
        client.force_login(Member.objects.get(username=who))
    addresses = pages_of(client)
    assert len(addresses) > 15
    assert too_heavy(client, addresses, places) == {}


def test_the_scale_is_no_toy(client, places):
    """The control: a page does link its sheets and scripts, and they weigh something."""
    sizes = weights_of(client.get("/").content)
    assert sizes[".css"] > 5_000 and sizes[".js"] > 15_000


def test_a_page_links_nothing_from_elsewhere(client, places):
    page = client.get(places["post"]).content.decode()
    linked = LINKED.findall(page) + re.findall(r'<img[^>]+src="([^"]+)"', page)
    assert linked and all(address.startswith(("/static/", "/pictures/")) for address in linked)


@pytest.mark.parametrize("address", PUBLIC)
def test_a_visitors_page_belongs_to_everybody(client, places, address):
    answer = client.get(address.format(**places))
    page = answer.content.decode()
    assert answer.status_code == 200 and not answer.cookies
    assert "public" in answer["Cache-Control"] and "no-store" not in answer["Cache-Control"]
    assert "csrf" not in page.lower() and "nonce" not in page and "nonce" not in answer["Content-Security-Policy"]


@pytest.mark.parametrize("address", [*PUBLIC, *PRIVATE])
def test_a_members_page_is_kept_by_no_cache_but_the_members_own(mara, places, address):
    caching = mara.get(address.format(**places))["Cache-Control"]
    assert "private" in caching or "no-store" in caching
    assert "public" not in caching and "s-maxage" not in caching


@pytest.mark.parametrize("address", FORMS)
def test_a_page_with_a_token_is_stored_nowhere(client, places, address):
    answer = client.get(address.format(**places))
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"] or "private" in answer["Cache-Control"]


@pytest.mark.parametrize("address", [*PUBLIC, *FORMS, *ELSEWHERE, *REDIRECTS, *MACHINES])
def test_every_class_of_route_closes_the_same_doors(client, places, address):
    answer = client.get(address.format(**places))
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"


@pytest.mark.parametrize("address", [*PUBLIC, *FORMS, *ELSEWHERE])
def test_no_public_route_lets_anything_inline_run(client, places, address):
    answer = client.get(address.format(**places))
    rules = dict(rule.strip().split(" ", 1) for rule in answer["Content-Security-Policy"].split(";"))
    assert rules["script-src"] == rules["style-src"] == rules["default-src"] == rules["form-action"] == "'self'"
    assert rules["object-src"] == rules["base-uri"] == rules["frame-ancestors"] == "'none'"
    if "html" in answer["Content-Type"]:
        page = answer.content.decode()
        assert not re.search(
            r"<script(?![^>]*(?:\bsrc=|application/(?:ld\+)?json))|<style|\sstyle=|\son[a-z]+=\"|javascript:", page
        )


def test_a_members_private_pages_carry_the_same_policy(mara, places):
    for address in PRIVATE:
        policy = mara.get(address)["Content-Security-Policy"]
        assert "script-src 'self'" in policy and "unsafe" not in policy and "frame-ancestors 'none'" in policy


def test_an_unknown_page_is_a_whole_page_with_a_way_on(client, places):
    answer = client.get("/nowhere/")
    page = answer.content.decode()
    assert answer.status_code == 404 and not answer.cookies
    assert "<h1" in page and 'href="/suggestions/"' in page and "csrf" not in page.lower()


def test_the_staff_desk_is_framed_by_nobody_and_stored_nowhere(places):
    boss = at_the_desk(Client(), Member.objects.get(username="ines"))
    answer = boss.get("/admin/feedback/suggestion/")
    assert answer["X-Frame-Options"] == "DENY" and answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"] or "private" in answer["Cache-Control"]


def test_a_refusal_by_method_closes_the_doors_too(client, places):
    answer = client.post("/suggestions/")
    assert answer.status_code == 405
    assert "script-src 'self'" in answer["Content-Security-Policy"]


def test_a_page_asked_for_its_head_alone_says_the_same_as_the_page(client, places):
    for address in ("/", "/suggestions/", places["post"]):
        head, page = client.head(address), client.get(address)
        assert head.status_code == 200 and not head.content
        assert head["Cache-Control"] == page["Cache-Control"]
