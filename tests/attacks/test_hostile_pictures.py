"""Whatever is sent as a picture: the process that opens it stays small and brief, ours is unharmed, and nothing comes along."""

import os
import re
import resource
import subprocess
import sys
import threading
from io import BytesIO

import pytest
from PIL import Image

from community.pictures import redraw as work
from community.pictures.redraw import CHILD, is_pixels_alone, redraw
from community.refusals import Invalid, TooMany
from tests import pictures as made

ENDING = {"nothing": "png"}
BAD = [*made.not_pictures(), *made.too_large(), *made.broken()]
LOADED = list(made.loaded())
MEGABYTE = 1 << 20


def ending_of(data: bytes) -> str:
    return next((names[0] for magic, names in work.KINDS.items() if data.startswith(magic)), "png")


@pytest.mark.parametrize("data", [data for _name, data in BAD], ids=[name for name, _data in BAD])
def test_what_is_no_whole_picture_is_refused_in_a_sentence_or_drawn_from_what_there_is(data):
    try:
        versions = redraw(data=data, filename=f"a.{ending_of(data)}", purpose="picture")
    except Invalid as refusal:
        assert refusal.sentence.endswith(".") and refusal.code.startswith("picture-")
    else:
        assert all(is_pixels_alone(version.data) for version in versions)


@pytest.mark.parametrize(
    "data", [data for _name, data in made.not_pictures()], ids=[name for name, _data in made.not_pictures()]
)
@pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.gif", "a.webp"])
def test_no_name_makes_a_picture_of_something_else(data, name):
    with pytest.raises(Invalid):
        redraw(data=data, filename=name, purpose="picture")


@pytest.mark.parametrize("data", [data for _name, data in made.too_large()], ids=[name for name, _data in made.too_large()])
def test_what_is_too_large_is_never_opened(data):
    with pytest.raises(Invalid):
        redraw(data=data, filename=f"a.{ending_of(data)}", purpose="picture")


@pytest.mark.parametrize(("kind", "data"), [one[1:] for one in LOADED], ids=[one[0] for one in LOADED])
def test_nothing_comes_along_with_the_pixels(kind, data):
    versions = redraw(data=data, filename=f"a.{kind}", purpose="picture")
    for version in versions:
        assert made.MARK not in version.data and b"script" not in version.data and b"Exif" not in version.data
        assert is_pixels_alone(version.data)
        seen = Image.open(BytesIO(version.data))
        assert (seen.format, seen.size, getattr(seen, "n_frames", 1)) == ("WEBP", (version.width, version.height), 1)
        assert not seen.getexif() and not {"exif", "xmp", "icc_profile", "comment"} & set(seen.info)


def test_there_are_enough_of_them():
    assert len(BAD) + len(LOADED) + len(made.bad_names()) + len(made.lying_names()) >= 150


def test_the_look_for_notes_finds_them():
    """The control: a picture as it came does not pass."""
    assert not is_pixels_alone(made.commented("webp")) and not is_pixels_alone(made.picture("webp") + b"x")
    assert made.MARK in made.with_place() and is_pixels_alone(made.picture("webp"))


@pytest.mark.parametrize("name", made.bad_names())
def test_the_name_of_a_file_is_used_for_nothing(name):
    assert redraw(data=made.picture(), filename=name, purpose="picture")


@pytest.mark.parametrize("name", made.lying_names())
def test_a_name_that_says_something_else_is_refused(name):
    with pytest.raises(Invalid, match="name of this file"):
        redraw(data=made.picture(), filename=name, purpose="picture")


def test_more_than_ten_megabytes_are_not_even_looked_at():
    with pytest.raises(Invalid, match="10 MB"):
        redraw(data=made.picture() + bytes(work.MOST_BYTES), filename="a.png", purpose="picture")


@pytest.mark.parametrize("turn", range(1, 9))
def test_a_picture_stands_as_the_camera_was_held(turn):
    [version] = redraw(data=made.halves(turn), filename="a.png", purpose="picture")
    seen = Image.open(BytesIO(version.data)).convert("RGB")
    assert seen.size == ((40, 20) if turn < 5 else (20, 40))
    corner = seen.getpixel((2, 2))
    assert (corner[0] > corner[2]) == (turn in (1, 4, 5, 6))


