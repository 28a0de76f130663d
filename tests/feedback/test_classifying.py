"""`classifying`: what a text speaks of, learnt from examples; no database, no clock, no chance."""

import json
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from opencc import OpenCC

from feedback.class_rules import KINDS, Rules
from feedback.classifying import (
    Example,
    Model,
    calibrate,
    f1_of_each,
    macro_f1,
    predict,
    probabilities,
    read,
    train,
    unlearned,
)

LABELS = ("bug", "suggestion", "question")
SILENT = Rules({})
EXAMPLES = [
    *(
        Example(f"Camera {word} when zooming", "It happens daily.", "bug")
        for word in ("crashes", "freezes", "hangs", "stutters")
    ),
    *(
        Example(f"Please offer {word} in gallery", "A wish.", "suggestion")
        for word in ("albums", "filters", "frames", "themes")
    ),
    *(Example(f"Where is the {word} menu?", "I looked around.", "question") for word in ("sound", "alarm", "torch", "privacy")),
]


@pytest.fixture(scope="module")
def model():
    return train(EXAMPLES, SILENT, LABELS)


def ask(model, title, body="", rules=SILENT, place=""):
    return predict(model, rules, title, body, place)


@pytest.mark.parametrize(
    ("title", "label"),
    [
        ("Camera stutters when recording", "bug"),
        ("Please offer stickers in gallery", "suggestion"),
        ("Where is the wallpaper menu?", "question"),
    ],
)
def test_what_examples_teach_holds_for_texts_they_did_not_contain(model, title, label):
    assert ask(model, title).label == label


def test_a_guess_says_which_words_led_to_it(model):
    assert {"camera", "zooming"} & set(" ".join(ask(model, "Camera trouble when zooming").words).split())


def test_a_guess_names_at_most_five_words(model):
    assert 1 <= len(ask(model, "Camera crashes when zooming", "Camera freezes, hangs, happens daily. " * 5).words) <= 5


def test_no_word_is_named_twice_in_two_pairs(model):
    named = " ".join(ask(model, "Camera crashes when zooming daily", "It happens daily when zooming").words).split()
    assert len(named) == len(set(named))


def test_stop_words_are_never_the_reason(model):
    assert not {"it", "when", "the", "is"} & set(ask(model, "When is it the camera", "It is when").words)


def test_the_order_of_the_examples_changes_nothing(model):
    for seed in range(3):
        assert train(random.Random(seed).sample(EXAMPLES, len(EXAMPLES)), SILENT, LABELS).as_data() == model.as_data()


def test_the_same_example_twice_counts_once(model):
    assert train([*EXAMPLES, EXAMPLES[3]], SILENT, LABELS).as_data() == model.as_data()


def test_a_word_seen_under_one_label_only_never_argues_for_another(model):
    only = {term for term in read("Camera zooming", "").terms if term in model.weights}
    assert only
    for term in only:
        bug, *others = model.weights[term]
        assert bug >= 0 and all(other <= 0 for other in others)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["one two", "two three", "four", "five six"]), st.sampled_from(LABELS)), min_size=1))
def test_no_examples_however_odd_break_that_law(told):
    pairs = [Example(title, f"alone{label} together{label}", label) for title, label in told]
    trained = train([Example(f"{one.title} {at}", one.body, one.label) for at, one in enumerate(pairs)], SILENT, LABELS)
    for at, label in enumerate(LABELS):
        for weights in (trained.weights[term] for term in trained.weights if term == f"alone{label}"):
            assert weights[at] >= 0 and all(other <= 0 for place, other in enumerate(weights) if place != at)


def test_a_word_of_one_post_alone_is_not_kept():
    trained = train([*EXAMPLES, Example("Camera of Hildegard crashes", "", "bug")], SILENT, LABELS)
    assert not any("hildegard" in term for term in trained.weights)


def test_examples_with_other_labels_are_passed_over(model):
    assert train([*EXAMPLES, Example("Camera crashes", "", "story")], SILENT, LABELS).as_data() == model.as_data()


def test_the_likelihoods_together_are_one(model):
    for title in ("", "Camera crashes", "全新的东西", "?" * 300):
        assert sum(probabilities(model, KINDS, read(title))) == pytest.approx(1)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=400), st.text(max_size=800))
def test_any_text_has_a_guess_with_a_confidence_between_a_third_and_one(title, body):
    guess = predict(HOSTILE, KINDS, title, body, "battery")
    assert guess.label in LABELS and 3_333 <= guess.confidence <= 10_000 and len(guess.words) <= 5


HOSTILE = train(EXAMPLES, KINDS, LABELS)


