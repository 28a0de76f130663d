"""The bench of pages: what it adds up, for whom it asks, and what it does where it cannot measure."""

import gzip
import json
import subprocess
from types import SimpleNamespace

import pytest
from django.test import Client

from bench import pages
from bench.figures import Missing
from tests.factories import make_member

PAGE = b'<link rel="stylesheet" href="/a.css"><script src="/a.js" defer></script><script src="/a.js"></script><a id="bell">'
FILES = {"/": PAGE, "/a.css": b"c" * 4000, "/a.js": bytes(range(256)) * 20, pages.FLOOR: b"nothing here"}


@pytest.fixture
def asked(monkeypatch):
    """A site of four files, and who asked for which of them."""
    seen = []

    def fetch(url, cookie=""):
        seen.append((url.removeprefix("http://site"), cookie))
        return FILES[seen[-1][0]]

    monkeypatch.setattr(pages, "fetch", fetch)
    return seen


def kilobytes(name):
    return len(gzip.compress(FILES[name], 6)) / 1000


def test_a_page_weighs_its_text_its_sheets_and_its_scripts_each_once(asked):
    weighed = pages.packed("http://site", "/")
    assert weighed == {"html": kilobytes("/"), "css": kilobytes("/a.css"), "js": kilobytes("/a.js"), "all": pytest.approx(
        kilobytes("/") + kilobytes("/a.css") + kilobytes("/a.js"))}  # fmt: skip


def test_each_weight_stands_beside_its_budget_and_the_lightest_page(asked):
    figures = {figure.name: figure for figure in pages.weights("home", "http://site", "/")}
    script = figures["kB js: home"]
    assert (script.target, script.floor, script.more_is_better) == (25.0, 0.0, False) and script.holds
    assert len(figures) == 4


def test_a_members_page_is_asked_for_with_their_cookie_and_the_files_without(asked):
    list(pages.weights("home", "http://site", "/", "session=x"))
    assert ("/", "session=x") in asked and ("/a.js", "") in asked and (pages.FLOOR, "") in asked


def test_a_page_that_nobody_is_signed_in_on_is_not_taken_for_a_members(asked, monkeypatch):
    monkeypatch.setitem(FILES, "/", b"<p>Sign in</p>")
    with pytest.raises(Missing, match="nobody is signed in"):
        pages.packed("http://site", "/", "session=x")


@pytest.mark.django_db
def test_the_cookie_opens_a_session_of_the_member():
    client, member = Client(), make_member()
    name, _equals, value = pages.signed_in(member).partition("=")
    client.cookies[name] = value
    assert client.get("/me/settings/").context["member"] == member


@pytest.mark.parametrize(("told", "score"), [(0.97, 97), (None, 0)])
def test_each_category_is_judged_from_0_to_100(monkeypatch, told, score):
    answer = json.dumps({"categories": {name: {"score": told} for name in pages.CATEGORIES}})
    monkeypatch.setattr(subprocess, "run", lambda command, **_more: subprocess.CompletedProcess(command, 0, answer, ""))
    assert pages.judge(["lighthouse"], "chromium", "http://site/") == dict.fromkeys(pages.CATEGORIES, score)


def test_a_judge_that_lost_its_trace_is_asked_again(monkeypatch):
    answer = json.dumps({"categories": {name: {"score": 1} for name in pages.CATEGORIES}})
    said = [subprocess.CompletedProcess([], 1, "", "NO_NAVSTART"), subprocess.CompletedProcess([], 0, answer, "")]
    monkeypatch.setattr(subprocess, "run", lambda command, **_more: said.pop(0))
    assert pages.judge(["lighthouse"], "chromium", "http://site/")["seo"] == 100


def test_a_judge_that_fails_says_of_which_page(monkeypatch):
    monkeypatch.setattr(subprocess, "run", lambda command, **_more: subprocess.CompletedProcess(command, 1, "", "no\nbrowser"))
    with pytest.raises(Missing, match="http://site/.*browser"):
        pages.judge(["lighthouse"], "chromium", "http://site/")


@pytest.mark.parametrize(
    ("given", "reached"),
    [
        ("postgresql://app:x@/sprout?host=/var/run/a b", "postgresql://owner:p%40ss@/scratch?host=/var/run/a b"),
        ("postgresql://app@db.example.org:5433/sprout", "postgresql://owner:p%40ss@db.example.org:5433/scratch"),
    ],
)
def test_the_site_is_led_to_the_scratch_database_wherever_its_server_listens(monkeypatch, given, reached):
    monkeypatch.setenv("DATABASE_URL", given)
    monkeypatch.setattr(
        pages, "connection", SimpleNamespace(settings_dict={"NAME": "scratch", "USER": "owner", "PASSWORD": "p@ss"})
    )
    assert pages.scratch_address() == reached
