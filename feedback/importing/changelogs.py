"""Changelogs in Markdown: which releases they tell of, and which issues each of them names. Pure.

Two shapes are read. A file that begins with lines such as `Title:` and `Date:` tells of one release, as weekly
changelogs do; any other has a heading for each version, as in "## [1.2.0] - 2024-05-01".
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from feedback.importing.rows import Fault, read_time, read_words

SUFFIXES = {".md", ".markdown", ".mkd", ".txt"}
MOST_BYTES, MOST_FILES, MOST_RELEASES = 5_000_000, 2_000, 2_000
LONGEST_VERSION, LONGEST_TITLE, LONGEST_VALUE = 40, 120, 300

_KEY = re.compile(r"([A-Za-z][\w-]{0,30})[ \t]*:[ \t]*(.*)")
_HEADING = re.compile(r"(#{1,4})[ \t]+(.{1,300})")
_VERSION = re.compile(
    r"(?:(?:version|release)[ \t]+)?(?P<open>\[)?(?P<v>v)?(?P<version>\d[\w.+-]*)\]?(?:\([^)\s]*\))?(?P<rest>.*)", re.IGNORECASE
)
_WEEK = re.compile(r"\d{4}-W\d{2}")
_DAY = re.compile(r"\(?(\d{4}[-/]\d{1,2}[-/]\d{1,2})\)?")
_LAST_NUMBER = re.compile(r"[#v]?(\d[\w.]*)\s*$")
_FENCE = re.compile(r"^(```|~~~).*?(?:^\1[^\n]*$|\Z)", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"`[^`\n]{1,500}`")
# The words of a link say nothing that its address does not: "[#12](…/other/pull/12)" is the other's twelfth.
_LABELS = (re.compile(r"\[[^\[\]]{0,500}\](?=\()"), re.compile(r"\[[^\[\]]{0,500}\](?=[ \t]?\[[^\[\]]{1,100}\])"))
_DEFINED = re.compile(r"^ {0,3}\[([^\[\]\n]{1,100})\]:", re.MULTILINE)
_SHORTCUT = re.compile(r"\[([^\[\]\n]{1,100})\]")
_ADDRESS = re.compile(r"https?://[\w.-]{1,100}/([\w.-]{1,100}/[\w.-]{1,100})/(?:pull|issues|merge_requests)/(\d{1,9})\b\S*")
_FOREIGN = re.compile(r"https?://\S+")
_SHORT = re.compile(r"(?<![\w/&#.-])(?:([\w.-]{1,100}/[\w.-]{1,100}))?#(\d{1,9})\b")


@dataclass(frozen=True)
class Named:
    """An issue or pull request a text names; repository: "owner/name" in small letters, empty where it does not say."""

    repository: str
    number: str


@dataclass(frozen=True)
class ChangelogEntry:
    """One release as its changelog tells of it; row: the line it begins at, from 1."""

    version: str
    title: str
    dated: datetime | None
    notes: str
    named: tuple[Named, ...]
    file: str
    row: int


Entries = Iterator[ChangelogEntry | Fault]


def read_changelogs(path: Path) -> Entries:
    """Every release of the file, or of each changelog in the folder, by name; a file that cannot be read is one fault."""
    files = sorted(one for one in path.iterdir() if one.suffix.lower() in SUFFIXES) if path.is_dir() else [path]
    for file in files[:MOST_FILES]:
        try:
            yield from _read_file(file)
        except UnicodeDecodeError as fault:
            yield Fault(file.name, 0, f"not text in UTF-8: {fault.reason} at byte {fault.start}")
        except OSError as fault:
            yield Fault(file.name, 0, f"cannot be read: {fault.strerror}")
    if len(files) > MOST_FILES:
        yield Fault(path.name, 0, f"more than {MOST_FILES:,} files; the rest is left out")


def _read_file(file: Path) -> Entries:
    if not file.is_file():
        # A pipe would be waited for until somebody wrote into it.
        yield Fault(file.name, 0, "cannot be read: it is no file")
        return
    with file.open("rb") as stream:
        data = stream.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        yield Fault(file.name, 0, f"longer than {MOST_BYTES:,} bytes, which is no changelog")
        return
    text = read_words(data.decode("utf-8-sig")).replace("\r\n", "\n").replace("\r", "\n")
    yield from read_text(text, file.name)


def read_text(text: str, file: str) -> Entries:
    """The releases a text tells of; a Fault for each that says neither its version nor its day, and for none at all."""
    lines = text.split("\n")
    keys, begins = _keys(lines)
    yield from [_whole(keys, lines, begins, file)] if "title" in keys else _sections(lines, file)


def _keys(lines: list[str]) -> tuple[dict[str, str], int]:
    """What stands above the text as "Key: value", in small letters, and where the text begins."""
    start = next((number for number, line in enumerate(lines) if line.strip()), 0)
    fenced = bool(lines) and lines[start].strip() == "---"
    keys: dict[str, str] = {}
    number = start + fenced
    while number < len(lines) and (found := _KEY.fullmatch(lines[number].rstrip())):
        keys[found[1].lower()] = found[2].strip().strip("\"'")[:LONGEST_VALUE]
        number += 1
    closed = fenced and number < len(lines) and lines[number].strip() == "---"
    return keys, number + closed


def _whole(keys: dict[str, str], lines: list[str], begins: int, file: str) -> ChangelogEntry | Fault:
    title, day = keys["title"], keys.get("date", "")
    try:
        dated = read_time(day) if day else None
    except ValueError:
        return Fault(file, 1, f'its date is "{day[:40]}", which is none')
    numbered = _LAST_NUMBER.search(title)
    version = keys.get("version") or (numbered[1] if numbered else "") or (dated.date().isoformat() if dated else "")
    return _entry(version, title, dated, lines[begins:], (file, 1))


def _sections(lines: list[str], file: str) -> Entries:
    """Every heading of the first version's rank begins something; those that name no version end what was before."""
    heads = list(_headings(lines))
    first = next((rank for _number, rank, words in heads if _version_of(words)), 0)
    heads = [head for head in heads if head[1] <= first]
    ends = [number for number, _rank, _words in heads[1:]] + [len(lines)]
    found = [(number, end, version) for (number, _rank, words), end in zip(heads, ends, strict=True)
             if (version := _version_of(words))] if heads else []  # fmt: skip
    if not found:
        yield Fault(file, 0, 'no release found: neither lines like "Title: …" at its top nor a heading like "## 1.2.0"')
    for number, end, version in found[:MOST_RELEASES]:
        yield _section(version, lines[number + 1 : end], (file, number + 1))
    if len(found) > MOST_RELEASES:
        yield Fault(file, found[MOST_RELEASES][0] + 1, f"more than {MOST_RELEASES:,} releases; the rest is left out")


