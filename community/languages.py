"""In which language a text is written, as its script and its small words say it: for fonts, screen readers and feeds.

Pure: the same text always gives the same answer. Measured on the demo and on 3,000 Chinese messages, a sentence is
enough; of a single word nobody knows, and an English guess does the least harm.
"""

import re
import unicodedata
from functools import cache

from opencc import OpenCC

EN, HANS, HANT, OTHER = "en", "zh-Hans", "zh-Hant", "und"
READ = 2_000  # signs; what stands further down changes nothing
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_ELSEWHERE = re.compile("[\u3040-\u30ff\uac00-\ud7af\u0370-\u1fff]")  # kana, hangul, and the alphabets behind Latin
_LATIN = re.compile(r"[a-z\u00c0-\u024f]+", re.IGNORECASE)
_CODE = re.compile(r"```.*?```|`[^`]*`|https?://\S+", re.DOTALL)
_ENGLISH = frozenset(
    [
        "the",
        "a",
        "an",
        "and",
        "of",
        "to",
        "in",
        "is",
        "it",
        "i",
        "my",
        "me",
        "we",
        "you",
        "that",
        "this",
        "for",
        "on",
        "with",
        "when",
        "not",
        "be",
        "have",
        "has",
        "do",
        "does",
        "can",
        "could",
        "should",
        "would",
        "please",
        "as",
        "at",
        "are",
        "was",
        "from",
        "but",
        "or",
        "so",
        "if",
        "how",
        "what",
        "why",
        "who",
        "which",
        "than",
        "there",
        "their",
        "our",
        "your",
        "just",
        "more",
        "no",
        "all",
    ]
)
_OTHERS = frozenset(
    [
        "der",
        "die",
        "das",
        "und",
        "ist",
        "nicht",
        "ich",
        "ein",
        "eine",
        "zu",
        "den",
        "mit",
        "auf",
        "für",
        "wenn",
        "bitte",
        "le",
        "la",
        "les",
        "des",
        "et",
        "est",
        "que",
        "je",
        "ne",
        "pas",
        "pour",
        "une",
        "dans",
        "el",
        "los",
        "las",
        "y",
        "es",
        "que",
        "un",
        "una",
        "por",
        "con",
        "para",
        "se",
        "no",
        "il",
        "di",
        "che",
        "per",
        "non",
        "sono",
        "lo",
        "e",
        "o",
        "de",
        "em",
        "um",
        "uma",
        "os",
        "do",
        "da",
        "het",
        "een",
        "van",
        "niet",
        "ik",
        "en",
        "och",
        "att",
        "det",
        "som",
        "inte",
        "jag",
        "på",
        "med",
    ]
)


@cache
def _converter(way: str) -> OpenCC:
    return OpenCC(way)


def guess_language(text: str) -> str:
    """en, zh-Hans, zh-Hant or und; "" for a text without a letter."""
    words = unicodedata.normalize("NFC", _CODE.sub(" ", text))[:READ]
    han, latin = len(_HAN.findall(words)), _LATIN.findall(words)
    elsewhere = len(_ELSEWHERE.findall(words))
    if not (han or latin or elsewhere):
        return ""
    # A Han sign says about as much as a short word; Japanese has Han signs and kana side by side.
    if elsewhere * 4 > han + sum(map(len, latin)) // 3:
        return OTHER
    if han * 5 >= sum(map(len, latin)):
        return _chinese(words)
    return _western([word.lower() for word in latin])


def _chinese(words: str) -> str:
    """Traditional where more signs would change on the way to simplified than on the way back."""
    simple, full = _converter("t2s").convert(words), _converter("s2t").convert(words)
    to_simple = sum(one != other for one, other in zip(words, simple, strict=False))
    to_full = sum(one != other for one, other in zip(words, full, strict=False))
    return HANT if to_simple > to_full else HANS


def _western(words: list[str]) -> str:
    english = sum(word in _ENGLISH for word in words)
    others = sum(word in _OTHERS and word not in _ENGLISH for word in words)
    accents = sum(not word.isascii() for word in words)
    return OTHER if others + accents > english + len(words) // 12 else EN


def language_after(known: str, *, before: str, now: str) -> str:
    """What a changed text is written in: guessed anew, unless somebody had set it otherwise by hand."""
    return guess_language(now) if known in ("", guess_language(before)) else known
