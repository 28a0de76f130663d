"""Triage: status, official answer, staff's view and notes."""

import pytest

from community.models import Activity, Standing
from community.posts import convert_post, hide_post
from community.refusals import Conflict, Invalid, NotAllowed
from feedback.merges import merge_suggestions
from feedback.models import InternalNote, Status, StatusChange, Suggestion
from feedback.triage import answer_suggestion, change_status, triage_suggestion, write_note
from tests.factories import make_member, make_staff, make_suggestion

pytestmark = pytest.mark.django_db


def facts(verb):
    return list(Activity.objects.filter(verb=verb).values_list("subject_id", "data"))


def test_a_changed_status_stands_in_the_history_with_who_when_and_the_answer(suggestion, staff, now):
    change = change_status(suggestion=suggestion, to="planned", by=staff, at=now, answer="For **3.3**.")
    row = StatusChange.objects.get()
    assert (row.pk, row.before, row.after, row.by, row.at, row.answer) == (
        change.pk, "open", "planned", staff, now, "For **3.3**.",
    )  # fmt: skip


def test_an_answer_given_with_a_status_is_the_official_one(suggestion, staff, now):
    change_status(suggestion=suggestion, to="planned", by=staff, at=now, answer="For **3.3**.")
    suggestion.refresh_from_db()
    assert (suggestion.answer, suggestion.answered_by, suggestion.answered_at) == ("For **3.3**.", staff, now)
    assert "<strong>3.3</strong>" in suggestion.answer_html


def test_a_status_without_an_answer_keeps_the_former_one(suggestion, staff, now):
    change_status(suggestion=suggestion, to="planned", by=staff, at=now, answer="For 3.3.")
    change_status(suggestion=suggestion, to="in-progress", by=make_staff("Jun Park"), at=now)
    suggestion.refresh_from_db()
    assert (suggestion.status, suggestion.answer, suggestion.answered_by) == ("in-progress", "For 3.3.", staff)


def test_the_lists_say_the_new_status_and_that_it_is_answered(suggestion, staff, now):
    change_status(suggestion=suggestion, to="planned", by=staff, at=now, answer="For 3.3.")
    standing = Standing.objects.get(pk=suggestion.pk)
    assert (standing.status, standing.answered, standing.active_at) == ("planned", True, now)


def test_the_fact_names_the_author_who_is_to_hear_of_it(suggestion, author, staff, now):
    change = change_status(suggestion=suggestion, to="planned", by=staff, at=now)
    expected = {"change_id": change.pk, "author_id": author.pk, "before": "open", "after": "planned", "release_id": None}
    assert facts("status_changed") == [(suggestion.pk, expected)]


@pytest.mark.parametrize("status", ["declined", "not-now"])
def test_declining_takes_a_public_reason(suggestion, staff, now, status):
    with pytest.raises(Invalid) as refused:
        change_status(suggestion=suggestion, to=status, by=staff, at=now, answer="  ")
    assert "answer" in refused.value.fields
    assert Suggestion.objects.get().status == Status.OPEN


def test_a_declined_suggestion_can_be_opened_again(suggestion, staff, now):
    change_status(suggestion=suggestion, to="declined", by=staff, at=now, answer="It costs 4 mm of battery.")
    change_status(suggestion=suggestion, to="open", by=staff, at=now)
    assert Standing.objects.get(pk=suggestion.pk).status == "open"


def test_the_same_status_again_is_a_conflict(suggestion, staff, now):
    with pytest.raises(Conflict):
        change_status(suggestion=suggestion, to="open", by=staff, at=now)
    assert not StatusChange.objects.exists()


def test_an_unknown_status_is_refused(suggestion, staff, now):
    with pytest.raises(Invalid):
        change_status(suggestion=suggestion, to="blooming", by=staff, at=now)


@pytest.mark.parametrize("act", ["status", "triage", "answer", "note"])
def test_only_staff_triage(suggestion, author, now, act):
    acts = {
        "status": lambda: change_status(suggestion=suggestion, to="planned", by=author, at=now),
        "triage": lambda: triage_suggestion(suggestion=suggestion, by=author, at=now, severity=8),
        "answer": lambda: answer_suggestion(suggestion=suggestion, by=author, at=now, answer="Yes."),
        "note": lambda: write_note(suggestion=suggestion, by=author, at=now, body="Psst."),
    }
    with pytest.raises(NotAllowed):
        acts[act]()


def test_the_canonical_decides_for_what_is_merged_into_it(suggestion, staff, now):
    duplicate = make_suggestion("Same in other words", board=suggestion.post.board)
    merge_suggestions(duplicate=duplicate, into=suggestion, by=staff, at=now)
    with pytest.raises(Conflict, match="Charge limit"):
        change_status(suggestion=duplicate, to="planned", by=staff, at=now)
    change_status(suggestion=suggestion, to="planned", by=staff, at=now)
    assert set(Standing.objects.values_list("status", flat=True)) == {"planned"}


