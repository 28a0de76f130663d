"""Texts as the search index holds them: lexemes with their places, and the misspellings each word may have.

Knows no Django and no database. A word is itself without its English ending and accents; signs that no spaces part become
pairs of neighbours, and the last of a run stands alone, so that a single sign is found by what begins with it. Raise
VERSION when the same text gives other lexemes; `manage.py search --reindex` reads older rows again.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from zlib import crc32

from community.words import STOP, UNSPACED_SIGNS, bare, fold, is_unspaced, simplified

VERSION = 1
MOST_READ = 20_000  # signs of a text
LONGEST_WORD = 40
LAST_PLACE = 16_000  # PostgreSQL counts no further than 16,383
TITLE_MARK, FACET_MARK = "^", "="  # no word begins with either

# Letters and digits with the hyphens, dots and apostrophes inside them: wi-fi, 3.2.1, don't.
_RUNS = re.compile(rf"[{UNSPACED_SIGNS}]+|[^\W{UNSPACED_SIGNS}]+(?:[-.'’][^\W{UNSPACED_SIGNS}]+)*")
_PARTS = re.compile(r"[-.'’_]")
_VERSION = re.compile(r"\d+(?:\.\d+)+\Z")
_ACCENTS = re.compile("[\u0300-\u036f]")


@dataclass(frozen=True)
class Run:
    """A word or a run of unparted signs, and where it stands in the text it was read from."""

    text: str
    start: int
    end: int


def runs_of(text: str) -> Iterator[Run]:
    """Every run of a text that may be searched, in its own spelling."""
    for found in _RUNS.finditer(text):
        yield Run(found[0], found.start(), found.end())


@lru_cache(maxsize=50_000)
def lexeme_of(word: str) -> str:
    """The form under which a spaced word is kept: no accents, no ending."""
    if not word.isascii():
        word = _ACCENTS.sub("", unicodedata.normalize("NFKD", word))
    return bare(word)[:LONGEST_WORD]


def words_of(run: str) -> list[str]:
    """The lexemes at the places of a folded spaced run, joined forms first: wi-fi is wifi, and also wi and fi."""
    if _VERSION.match(run):
        return [run[:LONGEST_WORD]]
    parts = [part for part in _PARTS.split(run) if part]
    if len(parts) < 2:
        return [lexeme_of(parts[0] if parts else run)]
    joined = run if "_" in run else "".join(parts)
    return [lexeme_of(joined), *(lexeme_of(part) for part in parts)]


def pairs_of(run: str) -> list[str]:
    """The lexemes of a run of unparted signs: pairs of neighbours, then its last sign."""
    return [run[at : at + 2] for at in range(len(run))]


def placed(text: str, first: int = 1) -> Iterator[tuple[str, int]]:
    """Every lexeme of a text with its place; words that say nothing keep their place and are left out."""
    place = first
    for run in runs_of(fold(text[:MOST_READ])):
        if is_unspaced(run.text):
            yield from ((pair, place + at) for at, pair in enumerate(pairs_of(run.text)))
            place += len(run.text)
            continue
        whole, *parts = words_of(run.text)
        if run.text not in STOP:
            yield whole, place
        yield from ((part, place + at) for at, part in enumerate(parts) if part not in STOP)
        place += max(1, len(parts))


@dataclass(frozen=True)
class Text:
    """A post or a comment as it is put into the index: what it says, and what it can be narrowed by."""

    title: str
    body: str
    facets: tuple[str, ...] = ()


def facet(name: str, value: object) -> str:
    """The lexeme of a thing that a search is narrowed by, such as a board."""
    return f"{FACET_MARK}{name}:{value}"


def vector_of(text: Text) -> tuple[str, int]:
    """A tsvector of the text, written out, and how many lexemes its title has.

    Titles weigh A, texts D. A title's lexemes stand a second time under "^": only that lets the index tell them apart.
    """
    places: dict[str, list[str]] = defaultdict(list)
    titled = list(placed(text.title))
    for lexeme, place in titled:
        places[lexeme].append(f"{place}A")
        places[TITLE_MARK + lexeme]
    gap = max((place for _, place in titled), default=0) + 10
    for lexeme, place in placed(text.body, gap):
        if place < LAST_PLACE and len(places[lexeme]) < 50:
            places[lexeme].append(str(place))
    for name in text.facets:
        places[name]
    return " ".join(_written(lexeme, at) for lexeme, at in places.items()), len(titled)


def _written(lexeme: str, places: list[str]) -> str:
    return f"{quoted(lexeme)}:{','.join(places)}" if places else quoted(lexeme)


def quoted(lexeme: str) -> str:
    """The lexeme as tsvector and tsquery write it."""
    return "'" + lexeme.replace("\\", "\\\\").replace("'", "''") + "'"


# Misspellings. Symmetric deletion (Garbe 2012, "SymSpell"): two words at most `reach` edits apart share a form with at most
# `reach` letters left out, and it is enough to look at their first seven letters.
BEGINNING, SHORTEST_SPELT = 7, 4


def reach_of(word: str) -> int:
    """How many typing errors a word may have and still be understood: none below four letters, two from seven on."""
    if not word.isalpha() or not SHORTEST_SPELT <= len(word) <= LONGEST_WORD or is_unspaced(word[0]):
        return 0
    return 1 if len(word) < BEGINNING else 2


def forms_of(word: str) -> list[int]:
    """Signed 32-bit numbers of the word's beginning with letters left out; two words one slip apart share one."""
    reach = reach_of(word)
    if not reach:
        return []
    start = word[:BEGINNING]
    kept = {start} | {
        "".join(sign for at, sign in enumerate(start) if at not in gone)
        for count in range(1, reach + 1)
        for gone in combinations(range(len(start)), count)
    }
    return sorted({crc32(form.encode()) - 2**31 for form in kept})


def slips_between(word: str, other: str, most: int = 2) -> int:
    """How many typing errors lie between two words: letters too many, too few, wrong or swapped; more than `most` is most + 1."""
    if abs(len(word) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, sign in enumerate(word, 1):
        older, before, row = before, row, [at]
        for to, wanted in enumerate(other, 1):
            step = min(before[to] + 1, row[to - 1] + 1, before[to - 1] + (sign != wanted))
            if at > 1 and to > 1 and sign == other[to - 2] and word[at - 2] == wanted:
                step = min(step, older[to - 2] + 1)
            row.append(step)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)


def best_spellings(word: str, known: Mapping[str, int], most: int = 3) -> list[str]:
    """The known words somebody may have meant, nearest and then most used first. known: word → texts that have it."""
    reach = reach_of(word)
    near = [(slips_between(word, other, reach), -count, other) for other, count in known.items() if other != word]
    # The first letter is seldom wrong; a word that differs there has to be nearer.
    near = [(slips + (other[0] != word[0]), count, other) for slips, count, other in near if slips <= reach]
    best = min((slips for slips, _, _ in near), default=0)
    return [other for slips, _, other in sorted(near) if slips == best][:most]


def plain_sign(text: str) -> str:
    """A run as the index reads it, sign by sign, so that places in it are places in the original; "" where they would shift."""
    read = simplified(unicodedata.normalize("NFKC", text).lower())
    return read if len(read) == len(text) else ""
