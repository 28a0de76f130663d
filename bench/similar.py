"""How good and how fast similar suggestions are: on real duplicates, on Chinese pairs, on the seed set, in a crowd.

Real duplicates, four ways to count (docs/similar.md): the query is the later-closed duplicate with its own text; the index
holds every other issue; the answer is the original. *alone*: nothing else is known. *merges known*: all other pairs are
merged, as they would be in a product, and an answer is its canonical. *with threads*: comments are indexed too.
*replay*: only what was written before the later one of a pair, comments and merges included, is there to be found.
"""

import os
import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from opencc import OpenCC

from bench.corpora import Text, crowd, load, load_comments, merge, read_archive, read_chinese_pairs
from bench.figures import Bench, Figure, Missing
from bench.floor import TfIdf, signs_and_pairs, words
from bench.scratch import empty, scratch_database, settle_statistics
from bench.seed import Phrasing, distractors, hit_rates, phrasings
from community.progress import shown
from feedback.models import SimilarPosting, SimilarTerm, SimilarText, Suggestion
from feedback.similar import find_similar
from feedback.similar_index import index_suggestions

Say = Callable[[str], None]
Ranks = list[int | None]
TABLES = ["community_post", *(model._meta.db_table for model in (SimilarPosting, SimilarTerm, SimilarText))]
DEPTH = 10
NOWHERE = None


def data_folder() -> Path:
    folder = Path(os.environ.get("SPROUT_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"))
    if not (folder / "SOURCES.md").exists():
        raise Missing(f"There is no real data in {folder}; SPROUT_DATA says where it is.")
    return folder


def run(quick: bool, say: Say) -> list[Figure]:
    """All figures of `similar`; a quick run samples the Chinese pairs, skips the replay and asks a smaller crowd."""
    folder = data_folder()
    with scratch_database():
        figures = duplicates(folder, say)
        figures += [] if quick else replay(folder, say)
        figures += chinese(folder, say, sample=400 if quick else 2_500)
        figures += seed_set(say)
        figures += speed(folder, say, size=10_000 if quick else 100_000)
    return figures


def recall(ranks: Ranks, depth: int) -> float:
    return sum(rank is not None and rank < depth for rank in ranks) / len(ranks)


