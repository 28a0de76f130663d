"""How people are named in a text: `@mara`, also where no space follows, as in Chinese. Pure; who is meant is looked up elsewhere."""

import re
from collections.abc import Container, Iterable

LONGEST = 40
# Not within an address of mail or of a page, nor after another @.
NAMED = re.compile(r"(?<![A-Za-z0-9_.+\-/@])@([\w.\-]{1,40})")
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,}).*?(?:^ {0,3}\1|\Z)", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"(`+)[^`].*?\1", re.DOTALL)
_PLAIN = set("abcdefghijklmnopqrstuvwxyz0123456789_")


def readings(word: str) -> Iterable[str]:
    """What of the word may be the name, the longest first: @mara, and @mara你好, but not the mara of @maracuja."""
    for length in range(len(word), 0, -1):
        rest, last = word[length:], word[length - 1]
        if not rest or rest[0].lower() not in _PLAIN or last.lower() not in _PLAIN:
            yield word[:length]


def name_in(word: str, known: Container[str]) -> str:
    """The longest reading that is somebody's username, as it is written or in small letters; empty where none is."""
    for reading in readings(word):
        for spelling in (reading, reading.lower()):
            if spelling in known:
                return spelling
    return ""


def words_after_at(text: str) -> list[str]:
    """What stands after an @, in its order and each once; nothing within code."""
    spoken = _CODE.sub(" ", _FENCE.sub(" ", text))
    return list(dict.fromkeys(found[1] for found in NAMED.finditer(spoken)))
