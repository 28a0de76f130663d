"""Several notices of one post are told as one, and none is lost by it. Pure: no database."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.models import MailList, Notice, Post
from community.notice_groups import and_more, groups_of, together
from community.notice_words import Wording
from tests.factories import NOW

POSTS = {number: Post(pk=number, title=f"Post {number}") for number in (1, 2, 3)}


def said(number, *, post=None, kind="comment_written", read=False, sentence="", label="", mail_list=MailList.COMMENTS):
    notice = Notice(
        pk=number, kind=kind, list=mail_list, at=NOW - timedelta(minutes=number), read_at=NOW if read else None,
        post=POSTS.get(post),
    )  # fmt: skip
    return notice, Wording(sentence or f"Sentence {number}", "/", label=label)


told = st.lists(st.tuples(st.sampled_from([None, 1, 2, 3]), st.booleans()), max_size=12).map(
    lambda rows: [said(number, post=post, read=read) for number, (post, read) in enumerate(rows, start=1)]
)


@given(told)
def test_every_notice_is_in_exactly_one_group_and_keeps_its_order(entries):
    groups = groups_of(entries)
    inside = [notice.pk for group in groups for notice, _wording in group.entries]
    assert sorted(inside) == [notice.pk for notice, _wording in entries]
    assert all([n.pk for n, _w in group.entries] == sorted(n.pk for n, _w in group.entries) for group in groups)


@given(told)
def test_groups_stand_where_their_newest_notice_would(entries):
    newest = [group.newest.pk for group in groups_of(entries)]
    assert newest == sorted(newest)


@given(told)
def test_a_group_is_of_one_post_and_what_is_of_no_post_stands_alone(entries):
    for group in groups_of(entries):
        posts = {notice.post_id for notice, _wording in group.entries}
        assert len(posts) == 1
        assert group.is_many <= (posts != {None})


@given(told)
def test_a_group_leads_to_the_first_thing_not_read_or_else_to_the_last_that_happened(entries):
    for group in groups_of(entries):
        waiting = [notice for notice, _wording in group.entries if notice.read_at is None]
        assert group.is_unread == bool(waiting)
        assert group.lead[0] == (max(waiting, key=lambda notice: notice.pk) if waiting else group.newest)


def test_one_notice_speaks_for_itself():
    [group] = groups_of([said(1, post=1, sentence="Tom said yes.")])
    assert together(group.entries) == "" and group.sentence == "Tom said yes." and group.at == NOW - timedelta(minutes=1)


def test_comments_alone_are_counted_by_the_title():
    [group] = groups_of([said(number, post=2) for number in (1, 2, 3)])
    assert group.sentence == "3 new comments on “Post 2”"


def test_what_the_team_decided_speaks_for_the_rest():
    rows = [said(1, post=1), said(2, post=1, kind="status_changed", mail_list=MailList.STATUS, sentence="It is planned.")]
    assert groups_of(rows)[0].sentence == "It is planned., and one more"


def test_a_stage_is_a_decision_too():
    rows = [
        said(1, post=1, kind="mentioned"),
        said(2, post=1, kind="grown", sentence="It grows", label="Testing"),
        said(3, post=1),
    ]
    assert groups_of(rows)[0].sentence == "It grows, and 2 more"


def test_of_equals_the_newest_speaks():
    rows = [said(1, post=1, kind="mentioned", sentence="First"), said(2, post=1, sentence="Second")]
    assert groups_of(rows)[0].sentence == "First, and one more"


@pytest.mark.parametrize(("more", "sentence"), [(0, "It grew"), (1, "It grew, and one more"), (5, "It grew, and 5 more")])
def test_how_many_more_there_are_is_said(more, sentence):
    assert and_more("It grew", more) == sentence


def test_a_long_sentence_leaves_room_for_how_many_more():
    assert len(and_more("x" * 500, 3)) < 120 and and_more("x" * 500, 0) == "x" * 500


@pytest.mark.parametrize(("stage", "grown"), [(0, None), (1, 1), (3, 3), (6, 6)])
def test_the_stem_has_six_cells_as_many_grown_as_stages(stage, grown):
    cells = Wording("It grows.", "/", stage=stage).cells
    assert cells == ([] if grown is None else [True] * grown + [False] * (6 - grown))
