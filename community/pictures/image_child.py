"""A picture becomes fresh pixels: run as a program of its own that can do little else, whatever the picture does to it.

Standard input is what somebody uploaded; standard output one line of JSON, then the new pictures one after the other.
It is limited before it looks: 256 MB of address space, 5 seconds of processor, 24 MB of output, no further open file
(so no network either) and no further process. It imports nothing of Sprout and is given no environment.
What comes out was drawn by us from pixels: no EXIF, place, colour profile, comment or trailing bytes can come along.
Of an animation the first picture is kept. Source of the limits: research on reliability, 3.3.
"""

import contextlib
import json
import resource
import sys
import warnings
from collections.abc import Iterator
from importlib import import_module
from io import BytesIO

MEMORY, PROCESSOR, OUTPUT = 256 << 20, 5, 24 << 20
MOST_PIXELS = 25_000_000
MOST_WEBP_PIXELS = 9_000_000  # its decoder keeps four copies
MOST_SIDE = 16_000
KINDS = ["JPEG", "PNG", "WEBP", "GIF"]
TALLEST = 2560
WIDTHS = {"picture": (480, 960, 1920), "face": (96, 320)}
BAND = 1_000_000
ORIENTATION = 0x0112


class Refused(Exception):
    """The picture is not taken; its argument says why: kind, broken or large."""


def limit(which: int, value: int) -> None:
    """This process may use no more of it; where a system knows no such limit, the others hold."""
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(which, (value, value))


def limit_at_first() -> None:
    limit(resource.RLIMIT_AS, MEMORY)
    limit(resource.RLIMIT_CPU, PROCESSOR)
    limit(resource.RLIMIT_FSIZE, OUTPUT)
    limit(resource.RLIMIT_CORE, 0)


def limit_before_looking() -> None:
    """Everything that is needed is loaded by now: no file, no socket and no process can be opened any more."""
    limit(resource.RLIMIT_NOFILE, 0)
    limit(resource.RLIMIT_NPROC, 0)


limit_at_first()
from PIL import Image, ImageOps, UnidentifiedImageError  # noqa: E402 - the limits hold for it, too

# What it would load later would find the door closed.
for _plugin in ("Gif", "Jpeg", "Mpo", "Png", "Tiff", "WebP"):
    import_module(f"PIL.{_plugin}ImagePlugin")


