"""What differs between two texts, word by word in English and sign by sign in Chinese. No Django here.

First lines are compared, then words within what differs, so that the cost stays bounded: comparing two texts of 7,000
signs at once takes seconds, comparing their lines takes a millisecond.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

SAME, GONE, NEW, SKIPPED = "same", "gone", "new", "skipped"
MOST_WORDS = 1200  # of one changed passage; a longer one is shown as replaced whole
ISLAND = 3  # unchanged signs between two changes that are not worth showing apart
AROUND = 160  # signs shown before and after a change
# A word of letters and digits, one Han, kana or hangul sign, a run of spaces, a line's end, or one other sign.
_WORDS = re.compile(
    r"\n|[^\S\n]+|[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]|[^\W_\u3040-\u9fff\uac00-\ud7af\uf900-\ufaff]+|.", re.S
)
_LINES = re.compile(r"[^\n]*\n|[^\n]+\Z")


@dataclass(frozen=True)
class Part:
    """A passage that stayed, went or came; `skipped`: one that stayed and is not shown."""

    kind: str
    text: str


def words_of(text: str) -> list[str]:
    """The text in the pieces that are compared; joined again they are the text."""
    return _WORDS.findall(text)


def difference(before: str, after: str) -> list[Part]:
    """How one text becomes the other.

    What stayed and went, joined, is `before`; what stayed and came, joined, is `after`.
    """
    old, new = _LINES.findall(before), _LINES.findall(after)
    parts: list[Part] = []
    for tag, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        gone, came = "".join(old[i:j]), "".join(new[k:m])
        parts += [Part(SAME, gone)] if tag == "equal" else _by_words(gone, came)
    return _joined(parts)


def _by_words(gone: str, came: str) -> list[Part]:
    old, new = words_of(gone), words_of(came)
    if not old or not new or len(old) > MOST_WORDS or len(new) > MOST_WORDS:
        return [Part(GONE, gone), Part(NEW, came)]
    parts: list[Part] = []
    for tag, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            parts.append(Part(SAME, "".join(old[i:j])))
        else:
            parts += [Part(GONE, "".join(old[i:j])), Part(NEW, "".join(new[k:m]))]
    return _without_islands(_joined(parts))


def _without_islands(parts: Sequence[Part]) -> list[Part]:
    """A space or two signs that happen to be the same between two changes belong to the change."""
    merged: list[Part] = []
    for place, part in enumerate(parts):
        inside = 0 < place < len(parts) - 1
        if part.kind == SAME and inside and len(part.text) < ISLAND and "\n" not in part.text:
            merged += [Part(GONE, part.text), Part(NEW, part.text)]
        else:
            merged.append(part)
    return merged


def _joined(parts: Iterable[Part]) -> list[Part]:
    """Neighbours of one kind are one part; of a change what went stands before what came."""
    found: list[Part] = []
    gone = came = ""

    def settle() -> Iterator[Part]:
        if gone:
            yield Part(GONE, gone)
        if came:
            yield Part(NEW, came)

    for part in parts:
        if part.kind == GONE:
            gone += part.text
        elif part.kind == NEW:
            came += part.text
        elif part.text:
            found += settle()
            gone = came = ""
            if found and found[-1].kind == SAME:
                found[-1] = Part(SAME, found[-1].text + part.text)
            else:
                found.append(part)
    return [*found, *settle()]


def shortened(parts: Sequence[Part]) -> list[Part]:
    """The same, with long unchanged passages left out but for what stands around the changes."""
    short: list[Part] = []
    for place, part in enumerate(parts):
        first, last = place == 0, place == len(parts) - 1
        head, tail = 0 if first else AROUND, 0 if last else AROUND
        if part.kind != SAME or len(part.text) <= head + tail + AROUND:
            short.append(part)
            continue
        begin, end = _whole_words(part.text, head), _whole_words(part.text, len(part.text) - tail)
        pieces = [Part(SAME, part.text[:begin]), Part(SKIPPED, part.text[begin:end]), Part(SAME, part.text[end:])]
        short += [piece for piece in pieces if piece.text]
    return short


def _whole_words(text: str, place: int) -> int:
    """The place or, if that is inside a word, the end of the word; a word without end is cut all the same."""
    end = place
    while 0 < end < len(text) and text[end].isalnum() and text[end] < "\u3040" and end - place < 40:
        end += 1
    return end


def changes(before: Sequence[str], after: Sequence[str]) -> tuple[list[str], list[str]]:
    """Which words of a list went and which came."""
    return [word for word in before if word not in after], [word for word in after if word not in before]
