"""What the renderer keeps of a text, what it refuses, and what feeds, heads and mails make of it. No database."""

from datetime import timedelta
from html import escape
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community import rendering
from community.feeds import at_home, clean, stable_id
from community.languages import guess_language
from community.refusals import Invalid
from community.rendering import Picture, check_source, picture_id, picture_links, plain, render, render_imported
from community.views.heads import LONGEST, first_words, trail
from tests.factories import NOW

texts = st.text(max_size=80)
# Words without a sign that Markdown knows, as most people write.
words = st.lists(st.text("abcXYZ充电電池éü,", min_size=1, max_size=8), min_size=1, max_size=12).map(" ".join)
PEOPLE = {"mara": "mara", "小满": "小满"}


@given(words)
def test_plain_words_come_out_as_they_went_in(text):
    assert render(text) == f"<p>{text}</p>\n"
    assert plain(text, 10_000) == text


@given(texts)
def test_a_checked_text_is_checked_already(text):
    checked = check_source(text)
    assert check_source(checked) == checked
    assert "\x00" not in checked and "\r" not in checked and checked == checked.strip()


@given(texts)
def test_line_ends_of_any_machine_are_the_same_lines(text):
    lines = text.replace("\r", "")
    assert check_source(lines.replace("\n", "\r\n")) == check_source(lines.replace("\n", "\r")) == check_source(lines)


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("x" * rendering.MOST_BYTES, True), ("x" * (rendering.MOST_BYTES + 1), False), ("电" * 6_666, True), ("电" * 6_667, False),
        ("|" * rendering.MOST_CELLS, True), ("|" * (rendering.MOST_CELLS + 1), False),
        ("[" * rendering.MOST_BRACKETS, True), ("[" * (rendering.MOST_BRACKETS + 1), False),
        ("https://e.org/ " * rendering.MOST_LINKS, True), ("https://e.org/ " * (rendering.MOST_LINKS + 1), False),
        ("[x](https://e.org/) " * rendering.MOST_LINKS, True), ("[x](https://e.org/) " * (rendering.MOST_LINKS + 1), False),
        ("[x](/posts/1/) " * (rendering.MOST_LINKS + 1), False),
    ],
)  # fmt: skip
def test_each_limit_holds_to_the_last_one(text, fits):
    if fits:
        assert check_source(text) == text.strip()
    else:
        with pytest.raises(Invalid) as refused:
            check_source(text)
        assert "body" in refused.value.fields


@given(texts)
def test_linking_names_never_changes_the_words(text):
    assert plain(text, 10_000) == _words(render(text, people=PEOPLE))


def _words(html):
    return " ".join(rendering.unescape(rendering.nh3.clean(html, tags=set())).split())


@given(texts, st.integers(2, 60))
def test_first_words_fit_stand_in_one_line_and_are_the_beginning(text, length):
    short, whole = plain(text, length), plain(text, 10_000)
    assert len(short) <= length and "\n" not in short
    assert short == whole or (short.endswith("…") and whole.startswith(short[:-1]))


@given(texts)
def test_whatever_is_imported_is_shown_and_never_refused(text):
    for source in (text, text + "|" * 600):
        kept, html = render_imported(source)
        assert "\x00" not in kept and "<script" not in html.lower()
        assert source.count("|") > 500 or kept == check_source(source)


def test_what_is_too_large_is_imported_as_plain_text_and_whole():
    kept, html = render_imported("**bold** " + "|" * 600)
    assert "**bold**" in kept and "**bold**" in html and "<strong>" not in html and html.count("|") == 600


@given(st.integers(1, 9_999), st.integers(1, 9_999))
def test_a_picture_is_never_drawn_wider_or_taller_than_its_room(width, height):
    shown = Picture(1, (480,), width, height).shown
    assert 1 <= shown[0] <= min(width, rendering.WIDEST) and 1 <= shown[1] <= min(height, rendering.TALLEST)
    room = min(1, rendering.WIDEST / width, rendering.TALLEST / height)
    assert abs(shown[0] - max(1, width * room)) <= 1 and abs(shown[1] - max(1, height * room)) <= 1


@given(st.integers(1, 10**17), st.integers(1, 9_999))
def test_a_picture_is_known_by_its_own_address_and_by_no_other(number, width):
    address = Picture(number, (width,), width, width).address(width)
    assert picture_id(address) == picture_id(f"/pictures/{number}/") == number
    for other in (
        f"//evil.example{address}",
        f"https://evil.example{address}",
        f"{address}?x=1",
        f"{address}/../",
        f" {address}",
    ):
        assert picture_id(other) is None


def test_a_mail_names_the_first_pictures_that_have_words(settings):
    settings.SITE_URL = "https://sprout.example"
    text = " ".join(f"![{words}](/pictures/{number}/)" for number, words in enumerate(["One", "", "Two", "Three", "Four"], 1))
    assert picture_links(text) == [
        (name, f"https://sprout.example/pictures/{n}/") for name, n in (("One", 1), ("Two", 3), ("Three", 4))
    ]
    assert picture_links("no picture at all") == []


@given(st.text())
def test_no_text_breaks_the_xml_of_a_feed(text):
    read = ElementTree.fromstring(f"<a>{escape(clean(text))}</a>").text or ""
    assert read.replace("\r", "\n") == clean(text).replace("\r\n", "\n").replace("\r", "\n")
    assert clean(clean(text)) == clean(text)


@given(texts)
def test_addresses_are_written_out_once(text):
    html = render(f"{text}\n\n[here](/posts/1/) [there](https://e.org/a) [//e](//e.org/)")
    whole = at_home(html)
    assert at_home(whole) == whole and 'href="/posts/' not in whole
    assert 'href="https://e.org/a"' in whole and 'href="//e.org/"' in whole


def test_an_entry_is_the_same_all_day_and_on_whatever_address_the_pages_stand(settings):
    settings.SITE_URL = "https://sprout.example:8443"
    assert stable_id("post/7", NOW) == stable_id("post/7", NOW + timedelta(hours=3)) == "tag:sprout.example,2026-11-16:post/7"


@given(words, st.integers(1, 40))
def test_a_description_is_the_beginning_of_the_text_and_ends_cleanly(text, times):
    whole = " ".join([text] * times)
    told = first_words(f"<p>{whole}</p>")
    assert len(told) <= LONGEST and whole.startswith(told.removesuffix("…"))
    assert told == whole or (told.endswith("…") and not told[:-1].endswith(" "))


def test_chinese_is_told_in_fewer_signs():
    told = first_words("<p>" + "请让手机在早上之前充满电，" * 40 + "</p>")
    assert guess_language(told) == "zh-Hans" and len(told) <= LONGEST * 3 // 5


def test_the_way_down_is_numbered_and_whole(settings):
    settings.SITE_URL = "https://sprout.example"
    steps = trail(("Community", "/community/"), ("Battery", "/boards/battery/"))["itemListElement"]
    assert [(step["position"], step["name"], step["item"]) for step in steps] == [
        (1, "Community", "https://sprout.example/community/"), (2, "Battery", "https://sprout.example/boards/battery/"),
    ]  # fmt: skip
