"""One embedded server has a keeper: it starts it, restarts it, and stops it when the last command has let go.

A process of its own (`python -m config.keeper postgres DATA_DIR durable`), because the command that happened to come
first must not take the server from the others when it ends. Everything that uses the server holds a shared lock on
`<name>.lease`; the kernel lets go of it however a process ends. Standard library only.
"""

import fcntl
import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import IO

from config.place import Place, settle, write_private
from config.postgres import Postgres
from config.processes import die_with_parent
from config.progress import Refusal
from config.valkey import Valkey

SERVERS: dict[str, type[Postgres] | type[Valkey]] = {"postgres": Postgres, "valkey": Valkey}
LOOK_EVERY = 0.1
# Whoever ends by itself again and again has a reason.
RETRY_WITHIN = 8.0
# The last children of a killed server hold its memory a moment longer, and on a busy machine a long one.
LINGER_WITHIN, LINGERS = 60.0, "is still in use"
# Replaying a long journal takes as long as it takes.
START_WITHIN = 900.0
STOP_WITHIN = 30.0


class Keeper:
    """Holds `<name>.keeper` for its whole life: whoever can lock that file knows there is no keeper."""

    def __init__(self, server: Postgres | Valkey, place: Place) -> None:
        self.server = server
        self.place = place
        self.told_to_stop = threading.Event()
        self.child: subprocess.Popen[bytes] | None = None

    def run(self) -> int:
        """The server ran as long as somebody held a lease; 0 when it was stopped in order."""
        with open(self.place.keeping / f"{self.server.name}.keeper", "w") as mine:
            try:
                fcntl.flock(mine, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return 0
            for word in (signal.SIGTERM, signal.SIGINT):
                signal.signal(word, lambda *_: self.told_to_stop.set())
            with open(self.place.keeping / f"{self.server.name}.lease", "w") as lease:
                return self._keep(lease)

    def _keep(self, lease: IO[str]) -> int:
        try:
            self.tell("starting")
            self.start()
        except (Refusal, OSError) as fault:
            self.stop()
            self.tell("failed", str(fault))
            return 1
        while not self.told_to_stop.wait(LOOK_EVERY) and not _nobody_holds(lease):
            if self.child and self.child.poll() is not None:
                self.mend()
        self.stop()
        (self.place.keeping / f"{self.server.name}.json").unlink(missing_ok=True)
        self.server.clean_up()
        return 0

    def start(self) -> None:
        """The server answers. A start may fail while the last children of a killed server still hold its memory."""
        self.server.prepare()
        begun = time.monotonic()
        while not self._try_start(begun + START_WITHIN):
            within = LINGER_WITHIN if LINGERS in self._last_words(3) else RETRY_WITHIN
            if self.told_to_stop.is_set() or time.monotonic() - begun > within:
                raise Refusal(f"The embedded {self.server.name} does not start; its last words: {self._last_words()}")
            self.told_to_stop.wait(0.3)
        self.server.furnish()
        self.tell("ready")

    def _try_start(self, end: float) -> bool:
        me = os.getpid()
        with open(self.place.log_dir / f"{self.server.name}.log", "ab") as log:
            self.child = subprocess.Popen(  # type: ignore[call-overload]
                self.server.command(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                env={"PATH": os.defpath, "LANG": "C", "TZ": "UTC"},
                start_new_session=True,
                preexec_fn=lambda: die_with_parent(self.server.death_signal, me),
                **self.place.run_as(),
            )
        while time.monotonic() < end and self.child.poll() is None and not self.told_to_stop.is_set():
            if self.server.ready(self.child.pid):
                return True
            time.sleep(0.01)
        return False

    def mend(self) -> None:
        """A server that was killed is back; its users see some failed requests and nothing else."""
        self.tell("starting")
        pause = 0.1
        while not self.told_to_stop.wait(pause):
            try:
                self.start()
                return
            except (Refusal, OSError) as fault:
                self.tell("starting", str(fault))
                pause = min(pause * 2, 5.0)

    def stop(self) -> None:
        """The server has written everything down and ended; one that cannot is killed."""
        child = self.child
        for word, wait in ((self.server.death_signal, STOP_WITHIN), (signal.SIGKILL, 5.0)):
            if child is None or child.poll() is not None:
                return
            child.send_signal(word)
            try:
                child.wait(wait)
            except subprocess.TimeoutExpired:
                continue

    def tell(self, state: str, error: str = "") -> None:
        """Whoever waits for the server reads here how it stands and where it is."""
        said = {"state": state, "error": error, "keeper": str(os.getpid()), "server": str(self.child.pid if self.child else 0)}
        write_private(self.place.keeping / f"{self.server.name}.json", json.dumps(said | self.server.urls()))

    def _last_words(self, lines: int = 1) -> str:
        said = (self.place.log_dir / f"{self.server.name}.log").read_text(errors="replace").strip().splitlines()
        return "\n".join(said[-lines:]) or "none"


def _nobody_holds(lease: IO[str]) -> bool:
    """True, and from then on newcomers wait for our end, when no command uses the server any more."""
    try:
        fcntl.flock(lease, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def main(argv: list[str]) -> int:
    name, data_dir, mode = argv
    place = settle(Path(data_dir))
    log = place.log_dir / f"{name}.log"
    if log.exists() and log.stat().st_size > 10_000_000:
        log.replace(log.with_suffix(".log.1"))
    return Keeper(SERVERS[name](place, mode == "durable"), place).run()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
