"""What the system knows of processes: alive or not, and bound to their parent's life. Standard library only."""

import ctypes
import os
import signal
import sys
import time

PR_SET_PDEATHSIG, PR_SET_NAME = 1, 15
# Loaded once and early: between fork and exec nothing may be looked up.
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform.startswith("linux") else None


def die_with_parent(word: signal.Signals, parent: int) -> None:
    """The kernel sends this process the word when the parent ends, even by SIGKILL (Linux; elsewhere orphans are found at the next start)."""
    if _libc is None:
        return
    _libc.prctl(PR_SET_PDEATHSIG, int(word))
    if os.getppid() != parent:  # it ended before we asked
        os.kill(os.getpid(), word)


def call_myself(name: str) -> None:
    """`top` and `ps` show the name (15 bytes of it, on Linux)."""
    if _libc is not None:
        _libc.prctl(PR_SET_NAME, name.encode()[:15])


def alive(pid: int) -> bool:
    """The process runs; one that only waits to be mourned by its parent does not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    try:
        with open(f"/proc/{pid}/stat", "rb") as stat:
            return stat.read().rpartition(b")")[2].split()[0] not in {b"Z", b"X"}
    except (OSError, IndexError):
        return not os.path.isdir("/proc/self")


def stop_orphan(pid: int, gentle: signal.Signals, patience: float = 10.0) -> None:
    """A process that is not our child is gone, by its own will or without it."""
    for word, wait in ((gentle, patience), (signal.SIGKILL, 5.0)):
        try:
            os.kill(pid, word)
        except ProcessLookupError:
            return
        end = time.monotonic() + wait
        while alive(pid) and time.monotonic() < end:
            time.sleep(0.02)
