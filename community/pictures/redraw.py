"""A picture is drawn anew in a process of its own; what comes back is looked at before it is believed."""

import json
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal

from django.utils.translation import gettext as _

from community.refusals import Invalid, TooMany

CHILD = Path(__file__).with_name("image_child.py")
MOST_BYTES = 10_000_000
SECONDS = 15  # by the clock; the child gives itself 5 of the processor
MOST_ANSWER = 24 << 20
AT_ONCE = threading.BoundedSemaphore(2)
PATIENCE = 20
PURPOSES = Literal["picture", "face"]
# By what a file begins with: its name and what the browser calls it are only said.
KINDS = {b"\xff\xd8\xff": ("jpg", "jpeg", "jpe", "jfif"), b"\x89PNG\r\n\x1a\n": ("png",), b"GIF8": ("gif",), b"RIFF": ("webp",)}
PIXELS_ALONE = {b"VP8 ", b"VP8L", b"VP8X", b"ALPH"}


@dataclass(frozen=True)
class Version:
    """One size of the new picture."""

    width: int
    height: int
    data: bytes


def redraw(*, data: bytes, filename: str, purpose: PURPOSES) -> list[Version]:
    """New pictures made of nothing but the pixels of the old one, the largest last; Invalid says what is wrong with it."""
    check_upload(data, filename)
    answer = _work(data, purpose)
    versions = _believed(answer)
    if not versions:
        raise _refusal(_fault(answer))
    return versions


def check_upload(data: bytes, filename: str) -> None:
    """The file is small enough, begins like a picture, and is called like what it is."""
    if not data:
        raise _refusal("empty")
    if len(data) > MOST_BYTES:
        raise _refusal("heavy")
    names = next((names for magic, names in KINDS.items() if data.startswith(magic)), ())
    if not names or (names == ("webp",) and data[8:12] != b"WEBP"):
        raise _refusal("kind")
    stem, dot, ending = filename.rpartition(".")
    # Pasted pictures have no name; a name that tells of something else is not believed.
    if dot and stem and ending.lower() not in names:
        raise _refusal("name")


def _work(data: bytes, purpose: PURPOSES) -> bytes:
    """What the child says. It inherits no environment, no open file and no group; it is killed when its time is up."""
    if not AT_ONCE.acquire(timeout=PATIENCE):
        raise TooMany(_("Many pictures are being added right now. Please try again in a moment."), retry_after=10)
    try:
        with tempfile.TemporaryFile() as told:
            child = subprocess.Popen(  # noqa: S603 - our own program, by its full path
                [sys.executable, "-I", "-B", str(CHILD), purpose],
                stdin=subprocess.PIPE, stdout=told, stderr=subprocess.DEVNULL,
                env={}, cwd="/", close_fds=True, start_new_session=True,
            )  # fmt: skip
            return _answer_of(child, data, told)
    finally:
        AT_ONCE.release()


def _answer_of(child: "subprocess.Popen[bytes]", data: bytes, told: IO[bytes]) -> bytes:
    try:
        child.communicate(data, timeout=SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
        child.communicate()
        return b""
    if child.returncode:
        return b""
    told.seek(0)
    return told.read(MOST_ANSWER)


def _fault(answer: bytes) -> str:
    try:
        said = json.loads(answer.partition(b"\n")[0] or b"{}")
    except ValueError:
        return "broken"
    # Silence means that the child ran out of what it was given.
    return str(said.get("fault", "large")) if isinstance(said, dict) else "broken"


def _believed(answer: bytes) -> list[Version]:
    """The child has read what a stranger wrote: only whole WebP pictures without anything else in them are taken."""
    head, _newline, body = answer.partition(b"\n")
    versions: list[Version] = []
    try:
        for told in json.loads(head or b"{}").get("versions", []):
            width, height, length = int(told["width"]), int(told["height"]), int(told["bytes"])
            data, body = body[:length], body[length:]
            if not (0 < width <= 4000 and 0 < height <= 4000 and is_pixels_alone(data)):
                return []
            versions.append(Version(width, height, data))
    except (ValueError, TypeError, KeyError, AttributeError):
        return []
    return versions if not body else []


def is_pixels_alone(data: bytes) -> bool:
    """Whether these bytes are one WebP picture without notes, places, profiles or anything behind its end."""
    if data[:4] != b"RIFF" or data[8:12] != b"WEBP" or len(data) != int.from_bytes(data[4:8], "little") + 8:
        return False
    at, kinds = 12, set()
    while at + 8 <= len(data):
        kinds.add(data[at : at + 4])
        length = int.from_bytes(data[at + 4 : at + 8], "little")
        at += 8 + length + length % 2
    return at == len(data) and bool(kinds) and kinds <= PIXELS_ALONE


def _refusal(fault: str) -> Invalid:
    sentences = {
        "empty": _("This file is empty. Please choose another one."),
        "heavy": _("This picture is larger than 10 MB. Please make it smaller, or take a screenshot of it."),
        "kind": _("This is no picture we can show. JPEG, PNG, WebP and GIF work."),
        "name": _(
            "The name of this file says something else than what is in it. Please save it again as JPEG, PNG, WebP or GIF."
        ),
        "large": _("This picture has more pixels than we can open. Please make it smaller: 25 million are the most."),
        "broken": _("This picture is damaged and cannot be opened. Please save it again, or take a screenshot of it."),
    }
    return Invalid(sentences.get(fault, sentences["broken"]), fields={"pictures": fault}, code=f"picture-{fault}")
