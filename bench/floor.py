"""The floor: plain TF-IDF cosine in plain Python, nothing tuned, measured in the same run as what is compared with it."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence

WORD = re.compile(r"\b\w\w+\b")


def words(text: str) -> list[str]:
    """Words of two letters and more, lower case."""
    return WORD.findall(text.lower())


def signs_and_pairs(text: str) -> list[str]:
    """Single signs and pairs of neighbours: the usual choice for Chinese."""
    return [*text, *(text[at : at + 2] for at in range(len(text) - 1))]


class TfIdf:
    """Cosine of (1 + ln tf)·idf vectors, with the smoothed idf that libraries use."""

    def __init__(self, texts: Sequence[str], split: Callable[[str], list[str]]) -> None:
        self.split = split
        self.postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
        counted = [Counter(split(text)) for text in texts]
        df = Counter(term for terms in counted for term in terms)
        self.idf = {term: math.log((1 + len(texts)) / (1 + seen)) + 1 for term, seen in df.items()}
        for at, terms in enumerate(counted):
            for term, weight in self._vector(terms).items():
                self.postings[term].append((at, weight))

    def _vector(self, terms: Counter[str]) -> dict[str, float]:
        raw = {term: (1 + math.log(count)) * self.idf[term] for term, count in terms.items() if term in self.idf}
        length = math.sqrt(sum(weight * weight for weight in raw.values())) or 1.0
        return {term: weight / length for term, weight in raw.items()}

    def ask(self, text: str) -> list[int]:
        """Positions of the texts that share anything, best first, ties by position."""
        scores: dict[int, float] = defaultdict(float)
        for term, weight in self._vector(Counter(self.split(text))).items():
            for at, other in self.postings[term]:
                scores[at] += weight * other
        return sorted(scores, key=lambda at: (-scores[at], at))
