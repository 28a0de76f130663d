"""`feedback.text`: one form for both Chinese scripts, terms and their weights."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opencc import OpenCC

from bench.seed import distractors, phrasings
from feedback import text

ANY_TEXT = st.text(max_size=200)
TO_TRADITIONAL = OpenCC("s2t")
OURS = [row.text for row in phrasings()] + distractors()


@given(ANY_TEXT)
def test_normalising_twice_changes_nothing(said):
    assert text.normalise(text.normalise(said)) == text.normalise(said)


@given(st.text(alphabet="著着裡里麵面後后髮发İıſẞǅﬁ①Ⅷ㎏ ,.#@_0x12ab", max_size=40))
def test_normalising_is_steady_where_signs_fold_into_others(said):
    assert text.normalise(text.normalise(said)) == text.normalise(said)


@given(ANY_TEXT, ANY_TEXT)
def test_every_impact_lies_between_1_and_999(title, body):
    assert all(1 <= impact <= 999 for impact in text.tokens(title, body).values())


@given(ANY_TEXT)
def test_what_is_asked_is_made_of_the_terms_that_are_indexed(said):
    more = text.asked(said).keys() - text.tokens(said).keys()
    assert text.tokens(said).keys() <= text.asked(said).keys()
    assert all(term.startswith("=") for term in more)


def test_both_scripts_give_the_same_terms():
    same = [text.tokens(TO_TRADITIONAL.convert(said)) == text.tokens(said) for said in OURS]
    assert sum(same) / len(same) >= 0.99


def test_a_traditional_title_reads_as_the_simplified_one():
    assert text.normalise("請加入依時間自動切換的深色模式") == "请加入依时间自动切换的深色模式"


def test_the_one_sign_that_the_conversion_keeps_is_folded_by_hand():
    assert text.normalise("看著") == text.normalise("看着")


def test_full_width_letters_are_letters():
    assert text.normalise("ＷｉＦｉ　６") == "wifi 6"


@pytest.mark.parametrize(
    "said",
    [
        "see https://example.org/a/b",
        "see @mara-l",
        "see #1234",
        "see gh-77",
        "see 0x7fff5fbff8a0",
        "see 3f2a9bc",
        "see m@x.org",
    ],
)
def test_what_only_points_elsewhere_is_dropped(said):
    assert text.normalise(said) == "see"


def test_words_that_look_like_commits_stay():
    assert text.normalise("defaced facade 2026112") == "defaced facade 2026112"


def test_numbers_and_versions_stay():
    assert text.normalise("Crash on 5.2.1, build 42!") == "crash on 5.2.1 build 42"


def test_an_underscored_name_is_one_term_and_its_parts():
    assert {"dark_mode_switch", "dark", "mod", "switch"} <= text.tokens("dark_mode_switch").keys()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("notification", "notifications"),
        ("crash", "crashes"),
        ("charging", "charged"),
        ("battery", "batteries"),
        ("stop", "stopped"),
    ],
)
def test_forms_of_a_word_share_a_stem(one, other):
    assert text.stem(one) == text.stem(other)


@pytest.mark.parametrize(("one", "other"), [("bus", "bu"), ("glass", "glas"), ("photo", "phone"), ("4k", "8k")])
def test_different_words_keep_different_stems(one, other):
    assert text.stem(one) != text.stem(other)


def test_small_words_are_no_terms():
    assert text.tokens("please could you do it").keys() == set()


def test_chinese_gives_single_signs_and_pairs():
    assert text.tokens("长截图").keys() - {"=zh screenshot", "=zh scrolling screenshot", "=zh graph"} == {
        "长",
        "截",
        "图",
        "长截",
        "截图",
    }


def test_pairs_do_not_cross_into_latin_words():
    assert "图p" not in text.tokens("截图png")


def test_the_title_counts_more_than_the_text_and_the_text_is_not_lost():
    impacts = text.tokens("battery", "charging")
    assert impacts["batter"] > impacts["charg"] > 0


def test_a_thread_says_the_same_in_other_words():
    assert "tether" in text.tokens("Share the connection", "", "I want tethering too")


def test_a_term_counts_less_in_a_longer_text():
    assert text.tokens("", "sync " + "word " * 20)["sync"] > text.tokens("", "sync " + "word " * 400)["sync"]


def test_only_the_beginning_of_a_very_long_text_is_read():
    assert "needle" not in text.tokens("", "hay " * 3_000 + "needle")


def test_a_concept_says_in_which_language_it_was_said():
    assert text.concepts(text.normalise("Dark mode please")) == {"=en dark mode"}
    assert text.concepts(text.normalise("深色模式")) == {"=zh dark mode"}
    assert text.concepts(text.normalise("dark mode 深色模式")) == {"=en dark mode", "=zh dark mode"}


def test_a_concept_is_found_in_traditional_signs_and_in_the_plural():
    assert "=en screenshot" in text.concepts(text.normalise("Screenshots!"))
    assert "=zh keyboard" in text.concepts(text.normalise("鍵盤"))


def test_a_question_asks_for_its_concepts_in_the_other_language_above_all():
    english, chinese = text.asked("dark mode"), text.asked("深色模式")
    assert english["=zh dark mode"] == pytest.approx(2 * english["dark"], abs=1)
    assert english["=en dark mode"] < english["dark"]
    assert chinese["=en dark mode"] == chinese["=zh dark mode"]


def test_an_english_phrase_is_matched_by_whole_words_only():
    assert "=en ads" not in text.concepts(text.normalise("loads of badges"))


def test_every_line_of_the_glossary_joins_both_languages():
    assert all(english and chinese and "  " not in english and "" not in chinese for _, english, chinese in text.glossary())
    names = [name for name, _, _ in text.glossary()]
    assert len(names) == len(set(names)) >= 80


def test_a_word_cannot_be_taken_for_a_concept():
    assert text.tokens("=zebra").keys() == {"zebra"}


def test_keys_are_the_same_in_every_process():
    code = "from feedback.text import key; print(key('截图'), key('batter'))"
    seen = {
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env={"PYTHONHASHSEED": seed}).stdout
        for seed in ("1", "2")
    }
    assert seen == {f"{text.key('截图')} {text.key('batter')}\n"}


def test_keys_fit_the_column():
    assert all(-(2**63) <= text.key(said) < 2**63 for said in OURS)


def test_the_same_titles_are_wholly_alike_and_strangers_not_at_all():
    assert text.likeness("Export photos", "export PHOTOS!") == 1
    assert text.likeness("Export photos", "电池") == 0
    assert text.likeness("", "") == 0


def test_a_typing_error_costs_little_likeness():
    assert 0.5 < text.likeness("Dark mode for notifications", "Dark mode for notificatoins") < 1


def test_shared_words_are_named_as_the_reader_knows_them():
    assert text.matching("Charging stops at 80 percent", set(text.tokens("charge limit 80"))) == ["charging", "80"]


def test_shared_pairs_join_to_whole_words():
    assert text.matching("滚动截屏之后裁剪", {"滚动", "动截", "截屏", "裁剪"}) == ["滚动截屏", "裁剪"]


def test_words_shared_through_the_glossary_are_named_in_their_own_language():
    assert text.matching("晚上自动夜间主题", {"=zh dark mode"}) == ["夜间主题"]
    assert text.matching("A dark theme", {"=en dark mode"}) == ["dark", "theme"]


@pytest.mark.parametrize(
    ("typed", "enough"),
    [
        ("", False),
        ("dark", False),
        ("dark mode", True),
        ("夜间", False),
        ("夜间模式", True),
        ("wifi 断开", True),
        ("!! ??", False),
    ],
)
def test_a_half_typed_title_is_worth_asking_from_four_signs_or_two_words(typed, enough):
    assert text.says_enough(typed) is enough