@pytest.mark.parametrize(
    ("size", "sizes"),
    [
        ((300, 200), [(300, 200)]),
        ((480, 100), [(480, 100)]),
        ((700, 350), [(480, 240), (700, 350)]),
        ((3000, 1500), [(480, 240), (960, 480), (1920, 960)]),
        ((1080, 4000), [(480, 1778), (691, 2560)]),
        ((1, 3000), [(1, 2560)]),
    ],
)
def test_a_picture_comes_in_the_widths_that_pages_ask_for(size, sizes):
    versions = redraw(data=made.photo(size, "png"), filename="", purpose="picture")
    assert [(version.width, version.height) for version in versions] == sizes


@pytest.mark.parametrize("size", [(30, 20), (400, 900), (4000, 3000)])
def test_a_face_is_a_square_in_two_sizes(size):
    versions = redraw(data=made.photo(size), filename="me.JPEG", purpose="face")
    assert [(version.width, version.height) for version in versions] == [(96, 96), (320, 320)]


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16", "CMYK"])
def test_every_sort_of_colour_is_drawn(mode):
    out = BytesIO()
    image = Image.new("RGB", (20, 20), "orange")
    image = Image.new("I;16", (20, 20), 30_000) if mode == "I;16" else image.convert(mode)
    image.save(out, "JPEG" if mode == "CMYK" else "PNG")
    assert redraw(data=out.getvalue(), filename="", purpose="picture")


def test_what_is_seen_through_stays_so():
    [version] = redraw(data=made.picture(mode="RGBA", colour=(0, 0, 0)), filename="", purpose="picture")
    out = BytesIO()
    Image.new("RGBA", (20, 20), (255, 0, 0, 0)).save(out, "PNG")
    [clear] = redraw(data=out.getvalue(), filename="", purpose="picture")
    assert Image.open(BytesIO(clear.data)).getpixel((3, 3))[3] == 0 and version


def child(data: bytes, program: str, **more) -> subprocess.CompletedProcess:
    return subprocess.run([sys.executable, "-I", "-B", "-c", program], input=data, capture_output=True, timeout=60, **more)


LIMITED = f"import runpy, sys; sys.argv = ['x', 'picture']; runpy.run_path({str(CHILD)!r}, run_name='__main__')"


def most_memory_of(data: bytes, unlimited: bool = False) -> int:
    """Megabytes of the largest process that opened it, told by a process between, which has no other child."""
    source = CHILD.read_text()
    if unlimited:
        source = source.replace("MOST_PIXELS = 25_000_000", "MOST_PIXELS = 10**12").replace("limit_at_first()\nfrom", "from")
        source = source.replace("MOST_SIDE = 16_000", "MOST_SIDE = 10**9")
    between = (
        "import resource, subprocess, sys; data = sys.stdin.buffer.read()\n"
        f"subprocess.run([sys.executable, '-I', '-B', '-c', {source!r}], input=data, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)\n"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)"
    )
    return int(child(data, between).stdout)


BOMB = made.png_bomb(9_000, 9_000)
HEAVY = [("the largest that is taken", made.png_bomb(6200, 4000)), ("with alpha", made.png_bomb(6200, 4000, colours=6)),
         ("a bomb", BOMB), ("its comment", made.text_bomb()), ("many pictures", made.gif_saying(4000, 4000, frames=20_000))]  # fmt: skip


@pytest.mark.parametrize("data", [data for _name, data in HEAVY], ids=[name for name, _data in HEAVY])
def test_the_process_that_opens_it_stays_within_its_room(data):
    assert most_memory_of(data) <= 256


def test_without_its_limits_it_does_not():
    """The control: the same bomb takes far more where nothing limits it."""
    assert most_memory_of(BOMB, unlimited=True) > 256


def test_our_own_process_is_unharmed_by_bombs():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    for _name, data in HEAVY[2:]:
        with pytest.raises(Invalid):
            redraw(data=data, filename=f"a.{ending_of(data)}", purpose="picture") and pytest.fail(
                "taken"
            ) if data is BOMB else _or_taken(data)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024 - before <= 40


