"""The passage that says it, with its words marked."""

from hypothesis import given
from hypothesis import strategies as st

from community.search.asking import read
from community.search.passages import LENGTH, Marker, plain_text


def marker(question: str) -> Marker:
    return Marker(frozenset(lexeme for part in read(question).parts for lexeme in part.lexemes))


def test_every_form_of_a_word_is_marked_in_its_own_spelling():
    assert marker("alarm").marked("Alarms, ALARM alarmed") == "<mark>Alarms</mark>, <mark>ALARM</mark> <mark>alarmed</mark>"


def test_signs_are_marked_where_the_words_are_and_in_their_own_script():
    assert marker("夜间模式").marked("請加夜間模式吧") == "請加<mark>夜間模式</mark>吧"


def test_a_single_sign_is_marked():
    assert marker("夜").marked("夜里") == "<mark>夜</mark>里"


def test_what_begins_with_the_typed_letters_is_marked():
    assert Marker(frozenset(), ["batt"]).marked("My battery") == "My <mark>battery</mark>"


def test_joined_words_are_marked_whole():
    assert marker("wifi").marked("My Wi-Fi!") == "My <mark>Wi-Fi</mark>!"


def test_what_people_wrote_stays_text():
    assert marker("script").marked("<script>alert(1)</script>").count("<mark>") == 2
    assert "<script" not in marker("script").marked("<script>alert(1)</script>")


def test_the_passage_stands_where_most_of_the_words_are():
    text = f"<p>battery once. {'so it goes on and on. ' * 30}</p><p>The battery and the alarm, both.</p>"
    passage = marker("battery alarm").passage(text)
    assert passage.startswith("…") and "<mark>battery</mark> and the <mark>alarm</mark>" in passage


def test_a_text_without_the_words_shows_its_beginning():
    assert marker("alarm").passage("<p>Nothing of it.</p><p>At all.</p>") == "Nothing of it. At all."


def test_words_of_two_paragraphs_do_not_grow_together():
    assert plain_text("<p>one</p><p>two</p><ul><li>three</li></ul>") == "one two three"


def test_signs_of_html_are_read_once():
    assert marker("alarm").passage("<p>1 &lt; 2 &amp;amp; alarm</p>") == "1 &lt; 2 &amp;amp; <mark>alarm</mark>"


@given(st.text(max_size=400), st.text(max_size=60))
def test_marks_never_change_the_text(text, question):
    found = marker(question)
    spans = found.spans(text)
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(before[1] < after[0] for before, after in zip(spans, spans[1:], strict=False))
    drawn = found.marked(text).replace("<mark>", "").replace("</mark>", "")
    assert drawn == Marker(frozenset()).marked(text)


@given(st.text(max_size=2_000))
def test_a_passage_is_short(text):
    passage = marker("alarm 夜间").passage(f"<p>{text}</p>")
    assert len(passage) <= 8 * LENGTH
