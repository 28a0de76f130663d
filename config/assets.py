"""Static files are collected, compressed and named by their content, again only when one of them changed."""

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

from config.progress import step


def fingerprint() -> str:
    """Changes with the name, size or date of any static file, and with how they are stored."""
    seen = [str(settings.STORAGES["staticfiles"]["BACKEND"])]
    for finder in get_finders():
        for name, storage in finder.list([]):
            found = Path(storage.path(name)).stat()
            seen.append(f"{name} {found.st_size} {found.st_mtime_ns}")
    return hashlib.sha256("\n".join(sorted(seen)).encode()).hexdigest()


def collect_if_changed() -> bool:
    """STATIC_ROOT serves today's files; whether anything had to be done."""
    stamp = Path(settings.STATIC_ROOT) / ".collected"
    wanted = fingerprint()
    if stamp.exists() and stamp.read_text() == wanted:
        return False
    with step("Collecting static files"):
        call_command("collectstatic", verbosity=0, interactive=False, clear=True)
        stamp.write_text(wanted)
    return True
