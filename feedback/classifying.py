"""Which kind, severity or department a text speaks of: a linear model in plain Python, trained on what people decided.

Multinomial logistic regression over words and pairs of words that stand there or do not, each scaled by how differently the
labels use it (Wang & Manning 2012, "Baselines and Bigrams"), and standing a second time for the place it was said in (Daumé
2007, "Frustratingly Easy Domain Adaptation"). The rules of `feedback.class_rules` are the point of departure: without examples
the answer is theirs. Nothing here knows Django, the database or the time; the order of the examples changes nothing.
"""

import math
import re
from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from community.words import RUNS, STOP, bare, fold, is_unspaced
from feedback.class_rules import Rules

TITLE_READ, BODY_READ = 300, 4_000  # signs; what stands further down is a log or a listing
LEAST_POSTS = 2  # a word of one post alone teaches nothing, and stays out of what is kept
ROUNDS, STEP, PULL = 6, 2.0, 0.001  # passes over the examples, the first pass's step, the pull of weights to nothing
TRUST_IN_RULES = 0.3  # how much of the rules' force stays once examples speak
BIAS_STEP = 0.1
SPREAD = 0.8  # the power of a term's log-ratio
MOST_WORDS = 5
WHOLE = 10_000  # basis points
TEMPERATURES = (0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.15, 1.3, 1.5, 1.75, 2.0, 2.5, 3.0, 4.0)
OPENING_SIGNS, OPENING_WORDS = 600, 40
TITLE, FIRST, OPENING, SIGN, HEADING, PLACE = "^", "^^", ">", "!", "#", "@"  # no word begins with them

_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_HEADING = re.compile(r"^(?:#{1,6} +|\*\*)([^\n#*]{1,80})", re.MULTILINE)
_FRAME = re.compile(r"```.*?(?:```|\Z)|^\s*(?:#|\*\*|- \[)[^\n]*$", re.DOTALL | re.MULTILINE)
_TRACE = re.compile(r"traceback|^\s*at \S+\(|exception|segfault|stack ?trace|堆栈|异常", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True)
class Said:
    """A text as the model reads it. terms: each with the words it was said in; empty for signs."""

    title: str
    body: str
    terms: Mapping[str, str]


@dataclass(frozen=True)
class Guess:
    """A label with its confidence (basis points) and up to five words that weighed most, as they were written."""

    label: str
    confidence: int
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Example:
    """A text and what people decided that it is. place: where it was said, a board's slug."""

    title: str
    body: str
    label: str
    place: str = ""


def read(title: str, body: str = "", place: str = "") -> Said:
    """Every term of the text: words, pairs of words and of Han signs, some once more apart, and a few signs.

    Apart: the title's, how title and text begin, and all but pairs of words together with the place.
    """
    shown = _COMMENT.sub(" ", body)
    title, start = title[:TITLE_READ], shown[:BODY_READ]
    terms: dict[str, str] = {}
    _take(title, TITLE, terms)
    _take(title, "", terms)
    _take(start, "", terms)
    first = RUNS.findall(fold(title))[:2]
    terms.update({FIRST + " ".join(map(bare, first[:count])): " ".join(first[:count]) for count in range(1, len(first) + 1)})
    prose = _FRAME.sub(" ", start)[:OPENING_SIGNS]
    for run in RUNS.findall(fold(prose))[:OPENING_WORDS]:
        terms.setdefault(OPENING + bare(run), "" if run in STOP else run)
    for heading in _HEADING.findall(start):
        terms.setdefault(HEADING + " ".join(map(bare, RUNS.findall(fold(heading)))), "")
    signs = {
        "asks in the title": "?" in title or "？" in title,
        "asks": "?" in start or "？" in start,
        "code": "```" in start,
        "trace": _TRACE.search(start) is not None,
        f"length {min(13, len(shown).bit_length())}": True,
    }
    terms.update({SIGN + sign: "" for sign, there in signs.items() if there})
    here = {f"{PLACE}{place} {term}": words for term, words in terms.items() if " " not in term or term[0] in SIGN + HEADING}
    return Said(title, start, terms | here if place else terms)


