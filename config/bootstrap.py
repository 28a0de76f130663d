"""The environment stands: `.venv` holds what the lock names, installed once. Standard library only."""

import fcntl
import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from config.progress import Meter, Refusal, say, step

# What each command needs; the development lock holds everything the other one does.
LOCKS = {"runtime": "requirements.txt", "dev": "requirements-dev.txt"}

NO_VENV = "Python's venv module is missing: install it (on Debian and Ubuntu `apt install python3-venv`) and run this again."
NO_ENVIRONMENT = "Run `python3 manage.py up` first."
PIP_FAULTS = (
    (r"DO NOT MATCH THE HASHES", "A downloaded package is not the one the lock names; nothing of it was installed. Try again."),
    (
        r"NewConnectionError|ConnectTimeout|ReadTimeout|Name or service|Temporary failure in name|Network is unreachable|SSLError",
        "The package index cannot be reached: check the network (or pip's settings) and run this again.",
    ),
    (
        r"No matching distribution|Could not find a version",
        "Not every package of the lock has a wheel for this platform: Sprout runs on Linux with glibc 2.28 or newer "
        "(x86_64, arm64) and on macOS 11 or newer, with Python 3.11 to 3.13.",
    ),
    (r"No space left", "The disk is full: Sprout's environment needs about 700 MB."),
)


@dataclass(frozen=True)
class Environment:
    """The place of one checkout's packages, and the stamps that say what is in it."""

    root: Path

    @property
    def folder(self) -> Path:
        return self.root / ".venv"

    @property
    def python(self) -> Path:
        return self.folder / "bin" / "python"

    def stamp(self, kind: str) -> Path:
        return self.folder / f"installed-{kind}"

    def wanted(self, kind: str) -> str:
        """The lock's hash and the very Python it was installed for, or a word that fits no stamp."""
        lock = hashlib.sha256((self.root / LOCKS[kind]).read_bytes()).hexdigest()
        return f"{lock} {self.interpreter() or 'no interpreter'}\n"

    def interpreter(self) -> str:
        """The Python behind the environment, by its real path; empty where the system has lost it."""
        real = Path(os.path.realpath(self.python))
        return str(real) if os.access(real, os.X_OK) and self.python.exists() else ""

    def fits(self, kind: str) -> bool:
        """The packages of this lock are all there: the stamp is written last."""
        kinds = ["runtime", "dev"] if kind == "runtime" else ["dev"]
        return any(_read(self.stamp(one)) == self.wanted(one) for one in kinds)


def enter(root: Path, argv: list[str]) -> None:
    """The process runs inside a fitting environment: this one, or `.venv` from here on."""
    if os.environ.get("SPROUT_BOOTSTRAP") == "0" or sys.prefix != sys.base_prefix:
        return
    command = argv[1] if len(argv) > 1 else "help"
    environment = Environment(root)
    kind = "dev" if command == "test" else "runtime"
    if not environment.fits(kind):
        if command not in {"up", "test"}:
            raise Refusal(NO_ENVIRONMENT)
        install(environment, kind)
    python = str(environment.python)
    os.execv(python, [python, str(root / "manage.py"), *argv[1:]])


def install(environment: Environment, kind: str) -> None:
    """The environment fits; of two that come at once the second waits and finds it done."""
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        raise Refusal(NO_VENV)
    with _alone(environment):
        if environment.fits(kind):
            return
        if not _usable(environment):
            with step("Creating the environment in .venv"):
                _create(environment)
        lock = environment.root / LOCKS[kind]
        count = len(re.findall(r"^[A-Za-z0-9_.\[\]-]+==", lock.read_text(), re.MULTILINE))
        with step(f"Installing {count} packages") as meter:
            _pip(environment, lock, meter, count)
        _write_last(environment.stamp(kind), environment.wanted(kind))


@contextmanager
def _alone(environment: Environment) -> Iterator[None]:
    try:
        environment.folder.mkdir(exist_ok=True)
        handle = open(environment.folder / "lock", "w")
    except OSError as fault:
        raise Refusal(
            f"{environment.folder} cannot be written ({fault.strerror}): give this folder to the user who runs Sprout."
        ) from None
    with handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("· Another command is installing here; waiting for it …")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _usable(environment: Environment) -> bool:
    """Pip answers, and it is the pip of a Python that Sprout runs on."""
    if not environment.interpreter():
        return False
    probe = "import pip, sys; sys.exit(sys.version_info < (3, 11))"
    return subprocess.run([str(environment.python), "-c", probe], capture_output=True).returncode == 0


def _create(environment: Environment) -> None:
    # What a lost interpreter left behind would shadow the new one; the lock in our hands stays.
    for old in environment.folder.iterdir():
        if old.name != "lock":
            shutil.rmtree(old) if old.is_dir() and not old.is_symlink() else old.unlink()
    made = subprocess.run([sys.executable, "-m", "venv", str(environment.folder)], capture_output=True, text=True)
    if made.returncode:
        raise Refusal(NO_VENV if "ensurepip" in made.stdout + made.stderr else _last_line(made.stderr or made.stdout))


def _pip(environment: Environment, lock: Path, meter: Meter, count: int) -> None:
    order = [str(environment.python), "-m", "pip", "install", "--require-hashes", "--only-binary", ":all:", "--no-input"]
    order += ["--disable-pip-version-check", "--progress-bar", "off", "-r", str(lock)]
    with subprocess.Popen(order, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace") as pip:
        tail: deque[str] = deque(maxlen=60)
        seen = 0
        for line in pip.stdout or ():
            tail.append(line.rstrip())
            if line.startswith(("Collecting ", "Requirement already")):
                seen += 1
                meter.show(f"{min(seen, count)} of {count}")
            elif line.startswith("Installing collected"):
                meter.show("unpacking")
    if pip.returncode:
        raise Refusal(explain_pip("\n".join(tail)))


def explain_pip(output: str) -> str:
    """Pip's last words as one sentence that says what to do."""
    for pattern, sentence in PIP_FAULTS:
        if re.search(pattern, output):
            return sentence
    return "Installing failed; pip said: " + _last_line(output)


def _last_line(text: str) -> str:
    errors = [line for line in text.splitlines() if line.startswith("ERROR")] or text.strip().splitlines() or ["nothing"]
    return errors[-1].removeprefix("ERROR: ")


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""


def _write_last(path: Path, text: str) -> None:
    draft = path.with_suffix(".new")
    draft.write_text(text)
    draft.replace(path)
