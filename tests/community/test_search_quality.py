"""How good the search has to be: among 1,600 wishes of one field, and on real titles and messages."""

import random

import pytest
from opencc import OpenCC

from bench import search as bench
from bench.corpora import Text, load, read_archive
from bench.seed import distractors, phrasings
from community.search import Wanted, find
from community.search.index import index_what_is_stale
from community.words import is_unspaced

TO_TRADITIONAL, TO_SIMPLIFIED = OpenCC("s2t").convert, OpenCC("t2s").convert
OURS = [row.text for row in phrasings()]
ENGLISH = [said for said in OURS if said.isascii()]
CHINESE = [said for said in OURS if any(map(is_unspaced, said))]


@pytest.fixture
def crowd(db):
    """The seed set and its distractors, all of one field."""
    load(Text(at + 1, said) for at, said in enumerate(OURS + distractors()))
    index_what_is_stale()


def share_found(asked: dict[str, str], depth: int = 5) -> float:
    """Of so many questions: how many have what was meant among the first. asked: what was meant → the question."""
    hits = [
        any(hit.row.post.title == meant for hit in find(None, Wanted(words=said), size=depth).hits)
        for meant, said in asked.items()
    ]
    return sum(hits) / len(hits)


def test_what_somebody_remembers_half_is_found(crowd):
    halves = {said: " ".join(said.split()[: max(3, len(said.split()) * 2 // 3)]) for said in ENGLISH}
    assert share_found(halves) >= 0.95


def test_half_a_chinese_sentence_is_enough(crowd):
    assert share_found({said: said[: max(4, len(said) * 2 // 3)] for said in CHINESE}) >= 0.95


@pytest.mark.parametrize("convert", [TO_TRADITIONAL, TO_SIMPLIFIED], ids=["traditional", "simplified"])
def test_the_other_script_finds_the_same(crowd, convert):
    assert share_found({said: convert(said) for said in CHINESE}) >= 0.97


def test_a_slip_in_the_longest_word_is_forgiven(crowd):
    dice = random.Random(7)
    long_ones = [said for said in ENGLISH if max(map(len, said.split())) >= 6]
    assert share_found({said: bench.misspell(said, dice) for said in long_ones}) >= 0.9


def test_the_same_question_is_answered_alike_every_time(crowd):
    for said in OURS[::20]:
        first, again = ([hit.row.post_id for hit in find(None, Wanted(words=said)).hits] for _ in range(2))
        assert first == again


@pytest.mark.real_data
def test_three_words_of_a_real_title_find_it_among_the_newest_thousand(db, real_data):
    issues, _ = read_archive(real_data)
    texts = [Text(row.pk, row.title, row.body[:4_000]) for row in list(issues.values())[-1_000:]]
    load(texts)
    index_what_is_stale()
    asked = list(bench.questions(texts, random.Random(3), 80, bench.three_words))
    found = [pk in [hit.row.post_id for hit in find(None, Wanted(words=said), size=5).hits] for pk, said in asked]
    assert sum(found) / len(found) >= 0.85


@pytest.mark.real_data
def test_six_signs_of_a_real_message_find_it_in_either_script(db, real_data):
    texts = bench.read_messages(real_data, 1)[:800]
    load(texts)
    index_what_is_stale()
    asked = list(bench.questions(texts, random.Random(3), 60, bench.six_signs))
    for convert in (str, TO_TRADITIONAL):
        found = [pk in [hit.row.post_id for hit in find(None, Wanted(words=convert(said)), size=5).hits] for pk, said in asked]
        assert sum(found) / len(found) >= 0.9
