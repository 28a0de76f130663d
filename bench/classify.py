"""How well and how fast kinds are guessed, on 1,500 issues that people labelled bug, feature or question.

Five folds: each issue is asked of a model that has seen the other four fifths. Beside it two floors: always the commonest
label, and the rules alone, which is what a new community starts with. The project an issue came from takes the board's place.
"""

import csv
import random
import time
from collections.abc import Sequence
from pathlib import Path

from bench.figures import Bench, Figure
from bench.similar import Say, data_folder
from feedback.class_rules import KINDS
from feedback.classifying import Example, Guess, Model, f1_of_each, macro_f1, predict, train, unlearned

LABELS = {"bug": "bug", "feature": "suggestion", "question": "question"}
FOLDS, PROMISED_F1, PROMISED_SECONDS, PROMISED_MS = 5, 0.80, 30.0, 5.0
SURE = 7_000  # basis points from which the desk says that a kind looks different


def run(quick: bool, say: Say) -> list[Figure]:
    """All figures of `classify`; a quick run asks one fold in five."""
    examples = read_issues(data_folder())
    say(f"{len(examples):,} issues, {1 if quick else FOLDS} of {FOLDS} folds")
    asked: list[Example] = []
    given: list[Guess] = []
    seconds, milliseconds = [], []
    for learning, held_out in folds(examples)[: 1 if quick else FOLDS]:
        begun = time.process_time()
        model = train(learning, KINDS, tuple(LABELS.values()))
        seconds.append(time.process_time() - begun)
        for one in held_out:
            begun = time.process_time()
            given.append(ask(model, one))
            milliseconds.append((time.process_time() - begun) * 1000)
        asked += held_out
        say(f"trained in {seconds[-1]:.1f} s")
    return [*quality(asked, given), *speed(seconds, milliseconds)]


def read_issues(folder: Path) -> list[Example]:
    """Every labelled issue, its project as the place."""
    # The limit is one for the whole process, and importers keep theirs.
    before = csv.field_size_limit(10_000_000)
    try:
        with (folder / "issue_types.csv").open(encoding="utf-8", newline="") as lines:
            return [Example(row["title"], row["body"], LABELS[row["label"]], row["repo"]) for row in csv.DictReader(lines)]
    finally:
        csv.field_size_limit(before)


def folds(examples: Sequence[Example]) -> list[tuple[list[Example], list[Example]]]:
    """What is learnt from and what is asked, five times; nothing is asked twice."""
    mixed = random.Random(1).sample(list(examples), len(examples))
    return [([one for at, one in enumerate(mixed) if at % FOLDS != fold], mixed[fold::FOLDS]) for fold in range(FOLDS)]


def ask(model: Model, one: Example) -> Guess:
    return predict(model, KINDS, one.title, one.body, one.place)


def quality(asked: Sequence[Example], given: Sequence[Guess]) -> list[Figure]:
    """F1 as a whole and of each label, and how far a confidence can be believed."""
    wanted = [one.label for one in asked]
    rules = [ask(unlearned(tuple(LABELS.values())), one).label for one in asked]
    answers = [guess.label for guess in given]
    commonest = [max(sorted(set(wanted)), key=wanted.count)] * len(wanted)
    each, low = f1_of_each(wanted, answers), f1_of_each(wanted, rules)
    sure = [guess.label == label for guess, label in zip(given, wanted, strict=True) if guess.confidence >= SURE]
    confident = sum(guess.confidence for guess in given) / len(given) / 10_000
    right = sum(label == answer for label, answer in zip(wanted, answers, strict=True)) / len(wanted)
    return [
        Figure("kinds: macro-F1, beside the rules alone", macro_f1(wanted, answers), "", macro_f1(wanted, rules), PROMISED_F1),
        Figure("kinds: macro-F1, beside the commonest label", macro_f1(wanted, answers), "", macro_f1(wanted, commonest)),
        *(Figure(f"kinds, {label}: F1", each[label], "", low[label]) for label in LABELS.values()),
        Figure("kinds: share of guesses at 70 % or more", len(sure) / len(given)),
        Figure("kinds: right among those", sum(sure) / max(1, len(sure))),
        Figure("kinds: mean confidence, beside the share that is right", confident, "", right),
    ]


def speed(seconds: Sequence[float], milliseconds: Sequence[float]) -> list[Figure]:
    """Processor time, so that no neighbour is measured."""
    times = sorted(milliseconds)
    return [
        Figure("training on 1,200 issues", max(seconds), "s", None, PROMISED_SECONDS, more_is_better=False),
        Figure("one guess: p50", times[len(times) // 2], "ms", None, PROMISED_MS, more_is_better=False),
        Figure("one guess: p95", times[len(times) * 95 // 100], "ms", more_is_better=False),
    ]


BENCH = Bench("classify", run)
