"""A question is held against the index: how much each part tells, and what a misspelt word may have meant."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.db import connection

from community.models import SearchWord
from community.search.asking import Asked, Part, read, stands_for_more
from community.search.index import EVERYTHING
from community.search.lexemes import TITLE_MARK, best_spellings, forms_of

# A word in so few texts may be a slip that somebody else made, too; it is, where a neighbour is so much more at home.
SELDOM, AT_HOME = 3, 20
SHORTEST_BEGINNING = 3
# Among a handful of texts rarity means nothing.
SMALLEST_CROWD = 1_000
# A range, since the words stand in the order of their letters; the bound is the last sign there is.
BEGUN = """
    SELECT start, (
        SELECT sum(entries) FROM community_searchword
        WHERE word > start AND word < start || chr(1114111) AND starts_with(word, start)
    ) FROM unnest(%s::text[]) AS start
"""
ONE = 1_000  # weights are thousandths of the natural logarithm


@dataclass(frozen=True)
class Weighed:
    """A part, how much it tells (thousandths), in how many texts it is at most, and in how many titles."""

    part: Part
    weight: int
    texts: int
    titles: int


@dataclass(frozen=True)
class Question:
    """What is looked for, weighed. instead: words typed → the words that were looked for as well."""

    asked: Asked
    parts: tuple[Weighed, ...]
    instead: Mapping[str, str]
    everything: int

    @property
    def lexemes(self) -> frozenset[str]:
        return frozenset(lexeme for one in self.parts for lexeme in one.part.lexemes)

    @property
    def beginnings(self) -> tuple[str, ...]:
        return tuple(one.part.begins for one in self.parts if one.part.begins)


def weigh(words: str, *, typing: bool = False) -> Question:
    """The question with its weights. typing: the last word may be only its beginning."""
    asked = read(words)
    named = {lexeme for part in asked.parts for lexeme in part.lexemes}
    counts = _counts([EVERYTHING, *named])
    everything = max(counts.get(EVERYTHING, 0), SMALLEST_CROWD)
    spelt = _spellings(asked, counts)
    parts, instead = [], {}
    for part in asked.parts:
        lexeme = part.lexemes[0]
        if meant := spelt.get(lexeme):
            instead[part.typed or lexeme] = meant[0]
            part = replace(part, lexemes=(lexeme, *meant))
        parts.append(part)
    begun = _begun(parts, counts, typing=typing and words[-1:].isalnum())
    parts = [replace(part, begins=_start_of(part)) if _start_of(part) in begun else part for part in parts]
    counts |= _counts([TITLE_MARK + lexeme for part in parts for lexeme in part.lexemes])
    return Question(asked, tuple(_weighed(part, counts, begun, everything) for part in parts), instead, everything)


def _counts(words: list[str]) -> dict[str, int]:
    return dict(SearchWord.objects.filter(word__in=words, entries__gt=0).values_list("word", "entries"))


def _spellings(asked: Asked, counts: dict[str, int]) -> dict[str, list[str]]:
    """For each word that is unknown or seldom: what was meant, best first. Their counts are known afterwards."""
    seldom = [part.lexemes[0] for part in asked.parts if counts.get(part.lexemes[0], 0) <= SELDOM]
    forms = {lexeme: forms_of(lexeme) for lexeme in seldom}
    wanted = sorted({form for of in forms.values() for form in of})
    if not wanted:
        return {}
    near = dict(SearchWord.objects.filter(forms__overlap=wanted, entries__gt=0).values_list("word", "entries"))
    found = {}
    for lexeme in filter(forms.get, seldom):
        least = AT_HOME * counts[lexeme] if lexeme in counts else 1
        if meant := best_spellings(lexeme, {word: of for word, of in near.items() if of >= least}):
            found[lexeme] = meant
            counts |= {word: near[word] for word in meant}
    return found


def _begun(parts: list[Part], counts: Mapping[str, int], *, typing: bool) -> dict[str, int]:
    """Unknown words, and the one that is being typed, as beginnings of others: in how many texts those are."""
    unknown = [_start_of(part) for part in parts if not counts.get(part.lexemes[0])]
    starts = unknown + ([_start_of(parts[-1])] if typing and parts else [])
    starts = [start for start in starts if start.isascii() and (len(start) >= SHORTEST_BEGINNING or start not in unknown)]
    if not starts:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(BEGUN, [starts])
        return {start: int(texts) for start, texts in cursor.fetchall() if texts}


def _start_of(part: Part) -> str:
    """What a word begins with that somebody has not typed to its end: batt, though its lexeme would be bat."""
    lexeme, typed = part.lexemes[0], part.typed
    return typed if typed[:-1] == lexeme and typed[-1:] == lexeme[-1:] else lexeme


def _weighed(part: Part, counts: Mapping[str, int], begun: Mapping[str, int], everything: int) -> Weighed:
    texts = sum(counts.get(lexeme, 0) for lexeme in part.lexemes) + begun.get(part.begins, 0)
    titles = sum(counts.get(TITLE_MARK + lexeme, 0) for lexeme in part.lexemes)
    # A sign that begins many pairs is counted by nobody: taken as neither rare nor common.
    if any(map(stands_for_more, part.lexemes)):
        texts = texts or everything // 100
    return Weighed(part, max(100, round(ONE * rarity(everything, texts))), texts, titles)


def rarity(everything: int, texts: int) -> float:
    """How much a word in so many of all texts tells: the logarithm of BM25 (Robertson & Zaragoza 2009)."""
    crowd = max(everything, texts)
    return math.log(1 + (crowd - texts + 0.5) / (texts + 0.5))
