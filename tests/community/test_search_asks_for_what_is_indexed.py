"""What somebody reads they can search for, however they type it. Pure: the index and the question read words alike."""

from datetime import date

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from community.lists import OF_TALK, OF_WISHES, SORTS
from community.lists import Wanted as WantedList
from community.models import PostKind
from community.search.asking import MOST_PARTS, MOST_SIGNS, Part, parts_of, read
from community.search.lexemes import Text, best_spellings, placed, reach_of, runs_of, slips_between, vector_of
from community.search.passages import Marker
from community.search.places import says_enough
from community.search.wanted import STATUSES, Wanted, day_of
from community.words import normalise

# Letters, digits and signs without anything that a question reads as an operator.
said = st.lists(st.text("abety充電电池夜间3é", min_size=1, max_size=7), max_size=7).map(" ".join)
known = st.dictionaries(st.text("abcde", min_size=4, max_size=9), st.integers(1, 50), max_size=8)


def lexemes(text):
    return {lexeme for lexeme, _place in placed(text)}


@given(said)
def test_every_part_of_a_text_asked_for_is_in_the_index_of_it(text):
    asked = [part.lexemes[0] for part in parts_of(text)]
    assert set(asked) <= lexemes(text)


@given(said)
def test_capitals_full_width_and_the_other_script_ask_the_same(text):
    wide = "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in text)
    other = text.replace("電", "电")
    assert list(placed(text)) == list(placed(text.upper())) == list(placed(wide)) == list(placed(other))


@given(said, said)
def test_a_text_that_says_more_has_every_word_of_the_shorter_one(one, other):
    assert lexemes(one) <= lexemes(f"{one} {other}") and lexemes(other) <= lexemes(f"{one} {other}")


@given(said, said)
def test_words_in_a_title_stand_before_those_of_the_text_and_never_beside_them(title, body):
    _vector, length = vector_of(Text(title, body))
    ends = max((place for _lexeme, place in placed(title)), default=0)
    begins = min((place for _lexeme, place in placed(body, ends + 10)), default=ends + 10)
    assert length == len(list(placed(title))) and begins - ends >= 10


@given(st.text(max_size=120))
def test_runs_stand_where_they_say_and_part_nothing(text):
    runs = list(runs_of(text))
    assert all(text[run.start : run.end] == run.text for run in runs)
    assert all(one.end <= other.start for one, other in zip(runs, runs[1:], strict=False))


@given(said)
def test_reading_a_question_twice_reads_the_same_and_no_part_comes_twice(text):
    asked = read(text)
    named = [part.lexemes for part in asked.parts]
    assert read(text) == asked and len(named) == len(set(named)) <= MOST_PARTS
    assert asked.phrases == asked.without == () and asked.says_something == bool(named)


@given(said)
def test_what_is_left_out_is_wanted_nowhere(text):
    words = [word for word in text.split() if not word.startswith("-")]
    asked = read(" ".join(f"-{word}" for word in words))
    assert not asked.parts and len(asked.without) <= len(words)
    assert all(bound.startswith("!(") for bound in asked.bounds)


def test_a_question_is_read_as_far_as_it_is_taken():
    assert read("alarm " + " " * MOST_SIGNS + "battery").parts == read("alarm").parts


def test_a_part_asks_in_titles_by_a_mark_or_by_a_weight():
    part = Part(("bat",), begins="batt")
    assert part.query() == "('bat' | 'batt':*)"
    assert part.query(titled=True) == "('^bat' | '^batt':*)" and part.query(weighed=True) == "('bat':A | 'batt':*A)"


@given(known, st.text("abcde", min_size=4, max_size=9))
def test_what_may_be_meant_is_known_near_and_another_word(known, word):
    found = best_spellings(word, known)
    assert len(found) <= 3 and set(found) <= set(known) - {word}
    assert all(slips_between(word, other) <= reach_of(word) for other in found)
    assert found == best_spellings(word, dict(reversed(known.items())))


@given(said, said)
def test_marked_words_are_the_ones_asked_for(text, question):
    asked = frozenset(lexeme for part in parts_of(question) for lexeme in part.lexemes)
    spans = Marker(asked).spans(text)
    assert bool(spans) <= bool(asked)
    if asked and asked <= lexemes(text):
        assert spans


queries = st.fixed_dictionaries(
    {},
    optional={
        "q": st.text(max_size=12), "kind": st.sampled_from([*PostKind.values, "poem"]), "status": st.sampled_from([*STATUSES, "x"]),
        "since": st.sampled_from(["2026-11-16", "2026-02-30", "20261116", "soon"]), "until": st.just("2026-12-31"),
        "answered": st.sampled_from(["1", "0", "yes"]), "sort": st.sampled_from(["new", "relevance", "best"]),
        "board": st.text(max_size=60), "tag": st.text(max_size=70), "author": st.text(max_size=50),
    },
)  # fmt: skip


def asked_by(query):
    said = QueryDict(mutable=True)
    said.update(query)
    return said


@given(queries)
def test_the_address_of_a_search_asks_for_the_same_search(query):
    wanted = Wanted.from_query(asked_by(query))
    assert Wanted.from_query(QueryDict(wanted.query)) == wanted
    assert wanted.is_empty == (not wanted.words and not wanted.is_narrowed) and (wanted.query == "") <= wanted.is_empty


@given(queries)
def test_a_list_knows_only_what_it_was_made_for(query):
    for sorts, kinds in ((OF_WISHES, ("suggestion", "bug")), (OF_TALK, tuple(PostKind.values))):
        wanted = WantedList.from_query(asked_by(query), sorts=sorts, kinds=kinds)
        assert wanted.sort in sorts and wanted.order == SORTS[wanted.sort]
        assert wanted.kind in ("", *kinds) and wanted.everything == (kinds != ("suggestion", "bug"))
        assert wanted.narrows >= bool(wanted.words or wanted.kind or wanted.status)


@pytest.mark.parametrize(
    ("written", "day"),
    [("2026-11-16", date(2026, 11, 16)), ("2026-02-29", None), ("", None), ("16.11.2026", None), ("²", None)],
)
def test_a_day_that_never_was_is_none(written, day):
    assert day_of(written) == day


@pytest.mark.parametrize(
    ("words", "enough"), [("", False), ("a", False), (" a ", False), ("ab", True), ("夜", True), ("é", False)]
)
def test_a_letter_says_too_little_and_a_sign_of_its_own_enough(words, enough):
    assert says_enough(words) is enough


@given(st.text(max_size=80))
def test_what_the_index_reads_is_already_plain(text):
    assert normalise(normalise(text)) == normalise(text) == normalise(text).strip()
