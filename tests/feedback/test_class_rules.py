"""`class_rules`: what texts say outright, before anybody has decided anything."""

import pytest
from opencc import OpenCC

from feedback.class_rules import KINDS, MOST, SEVERITIES, department_rules
from feedback.classifying import predict, unlearned

KIND_LABELS = ("suggestion", "bug", "question", "discussion")


def kind(title, body=""):
    return predict(unlearned(KIND_LABELS), KINDS, title, body)


def severity(title, body=""):
    return predict(unlearned(("1", "2", "4", "8")), SEVERITIES, title, body).label


@pytest.mark.parametrize(
    ("title", "label"),
    [
        ("Camera app crashes when zooming", "bug"),
        ("Bluetooth stopped working after the update", "bug"),
        ("Wi-Fi doesn't work in the lift", "bug"),
        ("更新后相机闪退", "bug"),
        ("手機自動重啟", "bug"),
        ("Please add a torch to the lock screen", "suggestion"),
        ("It would be nice to sort albums", "suggestion"),
        ("希望增加定时关机", "suggestion"),
        ("建議加入深色模式", "suggestion"),
        ("How do I move photos to the card?", "question"),
        ("Does anyone know what this light means?", "question"),
        ("请问怎么关闭推送？", "question"),
        ("請問如何截圖", "question"),
        ("What do you think about curved screens", "discussion"),
        ("大家怎么看曲面屏", "discussion"),
    ],
)
def test_what_people_say_outright_is_taken_for_what_it_is(title, label):
    assert kind(title).label == label


@pytest.mark.parametrize(
    ("title", "label"),
    [
        ("Battery caught fire on the table", "8"),
        ("All my photos are gone: data loss", "8"),
        ("电池鼓包冒烟", "8"),
        ("升級後變磚，無法開機", "8"),
        ("Phone freezes every time", "4"),
        ("一打开就闪退", "4"),
        ("Typo in the settings", "1"),
        ("设置里有错别字", "1"),
        ("The list jumps", "2"),
        ("", "2"),
    ],
)
def test_how_bad_it_sounds(title, label):
    assert severity(title) == label


def test_a_phrase_counts_more_in_the_title_than_in_the_text():
    assert kind("It crashes").confidence > kind("Something", "It crashes").confidence > kind("Something").confidence


def test_the_reasons_are_the_phrases_themselves():
    assert set(kind("Black screen and no sound, an error").words) == {"black screen", "error"}


def test_forms_of_one_word_count_once():
    assert kind("Crash, crashed, crashes") == kind("Crash")


def test_a_phrase_is_found_as_whole_words_only():
    assert kind("Debugging buggy ladybugs").words == ()
    assert kind("bug").label == "bug"


def test_many_phrases_make_nobody_certain():
    shouting = KINDS.forces("crash error broken freezes hangs fails wrong glitch regression", "", ("bug",))
    assert shouting == [MOST]


def test_rules_alone_are_never_quite_sure():
    assert kind("crash error broken freezes hangs fails wrong glitch").confidence < 9_500


def test_both_scripts_weigh_the_same():
    for said in ("手机死机", "希望支持深色模式", "怎么设置闹钟"):
        assert kind(OpenCC("s2t").convert(said)) == kind(said)


@pytest.mark.parametrize("title", ["Battery is empty at noon", "电池中午就没电", "電池中午就沒電"])
def test_a_department_is_spoken_of_by_its_name_in_any_language(title):
    rules = department_rules({"7": ("Battery", "电池组", "電池組"), "9": ("Camera", "相机组", "")})
    guess = predict(unlearned(("7", "9")), rules, title)
    assert guess.label == "7" and guess.confidence > 6_500 and guess.words


def test_where_no_department_is_named_no_word_speaks_for_one():
    rules = department_rules({"7": ("Battery", "", ""), "9": ("Camera", "", "")})
    assert predict(unlearned(("7", "9")), rules, "The list jumps").words == ()