def test_a_duplicates_own_status_waits_unchanged(suggestion, staff, now):
    duplicate = make_suggestion("Same in other words", board=suggestion.post.board)
    merge_suggestions(duplicate=duplicate, into=suggestion, by=staff, at=now)
    change_status(suggestion=suggestion, to="planned", by=staff, at=now)
    duplicate.refresh_from_db()
    assert duplicate.status == "open"


def test_what_is_no_suggestion_any_more_has_no_status(suggestion, staff, now):
    convert_post(post=suggestion.post, kind="discussion", by=staff, at=now)
    with pytest.raises(Conflict):
        change_status(suggestion=suggestion, to="planned", by=staff, at=now)


def test_an_answer_alone_keeps_the_status_and_is_a_fact_of_its_own(suggestion, author, staff, now):
    answer_suggestion(suggestion=suggestion, by=staff, at=now, answer="We read it on Monday.")
    suggestion.refresh_from_db()
    assert (suggestion.status, suggestion.answer, suggestion.answered_by) == ("open", "We read it on Monday.", staff)
    assert facts("suggestion_answered") == [(suggestion.pk, {"author_id": author.pk})]
    assert Standing.objects.get(pk=suggestion.pk).answered


@pytest.mark.parametrize("answer", ["", "   "])
def test_an_empty_answer_is_none(suggestion, staff, now, answer):
    with pytest.raises(Invalid):
        answer_suggestion(suggestion=suggestion, by=staff, at=now, answer=answer)


def test_the_same_answer_again_tells_nobody(suggestion, staff, now):
    answer_suggestion(suggestion=suggestion, by=staff, at=now, answer="Soon.")
    with pytest.raises(Conflict):
        answer_suggestion(suggestion=suggestion, by=staff, at=now, answer="Soon. ")
    assert len(facts("suggestion_answered")) == 1


def test_triage_records_only_what_differs_and_as_numbers(suggestion, staff, now):
    triage_suggestion(
        suggestion=suggestion, by=staff, at=now, severity=4, frequency=None, assignee=staff,
        strategy_fit=2, strategy_reason="Fits the battery promise.",
    )  # fmt: skip
    expected = {"severity": [2, 4], "assignee": [None, staff.pk], "strategy_fit": [0, 2], "strategy_reason": []}
    assert facts("suggestion_triaged") == [(suggestion.pk, {"fields": expected})]


def test_triage_that_changes_nothing_is_not_recorded_and_yet_seen(suggestion, staff, now):
    triage_suggestion(suggestion=suggestion, by=staff, at=now, severity=2)
    assert not facts("suggestion_triaged")
    assert Suggestion.objects.get().triaged_at == now


def test_the_kind_is_changed_by_converting_the_post(suggestion, staff, now):
    triage_suggestion(suggestion=suggestion, by=staff, at=now, kind="bug", severity=8)
    suggestion.post.refresh_from_db()
    assert (suggestion.post.kind, Standing.objects.get().kind) == ("bug", "bug")
    assert [data["fields"]["kind"] for _pk, data in facts("suggestion_triaged")] == [["suggestion", "bug"]]
    assert [data["moment"] for _pk, data in facts("post_changed")] == ["converted"]


@pytest.mark.parametrize(
    ("view", "field"),
    [
        ({"severity": 3}, "severity"),
        ({"frequency": 9}, "frequency"),
        ({"strategy_fit": 4, "strategy_reason": "Very."}, "strategy_fit"),
        ({"strategy_fit": 1}, "strategy_reason"),
        ({"evidence": 10_001, "evidence_source": "March survey"}, "evidence"),
        ({"evidence": 1}, "evidence_source"),
    ],
)
def test_a_view_that_does_not_fit_says_which_field(suggestion, staff, now, view, field):
    with pytest.raises(Invalid) as refused:
        triage_suggestion(suggestion=suggestion, by=staff, at=now, **view)
    assert set(refused.value.fields) == {field}


def test_only_a_colleague_can_take_it_on(suggestion, staff, now):
    with pytest.raises(Invalid):
        triage_suggestion(suggestion=suggestion, by=staff, at=now, assignee=make_member("Fan"))


def test_a_refused_view_changes_nothing_at_all(suggestion, staff, now):
    with pytest.raises(Invalid):
        triage_suggestion(suggestion=suggestion, by=staff, at=now, kind="bug", severity=3)
    suggestion.post.refresh_from_db()
    assert suggestion.post.kind == "suggestion"


def test_a_note_stands_beside_the_suggestion_and_is_no_fact_for_anybody(suggestion, staff, now):
    before = Activity.objects.count()
    note = write_note(suggestion=suggestion, by=staff, at=now, body="Ask the lab first.")
    assert (note.author, note.at, InternalNote.objects.get().body) == (staff, now, "Ask the lab first.")
    assert Activity.objects.count() == before


def test_a_hidden_suggestion_can_still_be_answered(suggestion, staff, now):
    hide_post(post=suggestion.post, by=staff, at=now)
    change_status(suggestion=suggestion, to="declined", by=staff, at=now, answer="It names a person.")
    assert Standing.objects.get().status == "declined"
