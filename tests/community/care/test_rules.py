"""The table of care: every figure, from both of its sides, without a database."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.care import rules
from community.care.rules import Person, Plan, Writing, folded, hold, host_of, links_in, matched_words, refuse

NOW = datetime(2026, 11, 16, 12, tzinfo=UTC)


def person(**more) -> Person:
    """Somebody new who has written twice, a while ago."""
    known = {"new": True, "limited": False, "vouched": False, "joined_at": NOW - timedelta(days=2), "written": 2, "today": 0,
             "last_at": None}  # fmt: skip
    return Person(**(known | more))


def text(said: str = "A wish", *, is_post: bool = True, is_edit: bool = False, **more) -> Writing:
    return Writing(is_post=is_post, is_edit=is_edit, text=said, at=NOW, **more)


def reasons(writing: Writing, of: Person, plan: Plan | None = None, **more) -> list[str]:
    return hold(writing, of, plan or Plan(), **more).reasons


@pytest.mark.parametrize(("is_post", "gap", "code"), [(True, 120, "post-soon"), (False, 30, "comment-soon")])
def test_a_newcomer_leaves_a_while_between_two_texts(is_post, gap, code):
    early = person(last_at=NOW - timedelta(seconds=gap - 1))
    assert refuse(text(is_post=is_post), early) == (code, timedelta(seconds=1))
    assert refuse(text(is_post=is_post), person(last_at=NOW - timedelta(seconds=gap))) is None


@pytest.mark.parametrize(("is_post", "most", "code"), [(True, 3, "first-posts"), (False, 10, "first-comments")])
def test_the_first_day_has_room_for_so_many(is_post, most, code):
    joined = NOW - timedelta(hours=20)
    assert refuse(text(is_post=is_post), person(joined_at=joined, today=most - 1)) is None
    assert refuse(text(is_post=is_post), person(joined_at=joined, today=most)) == (code, timedelta(hours=4))
    assert refuse(text(is_post=is_post), person(joined_at=NOW - timedelta(days=1), today=most)) is None


def test_everybody_has_room_for_twenty_posts_and_thirty_edits_a_day():
    known = person(new=False)
    assert refuse(text(), person(new=False, today=20))[0] == "posts-a-day"
    assert refuse(text(is_post=False), person(new=False, today=200)) is None
    assert refuse(text(is_edit=True), person(new=False, edits_today=29)) is None
    assert refuse(text(is_edit=True), person(new=False, edits_today=30))[0] == "edits-a-day"
    assert refuse(text(same_text=True), known)[0] == "same-text"


def test_whoever_is_known_here_waits_for_nothing_but_words_and_traps():
    known = person(new=False, written=0, last_at=NOW)
    assert reasons(text("http://a.example http://a.example/2 http://a.example/3", typed_ms=5), known, Plan(True, True)) == []
    assert refuse(text(), known) is None
    assert reasons(text("Cheap pills", trapped=True), known, Plan(words=("pills",))) == ["words", "trap"]


def test_first_posts_wait_where_the_board_says_so():
    assert reasons(text(), person(written=0), Plan(hold_first=True)) == ["first"]
    assert reasons(text(), person(written=1), Plan(hold_first=True)) == []
    assert reasons(text(is_post=False), person(written=0), Plan(hold_first=True)) == []
    assert reasons(text(), person(written=9), Plan(hold_new=True)) == ["new"]


def test_a_first_link_waits_and_so_do_three_to_one_host():
    one, three = "See https://shop.example/x", "https://www.shop.example/1 http://shop.example/2 www.shop.example/3"
    assert reasons(text(one), person(written=0)) == ["first-link"]
    assert reasons(text(one), person(written=1)) == []
    assert reasons(text(three), person()) == ["links"]
    assert reasons(text(three), person(), Plan(links_to_one_host=0)) == []
    assert reasons(text(one), person(written=0), Plan(hold_first_link=False)) == []


def test_a_first_text_typed_in_no_time_waits_but_a_scripts_does_not():
    first = person(written=0)
    assert reasons(text(typed_ms=2999), first) == ["haste"]
    assert reasons(text(typed_ms=3000), first) == []
    assert reasons(text(typed_ms=10), person(written=1)) == []
    assert reasons(text(typed_ms=10, by_token=True), first) == []
    assert reasons(text(typed_ms=10), first, timed=False) == []


def test_a_link_that_is_strewn_about_waits():
    link = "https://shop.example/x"
    assert reasons(text(link, link_by_me=2), person()) == ["same-link"]
    assert reasons(text(link, link_by_others=2), person()) == ["same-link"]
    assert reasons(text(link, link_by_me=1, link_by_others=1), person()) == []


def test_a_limited_members_texts_wait_and_a_vouched_newcomers_do_not():
    assert reasons(text(), person(limited=True, new=False)) == ["limited"]
    assert reasons(text("http://a.example", typed_ms=1), person(vouched=True, written=0), Plan(True, True)) == []


WORDS = [
    ("spam", "This is SPAM!", True), ("spam", "spammer", False), ("spam", "I like antispam", False), ("buy now", "Buy   now, friends", True),
    ("casino", "ｃａｓｉｎｏ", True), ("加微信", "请加 微 信 聊", True), ("加微信", "加入微信群", False), ("代购", "代\u200b购手机", True),
    ("vx", "加vx聊", True), ("vx", "avx", False), ("c++", "I write c++ all day", True), ("", "anything", False), ("ﬁ", "fi", True),
]  # fmt: skip


@pytest.mark.parametrize(("word", "said", "stands"), WORDS)
def test_words_are_matched_whole_in_latin_and_anywhere_in_han(word, said, stands):
    assert matched_words(said, [word]) == ([word] if stands else [])


@given(st.text(max_size=80), st.text(alphabet="abcdefg加微信代购", min_size=1, max_size=6))
def test_a_word_between_spaces_is_always_found(around, word):
    assert matched_words(f"{around} {word} {around}", [word]) == [word]


@given(st.text(max_size=60))
def test_folding_twice_is_folding_once(said):
    assert folded(folded(said)) == folded(folded(folded(said)))


def test_links_are_read_as_people_write_them():
    said = "看https://a.example/x。See (http://b.example/y), www.c.example/z! and mail@www.d.example"
    assert [host_of(link) for link in links_in(said)] == ["a.example", "b.example", "c.example"]
    assert host_of("http://[broken") == ""


def test_every_code_has_its_sentence():
    assert all(str(sentence).strip().endswith((".", "?")) for sentence in [*rules.HELD.values(), *rules.REFUSED.values()])
    assert all(str(label) and str(told).endswith(".") for label, told in rules.BROKEN.values())
