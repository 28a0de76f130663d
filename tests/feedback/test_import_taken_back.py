"""What an undo keeps: whatever a person has touched since stays, for each way of touching it; the rest is gone whole."""

import pytest

from community.comments import write_comment
from community.deliveries import drain
from community.follows import follow_post
from community.imports import open_batch
from community.models import Activity, ImportBatch, Member, Post, Standing
from community.posts import edit_post, hide_post
from community.refusals import Conflict
from feedback.importing.load import Report, load_posts
from feedback.importing.rows import ImportedPost
from feedback.importing.undo import kept_suggestions, undo_import
from feedback.merges import merge_suggestions, propose_merge, unmerge_suggestion
from feedback.models import ImportedVotes, Merge, MergeProposal, SimilarText, StatusChange, Suggestion, Vote
from feedback.releases import draft_release
from feedback.roadmap import adopt_suggestion
from feedback.similar import find_similar
from feedback.similar_index import index_batches
from feedback.triage import answer_suggestion, change_status, triage_suggestion, write_note
from feedback.votes import cast_vote, withdraw_vote
from tests.factories import NOW, make_member, make_suggestion

pytestmark = pytest.mark.django_db


@pytest.fixture
def batch(board):
    """Two wishes of one import, "kept" and "gone"; the second half planned already where they came from."""
    batch = open_batch(name="old", system="sprout", by=None, at=NOW)
    rows = [
        ImportedPost(name, f"Wish to be {name}", "Why", name, NOW, "suggestion", status, None, (), 4, "")
        for name, status in (("kept", "open"), ("gone", "planned"))
    ]
    load_posts(board=board, rows=rows, batch=batch, at=NOW, report=Report())
    return batch


@pytest.fixture
def wish(batch):
    return Suggestion.objects.select_related("post__board__product", "post__author", "root").get(post__source_id="kept")


TOUCHES = {
    "a vote": lambda wish, member, staff: cast_vote(member=member, suggestion=wish, at=NOW),
    "a status": lambda wish, member, staff: change_status(suggestion=wish, to="under-review", by=staff, at=NOW),
    "an answer": lambda wish, member, staff: answer_suggestion(suggestion=wish, by=staff, at=NOW, answer="Soon."),
    "a look": lambda wish, member, staff: triage_suggestion(suggestion=wish, by=staff, at=NOW),
    "a note": lambda wish, member, staff: write_note(suggestion=wish, by=staff, at=NOW, body="Psst."),
    "a plan": lambda wish, member, staff: adopt_suggestion(suggestion=wish, by=staff, at=NOW),
    "a release": lambda wish, member, staff: draft_release(
        product=wish.post.board.product, version="1", title="T", by=staff, at=NOW, suggestions=[wish]
    ),
    "a merge": lambda wish, member, staff: merge_suggestions(duplicate=wish, into=make_suggestion(), by=staff, at=NOW),
    "a comment": lambda wish, member, staff: write_comment(author=member, post=wish.post, body="Me too.", at=NOW),
    "a follower": lambda wish, member, staff: follow_post(member=member, post=wish.post, at=NOW),
    "a word edited": lambda wish, member, staff: edit_post(post=wish.post, by=staff, title="Another", body="Why", at=NOW),
    "hiding": lambda wish, member, staff: hide_post(post=wish.post, by=staff, at=NOW),
}


@pytest.mark.parametrize("touch", TOUCHES)
def test_what_somebody_touched_stays_and_the_other_goes(batch, wish, voter, staff, touch):
    TOUCHES[touch](wish, voter, staff)
    gone, kept = undo_import(batch=batch, by=staff, at=NOW)
    assert (gone["posts"], kept) == (1, [wish.pk])
    assert Suggestion.objects.filter(post__batch=batch).get() == wish


def test_untouched_nothing_is_kept(batch, staff):
    assert kept_suggestions(batch=batch) == set()
    assert undo_import(batch=batch, by=staff, at=NOW)[1] == []
    left = [model.objects.count() for model in (Post, Standing, Suggestion, Vote, ImportedVotes, StatusChange)]
    assert left == [0] * 6 and not Member.objects.filter(source_system="sprout").exists()


def test_the_status_it_came_with_is_nobodys_decision(batch):
    assert StatusChange.objects.get().by is None and kept_suggestions(batch=batch) == set()


def test_a_vote_taken_back_is_a_touch_all_the_same(batch, wish, voter):
    cast_vote(member=voter, suggestion=wish, at=NOW)
    withdraw_vote(member=voter, suggestion=wish, at=NOW)
    assert kept_suggestions(batch=batch) == {wish.pk}