def _take(text: str, prefix: str, terms: dict[str, str]) -> None:
    before = ""
    for run in RUNS.findall(fold(text)):
        if is_unspaced(run):
            for at in range(max(1, len(run) - 1)):
                terms.setdefault(prefix + run[at : at + 2], run[at : at + 2])
            before = ""
        else:
            word = bare(run)
            terms.setdefault(prefix + word, "" if run in STOP else run)
            if before:
                terms.setdefault(f"{prefix}{bare(before)} {word}", "" if {before, run} <= STOP else f"{before} {run}")
            before = run


Row = tuple[list[str], float, list[float], int]  # terms, share, prior, place of the label


@dataclass(frozen=True)
class Model:
    """What was learnt. weights: term → thousandths per label; temperature: basis points, above 10,000 for the overconfident."""

    labels: tuple[str, ...]
    bias: tuple[int, ...]
    weights: Mapping[str, Sequence[int]]
    temperature: int = WHOLE

    def as_data(self) -> dict[str, Any]:
        """The model as JSON holds it."""
        weights = {term: list(of) for term, of in sorted(self.weights.items())}
        return {"labels": list(self.labels), "bias": list(self.bias), "weights": weights, "temperature": self.temperature}

    @classmethod
    def of_data(cls, data: Mapping[str, Any]) -> "Model":
        return cls(tuple(data["labels"]), tuple(data["bias"]), data["weights"], data["temperature"])


def unlearned(labels: Sequence[str]) -> Model:
    """A model that has seen nothing: the rules alone speak."""
    return Model(tuple(labels), (0,) * len(labels), {})


def probabilities(model: Model, rules: Rules, said: Said) -> list[float]:
    """How likely each of the model's labels is; together 1."""
    forces = _forces(model, rules, said)
    return _soft([force * WHOLE / model.temperature for force in forces])


def predict(model: Model, rules: Rules, title: str, body: str = "", place: str = "") -> Guess:
    """The likeliest label, with its probability and the words that spoke for it; of equals the first."""
    said = read(title, body, place)
    likely = probabilities(model, rules, said)
    best = max(range(len(likely)), key=lambda at: (likely[at], -at))
    return Guess(model.labels[best], round(WHOLE * likely[best]), _reasons(model, rules, said, best))


def train(examples: Iterable[Example], rules: Rules, labels: Sequence[str]) -> Model:
    """What the examples teach beyond the rules; examples with other labels are passed over."""
    places = {label: at for at, label in enumerate(labels)}
    known = sorted({(one.title, one.body, one.label, one.place): one for one in examples if one.label in places}.items())
    texts = [read(one.title, one.body, one.place) for _, one in known]
    wanted = [places[one.label] for _, one in known]
    scales = _scales(texts, wanted, len(labels))
    rows = [
        ([term for term in said.terms if term in scales], _share(said, scales), _prior(rules, said, labels), at)
        for said, at in zip(texts, wanted, strict=True)
    ]
    weights, bias = _descend(rows, scales, len(labels))
    learned = {term: tuple(round(1000 * scales[term] * one) for one in of) for term, of in weights.items()}
    return Model(tuple(labels), tuple(round(1000 * one) for one in bias), learned)


def calibrate(model: Model, rules: Rules, unseen: Iterable[Example]) -> Model:
    """The same answers, with the confidence that examples it was not trained on bear out."""
    places = {label: at for at, label in enumerate(model.labels)}
    told = [
        (_forces(model, rules, read(one.title, one.body, one.place)), places[one.label])
        for one in unseen
        if one.label in places
    ]
    if not told:
        return model

    def loss(temperature: float) -> float:
        return -math.fsum(math.log(max(1e-12, _soft([f / temperature for f in forces])[at])) for forces, at in told)

    best = min(TEMPERATURES, key=lambda one: (loss(one), abs(one - 1)))
    return Model(model.labels, model.bias, model.weights, round(WHOLE * best))


def macro_f1(wanted: Sequence[str], given: Sequence[str]) -> float:
    """The mean of the labels' F1, each label counted alike; 0 where nothing was asked."""
    each = f1_of_each(wanted, given)
    return math.fsum(each.values()) / len(each) if each else 0.0


