"""A real browser for whole stories: `page` is a fresh one, `browser` makes more."""

import os
import shutil
from collections.abc import Iterator

import pytest

from tests.conftest import missing

ARGUMENTS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --disable-background-networking "
    "--disable-component-update --disable-sync --disable-dev-shm-usage"
).split()


def find_chromium() -> str | None:
    """The program named by CHROMIUM, or one on the path."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[object]:
    """One running browser for all tests of this process."""
    program = find_chromium()
    if not program:
        missing("browser", "no browser: set CHROMIUM or install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield running
        running.close()


@pytest.fixture
def page(browser, site) -> Iterator[object]:
    """A fresh visitor on `site`; `page.faults` collects script errors, refused resources and answers of 500."""
    context = browser.new_context(base_url=site, locale="en-GB", viewport={"width": 1280, "height": 800})
    tab = context.new_page()
    tab.faults = []
    tab.on("pageerror", lambda error: tab.faults.append(str(error)))
    tab.on("console", lambda said: tab.faults.append(said.text) if said.type == "error" else None)
    tab.on("response", lambda answer: tab.faults.append(f"{answer.status} {answer.url}") if answer.status >= 500 else None)
    tab.set_default_timeout(10_000)
    yield tab
    context.close()
