"""What differs between two texts, in English and Chinese, and the laws of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.writing.diffing import GONE, NEW, SAME, SKIPPED, Part, changes, difference, shortened, words_of

TEXTS = st.text(alphabet="ab 充电电池\n.,<&x1", max_size=60)


def before_of(parts):
    return "".join(part.text for part in parts if part.kind in (SAME, GONE, SKIPPED))


def after_of(parts):
    return "".join(part.text for part in parts if part.kind in (SAME, NEW, SKIPPED))


@given(TEXTS, TEXTS)
def test_both_texts_can_be_read_out_of_the_difference(before, after):
    parts = difference(before, after)
    assert (before_of(parts), after_of(parts)) == (before, after)


@given(TEXTS, TEXTS)
def test_leaving_out_what_stayed_loses_nothing(before, after):
    before, after = before * 20, after * 20
    parts = shortened(difference(before, after))
    assert (before_of(parts), after_of(parts)) == (before, after)


@given(TEXTS)
def test_a_text_does_not_differ_from_itself(text):
    assert all(part.kind == SAME for part in difference(text, text))


@given(TEXTS, TEXTS)
def test_neighbours_are_never_of_one_kind_and_never_empty(before, after):
    parts = difference(before, after)
    assert all(part.text for part in parts)
    assert all(one.kind != other.kind for one, other in zip(parts, parts[1:], strict=False))


@given(st.text(max_size=80))
def test_the_pieces_of_a_text_are_the_text(text):
    assert "".join(words_of(text)) == text


def test_english_differs_by_words():
    assert difference("Stop at eighty percent.", "Stop at ninety percent.") == [
        Part(SAME, "Stop at "), Part(GONE, "eighty"), Part(NEW, "ninety"), Part(SAME, " percent."),
    ]  # fmt: skip


def test_chinese_differs_by_signs():
    assert difference("请让手机在早上充满电。", "请让手机在晚上充满电。") == [
        Part(SAME, "请让手机在"), Part(GONE, "早"), Part(NEW, "晚"), Part(SAME, "上充满电。"),
    ]  # fmt: skip


def test_two_changed_words_with_a_space_between_are_one_change():
    assert difference("one two three four", "eins zwei three four") == [
        Part(GONE, "one two"), Part(NEW, "eins zwei"), Part(SAME, " three four"),
    ]  # fmt: skip


def test_a_long_passage_that_stayed_is_cut_around_the_change():
    parts = shortened(difference("word " * 500 + "old", "word " * 500 + "new"))
    assert [part.kind for part in parts] == [SKIPPED, SAME, GONE, NEW] and 150 < len(parts[1].text) <= 160


def test_a_passage_too_long_to_compare_is_shown_as_replaced():
    before, after = "充" * 2000, "电" * 2000
    assert difference(before, after) == [Part(GONE, before), Part(NEW, after)]


@pytest.mark.parametrize(("before", "after", "gone", "new"), [(["a", "b"], ["b", "c"], ["a"], ["c"]), ([], ["x"], [], ["x"])])
def test_lists_differ_by_their_words(before, after, gone, new):
    assert changes(before, after) == (gone, new)
