"""In which language a text is written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.languages import EN, HANS, HANT, OTHER, guess_language, language_after
from community.models.post import Language
from community.posts import edit_post
from tests.factories import NOW, make_post

SAID = {
    "Charge limit at 80 %": EN,
    "Let the torch dim": EN,
    "Bluetooth 断连": HANS,
    "电池在早上之前充满": HANS,
    "電池在早上之前充滿": HANT,
    "手機充電很慢，請改善。": HANT,
    "手机 battery life is too short for me, every single day": EN,
    "Laden bis 80 Prozent, bitte": OTHER,
    "Por favor, un modo oscuro para la cámara": OTHER,
    "カメラの音を消したい": OTHER,
    "알람 소리를 줄여 주세요": OTHER,
    "Можно ли отключить звук": OTHER,
    "80 % !!": "",
    "": "",
}


@pytest.mark.parametrize(("text", "language"), SAID.items())
def test_a_sentence_says_its_language(text, language):
    assert guess_language(text) == language


def test_code_and_addresses_say_nothing():
    assert guess_language("关闭 `adb shell settings put global the of and to` 吧 https://example.org/the/of/and") == HANS


@given(st.text(max_size=200))
def test_whatever_is_written_the_answer_is_one_a_post_can_keep(text):
    assert guess_language(text) in {"", *Language.values}
    assert guess_language(text) == guess_language(text)


@pytest.mark.django_db
def test_a_post_keeps_its_language_from_the_day_it_is_written():
    assert make_post("电池在早上之前充满", body="请让手机在我起床时充满。").language == HANS
    assert make_post("Charge it before I wake").language == EN


@pytest.mark.django_db
def test_a_mended_post_is_guessed_anew_unless_somebody_had_set_it(author, board):
    post = make_post("Laden bis achtzig Prozent", author=author, board=board, body="")
    type(post).objects.filter(pk=post.pk).update(language=OTHER)
    mended = edit_post(post=post, by=author, title="Charge to 80 percent", body="", at=NOW)
    assert mended.language in (EN, OTHER)
    type(post).objects.filter(pk=post.pk).update(language=HANT)
    assert edit_post(post=post, by=author, title="Charge it to 85 percent", body="", at=NOW).language == HANT


def test_what_somebody_set_by_hand_stays():
    assert language_after(OTHER, before="Charge it in the night", now="Charge it at night") == OTHER
    assert language_after(EN, before="Charge it in the night", now="晚上充电，早上用") == HANS
    assert language_after("", before="", now="晚上充电，早上用") == HANS
