"""`guessing`: guesses follow what is written, and staff accept them or say no."""

import pytest
from django.db import IntegrityError, transaction

from community import posts
from community.accounts.leaving import close_account
from community.deliveries import drain
from community.models import Activity
from community.refusals import Conflict, NotAllowed
from feedback.guessing import LISTENER, accept_guess, decline_guess, follow, guess_posts, proposed_for, settle_outcomes
from feedback.models import ClassifierModel, Department, PostGuess, Suggestion
from feedback.triage import change_status, triage_suggestion
from tests.factories import NOW, make_bug, make_member, make_post, make_suggestion

pytestmark = pytest.mark.django_db


def fresh(suggestion):
    return Suggestion.objects.select_related("post__board", "root").get(pk=suggestion.pk)


def guesses(thing):
    return {row.what: row.label for row in PostGuess.objects.filter(post_id=thing.pk)}


def outcome(thing, what="kind"):
    return PostGuess.objects.get(post_id=thing.pk, what=what).outcome


@pytest.fixture
def crash(board):
    """A fault that its author called a suggestion."""
    wish = make_suggestion("Camera crashes after the update", body="It freezes, then a black screen.", board=board)
    drain()
    return wish


@pytest.fixture
def guess(crash):
    return PostGuess.objects.get(post=crash.pk, what="kind")


def test_a_new_post_has_its_guess_with_confidence_and_words(guess):
    assert (guess.label, guess.version, guess.outcome) == ("bug", 0, "waiting")
    assert guess.confidence >= 7_000 and "after the update" in guess.words


@pytest.mark.parametrize(("title", "kind"), [("How do I mute it?", "question"), ("Please add a torch", "suggestion")])
def test_talk_is_guessed_too(board, title, kind):
    post = make_post(title, board=board, kind="discussion", body="")
    drain()
    assert guesses(post)["kind"] == kind


def test_stories_are_nobodys_guess(board):
    post = make_post("The camera crashes", board=board, kind="story")
    drain()
    assert guesses(post) == {}


def test_what_no_word_speaks_for_has_no_guess(board):
    wish = make_suggestion("Evening light", board=board, body="")
    drain()
    assert guesses(wish) == {}


def test_one_faint_word_in_the_text_is_not_enough(board):
    wish = make_suggestion("Evening light", board=board, body="Somebody told me this is wrong.")
    drain()
    assert guesses(wish) == {}


def test_severity_is_guessed_where_it_is_or_seems_a_bug(board):
    fire, wish = (
        make_bug("Battery fire", board=board, body=""),
        make_suggestion("Please add a fire alarm", board=board, body=""),
    )
    drain()
    assert guesses(fire)["severity"] == "8" and "severity" not in guesses(wish)


def test_a_department_is_guessed_by_its_name(board):
    camera = Department.objects.create(slug="camera", name="Camera", name_zh_hans="相机组")
    Department.objects.create(slug="sound", name="Sound")
    one, other = make_suggestion("相機太慢", board=board, body=""), make_suggestion("Too slow", board=board, body="")
    drain()
    assert guesses(one)["department"] == str(camera.pk) and "department" not in guesses(other)


def test_an_edit_is_guessed_anew(crash):
    posts.edit_post(post=crash.post, by=crash.post.author, title="Please add a torch", body="", at=NOW)
    drain()
    assert guesses(crash) == {"kind": "suggestion"}


def test_a_deleted_post_leaves_no_words_behind(crash):
    posts.delete_post(post=crash.post, by=crash.post.author, at=NOW)
    drain()
    assert guesses(crash) == {}


def test_the_same_facts_again_change_nothing(crash):
    before = list(PostGuess.objects.order_by("pk").values())
    follow(list(Activity.objects.filter(subject_id=crash.pk)))
    assert list(PostGuess.objects.order_by("pk").values()) == before


def test_the_listener_has_its_stable_name():
    assert LISTENER == "feedback.guesses"


def test_a_fact_about_a_post_that_is_gone_harms_nobody():
    assert guess_posts([987_654]) == 0
    settle_outcomes([987_654])


def test_many_posts_cost_no_more_queries_than_few(board, django_assert_max_num_queries):
    few = [make_suggestion("The camera crashes", board=board).pk for _ in range(8)]
    with django_assert_max_num_queries(12):
        guess_posts(few)


