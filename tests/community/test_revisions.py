"""Every version of a text is kept, shown beside the one before, and hidden where it should not be read."""

from datetime import timedelta

import pytest

from community import comments, posts
from community.models import Activity, Post, Revision
from community.refusals import Conflict, NotAllowed
from community.writing.diffing import GONE, NEW
from community.writing.revisions import hide_revision, history_of, show_revision
from tests.factories import NOW, make_comment, make_post

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def post(author, board):
    return make_post("A first title", author=author, board=board, body="It is warm.", tags=["heat"])


@pytest.fixture
def edited(post, author):
    posts.edit_post(post=post, by=author, title="A better title", body="It is hot.", tags=["heat", "night"], at=LATER)
    return Post.objects.get(pk=post.pk)


def said(thing):
    return list(thing.revisions.order_by("number").values_list("number", "title", "body", "reason"))


def edit(post, by, body, **more):
    return posts.edit_post(post=post, by=by, title=post.title, body=body, at=LATER, **more)


def test_a_text_that_was_never_edited_has_no_versions(post):
    assert not Revision.objects.exists() and history_of(post, moderates=False).versions == []


def test_the_first_edit_keeps_what_was_said_first(edited):
    assert said(edited) == [(1, "A first title", "It is warm.", ""), (2, "A better title", "It is hot.", "")]
    first, second = edited.revisions.order_by("number")
    assert (first.at, first.tags, second.at, second.tags) == (NOW, ["heat"], LATER, ["heat", "night"])


def test_each_further_edit_adds_one(edited, author):
    edit(edited, author, "It is very hot.")
    assert [number for number, *_rest in said(edited)] == [1, 2, 3]


def test_an_edit_that_changes_nothing_adds_none(edited, author):
    posts.edit_post(post=edited, by=author, title="A better title", body="It is hot.", at=LATER)
    assert edited.revisions.count() == 2


def test_the_fact_says_which_version_it_is(edited):
    assert Activity.objects.get(verb="post_edited").data["revision"] == 2


def test_what_changed_by_other_ways_is_on_record_at_the_next_edit(edited, author):
    Post.objects.filter(pk=edited.pk).update(body="Brought by an import.")
    edit(edited, author, "And edited.")
    assert [body for _number, _title, body, _reason in said(edited)][2:] == ["Brought by an import.", "And edited."]


def test_an_edit_by_somebody_else_says_who_and_why(post, moderator):
    edit(post, moderator, "It is warm, she says.", reason="  An address  was in it. ")
    newest = history_of(post, moderates=False).versions[0]
    assert newest.by_another and newest.revision.editor == moderator and newest.revision.reason == "An address was in it."


def test_a_version_stands_beside_the_one_before(edited):
    newest, first = history_of(edited, moderates=False).versions
    assert [(part.kind, part.text) for part in newest.body if part.kind in (GONE, NEW)] == [(GONE, "warm"), (NEW, "hot")]
    assert (list(newest.tags_new), newest.newest, first.first) == (["night"], True, True)


def test_a_hidden_version_is_read_by_those_who_moderate_alone(edited, moderator):
    hide_revision(revision=edited.revisions.get(number=1), by=moderator, at=LATER)
    newest, first = history_of(edited, moderates=False).versions
    assert first.unreadable and not first.body
    assert "warm" not in "".join(part.text for part in newest.body)
    assert not history_of(edited, moderates=True).versions[1].unreadable


def test_a_hidden_version_can_be_shown_again_and_both_are_on_record(edited, moderator):
    first = edited.revisions.get(number=1)
    hide_revision(revision=first, by=moderator, at=LATER)
    show_revision(revision=first, by=moderator, at=LATER + timedelta(minutes=1))
    assert not history_of(edited, moderates=False).versions[1].unreadable
    told = Activity.objects.filter(verb="revision_changed").order_by("pk").values_list("data__hidden", flat=True)
    assert list(told) == [True, False]


def test_what_it_says_now_cannot_be_hidden_as_a_version(edited, moderator):
    with pytest.raises(Conflict, match="what it says now"):
        hide_revision(revision=edited.revisions.get(number=2), by=moderator, at=LATER)


def test_nobody_else_hides_a_version(edited, author, stranger):
    for member in (author, stranger):
        with pytest.raises(NotAllowed):
            hide_revision(revision=edited.revisions.get(number=1), by=member, at=LATER)


def test_comments_have_versions_and_their_edits_are_facts(post, voter):
    comment = make_comment(post, "Mine too.", author=voter)
    comments.edit_comment(comment=comment, by=voter, body="Mine as well.", at=LATER)
    comments.edit_comment(comment=comment, by=voter, body="Mine as well.", at=LATER)
    assert said(comment) == [(1, "", "Mine too.", ""), (2, "", "Mine as well.", "")]
    fact = Activity.objects.get(verb="comment_edited")
    assert fact.data == {"comment_id": comment.pk, "revision": 2}


def test_a_page_of_versions_leads_to_the_next_and_compares_across_the_edge(edited, author):
    for number in range(9):
        edit(edited, author, f"Version {number}")
    page = history_of(edited, moderates=False)
    assert len(page.versions) == 8 and not page.versions[-1].first
    rest = history_of(edited, moderates=False, after=str(page.after))
    assert [version.revision.number for version in rest.versions] == [3, 2, 1] and rest.after is None
