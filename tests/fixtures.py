"""Roles with first names: what most tests start from."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import translation

from community import screening
from community.listening import REGISTER
from community.models import Board, Member
from feedback.models import Suggestion
from tests import factories


@pytest.fixture(autouse=True)
def nobody_is_counted_yet() -> None:
    """Limits count per minute, and a quick machine runs many tests in one."""
    cache.clear()


@pytest.fixture(autouse=True)
def nobody_asked_for_another_language() -> None:
    """A page answered in Chinese leaves its language with the thread; each test begins in English."""
    translation.deactivate()


@pytest.fixture(autouse=True)
def nobody_is_screened(request, monkeypatch) -> None:
    """Tests write in no time and say the same twice; those about screening ask for `screened`."""
    if "screened" not in request.fixturenames:
        monkeypatch.setattr(screening, "REGISTER", {})


@pytest.fixture
def screened() -> None:
    """New texts are screened, as they are in real life."""


@pytest.fixture
def now() -> datetime:
    """Monday, 16 November 2026, noon in UTC."""
    return factories.NOW


@pytest.fixture
def author(db: None) -> Member:
    return factories.make_member("Mara Lindqvist")


@pytest.fixture
def voter(db: None) -> Member:
    return factories.make_member("Tomasz Wilk")


@pytest.fixture
def stranger(db: None) -> Member:
    """Somebody who just joined."""
    return factories.make_newcomer("Nora Neu")


@pytest.fixture
def staff(db: None) -> Member:
    return factories.make_staff()


@pytest.fixture
def admin_member(db: None) -> Member:
    return factories.make_admin()


@pytest.fixture
def board(db: None) -> Board:
    return factories.make_board("battery")


@pytest.fixture
def moderator(board: Board) -> Member:
    return factories.make_moderator(board=board)


@pytest.fixture
def suggestion(author: Member, board: Board, now: datetime) -> Suggestion:
    """Mara's wish, with her own vote."""
    return factories.make_suggestion("Charge limit that learns my alarm", author=author, board=board, at=now)


@pytest.fixture
def hours() -> Callable[[float], timedelta]:
    """`now + hours(3)`"""
    return lambda count: timedelta(hours=count)


@pytest.fixture
def no_listeners() -> Iterator[None]:
    """Nobody but the test's own listeners is owed anything."""
    known = dict(REGISTER)
    REGISTER.clear()
    yield
    REGISTER.clear()
    REGISTER.update(known)


@pytest.fixture
def queries_of(client, django_assert_max_num_queries) -> Callable[[str], int]:
    """How many queries a page takes, asked a second time so that nothing is only warming up."""

    def count(address: str) -> int:
        client.get(address)
        with django_assert_max_num_queries(200) as seen:
            assert client.get(address).status_code == 200
        return len(seen.captured_queries)

    return count


@pytest.fixture
def code_in_mail(mailoutbox) -> Callable[[], str]:
    """The code of the newest sign-in mail."""

    def read() -> str:
        lines = [line.strip() for line in mailoutbox[-1].body.splitlines()]
        return next(line for line in lines if line and line == line.upper() and " " not in line)

    return read


@pytest.fixture
def media(settings: Any, tmp_path: Path) -> Path:
    """Pictures lie in a folder of this test's own."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"
