"""How a text becomes lexemes, and what a misspelt word may have meant."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.search.lexemes import (
    Text,
    best_spellings,
    facet,
    forms_of,
    lexeme_of,
    pairs_of,
    placed,
    plain_sign,
    reach_of,
    slips_between,
    vector_of,
)

letters = st.text("abcdefgh", min_size=4, max_size=10)


def lexemes(text: str) -> list[str]:
    return [lexeme for lexeme, _place in placed(text)]


def test_words_lose_their_endings_and_accents():
    assert lexemes("Notifications crashed at the Café") == ["notification", "crash", "caf"]
    assert lexeme_of("notification") == lexeme_of("notifications")


def test_longer_words_are_not_cut_short():
    assert lexeme_of("international") != lexeme_of("internal")


def test_joined_words_are_found_joined_and_apart():
    assert lexemes("wi-fi") == ["wifi", "wi", "fi"]
    assert lexemes("don't") == ["dont", "don", "t"][:2]
    assert "mutex_guard" in lexemes("mutex_guard") and "guard" in lexemes("mutex_guard")


def test_a_version_is_one_word():
    assert lexemes("since 3.2.1") == ["sinc", "3.2.1"]


def test_unparted_signs_become_pairs_and_the_last_stands_alone():
    assert pairs_of("夜间模式") == ["夜间", "间模", "模式", "式"]
    assert lexemes("iOS系统") == ["ios", "系统", "统"]


def test_both_scripts_are_the_same_lexemes():
    assert lexemes("請加入深色模式") == lexemes("请加入深色模式")


def test_places_are_kept_where_words_that_say_nothing_are_left_out():
    assert list(placed("out of memory")) == [("out", 1), ("memori", 3)]


def test_addresses_and_names_are_no_words():
    assert lexemes("see https://example.org/secret and @mara") == ["see"]


def test_a_title_weighs_a_and_stands_a_second_time():
    vector, length = vector_of(Text("Dark mode", "A dark night", (facet("board", 7),)))
    assert length == 2
    assert "'dark':1A,13" in vector and "'^dark'" in vector and "'night':14" in vector and "'=board:7'" in vector


def test_a_sign_that_has_a_meaning_to_the_database_is_quoted():
    assert vector_of(Text("", "", (facet("tag", "o'neill\\x"),)))[0] == "'=tag:o''neill\\\\x'"


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_text_makes_a_vector_with_places_in_range(title, body):
    vector, length = vector_of(Text(title, body))
    assert length >= 0 and all(0 < place < 16_384 for _, place in placed(title))
    assert "\x00" not in vector or "\x00" in title + body


@given(letters, st.integers(0, 9), st.sampled_from("abcdefgh"))
def test_one_slip_is_always_found_again(word, at, sign):
    at %= len(word)
    slips = [word[:at] + word[at + 1 :], word[:at] + sign + word[at:], word[:at] + sign + word[at + 1 :]]
    for slip in slips:
        if reach_of(slip) and reach_of(word):
            assert slips_between(slip, word) <= 1
            assert set(forms_of(slip)) & set(forms_of(word)) or len(slip) != len(word) and min(len(slip), len(word)) < 5


@given(letters, st.integers(0, 8))
def test_two_swapped_letters_are_one_slip(word, at):
    at %= len(word) - 1
    assert slips_between(word[:at] + word[at + 1] + word[at] + word[at + 2 :], word) <= 1


@given(letters, letters)
def test_slips_are_the_same_both_ways_and_none_only_for_the_same_word(one, other):
    assert slips_between(one, other) == slips_between(other, one)
    assert (slips_between(one, other) == 0) == (one == other)


@pytest.mark.parametrize(
    ("word", "reach"), [("abc", 0), ("batt", 1), ("battery", 2), ("v1.2", 0), ("电池", 0), ("电池电池电池", 0)]
)
def test_short_words_and_signs_are_taken_as_typed(word, reach):
    assert reach_of(word) == reach
    assert bool(forms_of(word)) is bool(reach)


def test_the_nearest_spelling_goes_first_and_then_the_most_used():
    known = {"battery": 5, "battle": 90, "better": 900, "butter": 3}
    assert best_spellings("batetry", known) == ["battery"]
    assert best_spellings("bettar", known)[0] == "better"


def test_another_first_letter_has_to_be_nearer():
    assert best_spellings("cattery", {"battery": 100, "cattary": 1}) == ["cattary"]


def test_nothing_near_is_nothing_meant():
    assert best_spellings("zzzzqqq", {"battery": 5}) == []


def test_signs_keep_their_places_when_they_are_read():
    assert plain_sign("夜間模式") == "夜间模式"
    assert plain_sign("ﬁ") == ""
