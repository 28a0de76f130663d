"""Words as every index here reads them: one form for both Chinese scripts, without endings, without pointers.

Nothing here knows Django, the database or the time: the same text gives the same words everywhere.
"""

import re
import unicodedata
from functools import cache

from opencc import OpenCC

STEM_LENGTH = 6

_HAN = "\u2e80-\u2fdf\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
UNSPACED_SIGNS = f"{_HAN}\u3040-\u30ff\u31f0-\u31ff\uac00-\ud7af"
_MARKS = "\u0300-\u036f\u0900-\u0963\u0966-\u0dff\u0e31-\u0e4e\u0eb1-\u0ece"
# Addresses, names, numbers of other posts, commits and memory addresses point somewhere; they say nothing themselves.
_POINTERS = re.compile(
    r"https?://\S+|www\.\S+|\S+@\S+\.\w+|@[\w-]+|\bgh-\d+|#\d+|\b0x[0-9a-f]+\b|\b(?=[a-f]*[0-9])(?=[0-9]*[a-f])[0-9a-f]{7,40}\b"
)
# Runs of signs that no spaces part, and words with their version numbers.
RUNS = re.compile(rf"[{UNSPACED_SIGNS}]+|[^\W{UNSPACED_SIGNS}]+(?:\.\d+)*")
_KEPT = re.compile(rf"[\w{_MARKS}]+(?:\.\d+)*")
_ALL_UNSPACED = re.compile(rf"[{UNSPACED_SIGNS}]+\Z")
_STOP_WORDS = """a an and are as at be but by can could do does for from has have i if in into is it its not of on or please
s should so t that the their then there these they this to was we what when which will with would you"""
STOP = frozenset(_STOP_WORDS.split())
_ENDINGS = (("ies", "y"), ("sses", "ss"), ("ing", ""), ("edly", ""), ("ed", ""), ("es", "e"), ("s", ""))


@cache
def _to_simplified() -> OpenCC:
    return OpenCC("t2s")


def simplified(text: str) -> str:
    """The text in simplified signs; 著 is the one sign that t2s keeps and s2t makes."""
    return str(_to_simplified().convert(text)).replace("著", "着")


def fold(text: str) -> str:
    """Compatibility signs folded, lower case, simplified, pointers gone; punctuation stays where it was."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).lower())
    return simplified(_POINTERS.sub(" ", folded))


def normalise(text: str) -> str:
    """One form of the text: compatibility signs folded, lower case, simplified, bare words with single spaces.

    Idempotent. Pointers (addresses, @names, #numbers, commits) are gone; numbers and versions stay.
    """
    return " ".join(_KEPT.findall(fold(text)))


def is_unspaced(run: str) -> bool:
    """Whether the run is of signs that no spaces part: Han, Kana, Hangul."""
    return _ALL_UNSPACED.match(run) is not None


def bare(word: str) -> str:
    """The word without its English ending: notifications and notification are one, notify is another."""
    if not word.isalpha() or len(word) < 4:
        return word
    for ending, instead in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3 and not (ending == "s" and word[-2] in "su"):
            word = word[: -len(ending)] + instead
            break
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "aeouls":
        word = word[:-1]
    if len(word) > 3 and word.endswith("e"):
        word = word[:-1]
    if len(word) > 3 and word.endswith("y"):
        word = word[:-1] + "i"
    return word


def stem(word: str) -> str:
    """The bare word, at most six letters: notify and notifications are one."""
    return bare(word)[:STEM_LENGTH] if word.isalpha() and len(word) >= 4 else word
