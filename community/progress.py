"""A progress line for long work at a terminal; silent anywhere else."""

import sys
import time
from collections.abc import Iterable, Iterator
from typing import TextIO, TypeVar

Thing = TypeVar("Thing")


def shown(things: Iterable[Thing], label: str, *, total: int | None = None, to: TextIO = sys.stderr) -> Iterator[Thing]:
    """The things one by one, with their number, share and rate on one line of the terminal."""
    if not to.isatty():
        yield from things
        return
    start, last, count = time.monotonic(), 0.0, 0
    for count, thing in enumerate(things, 1):
        yield thing
        now = time.monotonic()
        if now - last > 0.1:
            last = now
            to.write(_line(label, count, total, now - start))
            to.flush()
    to.write(_line(label, count, total, time.monotonic() - start) + "\n")


def _line(label: str, count: int, total: int | None, seconds: float) -> str:
    rate = f"{count / seconds:,.0f}/s" if seconds > 0.2 else ""
    if not total:
        return f"\r{label:<12} {count:>9,} {rate:>10}"
    filled = min(count * 24 // total, 24)
    return f"\r{label:<12} [{'█' * filled}{'·' * (24 - filled)}] {count:>9,} {rate:>10}"