def _or_taken(data):
    redraw(data=data, filename=f"a.{ending_of(data)}", purpose="picture")
    raise Invalid("It was taken, which is fine.")


TRIES = {
    "a file": "open('/etc/passwd')",
    "a socket": "import socket; socket.socket()",
    "a process": "import subprocess; subprocess.run(['/bin/true'])",
    "memory": "bytearray(300 << 20)",
}


@pytest.mark.parametrize("attempt", TRIES.values(), ids=TRIES)
def test_a_decoder_that_is_taken_over_reaches_nothing(attempt):
    program = f"import runpy, sys; here = runpy.run_path({str(CHILD)!r}); here['limit_before_looking']()\n"
    program += f"try:\n    {attempt}\nexcept (OSError, MemoryError):\n    sys.exit(7)\n"
    assert child(b"", program).returncode == 7


def test_the_processor_is_lent_for_a_few_seconds_only():
    program = f"import runpy; here = runpy.run_path({str(CHILD)!r})\nimport resource, sys; sys.exit(resource.getrlimit(resource.RLIMIT_CPU)[0])"
    assert child(b"", program).returncode == 5


def spying(monkeypatch, tmp_path, code: str) -> None:
    """The child is replaced by this program."""
    spy = tmp_path / "spy.py"
    spy.write_text(code)
    monkeypatch.setattr(work, "CHILD", spy)


def test_the_child_inherits_no_environment_no_file_and_no_terminal(monkeypatch, tmp_path):
    monkeypatch.setenv("SECRET_KEY", "qxsecret")
    told = tmp_path / "told"
    spying(
        monkeypatch,
        tmp_path,
        f"import os\nopen({str(told)!r}, 'w').write(f'{{dict(os.environ)}}|{{sorted(os.listdir(\"/proc/self/fd\"))}}|{{os.getcwd()}}')",
    )
    with open("/etc/hostname"), pytest.raises(Invalid):
        redraw(data=made.picture(), filename="", purpose="picture")
    environment, files, place = told.read_text().split("|")
    assert "qxsecret" not in environment and "DATABASE_URL" not in environment and place == "/"
    assert len(re.findall(r"'\d+'", files)) <= 5


@pytest.mark.parametrize(
    "code",
    [
        "import time; time.sleep(60)",
        "import os; os.abort()",
        'print(\'{"versions": [{"width": 9, "height": 9, "bytes": 4}]}\'); print(\'GIF8\', end=\'\')',
        'print(\'{"versions": [{"width": -9, "height": 9, "bytes": -1}]}\')',
        "print('[1, 2]')",
        "print('{\"versions\": 7}')",
        "print('not json')",
        'print(\'{"versions": [{"width": 9}]}\')',
        "import sys; sys.stdout.buffer.write(b'\\xff' * 40_000_000)",
        "pass",
    ],
)
def test_what_the_child_says_is_not_believed_as_it_is(monkeypatch, tmp_path, code):
    monkeypatch.setattr(work, "SECONDS", 1)
    spying(monkeypatch, tmp_path, code)
    with pytest.raises(Invalid):
        redraw(data=made.picture(), filename="", purpose="picture")


def test_no_child_is_left_behind_when_its_time_is_up(monkeypatch, tmp_path):
    monkeypatch.setattr(work, "SECONDS", 1)
    note = tmp_path / "pid"
    spying(monkeypatch, tmp_path, f"import os, time; open({str(note)!r}, 'w').write(str(os.getpid())); time.sleep(60)")
    with pytest.raises(Invalid):
        redraw(data=made.picture(), filename="", purpose="picture")
    with pytest.raises(ProcessLookupError):
        os.kill(int(note.read_text()), 0)


def test_only_so_many_are_opened_at_once_and_the_rest_is_told_to_wait(monkeypatch):
    monkeypatch.setattr(work, "AT_ONCE", threading.BoundedSemaphore(1))
    monkeypatch.setattr(work, "PATIENCE", 0.05)
    with work.AT_ONCE, pytest.raises(TooMany):
        redraw(data=made.picture(), filename="", purpose="picture")
    assert redraw(data=made.picture(), filename="", purpose="picture")
