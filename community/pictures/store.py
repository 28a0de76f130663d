"""Where pictures lie: DATA_DIR/media, in folders with names of our own making; nothing of what was uploaded is kept.

No web server hands this folder out. A view asks who may see each picture.
"""

import os
import re
import secrets
import shutil
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal, get_args

from django.conf import settings

from community.pictures.redraw import Version

Shelf = Literal["pictures", "faces"]
NAME = re.compile(r"\.?[0-9a-f]{32}")
SHELVES: tuple[Shelf, ...] = get_args(Shelf)


def folder(shelf: Shelf, name: str) -> Path:
    return Path(settings.MEDIA_ROOT) / shelf / name[:2] / name


def keep(shelf: Shelf, versions: Iterable[Version]) -> str:
    """The versions lie in a folder of their own; its name is answered. All of them, or none."""
    name = secrets.token_hex(16)
    goal = folder(shelf, name)
    begun = goal.with_name(f".{name}")
    begun.mkdir(parents=True, mode=0o750)
    for version in versions:
        (begun / f"{version.width}.webp").write_bytes(version.data)
    os.replace(begun, goal)
    return name


def path_of(shelf: Shelf, name: str, width: int) -> Path:
    return folder(shelf, name) / f"{int(width)}.webp"


def drop(shelf: Shelf, name: str) -> None:
    """Nothing lies there any more; a half-written folder is called `.` and its name."""
    if NAME.fullmatch(name):
        shutil.rmtree(folder(shelf, name.lstrip(".")).with_name(name), ignore_errors=True)


def names_older_than(shelf: Shelf, seconds: float) -> Iterator[str]:
    """What lies there for longer than this, half-written folders included."""
    before = time.time() - seconds
    for place in (Path(settings.MEDIA_ROOT) / shelf).glob("??/*"):
        try:
            if place.stat().st_mtime < before:
                yield place.name
        except FileNotFoundError:
            continue
