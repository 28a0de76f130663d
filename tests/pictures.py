"""Pictures for tests: honest ones, and everything somebody may send instead of one."""

import gzip
import io
import struct
import zipfile
import zlib
from collections.abc import Iterator

from PIL import Image, PngImagePlugin

from community.models import Attachment, Member
from community.pictures import store
from community.pictures.redraw import Version
from tests.factories import NOW

MARK = b"qxsecretmarker"
SCRIPT = b"<script>alert(1)</script>"
SAVED_AS = {"jpg": "JPEG", "png": "PNG", "webp": "WEBP", "gif": "GIF"}


def picture(kind: str = "png", size: tuple[int, int] = (60, 40), mode: str = "RGB", colour: object = "teal", **more) -> bytes:
    """A picture of one colour, as a file."""
    out = io.BytesIO()
    Image.new("RGB", size, colour).convert(mode).save(out, SAVED_AS[kind], **more)
    return out.getvalue()


def photo(size: tuple[int, int] = (1200, 800), kind: str = "jpg", **more) -> bytes:
    """A picture with something in it."""
    out = io.BytesIO()
    Image.radial_gradient("L").resize(size).convert("RGB").save(out, SAVED_AS[kind], **more)
    return out.getvalue()


def with_place(orientation: int = 1, kind: str = "jpg", size: tuple[int, int] = (60, 40)) -> bytes:
    """A picture that says where it was taken, with what, and how it was held."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "Linden " + MARK.decode()
    exif[0x8825] = {1: "N", 2: (52.0, 31.0, 12.0), 3: "E", 4: (13.0, 24.0, 18.0)}
    exif[0x010E] = SCRIPT.decode()
    return picture(kind, size, exif=exif)


def halves(orientation: int) -> bytes:
    """Left half red, right half blue, and a note of how the camera was held."""
    image = Image.new("RGB", (40, 20), "blue")
    image.paste("red", (0, 0, 20, 20))
    exif, out = Image.Exif(), io.BytesIO()
    exif[0x0112] = orientation
    image.save(out, "PNG", exif=exif)
    return out.getvalue()


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_saying(width: int, height: int, *, data: bytes = b"", depth: int = 8, colours: int = 2, more: bytes = b"") -> bytes:
    """A PNG whose head promises this size, whatever is in it."""
    head = struct.pack(">IIBBBBB", width, height, depth, colours, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + more + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def png_bomb(width: int, height: int, colours: int = 2) -> bytes:
    """Really that large, and a few kilobytes as a file."""
    row = b"\x00" + bytes(width * {0: 1, 2: 3, 6: 4}[colours])
    packer = zlib.compressobj(9)
    data = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    return png_saying(width, height, data=data, colours=colours)


def gif_saying(width: int, height: int, frames: int = 1) -> bytes:
    head = b"GIF89a" + struct.pack("<HH", width, height) + b"\x80\x00\x00" + b"\x00\x00\x00\xff\xff\xff"
    one = b"\x21\xf9\x04\x04\x02\x00\x00\x00" + b"," + struct.pack("<HHHH", 0, 0, min(width, 1), min(height, 1)) + b"\x00"
    return head + (one + b"\x02\x02\x44\x01\x00") * frames + b";"


def webp_saying(width: int, height: int) -> bytes:
    body = (
        b"VP8X"
        + struct.pack("<I", 10)
        + b"\x10\x00\x00\x00"
        + (width - 1).to_bytes(3, "little")
        + (height - 1).to_bytes(3, "little")
    )
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def text_bomb() -> bytes:
    """A PNG whose comment unpacks to 100 MB."""
    packed = zlib.compress(bytes(100_000_000), 9)
    return png_saying(2, 2, data=zlib.compress(b"\x00" * 14), more=chunk(b"zTXt", b"Comment\x00\x00" + packed))


def zipped(data: bytes, name: str = "a.png") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return out.getvalue()


def commented(kind: str) -> bytes:
    """Metadata of every sort the format knows, full of script and marks."""
    words = SCRIPT + MARK
    if kind == "jpg":
        return picture("jpg", comment=words, xmp=words, icc_profile=words * 4)
    if kind == "gif":
        return picture("gif", comment=words)
    if kind == "webp":
        return picture("webp", xmp=words, icc_profile=words, exif=b"Exif\x00\x00" + words)
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", words.decode())
    notes.add_itxt("XML:com.adobe.xmp", words.decode(), zip=True)
    return picture("png", pnginfo=notes, icc_profile=words)


def not_pictures() -> Iterator[tuple[str, bytes]]:
    """What is no picture of the four kinds, whatever it is called."""
    yield "nothing", b""
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'
    yield "svg", svg
    yield "svg with a head", b'<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + svg
    yield "html", b"<!doctype html>" + SCRIPT
    yield "eps", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(/etc/passwd) (r) file\n"
    yield "pdf", b"%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj"
    yield "zip", zipped(picture())
    yield "nested zip", zipped(zipped(bytes(5_000_000)))
    yield "gzip", gzip.compress(bytes(9_000_000))
    yield "gzipped picture", gzip.compress(picture())
    yield "php", b"<?php system($_GET[0]); ?>"
    yield "shell", b"#!/bin/sh\nid\n"
    yield "elf", b"\x7fELF\x02\x01\x01" + bytes(60)
    yield "exe", b"MZ\x90\x00" + bytes(60)
    yield "imagemagick", b"push graphic-context\nfill 'url(https://127.0.0.1/x|ls)'\npop graphic-context"
    for kind, name in (
        ("BMP", "bmp"),
        ("TIFF", "tiff"),
        ("PPM", "ppm"),
        ("ICO", "ico"),
        ("TGA", "tga"),
        ("PCX", "pcx"),
        ("DDS", "dds"),
    ):
        out = io.BytesIO()
        Image.new("RGB", (16, 16)).save(out, kind)
        yield name, out.getvalue()
    yield (
        "tiff bomb",
        b"II*\x00\x08\x00\x00\x00"
        + struct.pack("<H", 2)
        + struct.pack("<HHII", 256, 4, 1, 9**9)
        + struct.pack("<HHII", 257, 4, 1, 9**9),
    )
    yield "fits bomb", b"SIMPLE  =                    T" + b" " * 50 + b"NAXIS1  = 99999999" + bytes(200)
    yield "wave", b"RIFF\x24\x00\x00\x00WAVEfmt " + bytes(30)
    yield "jpeg alone by its first two signs", b"\xff\xd8" + bytes(40)
    yield "random", bytes(range(256)) * 4
    yield "a page that begins like a gif", b"GIF8" + b"<!doctype html>" + SCRIPT
    yield "utf-16", "GIF89a".encode("utf-16")
    yield "byte order mark", b"\xef\xbb\xbf" + picture()


def too_large() -> Iterator[tuple[str, bytes]]:
    """Small files that promise, or really are, far more than may be opened."""
    for side in (5001, 16_001, 40_000, 65_535, 2**31 - 1):
        yield f"png of {side}", png_saying(side, side, data=zlib.compress(bytes(100)))
    yield "png, wide", png_saying(2**31 - 1, 1, data=zlib.compress(bytes(100)))
    yield "png of 36 million", png_bomb(6000, 6000)
    yield "png of 100 million in one colour", png_bomb(10_000, 10_000, colours=0)
    for side in (5001, 65_535):
        yield f"gif of {side}", gif_saying(side, side)
    for side in (5001, 16_383):
        yield f"webp of {side}", webp_saying(side, side)
    for side in (5100, 65_500):
        head = photo((64, 64))
        at = head.index(b"\xff\xc0")
        yield f"jpeg of {side}", head[: at + 5] + struct.pack(">HH", side, side) + head[at + 9 :]


def broken() -> Iterator[tuple[str, bytes]]:
    """Files that begin well and end badly: cut short, turned around and nibbled at."""
    for kind in SAVED_AS:
        whole = photo((300, 200), kind)
        for part in (4, 12, 30, len(whole) // 3, len(whole) - 20):
            yield f"{kind} of {part} bytes", whole[:part]
        for step in (3, 7, 31):
            nibbled = bytearray(whole)
            nibbled[40::step] = bytes(byte ^ 0x5A for byte in nibbled[40::step])
            yield f"{kind}, every {step}th byte", bytes(nibbled)
        yield f"{kind}, then zeros", whole[:60] + bytes(5000)
        yield f"{kind}, twice its end", whole[:40] + whole[-300:]
    yield "png with a wrong length", b"\x89PNG\r\n\x1a\n" + b"\xff\xff\xff\xffIHDR" + bytes(20)
    yield "png with a depth of 200", png_saying(4, 4, depth=200)
    yield "png of nothing", png_saying(0, 0)
    yield "gif of nothing", gif_saying(0, 0)
    yield "gif without an end", gif_saying(30, 30)[:-6]
    yield "webp that lies about its length", b"RIFF\xff\xff\xff\xffWEBPVP8 " + bytes(50)
    yield "jpeg of markers alone", b"\xff\xd8" + b"\xff\xe1\xff\xff" * 2000
    yield "a comment of 100 MB", text_bomb()


def loaded() -> Iterator[tuple[str, str, bytes]]:
    """Honest pictures that carry something else along; each with the ending it has."""
    for kind in SAVED_AS:
        yield f"{kind} with every note", kind, commented(kind)
        whole = photo((90, 60), kind)
        for name, tail in (
            ("a page", SCRIPT + MARK),
            ("an archive", zipped(MARK)),
            ("a script", b"\n*/=1;alert(1);/*" + MARK),
            ("a program", b"<?php echo '" + MARK + b"'; ?>"),
            ("zeros", bytes(100_000) + MARK),
        ):
            yield f"{kind} with {name} behind it", kind, whole + tail
    for turn in range(1, 9):
        yield f"jpeg held {turn}", "jpg", with_place(turn)
    for kind in ("png", "webp"):
        yield f"{kind} with a place", kind, with_place(6, kind)
    yield "gif that is a script, too", "gif", picture("gif").replace(b"\x00\x00\x00", b"\x00/*", 1) + b"*/=1;alert(1)//" + MARK
    yield "jpeg with a note of how it was held that is none", "jpg", picture("jpg", exif=b"Exif\x00\x00" + MARK * 9)
    yield "gif of 50,000 pictures", "gif", gif_saying(20, 20, frames=50_000)
    frames = [Image.new("RGB", (30, 30), (step * 4, 0, 0)) for step in range(60)]
    for kind, fmt in (("gif", "GIF"), ("webp", "WEBP"), ("png", "PNG")):
        out = io.BytesIO()
        frames[0].save(out, fmt, save_all=True, append_images=frames[1:], duration=20)
        yield f"{kind} that moves", kind, out.getvalue()


def bad_names() -> list[str]:
    """Names a file may come with; none of them is ever used for anything."""
    return [
        "../../etc/passwd.png", "..\\..\\boot.png", "a\x00.png", "\u202egnp.exe.png", "CON.png", "NUL.png", "x" * 300 + ".png", ".png",
        "a b'\"<script>.png", "%2e%2e%2fa.png", "/etc/passwd.png", "C:\\a.png", "a.php.png", "图.png", "a\r\nSet-Cookie: x=1.png", "", "png",
        "🙂.png", "a" + "\u0301" * 200 + ".png",
    ]  # fmt: skip


def lying_names() -> list[str]:
    """Names that say something else than what is in the file, a PNG."""
    return [
        "a.svg",
        "a.html",
        "a.jpg",
        "a.png.exe",
        "a.php",
        "a.png.html",
        "a.gif",
        "a.webp",
        "a.js",
        "a.pdf",
        "a.png ",
        "a.PNG.Svg",
        "a.png\x00.jpg",
    ]


def make_picture(owner, *, widths=(480, 960), height: int = 600, alt: str = "", at=NOW, **fields) -> Attachment:
    """A picture of this member that lies in the media folder, as if it had been drawn anew."""
    data = picture("webp", (4, 3))
    name = store.keep("pictures", [Version(width, height, data) for width in widths])
    loose = {} if fields.get("post") or fields.get("comment") else {"loose_since": at}
    return Attachment.objects.create(
        owner=owner, name=name, widths=list(widths), width=widths[-1], height=height, bytes=len(data), alt=alt, created_at=at,
        **(loose | fields),
    )  # fmt: skip


def give_face(member) -> str:
    """The member has a picture of their own, as if it had been drawn anew."""
    name = store.keep("faces", [Version(side, side, picture("webp", (side, side))) for side in (96, 320)])
    Member.objects.filter(pk=member.pk).update(avatar=name)
    return name
