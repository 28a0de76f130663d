"""How a suggestion grew, as its page shows it: answer, stem, and the same wish in other words."""

from datetime import timedelta

import pytest

from community.models import Audience, Member
from community.posts import hide_post
from feedback.growth import same_wishes, status_sign, stem_of
from feedback.history import VERBS, WORDS, history_of
from feedback.merges import merge_suggestions, propose_merge, unmerge_suggestion
from feedback.models import Suggestion
from feedback.roadmap import adopt_suggestion, edit_item
from feedback.triage import answer_suggestion, change_status, triage_suggestion
from tests.factories import make_board, make_member, make_post, make_staff, make_suggestion, make_vote

pytestmark = pytest.mark.django_db


def stem(suggestion):
    fresh = Suggestion.objects.select_related("post__author").get(pk=suggestion.pk)
    return [(step.status.value, step.stage) for step in stem_of(fresh)]


def page_of(client, suggestion):
    return client.get(suggestion.post.get_absolute_url()).content.decode()


def test_a_fresh_suggestion_is_a_seed_with_all_its_life_before_it(suggestion):
    steps = stem(suggestion)
    assert steps[-1] == ("open", "now")
    assert [stage for _status, stage in steps[:-1]] == ["next"] * 5


def test_what_has_grown_stands_below_what_is_now(suggestion, staff, now):
    change_status(suggestion=suggestion, to="planned", by=staff, at=now)
    change_status(suggestion=suggestion, to="in-progress", by=staff, at=now)
    assert stem(suggestion) == [
        ("shipped", "next"), ("testing", "next"), ("in-progress", "now"), ("planned", "past"), ("open", "past"),
    ]  # fmt: skip


@pytest.mark.parametrize("end", ["declined", "not-now", "shipped"])
def test_what_has_ended_has_nothing_to_come(suggestion, staff, now, end):
    change_status(suggestion=suggestion, to=end, by=staff, at=now, answer="It is like this.")
    assert stem(suggestion) == [(end, "now"), ("open", "past")]


def test_the_stem_says_who_when_and_what_was_answered_then(client, suggestion, staff, now):
    change_status(suggestion=suggestion, to="under-review", by=staff, at=now, answer="The lab has it.")
    change_status(suggestion=suggestion, to="planned", by=staff, at=now + timedelta(days=3), answer="For 3.3.")
    page = page_of(client, suggestion)
    assert all(words in page for words in ("planted by Mara Lindqvist", "The lab has it.", "Ines Okafor"))
    # The official answer stands above in full, once.
    assert page.count("For 3.3.") == 1


def test_the_stem_says_when_it_is_expected(client, suggestion, staff, now):
    item = adopt_suggestion(suggestion=suggestion, by=staff, at=now)
    edit_item(item=item, by=staff, at=now, expected="with 3.3, in January")
    assert "Expected: with 3.3, in January" in page_of(client, suggestion)


def test_the_official_answer_is_signed(client, suggestion, staff, now):
    answer_suggestion(suggestion=suggestion, by=staff, at=now, answer="We **build** it.")
    page = page_of(client, suggestion)
    assert all(words in page for words in ("Official answer", "<strong>build</strong>", "Ines Okafor", "Battery team"))


def test_an_answer_cannot_carry_a_script(client, suggestion, staff, now):
    answer_suggestion(suggestion=suggestion, by=staff, at=now, answer="<script>alert(1)</script> [x](javascript:alert(1))")
    page = page_of(client, suggestion)
    assert "<script>alert" not in page
    assert 'href="javascript:' not in page


def test_a_declined_one_says_that_votes_may_change_it(client, suggestion, staff, now):
    change_status(suggestion=suggestion, to="declined", by=staff, at=now, answer="It costs 4 mm of battery.")
    page = page_of(client, suggestion)
    assert "It costs 4 mm of battery." in page
    assert "Votes stay open: they may change this decision." in page