def f1_of_each(wanted: Sequence[str], given: Sequence[str]) -> dict[str, float]:
    """F1 of every label that was wanted: twice the hits over those wanted and those given."""
    hits = Counter(one for one, other in zip(wanted, given, strict=True) if one == other)
    asked, answered = Counter(wanted), Counter(given)
    return {label: 2 * hits[label] / (asked[label] + answered[label]) for label in sorted(asked)}


def _share(said: Said, known: Container[str]) -> float:
    """Long texts say no more than short ones."""
    return 1 / math.sqrt(sum(1 for term in said.terms if term in known) or 1)


def _prior(rules: Rules, said: Said, labels: Sequence[str]) -> list[float]:
    return [TRUST_IN_RULES * force for force in rules.forces(said.title, said.body, labels)]


def _forces(model: Model, rules: Rules, said: Said) -> list[float]:
    if not model.weights:
        return rules.forces(said.title, said.body, model.labels)
    share = _share(said, model.weights) / 1000
    forces = [prior + own / 1000 for prior, own in zip(_prior(rules, said, model.labels), model.bias, strict=True)]
    for term in said.terms:
        for at, weight in enumerate(model.weights.get(term, ())):
            forces[at] += weight * share
    return forces


def _soft(forces: Sequence[float]) -> list[float]:
    most = max(forces)
    raised = [math.exp(force - most) for force in forces]
    whole = math.fsum(raised)
    return [one / whole for one in raised]


def _reasons(model: Model, rules: Rules, said: Said, best: int) -> tuple[str, ...]:
    share = _share(said, model.weights) / 1000
    force: dict[str, float] = rules.reasons(said.title, said.body, model.labels[best])
    for term, words in said.terms.items():
        if words and (weights := model.weights.get(term)):
            force[words] = force.get(words, 0.0) + share * (
                weights[best] - (sum(weights) - weights[best]) / max(1, len(weights) - 1)
            )
    told = sorted(((-by, words) for words, by in force.items() if by > 0.01))
    kept: list[str] = []
    for _, words in told:
        # A pair of words says what its words say, and the other way round.
        if len(kept) < MOST_WORDS and not any(set(words.split()) & set(other.split()) for other in kept):
            kept.append(words)
    return tuple(kept)


def _scales(texts: Sequence[Said], wanted: Sequence[int], labels: int) -> dict[str, float]:
    """How differently the labels use each term: the largest log-ratio of its share under one label to that under the rest."""
    counts: dict[str, list[int]] = {}
    for said, at in zip(texts, wanted, strict=True):
        for term in said.terms:
            counts.setdefault(term, [0] * labels)[at] += 1
    counts = {term: of for term, of in counts.items() if sum(of) >= LEAST_POSTS}
    totals = [sum(of[at] for of in counts.values()) + len(counts) for at in range(labels)]
    whole = sum(totals)
    scales = {}
    for term in sorted(counts):
        of = counts[term]
        rest = [(sum(of) - one + 1) / (whole - total) for one, total in zip(of, totals, strict=True)]
        ratios = [abs(math.log((one + 1) / total / r)) for one, total, r in zip(of, totals, rest, strict=True)]
        scales[term] = max(ratios) ** SPREAD
    return scales


def _descend(rows: Sequence[Row], scales: Mapping[str, float], labels: int) -> tuple[dict[str, list[float]], list[float]]:
    """The weights after so many passes, each with a smaller step; a term's weight counts before its scale, so that the
    pull to nothing spares what tells most."""
    weights, bias = {term: [0.0] * labels for term in scales}, [0.0] * labels
    order, dice = list(range(len(rows))), Random(1)  # noqa: S311 - the same order every time is the point
    for turn in range(ROUNDS):
        dice.shuffle(order)
        step = STEP / (1 + turn)
        for place in order:
            terms, share, prior, wanted = rows[place]
            forces = [one + own for one, own in zip(prior, bias, strict=True)]
            known = [(weights[term], share * scales[term]) for term in terms]
            for own, by in known:
                for at, weight in enumerate(own):
                    forces[at] += by * weight
            slopes = _soft(forces)
            slopes[wanted] -= 1
            bias = [own - BIAS_STEP * step * slope for own, slope in zip(bias, slopes, strict=True)]
            keep = 1 - step * PULL
            for own, by in known:
                own[:] = [weight * keep - step * by * slope for weight, slope in zip(own, slopes, strict=True)]
    return weights, bias
