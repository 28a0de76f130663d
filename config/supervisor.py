"""Several parts run as one: their lines come out prefixed, what dies is started again, and nothing outlives the whole."""

import os
import selectors
import signal
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import BinaryIO

from config.processes import call_myself, die_with_parent

FIRST_PAUSE, LONGEST_PAUSE = 0.2, 30.0
# Whoever lived this long was well; the next death begins with a short pause again.
WELL_AFTER = 10.0
TICK = 0.1


@dataclass
class Part:
    """One process of the whole, and how it is told to end: gently, then with the word it obeys at once."""

    name: str
    run: Callable[[], None]
    colour: int = 0
    patience: float = 20.0
    at_once: signal.Signals = signal.SIGQUIT
    pid: int = 0
    output: int = -1
    line: bytearray = field(default_factory=bytearray)
    since: float = 0.0
    due: float = 0.0
    pause: float = FIRST_PAUSE


class Supervisor:
    """Starts the parts, passes their lines on, and ends when it is told to."""

    def __init__(self, parts: Sequence[Part], *, out: BinaryIO, colour: bool, on_tick: Callable[[], None]) -> None:
        self.parts = list(parts)
        self.out = out
        self.colour = colour
        self.on_tick = on_tick
        self.told = 0
        self.selector = selectors.DefaultSelector()
        self.width = max([len(part.name) for part in parts] + [len("sprout")])

    def run(self) -> None:
        """All parts ran until SIGTERM, SIGINT or SIGHUP, and have ended in order; the last named first."""
        for word in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            if word != signal.SIGHUP or signal.getsignal(word) != signal.SIG_IGN:  # nohup means it
                signal.signal(word, self._told)
        try:
            while not self.told:
                for part in self.parts:
                    if not part.pid and time.monotonic() >= part.due:
                        self._start(part)
                self._pump(TICK)
                self._reap()
                self.on_tick()
        finally:
            self.stop()

    def _told(self, word: int, _frame: object) -> None:
        self.told += 1
        if self.told > 1:  # asked twice: no more patience
            for part in self.parts:
                _signal_group(part.pid, signal.SIGKILL)

    def _start(self, part: Part) -> None:
        reading, writing = os.pipe()
        me = os.getpid()
        sys.stdout.flush()
        sys.stderr.flush()
        pid = os.fork()
        if pid == 0:
            _become(part, writing, me)
        os.close(writing)
        os.set_blocking(reading, False)
        part.pid, part.output, part.since = pid, reading, time.monotonic()
        self.selector.register(reading, selectors.EVENT_READ, part)

    def _pump(self, wait: float) -> None:
        """What the parts have said is passed on, whole lines only."""
        for key, _ in self.selector.select(wait):
            self._read(key.data)

    def _read(self, part: Part) -> None:
        try:
            said = os.read(part.output, 65536)
        except BlockingIOError:
            return
        if not said:
            self._close(part)
            return
        *lines, rest = (bytes(part.line) + said).split(b"\n")
        part.line = bytearray(rest[-65536:])
        for line in filter(bytes.strip, lines):
            self.say(line.decode(errors="replace"), part)

    def _close(self, part: Part) -> None:
        if part.output >= 0:
            self.selector.unregister(part.output)
            os.close(part.output)
            part.output = -1
        if part.line:
            self.say(bytes(part.line).decode(errors="replace"), part)
            part.line.clear()

    def say(self, text: str, part: Part | None = None) -> None:
        """One line under the name of who said it."""
        name = (part.name if part else "sprout").ljust(self.width)
        head = f"\x1b[{part.colour if part else 32}m{name} │\x1b[0m" if self.colour else f"{name} |"
        try:
            self.out.write(f"{head} {text.rstrip()}\n".encode())
            self.out.flush()
        except OSError:
            return  # whoever read our lines is gone; the site goes on

    def _reap(self) -> None:
        for part in self.parts:
            status = _ended(part.pid)
            if status is not None:
                self._bury(part, status)

    def _bury(self, part: Part, status: int) -> None:
        """What is left of the part is gone, and it comes back after a pause that grows while it keeps dying."""
        _signal_group(part.pid, signal.SIGKILL)
        while part.output >= 0 and _readable(part.output):
            self._read(part)
        self._close(part)
        lived = time.monotonic() - part.since
        part.pause = FIRST_PAUSE if lived > WELL_AFTER else min(part.pause * 2, LONGEST_PAUSE)
        part.pid, part.due = 0, time.monotonic() + part.pause
        if not self.told:
            self.say(f"{part.name} ended ({_words(status)}); it starts again in {part.pause:.1f} s")

    def stop(self) -> None:
        """Nothing that we started is left: clock and web first, then the workers with what they have in hand."""
        for part in reversed(self.parts):
            self._end(part, ((signal.SIGTERM, part.patience), (part.at_once, 3.0), (signal.SIGKILL, 3.0)))

    def _end(self, part: Part, words: Sequence[tuple[signal.Signals, float]]) -> None:
        for word, patience in words:
            if not part.pid:
                return
            with suppress(ProcessLookupError):
                os.kill(part.pid, word)
            end = time.monotonic() + patience
            while part.pid and time.monotonic() < end:
                self._pump(0.02)
                self._reap()


def _become(part: Part, writing: int, parent: int) -> None:
    """The child is the part from here on, and ends with it."""
    code = 1
    try:
        # Its own session: Ctrl-C reaches the supervisor alone, which then ends the parts in order.
        os.setsid()
        # A shell's background job comes with SIGINT and SIGQUIT ignored; a part must hear the word that ends it.
        for word in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT):
            signal.signal(word, signal.SIG_DFL)
        die_with_parent(part.at_once, parent)
        call_myself(f"sprout-{part.name}")
        nothing = os.open(os.devnull, os.O_RDONLY)
        for source, target in ((nothing, 0), (writing, 1), (writing, 2)):
            os.dup2(source, target)
        for stream in (sys.stdout, sys.stderr):
            stream.reconfigure(line_buffering=True)  # type: ignore[union-attr]
        part.run()
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _ended(pid: int) -> int | None:
    if not pid:
        return None
    found, status = os.waitpid(pid, os.WNOHANG)
    return os.waitstatus_to_exitcode(status) if found else None


def _signal_group(pid: int, word: signal.Signals) -> None:
    if pid:
        try:
            os.killpg(pid, word)
        except (ProcessLookupError, PermissionError):
            return


def _readable(descriptor: int) -> bool:
    with selectors.DefaultSelector() as one:
        one.register(descriptor, selectors.EVENT_READ)
        return bool(one.select(0))


def _words(status: int) -> str:
    return signal.Signals(-status).name if status < 0 else f"exit code {status}"
