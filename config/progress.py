"""One line for each slow step, on a terminal and in a log alike. Standard library only."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO


class Refusal(Exception):
    """Something the person at the keyboard can mend, said in one sentence."""


def coloured(stream: TextIO) -> bool:
    return stream.isatty() and "NO_COLOR" not in os.environ


def say(text: str) -> None:
    """The line is on the screen now, also where the output is a pipe."""
    print(text, file=sys.stderr, flush=True)


@contextmanager
def step(what: str) -> Iterator["Meter"]:
    """A slow step has said that it began, how far it is and how long it took."""
    meter = Meter(what, sys.stderr)
    meter.show("")
    begun = time.monotonic()
    try:
        yield meter
    except BaseException:
        meter.end("failed")
        raise
    meter.end(f"{time.monotonic() - begun:.1f} s")


class Meter:
    """What one step shows while it runs: rewritten in place on a terminal, its end alone elsewhere."""

    def __init__(self, what: str, stream: TextIO) -> None:
        self.what = what
        self.stream = stream
        self.live = stream.isatty()
        if not self.live:
            print(f"· {what} …", file=stream, flush=True)

    def show(self, detail: str) -> None:
        if self.live:
            print(f"\r\x1b[K· {self.what} … {detail}", end="", file=self.stream, flush=True)

    def end(self, detail: str) -> None:
        head = "\r\x1b[K" if self.live else ""
        print(f"{head}· {self.what}: {detail}", file=self.stream, flush=True)
