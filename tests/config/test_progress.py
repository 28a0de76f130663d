"""Slow steps say that they began, how far they are and how long they took."""

import io
import re

import pytest

from config import progress
from config.progress import coloured, step


class Terminal(io.StringIO):
    def isatty(self):
        return True


def run(monkeypatch, stream, fault=None):
    monkeypatch.setattr(progress.sys, "stderr", stream)
    with step("Installing 3 packages") as meter:
        meter.show("1 of 3")
        if fault:
            raise fault
    return stream.getvalue()


def test_a_log_gets_one_line_at_the_beginning_and_one_at_the_end(monkeypatch):
    said = run(monkeypatch, io.StringIO())
    assert re.fullmatch(r"· Installing 3 packages …\n· Installing 3 packages: \d\.\d s\n", said)


def test_a_terminal_gets_one_line_that_is_rewritten(monkeypatch):
    said = run(monkeypatch, Terminal())
    assert said.count("\n") == 1 and "1 of 3" in said
    assert re.search(r"\r\x1b\[K· Installing 3 packages: \d\.\d s\n$", said)


@pytest.mark.parametrize("fault", [ValueError("x"), KeyboardInterrupt()])
def test_a_step_that_fails_says_so(monkeypatch, fault):
    stream = io.StringIO()
    with pytest.raises(type(fault)):
        run(monkeypatch, stream, fault)
    assert stream.getvalue().endswith("· Installing 3 packages: failed\n")


def test_colour_is_for_terminals_that_want_it(monkeypatch):
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert coloured(Terminal()) and not coloured(io.StringIO())
    monkeypatch.setenv("NO_COLOR", "1")
    assert not coloured(Terminal())
