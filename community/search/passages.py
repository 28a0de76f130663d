"""The passage that says it, with the words marked, whatever script they were typed in."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from html import unescape

import nh3
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from community.search.lexemes import lexeme_of, plain_sign, runs_of, words_of
from community.words import fold

LENGTH, BEFORE = 220, 60
MOST_READ = 8_000
FIRST_UNSPACED = "\u2e80"
_BLOCKS = re.compile(r"(?<=</p>)|(?<=</li>)|(?<=<br>)|(?<=</h3>)|(?<=</td>)|(?<=</pre>)")
Span = tuple[int, int]


def plain_text(html: str) -> str:
    """What a rendered text says, without its marks; words of two paragraphs do not grow together."""
    return " ".join(unescape(nh3.clean(_BLOCKS.sub(" ", html[: 4 * MOST_READ]), tags=set())).split())[:MOST_READ]


class Marker:
    """Marks the words of a question in texts. lexemes: as the index has them; beginnings: what a word may begin with."""

    def __init__(self, lexemes: frozenset[str], beginnings: Sequence[str] = ()) -> None:
        self.lexemes = lexemes
        self.beginnings = tuple(beginnings)

    def marked(self, text: str) -> SafeString:
        """The whole text as safe HTML, each word of the question in a mark."""
        return self._drawn(text, self.spans(text))

    def passage(self, html: str) -> SafeString:
        """The part of a rendered text where most words of the question stand close together; its beginning if none does."""
        text = plain_text(html)
        spans = self.spans(text)
        start = self._best_start(text, spans)
        end = min(len(text), start + LENGTH)
        if end < len(text) and (space := text.rfind(" ", start + LENGTH - 30, end)) > 0:
            end = space
        inside = [(max(at, start) - start, min(to, end) - start) for at, to in spans if at < end and to > start]
        before, behind = "…" if start else "", "…" if end < len(text) else ""
        return format_html("{}{}{}", before, self._drawn(text[start:end], inside), behind)

    def spans(self, text: str) -> list[Span]:
        """Where words of the question stand, in order, without overlaps."""
        found: list[Span] = []
        for run in runs_of(text):
            for start, end in self._inside(run.text):
                if found and run.start + start <= found[-1][1]:
                    found[-1] = found[-1][0], max(found[-1][1], run.start + end)
                else:
                    found.append((run.start + start, run.start + end))
        return found

    def _inside(self, run: str) -> Iterator[Span]:
        if run[0] < FIRST_UNSPACED:
            if self._is_wanted(run):
                yield 0, len(run)
            return
        read = plain_sign(run)
        for at in range(len(read)):
            if read[at] in self.lexemes:
                yield at, at + 1
            if read[at : at + 2] in self.lexemes and at + 1 < len(read):
                yield at, at + 2

    def _is_wanted(self, run: str) -> bool:
        found = _lexemes_in(run)
        return not self.lexemes.isdisjoint(found) or any(one.startswith(start) for start in self.beginnings for one in found)

    def _best_start(self, text: str, spans: Sequence[Span]) -> int:
        """Where a passage begins that holds the most different words; the first of such."""
        best, start = 0, 0
        for at, (first, _) in enumerate(spans):
            held = {text[begin:end].lower() for begin, end in spans[at : at + 20] if end <= first + LENGTH - BEFORE}
            if len(held) > best:
                best, start = len(held), first
        if start <= BEFORE:
            return 0
        space = text.find(" ", start - BEFORE, start)
        return space + 1 if space > 0 else start - BEFORE // 3

    def _drawn(self, text: str, spans: Sequence[Span]) -> SafeString:
        parts, last = [], 0
        for start, end in spans:
            parts.append((text[last:start], text[start:end]))
            last = end
        return format_html("{}{}", format_html_join("", "{}<mark>{}</mark>", parts), text[last:])


@lru_cache(maxsize=20_000)
def _lexemes_in(run: str) -> tuple[str, ...]:
    """The lexemes of a spaced word in its own spelling."""
    folded = fold(run).strip()
    return (*words_of(folded), lexeme_of(folded)) if folded else ()
