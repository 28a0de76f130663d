"""One running site for all stories of a module that only look, and browsers that see it as different people."""

from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.test import override_settings
from django.test.testcases import LiveServerThread, _StaticFilesHandler

from tests import databases
from tests.stories.world import World, plant_world, session_of


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker) -> Iterator[World]:
    """The small community, committed, for as long as this module runs; its tests change nothing in it."""
    with django_db_blocker.unblock(), databases.fresh_clone():
        yield plant_world()


@pytest.fixture(scope="module")
def house(world) -> Iterator[str]:
    """The address at which the small community answers."""
    thread = LiveServerThread("127.0.0.1", _StaticFilesHandler, connections_override={})
    thread.daemon = True
    thread.start()
    thread.is_ready.wait()
    if thread.error:
        raise thread.error
    address = f"http://127.0.0.1:{thread.port}"
    with override_settings(SITE_URL=address, CSRF_TRUSTED_ORIGINS=[address], ACCOUNT_RATE_LIMITS=False):
        yield address
    thread.terminate()


@pytest.fixture(scope="module")
def visit(browser, house, world) -> Iterator[Callable]:
    """`visit("fan")` is a tab of that person; `faults` collects what the browser complains about."""
    contexts = []

    def open_tab(who: str = "", **more):
        context = browser.new_context(**({"base_url": house, "locale": "en-GB"} | more))
        contexts.append(context)
        if who:
            cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session_of(getattr(world, who)), "url": house}
            context.add_cookies([cookie])
        return watched(context.new_page())

    yield open_tab
    for context in contexts:
        context.close()


def watched(tab):
    """The tab keeps in `faults` what its console, its policy and its server complain about."""
    tab.faults = []
    tab.on("pageerror", lambda error: tab.faults.append(str(error)))
    # A page of status 403 or 404 is what was asked for; Chromium says so in its console all the same.
    tab.on("console", lambda said: said.type == "error" and "status of 40" not in said.text and tab.faults.append(said.text))
    tab.on("response", lambda answer: answer.status >= 500 and tab.faults.append(f"{answer.status} {answer.url}"))
    tab.set_default_timeout(15_000)
    return tab
