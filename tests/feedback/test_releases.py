"""Releases: drafting, shipping, and the credits for everybody who had a part in it."""

import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from community.models import Activity, Member, Standing
from community.posts import hide_post
from community.refusals import Conflict, Invalid, NotAllowed
from feedback.merges import merge_suggestions, unmerge_suggestion
from feedback.models import Credit, Release, RoadmapItem, Status, StatusChange, Suggestion, Vote
from feedback.releases import bring_suggestions, draft_release, drop_release, edit_release, roots_of, ship_release
from feedback.roadmap import edit_item, move_item, plan_item
from feedback.triage import change_status
from feedback.votes import withdraw_vote
from tests.factories import make_member, make_suggestion, make_vote

pytestmark = pytest.mark.django_db


@pytest.fixture
def duplicate(board, now):
    return make_suggestion("Stop charging at four fifths", board=board, author=make_member("林小满"), at=now)


@pytest.fixture
def release(board, suggestion, staff, now):
    return draft_release(
        product=board.product, version="3.2", title="Quiet mornings", by=staff, at=now,
        notes="The alarm keeps its **voice**.", suggestions=[suggestion],
    )  # fmt: skip


def credits_of(suggestion):
    return dict(Credit.objects.filter(suggestion=suggestion).values_list("member__display_name", "role"))


def shipped_facts():
    found = Activity.objects.filter(verb="suggestion_shipped").order_by("subject_id")
    return [(fact.subject_id, fact.data["author_id"], fact.data["canonical"]) for fact in found]


def test_a_draft_is_shown_to_nobody_and_moves_nothing(release, suggestion):
    assert not Release.objects.shipped().exists()
    assert Suggestion.objects.get(pk=suggestion.pk).status == Status.OPEN
    assert "<strong>voice</strong>" in release.notes_html


def test_a_shipped_release_ships_what_it_brings(release, suggestion, staff, now):
    ship_release(release=release, by=staff, at=now)
    release.refresh_from_db()
    assert (release.shipped_at, release.shipped_by) == (now, staff)
    assert (Suggestion.objects.get(pk=suggestion.pk).status, Standing.objects.get(pk=suggestion.pk).status) == ("shipped",) * 2
    assert Activity.objects.get(verb="status_changed").data["release_id"] == release.pk


def test_author_and_voters_are_credited_each_for_their_part(release, suggestion, voter, staff, now):
    make_vote(suggestion, voter)
    ship_release(release=release, by=staff, at=now)
    assert credits_of(suggestion) == {"Mara Lindqvist": "author", "Tomasz Wilk": "voter"}


def test_who_had_the_same_idea_is_credited_with_it_and_so_are_their_voters(release, suggestion, duplicate, voter, staff, now):
    make_vote(duplicate, voter)
    merge_suggestions(duplicate=duplicate, into=suggestion, by=staff, at=now)
    ship_release(release=release, by=staff, at=now)
    assert credits_of(suggestion) == {"Mara Lindqvist": "author", "林小满": "merged", "Tomasz Wilk": "voter"}
    assert not credits_of(duplicate)


def test_nobody_is_credited_twice_for_one_wish(release, suggestion, duplicate, author, voter, staff, now):
    for one in (suggestion, duplicate):
        make_vote(one, voter)
    make_vote(duplicate, author)
    merge_suggestions(duplicate=duplicate, into=suggestion, by=staff, at=now)
    ship_release(release=release, by=staff, at=now)
    assert sorted(Credit.objects.values_list("role", flat=True)) == ["author", "merged", "voter"]


def test_one_who_backed_two_wishes_is_credited_for_each(release, suggestion, duplicate, voter, staff, now):
    for one in (suggestion, duplicate):
        make_vote(one, voter)
    bring_suggestions(release=release, suggestions=[suggestion, duplicate], by=staff, at=now)
    ship_release(release=release, by=staff, at=now)
    assert Credit.objects.filter(member=voter, role="voter").count() == 2


def test_withdrawn_votes_and_staffs_votes_earn_no_credit(release, suggestion, voter, staff, now):
    make_vote(suggestion, voter)
    withdraw_vote(member=voter, suggestion=suggestion, at=now)
    make_vote(suggestion, staff)
    ship_release(release=release, by=staff, at=now)
    assert credits_of(suggestion) == {"Mara Lindqvist": "author"}


def test_one_fact_for_every_suggestion_of_the_cluster(release, suggestion, duplicate, author, staff, now):
    merge_suggestions(duplicate=duplicate, into=suggestion, by=staff, at=now)
    ship_release(release=release, by=staff, at=now)
    expected = [(suggestion.pk, author.pk, True), (duplicate.pk, duplicate.post.author_id, False)]
    assert shipped_facts() == sorted(expected)
    assert Activity.objects.get(verb="release_shipped").data["suggestion_ids"] == [suggestion.pk]


def test_a_served_duplicate_ships_its_canonical(release, suggestion, duplicate, staff, now):
    bring_suggestions(release=release, suggestions=[duplicate], by=staff, at=now)
    merge_suggestions(duplicate=duplicate, into=suggestion, by=staff, at=now)
    ship_release(release=release, by=staff, at=now)
    assert set(release.suggestions.all()) == {suggestion, duplicate}
    assert credits_of(suggestion)["Mara Lindqvist"] == "author"


