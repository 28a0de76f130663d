"""What manage.py does before Django: the environment, the servers, then the command. Standard library only until the environment stands."""

import importlib.util
import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from config import bootstrap, servers
from config.progress import Refusal

ROOT = Path(__file__).resolve().parent.parent
INCOMPLETE = (
    "{} is missing in this environment: `pip install -r {}`, or leave it and run `python3 manage.py {}`, which sets up its own."
)
# These only print or write files; no server is started for them.
WITHOUT_SERVERS = {"help", "--help", "-h", "version", "--version", "compilemessages", "makemessages"}

POSTGRES = ({"postgresql", "postgres", "pgsql", "psql"}, "postgresql://user:password@host/database")
ADDRESSES = {
    "DATABASE_URL": POSTGRES,
    "MIGRATE_DATABASE_URL": POSTGRES,
    "REDIS_URL": ({"redis", "rediss"}, "redis://:password@host:6379/0"),
    "SITE_URL": ({"http", "https"}, "https://feedback.example.org"),
}
NUMBERS = ("PORT", "WEB_CONCURRENCY", "WORKER_CONCURRENCY", "TRUSTED_PROXIES")


def main(argv: list[str]) -> int:
    """The command has run; its exit code."""
    # Counted across the step into the environment: the system's clock is the same there.
    os.environ.setdefault("SPROUT_BEGUN", str(time.monotonic()))
    try:
        bootstrap.enter(ROOT, argv)
        command = argv[1] if len(argv) > 1 else "help"
        _complete(command)
        return run_tests(argv[2:]) if command == "test" else run_command(command, argv)
    except Refusal as sentence:
        print(sentence, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _complete(command: str) -> None:
    module, lock = ("pytest", "requirements-dev.txt") if command == "test" else ("django", "requirements.txt")
    if importlib.util.find_spec(module) is None:
        raise Refusal(INCOMPLETE.format(module, lock, "test" if command == "test" else "up"))


def run_tests(arguments: list[str]) -> int:
    """Pytest has taken over this process, on as many cores as there are."""
    os.chdir(ROOT)
    parallel = [] if any(a.startswith(("-n", "--numprocesses", "--pdb")) for a in arguments) else ["-n", "auto"]
    os.execv(sys.executable, [sys.executable, "-m", "pytest", *parallel, *arguments])


def check_environment(environment: Mapping[str, str]) -> None:
    """The variables that are addresses and numbers are such, before anything stumbles over them."""
    for name, (schemes, example) in ADDRESSES.items():
        value = environment.get(name, "")
        if value and _scheme_of(value) not in schemes:
            raise Refusal(f"{name} is not an address that Sprout can use: write it like {example}.")
    for name in NUMBERS:
        if not environment.get(name, "1").isdecimal():
            raise Refusal(f"{name} is {environment[name]!r} and not a number.")


def _scheme_of(address: str) -> str:
    """The scheme of an address; of one that nobody can read, such as "http://[", none."""
    try:
        return urlsplit(address).scheme
    except ValueError:
        return ""


def run_command(command: str, argv: list[str]) -> int:
    """Django has run the command with its servers answering."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    check_environment(os.environ)
    if command in WITHOUT_SERVERS:
        return _django(argv)
    held = servers.lease(os.environ, servers.data_dir_of(os.environ))
    try:
        _load()  # in the time the servers need to start
        held.wait()
        servers.current = held
        return _django(argv)
    finally:
        held.release()


def _load() -> None:
    """Settings and apps are read; a setting that is refused is said in its one sentence."""
    import django
    from django.core.exceptions import ImproperlyConfigured

    try:
        django.setup()
    except ImproperlyConfigured as fault:
        raise Refusal(str(fault)) from None


def _django(argv: list[str]) -> int:
    from django.core.management import execute_from_command_line

    execute_from_command_line(argv)
    return 0