def test_accepting_makes_it_what_it_seemed(crash, guess, staff, now):
    accept_guess(guess=guess, by=staff, at=now)
    assert (fresh(crash).post.kind, outcome(crash)) == ("bug", "accepted")
    assert Activity.objects.filter(verb="suggestion_triaged", subject_id=crash.pk, actor=staff).count() == 1


def test_a_severity_is_accepted_through_triage(board, staff, now):
    bug = make_bug("Battery fire", board=board)
    drain()
    accept_guess(guess=PostGuess.objects.get(post=bug.pk, what="severity"), by=staff, at=now)
    assert fresh(bug).severity == 8 and outcome(bug, "severity") == "accepted"


def test_a_department_is_accepted_through_triage(board, staff, now):
    camera = Department.objects.create(slug="camera", name="Camera")
    wish = make_suggestion("Camera too slow", board=board)
    drain()
    accept_guess(guess=PostGuess.objects.get(post=wish.pk, what="department"), by=staff, at=now)
    assert fresh(wish).department == camera


def test_a_department_that_is_gone_is_a_conflict(board, staff, now):
    camera = Department.objects.create(slug="camera", name="Camera")
    wish = make_suggestion("Camera too slow", board=board)
    drain()
    camera.delete()
    with pytest.raises(Conflict):
        accept_guess(guess=PostGuess.objects.get(post=wish.pk, what="department"), by=staff, at=now)
    assert outcome(wish, "department") == "waiting"


def test_saying_no_leaves_the_post_and_is_remembered(crash, guess, staff):
    decline_guess(guess=guess, by=staff)
    assert (fresh(crash).post.kind, outcome(crash)) == ("suggestion", "changed")


@pytest.mark.parametrize("first", ["accept", "decline"])
def test_what_is_decided_is_decided_once(guess, staff, now, first):
    accept_guess(guess=guess, by=staff, at=now) if first == "accept" else decline_guess(guess=guess, by=staff)
    with pytest.raises(Conflict):
        accept_guess(guess=guess, by=staff, at=now)
    with pytest.raises(Conflict):
        decline_guess(guess=guess, by=staff)


@pytest.mark.parametrize("who", ["author", "moderator"])
def test_only_staff_decide(crash, guess, now, who, request):
    by = request.getfixturevalue(who)
    with pytest.raises(NotAllowed):
        accept_guess(guess=guess, by=by, at=now)
    with pytest.raises(NotAllowed):
        decline_guess(guess=guess, by=by)
    assert (fresh(crash).post.kind, outcome(crash)) == ("suggestion", "waiting")


def test_talk_cannot_be_accepted_at_the_desk(board, staff, now):
    post = make_post("The camera crashes", board=board, kind="discussion")
    drain()
    with pytest.raises(Conflict):
        accept_guess(guess=PostGuess.objects.get(post=post, what="kind"), by=staff, at=now)


@pytest.mark.parametrize(("kind", "said"), [("bug", "accepted"), ("question", "changed")])
def test_a_decision_made_without_the_button_counts_as_well(crash, staff, now, kind, said):
    triage_suggestion(suggestion=fresh(crash), by=staff, at=now, kind=kind)
    drain()
    assert outcome(crash) == said


def test_a_severity_chosen_by_hand_settles_the_severity_alone(board, staff, now):
    bug = make_bug("Battery fire and a crash", board=board)
    drain()
    triage_suggestion(suggestion=fresh(bug), by=staff, at=now, severity=4)
    drain()
    assert (outcome(bug, "severity"), outcome(bug)) == ("changed", "waiting")


def test_an_author_who_turns_their_post_around_is_not_the_team(crash):
    posts.convert_post(post=crash.post, kind="bug", by=crash.post.author, at=NOW)
    drain()
    assert outcome(crash) == "waiting"


def test_a_status_decides_nothing_about_the_kind(crash, staff, now):
    change_status(suggestion=fresh(crash), to="planned", by=staff, at=now)
    drain()
    assert outcome(crash) == "waiting"


def test_a_decision_before_the_guess_is_noted_all_the_same(board, staff, now):
    wish = make_suggestion("The camera crashes", board=board)
    triage_suggestion(suggestion=wish, by=staff, at=now, kind="bug")
    follow(list(Activity.objects.filter(subject_id=wish.pk).order_by("-pk")))
    assert outcome(wish) == "accepted"