def _headings(lines: list[str]) -> Iterator[tuple[int, int, str]]:
    fence = ""
    for number, line in enumerate(lines):
        mark = line.lstrip()[:3]
        if mark in ("```", "~~~") and fence in ("", mark):
            fence = "" if fence else mark
        elif not fence and (found := _HEADING.fullmatch(line.rstrip())):
            yield number, len(found[1]), found[2].strip()


def _version_of(words: str) -> re.Match[str] | None:
    """A heading is a version's where it looks like one: with a dot, a v, brackets, a week or a day. "3 wishes" is none."""
    found = _VERSION.fullmatch(words)
    if found is None:
        return None
    version = found["version"]
    sure = "." in version or found["v"] or found["open"] or _WEEK.fullmatch(version) or _DAY.search(words)
    return found if sure else None


def _section(version: re.Match[str], lines: list[str], place: tuple[str, int]) -> ChangelogEntry | Fault:
    rest = version["rest"]
    day = _DAY.search(rest) or _DAY.fullmatch(version["version"])
    try:
        dated = read_time(day[1].replace("/", "-")) if day else None
    except ValueError:
        return Fault(*place, f'its date is "{day[1] if day else ""}", which is none')
    title = _DAY.sub("", rest).strip(" \t-–—:·,/()[]") or version["version"]
    return _entry(version["version"], title, dated, lines, place)


def _entry(
    version: str, title: str, dated: datetime | None, lines: list[str], place: tuple[str, int]
) -> ChangelogEntry | Fault:
    version, title, notes = _printable(version), _printable(title), "\n".join(lines).strip()
    if not version:
        return Fault(*place, "it says neither its version nor its date")
    if len(version) > LONGEST_VERSION:
        return Fault(*place, f"a version has at most {LONGEST_VERSION} signs, this one {len(version)}")
    named = tuple(dict.fromkeys(names_in(notes)))
    return ChangelogEntry(version, (title or version)[:LONGEST_TITLE], dated, notes, named, *place)


def _printable(words: str) -> str:
    """On one line, without the signs that move a terminal's cursor."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in words).split())


def names_in(text: str) -> Iterator[Named]:
    """What a Markdown text names as #12, owner/name#12 or by its full address; not what stands in code."""
    text = _CODE.sub(" ", _FENCE.sub(" ", text))
    for label in _LABELS:
        text = label.sub(" ", text)
    defined = set(_DEFINED.findall(text))
    text = _SHORTCUT.sub(lambda found: " " if found[1] in defined else found[0], text)
    for found in _ADDRESS.finditer(text):
        yield Named(found[1].lower(), str(int(found[2])))
    for found in _SHORT.finditer(_FOREIGN.sub(" ", text)):
        yield Named((found[1] or "").lower(), str(int(found[2])))


def repository_of(entries: Iterable[ChangelogEntry]) -> str | None:
    """The repository that more than half of the full names belong to, empty where there are none; None: nobody can tell."""
    counts = Counter(named.repository for entry in entries for named in entry.named if named.repository)
    if not counts:
        return ""
    name, most = counts.most_common(1)[0]
    return name if 2 * most > counts.total() else None
