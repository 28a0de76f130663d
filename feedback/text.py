"""Text as the index of similar suggestions reads it: one form for both Chinese scripts, terms, and their weights.

Nothing here knows Django, the database or the time: the same text gives the same terms everywhere. Raise VERSION
when that changes; rows of another version are read again by `manage.py similar --reindex`.
"""

from collections import Counter
from collections.abc import Collection, Iterator
from functools import cache, lru_cache
from hashlib import blake2b
from pathlib import Path

from community.words import RUNS, STOP, is_unspaced, normalise, stem

VERSION = 2

# Weights of a term by where it stands, and the length at which a field neither gains nor loses, in half-words.
TITLE_WEIGHT, TITLE_LENGTH, TITLE_SLOPE = 6.0, 16, 0.5
BODY_WEIGHT, BODY_LENGTH, BODY_SLOPE = 0.5, 160, 0.85
THREAD_WEIGHT, THREAD_LENGTH, THREAD_SLOPE = 0.5, 400, 0.85
SATURATION = 0.8
FULL = 1000  # the impact a term comes near to and never reaches
ASKED_TITLE, ASKED_SATURATION = 10.0, 2.0
PAIR_WEIGHT = 0.5  # a pair of Han signs repeats what its two signs say
# A concept said in the other language is all that joins the two. In the same language the words themselves have counted;
# Chinese gains from its synonyms, in English most of it would be counting twice.
ACROSS, WITHIN = 2.0, {"en": 0.3, "zh": 2.0}
BODY_READ, THREAD_READ = 8_000, 16_000  # signs; what stands further down says little about the wish
CONCEPT = "="  # no word begins with it

_GLOSSARY = Path(__file__).with_name("glossary.tsv")


def _terms(normal: str) -> Iterator[str]:
    """Every term of a normalised text: stems, parts of joined_names, single Han signs and pairs of them."""
    for run in RUNS.findall(normal):
        if is_unspaced(run):
            yield from run
            yield from (run[at : at + 2] for at in range(len(run) - 1))
        elif run not in STOP:
            yield stem(run)
            if "_" in run:
                yield from (stem(part) for part in run.split("_") if len(part) > 2)


def _half_words(normal: str) -> int:
    """The length of a text: a word counts two, a Han sign one."""
    return sum(len(run) if is_unspaced(run) else 2 for run in RUNS.findall(normal) if run not in STOP)


@cache
def glossary() -> tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...]:
    """Concepts: name, English phrases as stems between spaces, Chinese phrases; a line of the file each."""
    rows = []
    for line in _GLOSSARY.read_text(encoding="utf-8").splitlines():
        english, _, chinese = line.partition("\t")
        spaced = dict.fromkeys(_spaced(normalise(phrase)) for phrase in english.split(","))
        joined = dict.fromkeys(normalise(phrase) for phrase in chinese.split(","))
        rows.append((normalise(english.split(",")[0]), tuple(spaced), tuple(joined)))
    return tuple(rows)


def _spaced(normal: str) -> str:
    return f" {' '.join(stem(run) for run in RUNS.findall(normal))} "


def concepts(normal: str) -> set[str]:
    """The glossary's concepts that the normalised text speaks of, each with the language it is said in: `=en dark mode`."""
    spaced = _spaced(normal)
    said = {f"{CONCEPT}en {name}" for name, english, _ in glossary() if any(phrase in spaced for phrase in english)}
    return said | {f"{CONCEPT}zh {name}" for name, _, chinese in glossary() if any(phrase in normal for phrase in chinese)}


def _counted(normal: str) -> Counter[str]:
    counted = Counter(_terms(normal))
    counted.update(concepts(normal))
    return counted


def tokens(title: str, body: str = "", thread: str = "") -> dict[str, int]:
    """Term → impact (1…999) of a suggestion: how much it is about the term, whatever the term's rarity.

    BM25F (Robertson, Zaragoza & Taylor 2004) with fixed reference lengths, so that no impact changes because of
    other posts: f = Σ weight·count / (1 - slope + slope·length/reference) over the fields, impact = f / (f + saturation).
    thread: what others answered, which often says the same in other words.
    """
    pressed: dict[str, float] = {}
    for text, weight, reference, slope in (
        (title, TITLE_WEIGHT, TITLE_LENGTH, TITLE_SLOPE),
        (body[:BODY_READ], BODY_WEIGHT, BODY_LENGTH, BODY_SLOPE),
        (thread[:THREAD_READ], THREAD_WEIGHT, THREAD_LENGTH, THREAD_SLOPE),
    ):
        normal = normalise(text)
        norm = 1 - slope + slope * _half_words(normal) / reference
        for term, count in _counted(normal).items():
            pressed[term] = pressed.get(term, 0.0) + weight * count / norm
    return {term: max(1, round(FULL * force / (force + SATURATION))) for term, force in pressed.items()}