def test_a_later_parting_takes_no_credit_away(release, suggestion, duplicate, staff, now):
    merge_suggestions(duplicate=duplicate, into=suggestion, by=staff, at=now)
    ship_release(release=release, by=staff, at=now)
    unmerge_suggestion(duplicate=duplicate, by=staff, at=now)
    assert credits_of(suggestion)["林小满"] == "merged"
    assert Standing.objects.get(pk=duplicate.pk).status == "open"


def test_a_release_ships_once(release, staff, now):
    ship_release(release=release, by=staff, at=now)
    with pytest.raises(Conflict):
        ship_release(release=release, by=staff, at=now)
    assert (StatusChange.objects.count(), len(shipped_facts())) == (1, 1)


def test_what_shipped_earlier_is_credited_and_its_history_left_alone(release, suggestion, staff, now):
    change_status(suggestion=suggestion, to="shipped", by=staff, at=now)
    ship_release(release=release, by=staff, at=now)
    assert (StatusChange.objects.count(), credits_of(suggestion)) == (1, {"Mara Lindqvist": "author"})


def test_a_hidden_suggestion_is_not_shipped(release, suggestion, staff, now):
    hide_post(post=suggestion.post, by=staff, at=now)
    ship_release(release=release, by=staff, at=now)
    assert (shipped_facts(), Credit.objects.count(), Suggestion.objects.get().status) == ([], 0, "open")


def test_work_planned_for_the_release_ships_with_it(release, suggestion, duplicate, staff, now):
    item = plan_item(product=release.product, title="Charging", by=staff, at=now, suggestions=[duplicate])
    edit_item(item=item, by=staff, at=now, release=release)
    assert {root.pk for root in roots_of(release)} == {suggestion.pk, duplicate.pk}
    ship_release(release=release, by=staff, at=now)
    item.refresh_from_db()
    assert (item.column, item.moved_at, Suggestion.objects.get(pk=duplicate.pk).status) == ("shipped", now, "shipped")


def test_work_is_done_only_when_all_it_serves_has_shipped(release, suggestion, duplicate, staff, now):
    half = plan_item(product=release.product, title="Half", by=staff, at=now, suggestions=[suggestion, duplicate])
    whole = plan_item(product=release.product, title="Whole", by=staff, at=now, suggestions=[suggestion])
    move_item(item=whole, column="testing", by=staff, at=now)
    ship_release(release=release, by=staff, at=now)
    assert dict(RoadmapItem.objects.values_list("pk", "column")) == {half.pk: "planned", whole.pk: "shipped"}


def test_what_a_shipped_release_brought_is_settled(release, staff, now):
    ship_release(release=release, by=staff, at=now)
    with pytest.raises(Conflict):
        bring_suggestions(release=release, suggestions=[], by=staff, at=now)
    with pytest.raises(Conflict):
        drop_release(release=release, by=staff, at=now)


def test_a_shipped_release_may_be_put_in_better_words(release, staff, now):
    ship_release(release=release, by=staff, at=now)
    edit_release(release=release, by=staff, at=now, title="Quieter mornings", notes="*Softly.*")
    release.refresh_from_db()
    assert (release.title, release.version, "<em>Softly.</em>" in release.notes_html) == ("Quieter mornings", "3.2", True)


def test_a_draft_can_be_dropped(release, staff, now):
    drop_release(release=release, by=staff, at=now)
    assert not Release.objects.exists()


def test_each_release_has_an_address_of_its_own(board, staff, now):
    both = [draft_release(product=board.product, version="3.2 测试", title="Same", by=staff, at=now) for _time in range(2)]
    assert [release.slug for release in both] == [f"{board.product.slug}-3-2-测试", f"{board.product.slug}-3-2-测试-2"]


@pytest.mark.parametrize("words", [{"version": " "}, {"title": ""}, {"version": "v" * 41}, {"title": "t" * 121}])
def test_version_and_title_are_needed_and_short(release, staff, now, words):
    with pytest.raises(Invalid) as refused:
        edit_release(release=release, by=staff, at=now, **words)
    assert set(refused.value.fields) == set(words)


def test_members_do_not_ship(release, author, board, now):
    acts = [
        lambda: draft_release(product=board.product, version="9", title="Mine", by=author, at=now),
        lambda: edit_release(release=release, by=author, at=now, title="Mine"),
        lambda: bring_suggestions(release=release, suggestions=[], by=author, at=now),
        lambda: drop_release(release=release, by=author, at=now),
        lambda: ship_release(release=release, by=author, at=now),
    ]
    for act in acts:
        with pytest.raises(NotAllowed):
            act()


def add_voters(suggestion, count, now):
    """So many voters, set-based."""
    first = Member.objects.count()
    people = [Member(username=f"v{first + n}", display_name=f"V{n}", trust=2, joined_at=now) for n in range(count)]
    Member.objects.bulk_create(people)
    Vote.objects.bulk_create([Vote(suggestion=suggestion, member=one, cast_at=now) for one in people])


def test_thousands_of_voters_cost_no_more_statements_than_one(release, suggestion, board, staff, now):
    second = draft_release(product=board.product, version="3.3", title="More", by=staff, at=now)
    bring_suggestions(release=second, suggestions=[make_suggestion(board=board)], by=staff, at=now)
    add_voters(suggestion, 4000, now)
    begun = time.monotonic()
    with CaptureQueriesContext(
        connection,
    ) as many:
        ship_release(release=release, by=staff, at=now)
    assert time.monotonic() - begun < 5
    with CaptureQueriesContext(connection) as few:
        ship_release(release=second, by=staff, at=now)
    assert Credit.objects.filter(release=release).count() == 4001
    assert len(many) == len(few)
