"""What somebody asked for: words that have to be there, phrases, words that must not be. Knows no Django, no database."""

import re
from dataclasses import dataclass

from community.search.lexemes import TITLE_MARK, pairs_of, quoted, runs_of, words_of
from community.words import STOP, fold, is_unspaced

MOST_SIGNS, MOST_PARTS = 200, 14
_QUOTED = re.compile(r"(?<!\S)-?[\"“”„«»「『]([^\"“”„«»「」『』]{1,200})[\"“”«»」』]")
_MINUS = re.compile(r"(?<!\S)[-−－](?=[^\s\-−－])\S+")


@dataclass(frozen=True)
class Part:
    """One thing that is looked for.

    lexemes: ways to say it, any of which will do; begins: what a word may also begin with.
    typed: as the person wrote it, folded; "" for a pair inside a run. joined: stands right behind the part before it.
    """

    lexemes: tuple[str, ...]
    begins: str = ""
    typed: str = ""
    joined: bool = False

    def query(self, *, titled: bool = False, weighed: bool = False) -> str:
        """The part as a tsquery. titled: only in titles, told by the index; weighed: only in titles, told by the text."""
        mark, weight = TITLE_MARK if titled else "", "A" if weighed else ""
        ways = [f"{quoted(mark + lexeme)}{_label('*' * stands_for_more(lexeme) + weight)}" for lexeme in self.lexemes]
        if self.begins:
            ways.append(f"{quoted(mark + self.begins)}{_label('*' + weight)}")
        return f"({' | '.join(ways)})"


@dataclass(frozen=True)
class Asked:
    """A question, read. parts are wanted; phrases and without are tsqueries that are kept to the letter."""

    parts: tuple[Part, ...] = ()
    phrases: tuple[str, ...] = ()
    without: tuple[str, ...] = ()

    @property
    def says_something(self) -> bool:
        return bool(self.parts)

    @property
    def bounds(self) -> list[str]:
        """What holds however far the wanted parts are loosened."""
        return [*(f"({phrase})" for phrase in self.phrases), *(f"!({never})" for never in self.without)]


def read(question: str) -> Asked:
    """The question as the index understands it: "phrases" and -words as people know them from elsewhere."""
    words = question[:MOST_SIGNS]
    phrases: list[str] = []
    without: list[str] = []
    for found in _QUOTED.finditer(words):
        if phrase := phrase_of(found[1]):
            (without if found[0].startswith("-") else phrases).append(phrase)
    # A quoted phrase is wanted word by word, too: that is what it is ranked and marked by.
    inside = " ".join(found[1] for found in _QUOTED.finditer(words) if not found[0].startswith("-"))
    words = _QUOTED.sub(" ", words)
    for found in _MINUS.finditer(words):
        if never := phrase_of(found[0]):
            without.append(never)
    parts = parts_of(_MINUS.sub(" ", words)) + parts_of(inside)
    return Asked(tuple(_once(parts)[:MOST_PARTS]), tuple(phrases), tuple(without))


def _once(parts: list[Part]) -> list[Part]:
    known: dict[tuple[str, ...], Part] = {}
    for part in parts:
        known.setdefault(part.lexemes, part)
    return list(known.values())


def parts_of(words: str) -> list[Part]:
    """The wanted parts of bare words, in their order; words that say nothing are left out."""
    parts: list[Part] = []
    for run in runs_of(fold(words)):
        if is_unspaced(run.text):
            pairs = pairs_of(run.text)[:-1] or [run.text]
            parts += [Part((pair,), typed=run.text if at == 0 else "", joined=at > 0) for at, pair in enumerate(pairs)]
        elif run.text not in STOP:
            # wi-fi is looked for as one word; the index has it so, however it was written there.
            parts.append(Part((words_of(run.text)[0],), typed=run.text))
    return parts


def stands_for_more(lexeme: str) -> bool:
    """A single sign of a script without spaces is found by every pair that begins with it."""
    return len(lexeme) == 1 and is_unspaced(lexeme)


def _label(label: str) -> str:
    return f":{label}" if label else ""


def phrase_of(words: str) -> str:
    """A tsquery that wants these words side by side, or "" for nothing."""
    found: list[tuple[str, int]] = []
    place = 0
    for run in runs_of(fold(words)):
        if is_unspaced(run.text):
            pairs = pairs_of(run.text)
            found += [(Part((pair,)).query(), place + at) for at, pair in enumerate(pairs[:-1] or pairs)]
            place += len(run.text)
        else:
            if run.text not in STOP:
                found.append((quoted(words_of(run.text)[0]), place))
            place += max(1, len(words_of(run.text)) - 1)
    query = found[0][0] if found else ""
    for (_, before), (lexeme, at) in zip(found, found[1:], strict=False):
        query += f" <{at - before}> {lexeme}"
    return query
