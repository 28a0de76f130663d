"""The doorbell: tells workers that something is owed. It never delays or fails the request that rings it.

A stopped broker has been seen to hang a publish for half a minute, so publishing happens on a thread of its
own, at most once per listener per 200 ms, behind a circuit breaker. A lost ring costs a minute: the sweep finds
every debt.
"""

import logging
import os
import threading
import time
from collections.abc import Iterable

from celery import current_app
from django.conf import settings

log = logging.getLogger(__name__)
PAUSE = 0.2
OPEN_FOR = 5.0


class Doorbell:
    """One per process; started by the first ring, and again after a fork."""

    def __init__(self) -> None:
        self.waiting: set[str] = set()
        self.wake = threading.Condition()
        self.pid = 0
        self.silent_until = 0.0

    def ring(self, names: Iterable[str]) -> None:
        """The named listeners will be woken soon, if the broker answers."""
        with self.wake:
            self.waiting.update(names)
            if self.pid != os.getpid():
                self.pid = os.getpid()
                threading.Thread(target=self._run, name="doorbell", daemon=True).start()
            self.wake.notify()

    def _run(self) -> None:
        while True:
            with self.wake:
                while not self.waiting:
                    self.wake.wait()
            time.sleep(PAUSE)
            with self.wake:
                names, self.waiting = sorted(self.waiting), set()
            self._publish(names)

    def _publish(self, names: list[str]) -> None:
        if time.monotonic() < self.silent_until:
            return
        try:
            for name in names:
                current_app.send_task("community.deliver", args=[name], retry=False, ignore_result=True)
        except Exception as fault:  # noqa: BLE001 - whatever the broker throws, the sweep pays the debt
            self.silent_until = time.monotonic() + OPEN_FOR
            log.warning("The doorbell is silent for %.0f s: %s", OPEN_FOR, fault)


bell = Doorbell()


def ring(names: Iterable[str]) -> None:
    """Workers hear within a second that these listeners owe work."""
    if settings.DOORBELL:
        bell.ring(names)
