"""What a question asks for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.search.asking import MOST_PARTS, parts_of, phrase_of, read


def lexemes(question: str) -> list[str]:
    return [lexeme for part in read(question).parts for lexeme in part.lexemes]


def test_words_are_wanted_in_their_order_and_those_that_say_nothing_are_not():
    assert lexemes("the alarm of my phone") == ["alarm", "my", "phon"]


def test_a_word_said_twice_is_wanted_once():
    assert lexemes("alarm alarms") == ["alarm"]


def test_a_run_of_signs_is_wanted_pair_by_pair():
    assert lexemes("夜間模式") == ["夜间", "间模", "模式"]
    assert [part.joined for part in parts_of("夜间模式")] == [False, True, True]


def test_a_single_sign_stands_for_every_pair_that_begins_with_it():
    assert read("夜").parts[0].query() == "('夜':*)"


def test_languages_may_be_mixed():
    assert lexemes("iOS系统 更新") == ["ios", "系统", "更新"]


@pytest.mark.parametrize("quotes", ['"{}"', "“{}”", "«{}»", "「{}」"])
def test_a_quoted_phrase_stands_side_by_side(quotes):
    asked = read(quotes.format("quiet hours"))
    assert asked.phrases == ("'quiet' <1> 'hour'",)
    assert [part.lexemes for part in asked.parts] == [("quiet",), ("hour",)]


def test_a_phrase_keeps_the_place_of_a_word_that_says_nothing():
    assert phrase_of("out of memory") == "'out' <2> 'memori'"


def test_a_phrase_of_signs_is_their_pairs():
    assert phrase_of("夜间模式") == "('夜间') <1> ('间模') <1> ('模式')"


def test_a_minus_leaves_out():
    asked = read('alarm -watch -"quiet hours"')
    assert lexemes("alarm -watch") == ["alarm"]
    assert set(asked.without) == {"'watch'", "'quiet' <1> 'hour'"}


def test_a_hyphen_inside_a_word_leaves_nothing_out():
    assert read("wi-fi").without == () and lexemes("wi-fi") == ["wifi"]


def test_a_minus_of_signs_leaves_out():
    assert read("闹钟 -手表").without == ("('手表')",)


def test_only_words_that_say_nothing_ask_for_nothing():
    assert not read("the of and").says_something
    assert not read(" \t ").says_something


def test_a_long_question_is_heard_as_far_as_it_matters():
    assert len(read("".join(chr(0x4E00 + at) for at in range(90))).parts) == MOST_PARTS


@given(st.text(max_size=250))
def test_any_question_makes_queries_without_loose_quotes(question):
    asked = read(question)
    for query in [*(part.query() for part in asked.parts), *asked.phrases, *asked.without]:
        assert query.count("'") % 2 == 0 and query.count("(") == query.count(")")
