"""`class_training`: models learn from what staff decided, and stay only if they are no worse."""

import pytest

from community import posts
from community.deliveries import drain
from feedback import class_training
from feedback.class_training import decided_posts, retrain_classifier, retrain_classifiers
from feedback.guessing import decline_guess, mind_of
from feedback.models import ClassifierModel, Department, PostGuess, Suggestion
from feedback.tasks import retrain_classifiers as nightly
from feedback.triage import triage_suggestion
from tests.factories import make_bug, make_post, make_suggestion

pytestmark = pytest.mark.django_db


@pytest.fixture
def small(monkeypatch):
    """Few examples are enough."""
    monkeypatch.setattr(class_training, "LEAST_OF_EACH", 4)


@pytest.fixture
def decided(small, board, staff, now):
    """Staff looked at twelve bugs that 'wobble' and twelve wishes for 'ribbons': words no rule knows."""
    rows = []
    for at in range(12):
        rows += [make_bug(f"Wobble {at}", board=board, body=""), make_suggestion(f"Ribbons {at}", board=board, body="")]
    Suggestion.objects.update(triaged_at=now)
    return rows


def test_before_staff_decided_enough_nothing_is_learnt(board, now):
    make_bug("Wobble", board=board)
    assert retrain_classifier(what="kind", at=now) is None
    assert not ClassifierModel.objects.exists()


def test_one_kind_alone_teaches_nothing(small, board, now):
    for at in range(12):
        make_bug(f"Wobble {at}", board=board)
    Suggestion.objects.update(triaged_at=now)
    assert retrain_classifier(what="kind", at=now) is None


def test_what_staff_decided_is_learnt(decided, now):
    row = retrain_classifier(what="kind", at=now)
    assert (row.version, row.in_use, row.trained_at) == (1, True, now)
    assert row.macro_f1 == 10_000 > row.former_f1
    assert row.examples + row.held_out == 24 and row.held_out in (4, 5)


def test_a_new_post_is_guessed_by_what_was_learnt(decided, board, now):
    retrain_classifier(what="kind", at=now)
    wish = make_suggestion("Wobble again", board=board, body="")
    drain()
    row = PostGuess.objects.get(post=wish.pk, what="kind")
    assert (row.label, row.version) == ("bug", 1) and "wobble" in row.words


def test_the_same_decisions_teach_the_same(decided, now):
    first, second = (retrain_classifier(what="kind", at=now) for _ in range(2))
    first.refresh_from_db()
    assert (second.version, second.in_use, first.in_use, first.weights) == (2, True, False, {})
    assert second.macro_f1 == second.former_f1 == first.macro_f1


def test_a_worse_one_is_on_record_and_never_answers(decided, now, monkeypatch):
    retrain_classifier(what="kind", at=now)
    monkeypatch.setattr(
        class_training,
        "train",
        lambda examples, rules, labels: class_training.Model(labels, (0, 9000, 0, 0), {"wobbl": (900, 0, 0, 0)}),
    )
    worse = retrain_classifier(what="kind", at=now)
    assert (worse.version, worse.in_use, worse.weights) == (2, False, {}) and worse.macro_f1 < worse.former_f1
    assert mind_of("kind").version == 1


def test_what_is_held_out_is_never_learnt_from(decided, now, monkeypatch):
    seen = []
    honest = class_training.train
    monkeypatch.setattr(class_training, "train", lambda examples, *more: honest(seen.extend(examples) or examples, *more))
    retrain_classifier(what="kind", at=now)
    held_out = {row.post.title for row in decided if row.pk % class_training.ONE_IN == 0}
    assert held_out and not held_out & {one.title for one in seen}


def test_what_staff_did_not_look_at_teaches_nothing(board):
    make_bug("Wobble", board=board)
    assert decided_posts("kind") == []


def test_saying_no_to_a_guess_confirms_the_kind(board, staff):
    wish = make_suggestion("The camera crashes", board=board)
    drain()
    decline_guess(guess=PostGuess.objects.get(post=wish.pk, what="kind"), by=staff)
    assert decided_posts("kind") == [wish.post]


def test_a_conversion_by_who_keeps_the_board_is_a_decision(board, staff, now):
    post = make_post("A question really", board=board, kind="discussion")
    posts.convert_post(post=post, kind="question", by=staff, at=now)
    assert decided_posts("kind") == [post]


def test_a_conversion_by_the_author_is_not(board, now):
    post = make_post("A question really", board=board, kind="discussion")
    posts.convert_post(post=post, kind="question", by=post.author, at=now)
    assert decided_posts("kind") == []


def test_deleted_posts_teach_nothing(decided, now):
    posts.delete_post(post=decided[0].post, by=decided[0].post.author, at=now)
    assert decided[0].post not in decided_posts("kind")


def test_only_bugs_teach_severity(board, staff, now):
    bug, wish = make_bug("Wobble", board=board), make_suggestion("Ribbons", board=board)
    for row in (bug, wish):
        triage_suggestion(suggestion=row, by=staff, at=now, severity=4)
    assert decided_posts("severity") == [bug.post]


def test_a_department_is_learnt_from_who_answers_for_what(decided, now):
    hardware, design = (Department.objects.create(slug=slug, name=slug.title()) for slug in ("hardware", "design"))
    for at, row in enumerate(decided):
        Suggestion.objects.filter(pk=row.pk).update(department=design if at % 2 else hardware)
    row = retrain_classifier(what="department", at=now)
    assert row.in_use and set(row.weights["labels"]) == {str(hardware.pk), str(design.pk)}


def test_the_newest_decisions_are_enough(decided, monkeypatch):
    monkeypatch.setattr(class_training, "MOST_EXAMPLES", 3)
    assert decided_posts("kind") == [row.post for row in reversed(decided[-3:])]


def test_what_waits_is_guessed_again_by_a_better_model(decided, board, now):
    wish = make_suggestion("Wobble crashes", board=board, body="")
    drain()
    assert retrain_classifiers(at=now) == 1
    assert PostGuess.objects.get(post=wish.pk, what="kind").version == 1


def test_every_night_it_is_tried(decided):
    assert nightly() == 1 and nightly() == 1
    assert list(ClassifierModel.objects.filter(what="kind").order_by("version").values_list("in_use", flat=True)) == [
        False,
        True,
    ]