def test_a_duplicates_page_shows_what_its_canonical_answered(client, suggestion, board, staff, now):
    duplicate = make_suggestion("Stop at four fifths", board=board)
    merge_suggestions(duplicate=duplicate, into=suggestion, by=staff, at=now)
    answer_suggestion(suggestion=suggestion, by=staff, at=now, answer="One answer for both.")
    assert "One answer for both." in page_of(client, duplicate)


def test_merged_wishes_are_shown_with_their_own_votes_the_most_wanted_first(suggestion, board, staff, now):
    quiet, loud = make_suggestion(board=board), make_suggestion(board=board)
    for _vote in range(2):
        make_vote(loud)
    for one in (quiet, loud):
        merge_suggestions(duplicate=one, into=suggestion, by=staff, at=now)
    assert [(wish.post.pk, wish.votes, wish.by) for wish in same_wishes(suggestion.pk, viewer=None)] == [
        (loud.pk, 3, staff), (quiet.pk, 1, staff),
    ]  # fmt: skip


def test_whoever_reported_the_duplicate_is_named(suggestion, board, voter, staff, now):
    duplicate = make_suggestion(board=board)
    propose_merge(duplicate=duplicate, into=suggestion, by=voter, at=now)
    merge_suggestions(duplicate=duplicate, into=suggestion, by=staff, at=now)
    assert [wish.by for wish in same_wishes(suggestion.pk, viewer=None)] == [voter]


def test_what_one_may_not_see_is_not_named_among_them(suggestion, staff, now):
    inner = make_suggestion("Team only", board=make_board(see=Audience.STAFF), author=make_staff("Jun Park"))
    merge_suggestions(duplicate=inner, into=suggestion, by=staff, at=now)
    assert not same_wishes(suggestion.pk, viewer=make_member())
    assert len(same_wishes(suggestion.pk, viewer=staff)) == 1


def test_a_hidden_duplicate_is_shown_to_the_team_alone(suggestion, board, staff, now):
    duplicate = make_suggestion(board=board)
    merge_suggestions(duplicate=duplicate, into=suggestion, by=staff, at=now)
    hide_post(post=duplicate.post, by=staff, at=now)
    assert not same_wishes(suggestion.pk, viewer=None)


def test_staff_alone_are_asked_whether_it_is_not_the_same(client, suggestion, board, author, staff, now):
    duplicate = make_suggestion("Stop at four fifths", board=board)
    merge_suggestions(duplicate=duplicate, into=suggestion, by=staff, at=now)
    shown = []
    for member in (author, staff):
        client.force_login(Member.objects.get(pk=member.pk))
        page = page_of(client, suggestion)
        assert "Stop at four fifths" in page
        shown.append("Not the same?" in page)
    assert shown == [False, True]


def test_talk_has_no_status_no_stem_and_no_answer(client, board):
    page = client.get(make_post(board=board).get_absolute_url()).content.decode()
    assert ("How it grew" in page, "data-status=" in page) == (False, False)


def test_a_status_is_a_glyph_and_a_word_or_nothing():
    assert str(status_sign("in-progress")).count("In progress") == 1
    assert "#i-s-in-progress" in status_sign("in-progress")
    assert status_sign("") == status_sign("unheard-of") == ""


def test_the_history_tells_every_fact_the_newest_first(suggestion, board, staff, now):
    other = make_suggestion(board=board)
    triage_suggestion(suggestion=suggestion, by=staff, at=now + timedelta(hours=1), severity=8)
    change_status(suggestion=suggestion, to="planned", by=staff, at=now + timedelta(hours=2))
    merge_suggestions(duplicate=suggestion, into=other, by=staff, at=now + timedelta(hours=3))
    unmerge_suggestion(duplicate=suggestion, by=staff, at=now + timedelta(hours=4))
    words = [told.words for told in history_of(suggestion)]
    number = f"#{other.pk}"
    assert words == [f"Parted from {number}", f"Merged into {number}", "Open → Planned", "Triaged: severity", "Written"]


def test_every_fact_of_the_history_has_its_words():
    assert set(WORDS) == set(VERBS)
