"""How a question is held against the index: weights, slips, beginnings."""

import pytest

from community.deliveries import drain
from community.models import SearchWord
from community.search.question import ONE, SELDOM, rarity, weigh
from tests.factories import make_post

pytestmark = pytest.mark.django_db


@pytest.fixture
def talk(author):
    """Battery in every post, camera in one."""
    for number in range(6):
        make_post(f"Battery {number}", author=author, body="It lasts a day.")
    make_post("Battery of the camera", author=author)
    drain()


def weights(words: str) -> dict[str, int]:
    return {one.part.lexemes[0]: one.weight for one in weigh(words).parts}


def test_what_is_rare_tells_more(talk):
    found = weights("battery camera")
    assert found["camera"] > found["batteri"] > 0


def test_texts_and_titles_are_counted_apart(talk):
    battery, last = weigh("battery lasts").parts
    assert (battery.texts, battery.titles, last.texts, last.titles) == (7, 7, 6, 0)


def test_an_unknown_word_tells_most_and_is_in_no_text(talk):
    (one,) = weigh("qqqqzz").parts
    assert (one.texts, one.part.begins) == (0, "") and one.weight > weights("camera")["camera"]


def test_a_slip_takes_along_what_was_meant(talk):
    question = weigh("camrea")
    assert question.parts[0].part.lexemes == ("camrea", "camera") and question.instead == {"camrea": "camera"}
    assert question.parts[0].texts == 1 and "camera" in question.lexemes


def test_a_word_at_home_is_taken_as_typed(talk):
    assert weigh("battery").instead == {}


def test_a_word_that_somebody_else_mistyped_too_still_finds_what_was_meant(talk, author):
    make_post("My battrey", author=author)
    drain()
    SearchWord.objects.filter(word="batteri").update(entries=900)
    assert weigh("battrey").parts[0].part.lexemes == ("battrei", "batteri")


def test_two_words_that_are_both_seldom_are_two_words(talk, author):
    make_post("Camera and camel", author=author)
    drain()
    assert SearchWord.objects.get(word="camel").entries <= SELDOM
    assert weigh("camel").instead == {}


def test_an_unknown_beginning_stands_for_what_begins_with_it(talk):
    (one,) = weigh("batt").parts
    assert one.part.begins == "batt" and one.texts >= 7 and "'batt':*" in one.part.query()


def test_a_known_word_is_a_beginning_only_while_it_is_typed(talk, author):
    make_post("Cameraman", author=author)
    drain()
    assert weigh("camera").beginnings == ()
    assert weigh("camera", typing=True).beginnings == ("camera",)
    assert weigh("camera ", typing=True).beginnings == ()


def test_a_word_that_begins_no_other_is_none(talk):
    assert weigh("camera", typing=True).beginnings == ()


def test_only_the_last_word_is_being_typed(talk, author):
    make_post("Cameraman and batteriologist", author=author)
    drain()
    assert weigh("camera battery", typing=True).beginnings == ("batteri",)


def test_short_beginnings_of_unknown_words_are_not_followed(talk):
    assert weigh("ba").beginnings == ()


def test_chinese_is_never_taken_for_misspelt(talk):
    assert weigh("电池").instead == {} and weigh("电").parts[0].texts > 0


def test_nothing_in_the_index_is_no_fault(db):
    question = weigh("battery camera 电池")
    assert len(question.parts) == 3 and question.everything >= ONE


@pytest.mark.parametrize(("few", "many"), [(0, 1), (1, 10), (10, 1_000), (1_000, 100_000)])
def test_rarity_falls_as_words_become_common_and_stays_above_nothing(few, many):
    assert rarity(100_000, few) > rarity(100_000, many) > 0


def test_a_word_in_more_texts_than_are_counted_is_no_fault():
    assert rarity(10, 50) > 0