def test_an_edit_after_the_decision_leaves_what_was_guessed(crash, guess, staff):
    decline_guess(guess=guess, by=staff)
    posts.edit_post(post=crash.post, by=crash.post.author, title="Please add a torch", body="", at=NOW)
    drain()
    assert PostGuess.objects.get(post=crash.pk, what="kind").label == "bug"


def test_the_desk_is_shown_what_would_change(crash):
    (one,) = proposed_for(fresh(crash))
    assert (one.what, one.label) == ("Kind", "Bug") and 70 <= one.percent <= 100


def test_what_it_is_already_is_not_proposed(board):
    bug = make_bug("The camera crashes", board=board, body="")
    drain()
    assert [one.what for one in proposed_for(fresh(bug))] == ["Severity"]


def test_a_decided_guess_is_proposed_no_more(crash, guess, staff):
    decline_guess(guess=guess, by=staff)
    assert proposed_for(fresh(crash)) == []


def test_those_against_the_kind_are_found_from_a_confidence_on(crash, guess):
    bug = make_bug("The camera crashes", board=crash.post.board)
    drain()
    assert list(PostGuess.objects.against_the_kind(7_000)) == [guess]
    assert not PostGuess.objects.against_the_kind(guess.confidence + 1).exists()
    assert "kind" in guesses(bug)


def test_a_model_in_use_speaks_with_its_version(board):
    weights = {"labels": ["bug", "question"], "bias": [0, 0], "weights": {"torch": [0, 9000]}, "temperature": 10_000}
    ClassifierModel.objects.create(
        what="kind",
        version=3,
        weights=weights,
        trained_at=NOW,
        examples=50,
        held_out=9,
        macro_f1=9_000,
        former_f1=0,
        in_use=True,
    )
    wish = make_suggestion("Torch", board=board, body="", author=make_member())
    drain()
    row = PostGuess.objects.get(post=wish.pk, what="kind")
    assert (row.label, row.version, row.words) == ("question", 3, ["torch"])


def test_who_leaves_with_their_words_leaves_none_in_a_guess(crash, guess):
    close_account(member=crash.post.author, keeps_words=False, at=NOW)
    drain()
    assert guesses(crash) == {}


def test_who_leaves_their_words_here_leaves_the_guess(crash, guess):
    close_account(member=crash.post.author, keeps_words=True, at=NOW)
    drain()
    assert guesses(crash)["kind"] == "bug"


def test_a_hidden_post_keeps_its_guess_for_the_team(crash, guess, moderator):
    posts.hide_post(post=crash.post, by=moderator, at=NOW)
    drain()
    assert guesses(crash)["kind"] == "bug"


def test_a_post_turned_into_an_announcement_is_guessed_no_more(crash, guess, staff):
    posts.convert_post(post=crash.post, kind="announcement", by=staff, at=NOW)
    drain()
    assert guesses(crash) == {}


def test_a_department_that_is_gone_is_proposed_no_more(board):
    camera = Department.objects.create(slug="camera", name="Camera")
    wish = make_suggestion("Camera too slow", board=board, body="")
    drain()
    assert [one.label for one in proposed_for(fresh(wish))] == ["Camera"]
    camera.delete()
    assert proposed_for(fresh(wish)) == []


def test_a_severity_waits_until_it_is_a_bug(crash, staff, now):
    assert guesses(crash)["severity"] == "4"
    assert [one.what for one in proposed_for(fresh(crash))] == ["Kind"]
    accept_guess(guess=PostGuess.objects.get(post=crash.pk, what="kind"), by=staff, at=now)
    drain()
    assert [one.what for one in proposed_for(fresh(crash))] == ["Severity"]


def test_one_post_has_one_guess_of_a_kind_whatever_arrives_twice(guess):
    with pytest.raises(IntegrityError), transaction.atomic():
        PostGuess.objects.create(post=guess.post, what="kind", label="bug", confidence=1)


def test_no_confidence_is_more_than_certain(guess):
    with pytest.raises(IntegrityError), transaction.atomic():
        PostGuess.objects.filter(pk=guess.pk).update(confidence=10_001)


def test_one_model_answers_at_a_time(db):
    figures = {"what": "kind", "trained_at": NOW, "examples": 1, "held_out": 1, "macro_f1": 1, "former_f1": 1, "in_use": True}
    ClassifierModel.objects.create(version=1, **figures)
    with pytest.raises(IntegrityError), transaction.atomic():
        ClassifierModel.objects.create(version=2, **figures)


def test_without_departments_none_is_guessed(crash):
    assert "department" not in guesses(crash)
