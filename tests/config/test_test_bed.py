"""What tests stand on does what it says: a site, a browser, markers that refuse what would do harm."""

import subprocess
import sys
import time
import urllib.request

import psycopg2
import pytest

from tests import browser as browsers
from tests import conftest, databases
from tests.environment import ROOT, here, in_database


def test_a_site_answers_over_http_from_its_own_database(site):
    with urllib.request.urlopen(f"{site}/healthz") as answer:
        assert answer.status == 200


@pytest.mark.browser
def test_a_page_opens_in_a_real_browser(page):
    answer = page.goto("/healthz")
    assert answer.status == 200 and page.faults == []


def test_a_browser_that_must_be_there_fails_the_test(monkeypatch):
    monkeypatch.setattr(conftest, "REQUIRED", {"browser"})
    with pytest.raises(pytest.fail.Exception, match="no browser"):
        conftest.missing("browser", "no browser")


def test_a_browser_that_need_not_be_there_skips_it(monkeypatch):
    monkeypatch.setattr(conftest, "REQUIRED", set())
    with pytest.raises(pytest.skip.Exception, match="no browser"):
        conftest.missing("browser", "no browser")


def test_the_browser_named_in_the_environment_wins(monkeypatch):
    monkeypatch.setenv("CHROMIUM", "/opt/chromium")
    assert browsers.find_chromium() == "/opt/chromium"


@pytest.mark.parametrize("marker", ["transaction=True", "reset_sequences=True"])
def test_a_test_that_would_flush_is_refused_with_the_way_out(marker):
    folder = ROOT / "tests" / "config"
    path = folder / f"test_would_flush_{marker.partition('=')[0]}.py"
    path.write_text(f"import pytest\n\n@pytest.mark.django_db({marker})\ndef test_it():\n    pass\n")
    try:
        told = subprocess.run(
            [sys.executable, "-m", "pytest", "-n0", "--collect-only", path], cwd=ROOT, capture_output=True, text=True
        )
    finally:
        path.unlink()
    assert told.returncode != 0 and "use the fixture `committed_db`" in told.stdout + told.stderr


def test_a_database_goes_at_once_though_the_application_is_still_connected():
    name = f"{here.database}_busy"
    databases.clone(name)
    session = psycopg2.connect(in_database(here.app_url, name))
    begun = time.monotonic()
    databases.drop(name)
    # Not the minute after which a leftover is given up; the generous bound is no measurement.
    assert time.monotonic() - begun < 30
    with pytest.raises(psycopg2.OperationalError), session.cursor() as cursor:
        cursor.execute("SELECT 1")
