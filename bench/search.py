"""How good and how fast the search is: known items among real issues and messages, and questions in a crowd.

Known items: somebody remembers a few words of a title and looks for that very post. The words are drawn from the titles of
the issue archive (three words, in their order) and of the Chinese messages (six signs in a row), then misspelt once, or
turned to traditional signs. The floor is plain TF-IDF over titles and texts, asked the same.

Speed: 100,000 posts with a comment each, asked as people ask: two or three words of a title, four to six signs, a third of the
words misspelt, and the commonest words there are. The floor is what the list did before: ILIKE for every word.
"""

import csv
import random
import re
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from django.db.models import Q
from opencc import OpenCC

from bench.corpora import Text, crowd, load, load_comments, read_archive, read_chinese_pairs
from bench.figures import Bench, Figure
from bench.floor import TfIdf, signs_and_pairs, words
from bench.scratch import scratch_database, settle_statistics
from bench.similar import Say, data_folder
from community.models import SearchWord, Standing
from community.progress import shown
from community.search import Wanted, find
from community.search.index import index_what_is_stale
from community.words import STOP

HAN_RUN = re.compile("[\u4e00-\u9fff]{6,}")
PROMISED_MS = 100.0


def run(quick: bool, say: Say) -> list[Figure]:
    """All figures of `search`; a quick run asks fewer questions of a smaller crowd."""
    folder = data_folder()
    with scratch_database():
        figures = known_items(folder, say, sample=150 if quick else 500)
    with scratch_database():
        figures += paraphrases(folder, say, sample=200 if quick else 1_000)
    with scratch_database():
        figures += speed(folder, say, size=10_000 if quick else 100_000)
    return figures


def read_messages(folder: Path, first: int) -> list[Text]:
    """The Chinese messages as texts, numbered from `first` on."""
    with (folder / "zh_messages_votes.csv").open(encoding="utf-8") as lines:
        rows = list(csv.reader(lines))[1:]
    return [Text(first + at, row[2].strip()[:160], row[4].strip()[:4_000]) for at, row in enumerate(rows) if len(row) > 4]


def start(texts: Sequence[Text]) -> None:
    """Exactly these texts are in the index."""
    load(texts)
    index_what_is_stale()
    settle_statistics(["community_searchentry", "community_searchword", "community_standing", "community_post"])


def known_items(folder: Path, say: Say, *, sample: int) -> list[Figure]:
    """hit@5 and hit@10 of posts that somebody half remembers."""
    issues, _ = read_archive(folder)
    english = [Text(row.pk, row.title, row.body[:8_000]) for row in issues.values()]
    chinese = read_messages(folder, max(issues) + 1)
    say(f"known items among {len(english) + len(chinese):,}, {sample} questions a kind")
    start([*english, *chinese])
    dice = random.Random(20261122)
    asked_en = list(questions(english, dice, sample, three_words))
    asked_zh = list(questions(chinese, dice, sample, six_signs))
    traditional = OpenCC("s2t").convert
    kinds: list[tuple[str, Sequence[Text], list[tuple[int, str]], float | None]] = [
        ("English", english, asked_en, 0.9),
        ("English, a slip in each", english, [(pk, misspell(said, dice)) for pk, said in asked_en], 0.85),
        ("Chinese", chinese, asked_zh, 0.95),
        ("Chinese, in traditional signs", chinese, [(pk, traditional(said)) for pk, said in asked_zh], 0.95),
        ("Chinese words in English order", chinese, [(pk, f"{said[3:]} {said[:3]}") for pk, said in asked_zh], None),
    ]
    figures = []
    for name, texts, asked, promised in kinds:
        floor = TfIdf([f"{row.title}\n{row.body}" for row in texts], words if texts is english else signs_and_pairs)
        mine = [[hit.row.post_id for hit in find(None, Wanted(words=said), size=10).hits] for _, said in shown(asked, name)]
        plain = [[texts[at].pk for at in floor.ask(said)[:10]] for _, said in asked]
        for depth, wanted in ((5, promised), (10, None)):
            value, low = (
                sum(pk in hits[:depth] for (pk, _), hits in zip(asked, of, strict=True)) / len(asked) for of in (mine, plain)
            )
            figures.append(Figure(f"known item, {name}: hit@{depth}", value, "", low, wanted))
    return figures


def questions(
    texts: Sequence[Text], dice: random.Random, sample: int, make: Callable[[str, random.Random], str]
) -> Iterator[tuple[int, str]]:
    """So many posts with what somebody remembers of their titles; titles that are too short are passed over."""
    left = sample
    for row in dice.sample(list(texts), len(texts)):
        if left and (said := make(row.title, dice)):
            left -= 1
            yield row.pk, said