def start(texts: Sequence[Text], label: str) -> None:
    """Exactly these texts are in the index."""
    empty(TABLES)
    ids = load(texts)
    for at in shown(range(0, len(ids), 500), label, total=-(-len(ids) // 500)):
        index_suggestions(ids[at : at + 500])
    settle_statistics(["feedback_similarposting", "feedback_similarterm", "community_standing", "feedback_suggestion"])


def duplicates(folder: Path, say: Say) -> list[Figure]:
    """Recall on the issue archive, with and without threads, merges known or not, by title and by title and text."""
    issues, pairs = read_archive(folder)
    figures: list[Figure] = []
    for threads in (False, True):
        texts = [row if threads else replace(row, thread=[]) for row in issues.values()]
        say(f"issue archive {'with' if threads else 'without'} threads")
        start(texts, "indexing")
        floor = Floor(texts)
        for known in (False, True):
            merge(roots_of(pairs) if known else [])
            for body in (False, True):
                ranks = [rank_of(issues[one], other, pairs, known, body) for one, other in pairs]
                under = [floor.rank_of(issues[one], other, pairs, known, body) for one, other in pairs]
                figures += _recalls(threads, known, body, ranks, under)
    return figures


def _recalls(threads: bool, known: bool, body: bool, ranks: Ranks, under: Ranks) -> list[Figure]:
    way = ", ".join(
        [
            "title and text" if body else "title only",
            "with threads" if threads else "without threads",
            "merges known" if known else "alone",
        ]
    )
    half = len(ranks) // 2
    figures = []
    for depth in (1, 5, 10):
        promised = 0.62 if (threads, known, body, depth) == (True, True, True, 5) else None
        later = recall(ranks[half:], depth)
        figures.append(
            Figure(f"duplicates, later half, {way}: recall@{depth}", later, "", recall(under[half:], depth), promised)
        )
    figures += [Figure(f"duplicates, all 157, {way}: recall@{d}", recall(ranks, d), "", recall(under, d)) for d in (1, 5, 10)]
    return figures


def roots_of(pairs: Sequence[tuple[int, int]], without: tuple[int, int] | None = None) -> list[tuple[int, int]]:
    """Each duplicate and the canonical of its tree, as if every pair but one were merged."""
    into = {one: other for one, other in pairs if (one, other) != without}

    def root(pk: int) -> int:
        seen = {pk}
        while (pk := into.get(pk, pk)) not in seen:
            seen.add(pk)
        return pk

    return [(one, root(one)) for one, _ in pairs]


def rank_of(
    asked: Text, original: int, pairs: Sequence[tuple[int, int]], known: bool, body: bool, *, depth: int = DEPTH
) -> int | None:
    """The place of the original among the answers, its own merge undone for the question."""
    roots = roots_of(pairs, (asked.pk, original)) if known else []
    changed = [pair for pair in roots if pair not in roots_of(pairs)] if known else []
    target = dict(roots).get(original, original)
    merge(changed)
    found = find_similar(title=asked.title, body=asked.body if body else "", asker=None, limit=depth, ignore=[asked.pk])
    merge([(pk, dict(roots_of(pairs))[pk]) for pk, _ in changed])
    return next((at for at, hit in enumerate(found) if hit.post_id == target), NOWHERE)


class Floor:
    """Plain TF-IDF over the same texts, counted the same ways."""

    def __init__(self, texts: Sequence[Text]) -> None:
        self.ids = [row.pk for row in texts]
        self.whole = TfIdf([row.whole for row in texts], words)
        self.titles = TfIdf([row.title for row in texts], words)

    def rank_of(
        self, asked: Text, original: int, pairs: Sequence[tuple[int, int]], known: bool, body: bool, depth: int = DEPTH
    ) -> int | None:
        found = self.whole.ask(f"{asked.title}\n{asked.body}") if body else self.titles.ask(asked.title)
        roots = dict(roots_of(pairs, (asked.pk, original))) if known else {}
        answers = dict.fromkeys(roots.get(self.ids[at], self.ids[at]) for at in found[:200] if self.ids[at] != asked.pk)
        target = roots.get(original, original)
        return next((at for at, pk in enumerate(list(answers)[:depth]) if pk == target), NOWHERE)


def replay(folder: Path, say: Say) -> list[Figure]:
    """Recall as it would have been: the later one of each pair asks an index of what had been written by then."""
    say("issue archive, replayed in time")
    issues, pairs = read_archive(folder)
    empty(TABLES)
    order = sorted(issues.values(), key=lambda row: (row.created_at, row.pk))
    said = sorted((at, row.pk, body) for row in order for at, body in row.thread)
    ranks: Ranks = []
    issue, comment = 0, 0
    merged: list[tuple[int, int]] = []
    for one, other in shown(sorted(pairs, key=max), "replaying", total=len(pairs)):
        asked, sought = issues[max(one, other)], min(one, other)
        fresh = [row for row in order[issue:] if row.created_at < asked.created_at]
        answers = [row for row in said[comment:] if row[0] < asked.created_at]
        issue, comment = issue + len(fresh), comment + len(answers)
        load(replace(row, thread=[]) for row in fresh)
        load_comments((pk, body) for _, pk, body in answers)
        index_suggestions(sorted({*(row.pk for row in fresh), *(pk for _, pk, _ in answers)}))
        known = set(Suggestion.objects.filter(pk__in=[pk for pair in merged for pk in pair]).values_list("pk", flat=True))
        roots = roots_of([pair for pair in merged if set(pair) <= known])
        merge(roots)
        found = find_similar(title=asked.title, body=asked.body, asker=None, limit=DEPTH, ignore=[asked.pk])
        target = dict(roots).get(sought, sought)
        ranks.append(next((at for at, hit in enumerate(found) if hit.post_id == target), NOWHERE))
        merged.append((asked.pk, sought))
    half = len(ranks) // 2
    return [
        *(Figure(f"duplicates, later half, replayed in time: recall@{d}", recall(ranks[half:], d)) for d in (1, 5, 10)),
        *(Figure(f"duplicates, all 157, replayed in time: recall@{d}", recall(ranks, d)) for d in (1, 5, 10)),
    ]


def chinese(folder: Path, say: Say, *, sample: int) -> list[Figure]:
    """hit@1 and hit@5 on the Chinese pairs: asked as they stand, and turned to traditional signs."""
    say(f"Chinese pairs, {sample:,} questions")
    sentences, clusters, askable = read_chinese_pairs(folder)
    start([Text(at + 1, sentence) for at, sentence in enumerate(sentences)], "indexing")
    floor = TfIdf(sentences, signs_and_pairs)
    chosen = sorted(random.Random(1).sample(askable, min(sample, len(askable))))
    figures = []
    for script, convert in (("simplified", str), ("traditional", OpenCC("s2t").convert)):
        hits, under = [], []
        for at in shown(chosen, script, total=len(chosen)):
            said = convert(sentences[at])
            found = find_similar(title=said, asker=None, limit=5, ignore=[at + 1])
            hits.append([clusters[hit.post_id - 1] == clusters[at] for hit in found])
            plain = [other for other in floor.ask(said)[:6] if other != at][:5]
            under.append([clusters[other] == clusters[at] for other in plain])
        for depth, promised in ((1, None), (5, 0.97)):
            value, low = (sum(any(hit[:depth]) for hit in of) / len(chosen) for of in (hits, under))
            figures.append(Figure(f"Chinese pairs, {script}: hit@{depth}", value, "", low, promised))
    return figures


def seed_set(say: Say) -> list[Figure]:
    """The acceptance numbers of the seed set among 1,400 distractors."""
    say("seed set among 1,400 distractors")
    rows = phrasings()
    texts = [row.text for row in rows] + distractors()
    start([Text(at + 1, words) for at, words in enumerate(texts)], "indexing")
    rates = hit_rates(rows, lambda row: ask_for(rows, row))
    floor = TfIdf(texts, signs_and_pairs)
    low = hit_rates(rows, lambda row: [at for at in floor.ask(row.text)[:6] if at != rows.index(row)])
    wanted = {"any": 0.88, "zh-Hant → zh-Hans": 0.95, "en → zh-Hans": 0.45, "en → zh-Hant": 0.45}
    return [Figure(f"seed set, {name}: hit@5", rate, "", low[name], wanted.get(name)) for name, rate in rates.items()]


def ask_for(rows: Sequence[Phrasing], row: Phrasing) -> list[int]:
    """Positions of what is similar to a text of the seed set."""
    found = find_similar(title=row.text, asker=None, limit=5, ignore=[rows.index(row) + 1])
    return [hit.post_id - 1 for hit in found]


def speed(folder: Path, say: Say, *, size: int) -> list[Figure]:
    """Milliseconds of a question in a crowd, as a form would ask it; the fastest of three, so that no neighbour is measured."""
    say(f"a crowd of {size:,}")
    texts = crowd(folder, size)
    begun = time.perf_counter()
    start(texts, "indexing")
    indexed = time.perf_counter() - begun
    asking = random.Random(2).sample(texts, 300)
    figures = [Figure(f"{size:,} posts: loaded and indexed, a second", size / indexed, "posts")]
    for name, body, promised in (("title", False, 50.0), ("title and text", True, 250.0)):
        times = sorted(_milliseconds(asking, body))
        figures.append(Figure(f"{size:,} posts, {name}: p50", times[len(times) // 2], "ms", more_is_better=False))
        at = len(times) * 95 // 100
        figures.append(Figure(f"{size:,} posts, {name}: p95", times[at], "ms", None, promised, more_is_better=False))
    return figures


def _milliseconds(asking: Sequence[Text], body: bool) -> Iterator[float]:
    for row in asking:
        yield min(_once(row, body) for _ in range(3))


def _once(row: Text, body: bool) -> float:
    begun = time.perf_counter()
    find_similar(title=row.title, body=row.body if body else "", asker=None, limit=5)
    return (time.perf_counter() - begun) * 1000


BENCH = Bench("similar", run)
