"""The questions that the bench of the search asks."""

import random

import pytest

from bench import search as bench
from bench.corpora import Text
from community.search.lexemes import slips_between

TITLE = "Borrow checker accepts overlapping mutable references"


def test_three_words_of_a_title_stand_in_their_order():
    said = bench.three_words(TITLE, random.Random(1)).split()
    places = [TITLE.split().index(word) for word in said]
    assert len(said) == 3 and places == sorted(places)


def test_a_title_of_few_words_is_passed_over():
    assert bench.three_words("Too short for it", random.Random(1)) == ""
    assert bench.six_signs("太短了", random.Random(1)) == ""


def test_six_signs_stand_side_by_side():
    title = "咨询公交车停运问题的答复"
    assert bench.six_signs(title, random.Random(1)) in title


@pytest.mark.parametrize("seed", range(12))
def test_a_slip_is_one_slip_in_the_longest_word(seed):
    said = bench.misspell("borrow checker overlapping", random.Random(seed)).split()
    assert said[:2] == ["borrow", "checker"]
    assert slips_between(said[2], "overlapping") <= 1


def test_questions_are_as_many_as_asked_for_and_always_the_same():
    texts = [Text(number, TITLE) for number in range(9)]
    first, again = (list(bench.questions(texts, random.Random(4), 5, bench.three_words)) for _ in range(2))
    assert first == again and len({pk for pk, _ in first}) == 5


@pytest.mark.real_data
def test_the_messages_are_read_whole(real_data):
    messages = bench.read_messages(real_data, 10)
    assert len(messages) > 1_900 and messages[0].pk == 10 and all(row.title for row in messages[:100])