def asked(title: str, body: str = "") -> dict[str, int]:
    """Term → weight (1…) of a question: the title first, repetition soon saturated, concepts in both languages."""
    counted = {term: ASKED_TITLE * count for term, count in _counted(normalise(title)).items()}
    for term, count in _counted(normalise(body[:BODY_READ])).items():
        counted[term] = counted.get(term, 0.0) + count
    weights: dict[str, float] = {}
    for term, said in counted.items():
        for wanted, worth in _wanted(term):
            weights[wanted] = max(weights.get(wanted, 1.0), FULL * worth * said / (said + ASKED_SATURATION))
    return {term: round(weight) for term, weight in weights.items()}


def _wanted(term: str) -> list[tuple[str, float]]:
    """What a term of the question asks for, and how much each is worth."""
    if term[0] != CONCEPT:
        return [(term, PAIR_WEIGHT if len(term) == 2 and is_unspaced(term) else 1.0)]
    language, name = term[1:3], term[3:]
    other = "en" if language == "zh" else "zh"
    return [(term, WITHIN[language]), (f"{CONCEPT}{other}{name}", ACROSS)]


def key(term: str) -> int:
    """The term as a signed 64-bit number, the same on every machine; what the index stores."""
    return int.from_bytes(blake2b(term.encode(), digest_size=8).digest(), "big", signed=True)


def likeness(title: str, other: str) -> float:
    """0…1: how alike two titles are spelt (Dice over letter triples, Han signs and pairs); forgives a typing error."""
    ours, theirs = _grams(title), _grams(other)
    return 2 * len(ours & theirs) / (len(ours) + len(theirs)) if ours and theirs else 0.0


@lru_cache(maxsize=512)
def _grams(title: str) -> frozenset[str]:
    found: set[str] = set()
    for run in RUNS.findall(normalise(title)):
        if is_unspaced(run):
            found.update(run, (run[at : at + 2] for at in range(len(run) - 1)))
        else:
            word = f" {run} "
            found.update(word[at : at + 3] for at in range(len(word) - 2))
    return frozenset(found)


def matching(text: str, terms: Collection[str]) -> list[str]:
    """The words of the text that share one of the terms, in the order of the text; Han pairs join to longer words."""
    normal = normalise(text)
    words: list[str] = []
    for run in RUNS.findall(normal):
        if is_unspaced(run):
            words += _joined_pairs(run, terms)
        elif run not in STOP and stem(run) in terms:
            words.append(run)
    spaced = _spaced(normal)
    for name, english, chinese in glossary():
        if f"{CONCEPT}zh {name}" in terms:
            words += [phrase for phrase in chinese if phrase in normal]
        if f"{CONCEPT}en {name}" in terms:
            said = {part for phrase in english if phrase in spaced for part in phrase.split()}
            words += [run for run in RUNS.findall(normal) if stem(run) in said]
    return list(dict.fromkeys(words))


def _joined_pairs(run: str, terms: Collection[str]) -> list[str]:
    shared = [at for at in range(len(run) - 1) if run[at : at + 2] in terms]
    covered = {at + step for at in shared for step in (0, 1)}
    words: list[str] = []
    word = ""
    for at, sign in enumerate(run):
        if at in covered:
            word += sign
        elif word:
            words, word = [*words, word], ""
    return [*words, word] if word else words


def says_enough(title: str) -> bool:
    """Whether a half-typed title is worth asking for: four Han signs, or two words."""
    normal = normalise(title)
    signs = sum(len(run) for run in RUNS.findall(normal) if is_unspaced(run))
    words = sum(1 for run in RUNS.findall(normal) if not is_unspaced(run))
    return signs >= 4 or words >= 2 or (signs >= 2 and words >= 1)