def test_a_merge_undone_still_holds_both_ends(batch, wish, staff):
    other = Suggestion.objects.get(post__source_id="gone")
    merge_suggestions(duplicate=other, into=wish, by=staff, at=NOW)
    unmerge_suggestion(duplicate=other, by=staff, at=NOW)
    assert kept_suggestions(batch=batch) == {wish.pk, other.pk}
    undo_import(batch=batch, by=staff, at=NOW)
    assert Merge.objects.count() == 1 and Suggestion.objects.count() == 2


def test_what_is_merged_with_it_and_our_own_is_not_counted_among_the_kept(batch, wish, staff):
    ours = make_suggestion()
    merge_suggestions(duplicate=ours, into=wish, by=staff, at=NOW)
    assert kept_suggestions(batch=batch) == {wish.pk}


def test_the_kept_one_keeps_the_votes_it_came_with(batch, wish, voter, staff):
    cast_vote(member=voter, suggestion=wish, at=NOW)
    gone, _kept = undo_import(batch=batch, by=staff, at=NOW)
    assert gone["votes"] == 1 and Vote.objects.filter(suggestion=wish).count() == 2
    assert ImportedVotes.objects.get().suggestion == wish
    assert Member.objects.filter(source_id="kept").exists() and not Member.objects.filter(source_id="gone").exists()


def test_a_proposal_about_what_goes_goes_with_it(batch, wish, voter, staff):
    other = Suggestion.objects.get(post__source_id="gone")
    for pair in ((wish, make_suggestion()), (make_suggestion(), other)):
        propose_merge(duplicate=pair[0], into=pair[1], by=voter, at=NOW)
    write_note(suggestion=wish, by=staff, at=NOW, body="Psst.")
    undo_import(batch=batch, by=staff, at=NOW)
    assert MergeProposal.objects.get().duplicate == wish


def test_undoing_is_one_fact_and_happens_once(batch, staff):
    undo_import(batch=batch, by=staff, at=NOW)
    fact = Activity.objects.get(verb="import_undone")
    assert (fact.subject_id, fact.actor, fact.data) == (batch.pk, staff, {"posts": 2, "kept": 0})
    with pytest.raises(Conflict, match="old was taken back already"):
        undo_import(batch=ImportBatch.objects.get(), by=staff, at=NOW)


def test_a_batch_taken_back_takes_no_more(batch, staff):
    undo_import(batch=batch, by=staff, at=NOW)
    with pytest.raises(Conflict, match="another name"):
        open_batch(name="old", system="sprout", by=None, at=NOW)


def test_another_imports_rows_are_left_alone(batch, board, staff):
    second = open_batch(name="new", system="sprout", by=None, at=NOW)
    rows = [ImportedPost("late", "A later wish", "", "kept", NOW, "suggestion", "open", None, (), 0, "")]
    load_posts(board=board, rows=rows, batch=second, at=NOW, report=Report())
    undo_import(batch=batch, by=staff, at=NOW)
    assert Post.objects.get().source_id == "late" and Member.objects.filter(source_id="kept").exists()


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("Ｄａｒｋ ｍｏｄｅ at night", "dark mode"),
        ("DARK MODE", "dark mode"),
        ("锁屏显示歌词", "鎖屏顯示歌詞"),
        ("鎖屏顯示歌詞", "锁屏显示歌词"),
        ("Dark mode 🌙🌙🌙", "🌙 dark mode"),
        ("Dàrk mode for the café", "cafe dàrk mode"),
        ("ﬁnger unlock is slow", "finger unlock"),
        ("Ⅳ columns of icons", "iv columns"),
    ],
)
def test_signs_of_any_width_case_and_script_find_each_other(board, said, asked):
    wish = make_suggestion(said, board=board)
    drain()
    assert [hit.post_id for hit in find_similar(title=asked, asker=None)] == [wish.pk]


@pytest.mark.parametrize("title", ["🌙🌙🌙", "​​", "؟؟؟", "#123 https://x.example", "%_\\'\";--", "\ud7ff￿"])
def test_a_question_without_a_word_finds_nothing_and_breaks_nothing(suggestion, title):
    drain()
    assert find_similar(title=title, body=title * 50, asker=None) == []


def test_the_index_follows_a_wish_through_edits_hiding_and_undoing(board, author, staff, batch):
    index_batches([batch.pk])
    assert SimilarText.objects.count() == 2
    wish = make_suggestion("Dark mode at night", board=board, author=author)
    drain()
    edit_post(post=wish.post, by=author, title="A quieter morning alarm", body="It wakes me.", at=NOW)
    drain()
    assert find_similar(title="dark mode night", asker=None) == []
    assert [hit.post_id for hit in find_similar(title="quiet alarm", asker=None)] == [wish.pk]
    hide_post(post=wish.post, by=staff, at=NOW)
    undo_import(batch=batch, by=staff, at=NOW)
    drain()
    assert not SimilarText.objects.exists() and find_similar(title="quiet alarm", asker=make_member()) == []
