"""How people are named in a text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.names import LONGEST, name_in, readings, words_after_at

KNOWN = {"mara", "小满", "jo.ann", "max_b", "mara-2"}


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("mara", "mara"), ("Mara", "mara"), ("MARA", "mara"), ("mara.", "mara"), ("mara-", "mara"), ("mara你好", "mara"), ("maracuja", ""),
        ("mara_x", ""), ("mara2", ""), ("mara-2", "mara-2"), ("小满", "小满"), ("小满你好", "小满"), ("小", ""), ("jo.ann.", "jo.ann"), ("jo", ""),
        ("max_b", "max_b"), ("max", ""), ("nobody", ""), ("", ""), ("...", ""),
    ],
)  # fmt: skip
def test_the_longest_name_that_may_be_meant_is(word, name):
    assert name_in(word, KNOWN) == name


@given(st.text(max_size=60))
def test_a_reading_is_a_beginning_of_the_word_and_each_comes_once(word):
    found = list(readings(word))
    assert all(word.startswith(reading) for reading in found) and len(found) == len(set(found))
    assert not word or found[0] == word


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Hello @mara!", ["mara"]),
        ("@mara @mara @jo", ["mara", "jo"]),
        ("(@mara) “@jo”", ["mara", "jo"]),
        ("你好@小满，", ["小满"]),
        ("mail mara@example.org or a.b@c", []),
        ("https://e.org/@mara and @@mara", []),
        ("`@mara` and ``a ` @jo``", []),
        ("```\n@mara\n```\n@jo", ["jo"]),
        ("~~~ py\n@decorated\n~~~", []),
        ("```\n@mara, never closed", []),
        ("@", []),
        ("@" + "x" * 50, ["x" * LONGEST]),
    ],
)
def test_names_are_read_where_people_speak_and_not_in_code_or_addresses(text, words):
    assert words_after_at(text) == words


@given(st.text(alphabet="@ab`~\n .你", max_size=200))
def test_nothing_that_is_typed_confuses_the_reader(text):
    assert all(word and len(word) <= LONGEST for word in words_after_at(text))