def opened(data: bytes) -> Image.Image:
    """The picture, not yet decoded, if it is one of four kinds and of a size that can be drawn."""
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        image = Image.open(BytesIO(data), formats=KINDS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as fault:
        raise Refused("large") from fault
    except UnidentifiedImageError as fault:
        raise Refused("kind") from fault
    most = MOST_WEBP_PIXELS if image.format == "WEBP" else MOST_PIXELS
    if image.width * image.height > most or max(image.size) > MOST_SIDE:
        raise Refused("large")
    return image


def orientation_of(image: Image.Image) -> int:
    """How the camera was held; a damaged note about it is no reason to refuse the picture."""
    try:
        return int(image.getexif().get(ORIENTATION, 1))
    except Exception:  # noqa: BLE001 - whatever stands there is not ours
        return 1


def wanted_size(image: Image.Image, purpose: str, orientation: int) -> tuple[int, int]:
    """How large it will be at most, as it lies before it is turned."""
    if purpose == "face":
        scale = 2 * WIDTHS["face"][-1] / min(image.size)
    else:
        across, down = (WIDTHS["picture"][-1], TALLEST) if orientation < 5 else (TALLEST, WIDTHS["picture"][-1])
        scale = min(across / image.width, down / image.height)
    return max(1, int(image.width * min(scale, 1))), max(1, int(image.height * min(scale, 1)))


def drawn(image: Image.Image, wanted: tuple[int, int]) -> Image.Image:
    """The first picture of it, decoded, no smaller than wanted, in colours a page can show."""
    if image.format in ("JPEG", "MPO"):
        image.draft("RGB", wanted)
    image.seek(0)
    warnings.simplefilter("error")
    image.load()
    warnings.simplefilter("ignore")
    step = max(1, min(image.width // wanted[0], image.height // wanted[1]))
    shown = Image.new(mode_of(image), (-(-image.width // step), -(-image.height // step)))
    for top, band in bands(image, step):
        shown.paste(band, (0, top))
    return shown


def bands(image: Image.Image, step: int) -> Iterator[tuple[int, Image.Image]]:
    """The picture in strips, each `step` times smaller: only one strip is there twice."""
    high = max(1, BAND // max(1, image.width) // step) * step
    for top in range(0, image.height, high):
        strip = image.crop((0, top, image.width, min(top + high, image.height)))
        strip = strip.point(lambda value: value / 256).convert("L") if strip.mode.startswith("I") else strip
        strip = strip.convert(mode_of(image))
        yield top // step, strip.reduce(step) if step > 1 else strip


def mode_of(image: Image.Image) -> str:
    return "RGBA" if image.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in image.info else "RGB"


def turned(image: Image.Image, orientation: int) -> Image.Image:
    """As the camera was held."""
    turn = {
        2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_270, 7: Image.Transpose.TRANSVERSE, 8: Image.Transpose.ROTATE_90,
    }.get(orientation)  # fmt: skip
    return image if turn is None else image.transpose(turn)


def encoded(image: Image.Image) -> bytes:
    """A WebP of nothing but these pixels."""
    bare = Image.frombytes(image.mode, image.size, image.tobytes())
    out = BytesIO()
    bare.save(out, "WEBP", quality=82, method=3, exif=b"", xmp=b"", icc_profile=b"")
    return out.getvalue()


def versions(image: Image.Image, purpose: str) -> list[Image.Image]:
    """The same picture in the widths pages ask for, never larger than it is; a face is a square out of its middle."""
    widths = WIDTHS[purpose]
    if purpose == "face":
        return [ImageOps.fit(image, (width, width), Image.Resampling.LANCZOS) for width in widths]
    largest = ImageOps.contain(image, (widths[-1], TALLEST)) if image.width > widths[-1] or image.height > TALLEST else image
    smaller = [width for width in widths[:-1] if width < largest.width]
    return [*(largest.resize((w, max(1, round(largest.height * w / largest.width)))) for w in smaller), largest]


def answer(data: bytes, purpose: str) -> tuple[dict[str, object], list[bytes]]:
    """What is said of the picture, and the new ones; or why it is not taken."""
    try:
        image = opened(data)
        orientation = orientation_of(image)
        image = turned(drawn(image, wanted_size(image, purpose, orientation)), orientation)
        made = versions(image, purpose)
        files = [encoded(version) for version in made]
        said = [{"width": one.width, "height": one.height, "bytes": len(file)} for one, file in zip(made, files, strict=True)]
        return {"versions": said}, files
    except Refused as refusal:
        return {"fault": str(refusal)}, []
    except MemoryError:
        return {"fault": "large"}, []
    except Exception:  # noqa: BLE001 - a decoder may raise anything; the picture is broken, and that is all we say
        return {"fault": "broken"}, []


def rehearse() -> None:
    """Every kind was opened and drawn once, so that nothing is left to be loaded when the door closes."""
    notes = Image.Exif()
    notes[ORIENTATION] = 6
    for kind in KINDS:
        out, colours = BytesIO(), Image.new("RGB", (9, 6)).convert("P" if kind == "GIF" else "RGB")
        colours.save(
            out, kind, **({"save_all": True, "append_images": [colours.rotate(180)]} if kind == "GIF" else {"exif": notes})
        )
        answer(out.getvalue(), "picture")
        answer(out.getvalue()[:-9], "face")


def main() -> int:
    data = sys.stdin.buffer.read()
    rehearse()
    limit_before_looking()
    said, files = answer(data, sys.argv[1] if len(sys.argv) > 1 else "picture")
    sys.stdout.buffer.write(json.dumps(said).encode() + b"\n")
    for file in files:
        sys.stdout.buffer.write(file)
    sys.stdout.buffer.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