@pytest.mark.parametrize(
    "text", ["", " ", "\x00", "<!--", "```", "# ", "**", "^!#@>", "\u202e\ufeff", "a" * 50_000, "錯" * 50_000]
)
def test_hostile_text_is_read_without_harm(text):
    assert predict(HOSTILE, KINDS, text, text).label in LABELS


def test_what_stands_far_down_is_not_read():
    assert read("Title", "x " * 3_000 + "explosion").terms == read("Title", "x " * 3_000 + "harmony").terms


def test_hidden_hints_of_a_template_are_not_read():
    terms = read("A", "<!-- please describe the crash --> freezes").terms
    assert "freez" in terms and "crash" not in terms


@pytest.mark.parametrize("title", ["相机闪退", "希望增加相册功能", "请问闹钟在哪里设置？"])
def test_traditional_signs_say_what_simplified_ones_say(title):
    chinese = [Example("相机闪退了", "", "bug"), Example("相机又闪退", "", "bug"), Example("希望增加相册", "", "suggestion")]
    trained, traditional = train(chinese, KINDS, LABELS), OpenCC("s2t").convert(title)
    assert traditional != title
    assert predict(trained, KINDS, traditional) == predict(trained, KINDS, title)


def test_chinese_is_read_in_pairs_of_signs():
    assert {"相机", "机闪", "闪退", "^闪退"} <= read("相机闪退").terms.keys()


def test_a_title_word_counts_apart_from_the_same_word_in_the_text():
    assert "^crash" in read("crash").terms and "^crash" not in read("", "crash").terms


def test_how_title_and_text_begin_counts_apart():
    terms = read("Please add x", "# Heading\nHello").terms
    assert {"^^pleas", "^^pleas add", ">hello"} <= terms.keys() and ">heading" not in terms and ">head" not in terms


@pytest.mark.parametrize(
    ("body", "sign"),
    [
        ("Traceback (most recent call last)", "!trace"),
        ("  at Camera.open(Camera.java)", "!trace"),
        ("应用异常退出", "!trace"),
        ("```\nx\n```", "!code"),
        ("why？", "!asks"),
        ("## Steps to reproduce", "#step to reproduc"),
    ],
)
def test_signs_of_a_fault_or_a_question_are_seen(body, sign):
    assert sign in read("", body).terms


def test_the_place_makes_a_word_speak_differently_there():
    told = [
        *(Example(f"Ring {at}", "", "bug", "watch") for at in range(4)),
        *(Example(f"Ring {at}", "", "suggestion", "calls") for at in range(4)),
    ]
    trained = train(told, SILENT, LABELS)
    assert [ask(trained, "Ring", place=place).label for place in ("watch", "calls")] == ["bug", "suggestion"]


def test_without_examples_the_rules_alone_speak():
    assert train([], KINDS, LABELS).as_data() == unlearned(LABELS).as_data()
    assert predict(unlearned(LABELS), KINDS, "The phone crashes").label == "bug"


def test_examples_outweigh_the_rules():
    told = [Example(f"Crash course number {at}", "A crash course.", "question") for at in range(30)]
    assert predict(train(told, KINDS, LABELS), KINDS, "Crash course", "A crash course.").label == "question"


def test_a_model_survives_json(model):
    again = Model.of_data(json.loads(json.dumps(model.as_data())))
    assert all(ask(again, one.title, one.body) == ask(model, one.title, one.body) for one in EXAMPLES)


def test_calibration_changes_no_answer(model):
    calibrated = calibrate(model, SILENT, EXAMPLES)
    assert all(ask(calibrated, one.title).label == ask(model, one.title).label for one in EXAMPLES)


def test_who_was_sure_and_wrong_becomes_less_sure(model):
    wrong = [Example(one.title, one.body, "question") for one in EXAMPLES]
    calibrated = calibrate(model, SILENT, wrong)
    assert calibrated.temperature > model.temperature
    assert ask(calibrated, EXAMPLES[0].title).confidence < ask(model, EXAMPLES[0].title).confidence


def test_without_anything_unseen_the_confidence_stays(model):
    assert calibrate(model, SILENT, []) == model


def test_of_equals_the_first_label_is_given():
    assert predict(unlearned(("b", "a")), SILENT, "anything").label == "b"


def test_f1_is_twice_the_hits_over_wanted_and_given():
    assert f1_of_each(["a", "a", "b"], ["a", "b", "b"]) == {"a": 2 / 3, "b": 2 / 3}
    assert macro_f1(["a", "b"], ["a", "a"]) == pytest.approx(1 / 3)
    assert macro_f1([], []) == 0
