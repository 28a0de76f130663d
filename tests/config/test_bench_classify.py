"""`bench classify`: its figures, on a small set and on real issues."""

import csv

import pytest

from bench import classify
from bench.classify import folds, quality, read_issues, speed
from config.management.commands.bench import BENCHES
from feedback.class_rules import KINDS
from feedback.classifying import Example, Guess, macro_f1, train

ISSUES = [Example(f"Title {at}", "", ("bug", "suggestion", "question")[at % 3]) for at in range(30)]


def by_name(figures):
    return {figure.name: figure for figure in figures}


def test_bench_knows_it_by_name():
    assert BENCHES["classify"].run is classify.run


def test_every_issue_is_asked_once_and_never_of_a_model_that_saw_it():
    parts = folds(ISSUES)
    assert sorted(one.title for _, asked in parts for one in asked) == sorted(one.title for one in ISSUES)
    assert all(not set(learning) & set(asked) and len(learning) == 24 for learning, asked in parts)


def test_a_quick_run_asks_one_fold(monkeypatch, tmp_path):
    monkeypatch.setattr(classify, "data_folder", lambda: tmp_path)
    monkeypatch.setattr(classify, "read_issues", lambda folder: ISSUES)
    said = []
    classify.run(True, said.append)
    assert said[0] == "30 issues, 1 of 5 folds" and len(said) == 2


def test_who_is_always_right_has_f1_of_one():
    figures = by_name(quality(ISSUES, [Guess(one.label, 10_000) for one in ISSUES]))
    assert figures["kinds: macro-F1, beside the rules alone"].value == figures["kinds: right among those"].value == 1


def test_the_floor_of_the_commonest_label_is_what_it_earns():
    figures = by_name(quality(ISSUES, [Guess("bug", 5_000) for _ in ISSUES]))
    figure = figures["kinds: macro-F1, beside the commonest label"]
    assert figure.value == figure.floor == pytest.approx(1 / 6)
    assert figures["kinds: share of guesses at 70 % or more"].value == 0


def test_a_promise_of_speed_can_be_missed():
    figures = speed([31.0], [6.0] * 20)
    assert [figure.holds for figure in figures] == [False, False, True]


def test_labels_of_the_file_are_ours_and_projects_are_places(tmp_path):
    (tmp_path / "issue_types.csv").write_text('repo,created_at,label,title,body\na/b,2023,feature,"T ""x""","B\n2"\n')
    before = csv.field_size_limit()
    assert read_issues(tmp_path) == [Example('T "x"', "B\n2", "suggestion", "a/b")]
    assert csv.field_size_limit() == before


@pytest.mark.slow
@pytest.mark.real_data
def test_real_issues_are_told_apart_with_a_macro_f1_of_four_fifths(real_data):
    learning, asked = folds(read_issues(real_data))[0]
    model = train(learning, KINDS, tuple(classify.LABELS.values()))
    given = [classify.ask(model, one).label for one in asked]
    assert macro_f1([one.label for one in asked], given) >= 0.80
