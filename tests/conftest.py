"""What every test can ask for: a database, one that may be committed to, a running site, a browser, the real data."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connections
from django.test.testcases import LiveServerThread, _StaticFilesHandler
from hypothesis import settings as hypothesis_settings

from tests import databases
from tests.environment import ROOT, here

pytest_plugins = ["tests.fixtures"]
REQUIRED = set(filter(None, os.environ.get("SPROUT_REQUIRE", "").split(",")))
hypothesis_settings.register_profile("sprout", deadline=None, derandomize=True, database=None, max_examples=60)
hypothesis_settings.register_profile("slow", deadline=None, derandomize=True, database=None, max_examples=600)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--slow", action="store_true", help="also the fault, attack and soak suites")


def pytest_configure(config: pytest.Config) -> None:
    hypothesis_settings.load_profile("slow" if config.getoption("--slow") else "sprout")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        refuse_flush(item)
        if item.get_closest_marker("slow") and not config.getoption("--slow"):
            item.add_marker(pytest.mark.skip(reason="slow: run with --slow"))
        if item.get_closest_marker("real_data"):
            item.fixturenames.append("real_data")


def refuse_flush(item: pytest.Item) -> None:
    """A flush would need the rights that the append-only tables deny; a fresh clone is quicker and true."""
    marker = item.get_closest_marker("django_db")
    wants = set(getattr(item, "fixturenames", ())) & {"transactional_db", "live_server", "django_db_reset_sequences"}
    if wants or (marker and (marker.kwargs.get("transaction") or marker.kwargs.get("reset_sequences"))):
        raise pytest.UsageError(f"{item.nodeid}: use the fixture `committed_db` (or `site`) for tests that commit.")


def missing(what: str, sentence: str) -> None:
    """The test is skipped with one line, or fails where the environment says that this must be here."""
    pytest.fail(sentence) if what in REQUIRED else pytest.skip(sentence)


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker) -> Iterator[None]:
    """This process has its own clone of the template; the tests come to it as the application's role."""
    with django_db_blocker.unblock():
        databases.clone(here.database)
        # Django would find out by creating a table, which this role may not.
        connections["default"].features.supports_transactions = True
    yield
    with django_db_blocker.unblock():
        connections.close_all()
        databases.drop(here.database)


@pytest.fixture
def committed_db(django_db_setup, django_db_blocker) -> Iterator[str]:
    """A database that commits for real and is thrown away; threads and processes started in the test see it too."""
    with django_db_blocker.unblock(), databases.fresh_clone() as name:
        yield name


@pytest.fixture
def site(committed_db, settings) -> Iterator[str]:
    """The address of Sprout answering over HTTP from `committed_db`."""
    thread = LiveServerThread("127.0.0.1", _StaticFilesHandler, connections_override={})
    thread.daemon = True
    thread.start()
    thread.is_ready.wait()
    if thread.error:
        raise thread.error
    settings.SITE_URL = f"http://127.0.0.1:{thread.port}"
    settings.CSRF_TRUSTED_ORIGINS = [settings.SITE_URL]
    yield settings.SITE_URL
    thread.terminate()


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real issues, messages and votes that lies outside the repository."""
    folder = Path(os.environ.get("SPROUT_DATA", ROOT.parent / "shared" / "data"))
    if not (folder / "SOURCES.md").exists():
        missing("real_data", f"no real data in {folder} (SPROUT_DATA says where it is)")
    return folder