def three_words(title: str, dice: random.Random) -> str:
    told = [word for word in dict.fromkeys(re.findall(r"[A-Za-z]{4,}", title)) if word.lower() not in STOP]
    if len(told) < 4:
        return ""
    return " ".join(told[at] for at in sorted(dice.sample(range(len(told)), 3)))


def six_signs(title: str, dice: random.Random) -> str:
    runs = HAN_RUN.findall(title)
    if not runs:
        return ""
    longest = max(runs, key=len)
    at = dice.randint(0, len(longest) - 6)
    return str(longest[at : at + 6])


def misspell(said: str, dice: random.Random) -> str:
    """One slip in the longest word: a letter too many, too few, wrong, or two swapped."""
    told = said.split()
    at = max(range(len(told)), key=lambda place: len(told[place]))
    word = told[at]
    place = dice.randint(1, len(word) - 2)
    told[at] = dice.choice(
        [
            word[:place] + word[place + 1 :],
            word[:place] + dice.choice("aeiorst") + word[place:],
            word[:place] + dice.choice("aeiorst") + word[place + 1 :],
            word[:place] + word[place + 1] + word[place] + word[place + 2 :],
        ]
    )
    return " ".join(told)


def paraphrases(folder: Path, say: Say, *, sample: int) -> list[Figure]:
    """hit@5 on the Chinese pairs: a whole sentence finds its other wording. `similar` is built for this; search only comes near."""
    say(f"Chinese pairs, {sample:,} questions")
    sentences, clusters, askable = read_chinese_pairs(folder)
    start([Text(at + 1, sentence) for at, sentence in enumerate(sentences)])
    floor = TfIdf(sentences, signs_and_pairs)
    chosen = random.Random(1).sample(askable, min(sample, len(askable)))
    hits, under = [], []
    for at in shown(chosen, "pairs", total=len(chosen)):
        found = [hit.row.post_id - 1 for hit in find(None, Wanted(words=sentences[at]), size=6).hits]
        hits.append(any(clusters[other] == clusters[at] for other in [one for one in found if one != at][:5]))
        plain = [other for other in floor.ask(sentences[at])[:6] if other != at][:5]
        under.append(any(clusters[other] == clusters[at] for other in plain))
    return [Figure("Chinese pairs, a sentence: hit@5", sum(hits) / len(hits), "", sum(under) / len(under))]


def speed(folder: Path, say: Say, *, size: int) -> list[Figure]:
    """Milliseconds of a search in a crowd, a whole answer with passages; the fastest of three, so that no neighbour is measured."""
    say(f"a crowd of {size:,} posts with a comment each")
    texts = crowd(folder, size)
    issues, _ = read_archive(folder)
    said = [body[:1_500] for row in issues.values() for _, body in row.thread if body.strip()]
    load(texts)
    dice = random.Random(5)
    load_comments((row.pk, dice.choice(said)) for row in texts)
    begun = time.perf_counter()
    read = index_what_is_stale()
    figures = [Figure(f"{size:,} posts: read into the index, a second", read / (time.perf_counter() - begun), "entries")]
    settle_statistics(
        ["community_searchentry", "community_searchword", "community_standing", "community_post", "community_comment"]
    )
    for name, asked in asked_of_a_crowd(texts).items():
        times = sorted(min(_once(said) for _ in range(3)) for said in shown(asked, name))
        plain = sorted(_plainly(said) for said in asked[:: max(1, len(asked) // 12)])
        for part, at in (("p50", len(times) // 2), ("p95", len(times) * 95 // 100)):
            low, promised = plain[min(at * len(plain) // len(times), len(plain) - 1)], PROMISED_MS if part == "p95" else None
            figures.append(Figure(f"{size:,} posts, {name}: {part}", times[at], "ms", low, promised, more_is_better=False))
    return figures


def asked_of_a_crowd(texts: Sequence[Text]) -> dict[str, list[str]]:
    dice = random.Random(2)
    english = [said for _, said in questions(texts, dice, 120, three_words)]
    common = SearchWord.objects.filter(word__regex="^[^=^]+$").order_by("-entries").values_list("word", flat=True)
    return {
        "three words": english,
        "three words, a slip": [misspell(said, dice) for said in english],
        "six signs": [said for _, said in questions(texts, dice, 120, six_signs)],
        "the commonest words": list(common[:40]),
    }


def _once(said: str) -> float:
    begun = time.perf_counter()
    find(None, Wanted(words=said))
    return (time.perf_counter() - begun) * 1000


def _plainly(said: str) -> float:
    """What the list of suggestions did before there was an index."""
    begun = time.perf_counter()
    rows = Standing.objects.visible_to(None).listed()
    for word in said.split():
        rows = rows.filter(Q(post__title__icontains=word) | Q(post__body__icontains=word))
    list(rows.hot().with_posts()[:20])
    return (time.perf_counter() - begun) * 1000


BENCH = Bench("search", run)
