"""The roadmap: adopting, planning, moving and dropping, and what it does to the suggestions served."""

import pytest

from community.models import Activity
from community.refusals import Conflict, Invalid, NotAllowed
from feedback.merges import merge_suggestions
from feedback.models import RoadmapItem, Status, StatusChange, Suggestion
from feedback.releases import draft_release, ship_release
from feedback.roadmap import (
    adopt_suggestion,
    drop_item,
    edit_item,
    move_item,
    place_item,
    plan_item,
    release_suggestion,
    serve_suggestion,
)
from feedback.triage import change_status
from tests.factories import make_staff, make_suggestion

pytestmark = pytest.mark.django_db


@pytest.fixture
def item(board, staff, now):
    return plan_item(product=board.product, title="Smarter charging", by=staff, at=now)


def status_of(suggestion):
    return Suggestion.objects.get(pk=suggestion.pk).status


def moves():
    return list(Activity.objects.filter(verb="roadmap_moved").order_by("pk").values_list("data__before", "data__after"))


def test_an_adopted_suggestion_is_planned_and_on_the_roadmap(suggestion, staff, now):
    item = adopt_suggestion(suggestion=suggestion, by=staff, at=now, note="Yes, for 3.3.")
    assert (item.title, item.column, item.product) == (suggestion.post.title, "planned", suggestion.post.board.product)
    assert list(item.suggestions.all()) == [suggestion]
    assert StatusChange.objects.values_list("after", "answer").get() == ("planned", "Yes, for 3.3.")


def test_what_is_on_the_roadmap_already_gets_no_second_place(suggestion, item, staff, now):
    serve_suggestion(item=item, suggestion=suggestion, by=staff, at=now)
    assert adopt_suggestion(suggestion=suggestion, by=staff, at=now) == item
    assert RoadmapItem.objects.count() == 1


def test_adopting_anew_what_was_put_off_plans_it_again(suggestion, item, staff, now):
    serve_suggestion(item=item, suggestion=suggestion, by=staff, at=now)
    change_status(suggestion=suggestion, to="not-now", by=staff, at=now, answer="After the summer.")
    adopt_suggestion(suggestion=suggestion, by=staff, at=now)
    assert status_of(suggestion) == Status.PLANNED


def test_a_duplicate_is_adopted_through_its_canonical(suggestion, staff, now):
    duplicate = make_suggestion(board=suggestion.post.board)
    merge_suggestions(duplicate=duplicate, into=suggestion, by=staff, at=now)
    with pytest.raises(Conflict, match="Charge limit"):
        adopt_suggestion(suggestion=duplicate, by=staff, at=now)
    assert not RoadmapItem.objects.exists()


def test_moving_a_piece_of_work_moves_what_it_serves(suggestion, item, staff, now):
    other = make_suggestion(board=suggestion.post.board)
    for one in (suggestion, other):
        serve_suggestion(item=item, suggestion=one, by=staff, at=now)
    move_item(item=item, column="in-progress", by=staff, at=now, answer="The lab has begun.")
    assert {status_of(suggestion), status_of(other)} == {"in-progress"}
    assert StatusChange.objects.filter(answer="The lab has begun.").count() == 2


def test_a_served_duplicate_moves_its_canonical(suggestion, item, staff, now):
    duplicate = make_suggestion(board=suggestion.post.board)
    serve_suggestion(item=item, suggestion=duplicate, by=staff, at=now)
    merge_suggestions(duplicate=duplicate, into=suggestion, by=staff, at=now)
    move_item(item=item, column="testing", by=staff, at=now)
    assert (status_of(suggestion), status_of(duplicate)) == ("testing", "planned")


def test_the_move_is_on_record_and_a_second_one_to_the_same_column_is_not(item, staff, now):
    move_item(item=item, column="testing", by=staff, at=now)
    move_item(item=item, column="testing", by=staff, at=now)
    assert moves() == [("", "planned"), ("planned", "testing")]


def test_nothing_is_moved_to_shipped_by_hand(suggestion, item, staff, now):
    serve_suggestion(item=item, suggestion=suggestion, by=staff, at=now)
    with pytest.raises(Conflict, match="release"):
        move_item(item=item, column="shipped", by=staff, at=now)
    assert status_of(suggestion) == "planned"


def test_an_unknown_column_is_refused(item, staff, now):
    with pytest.raises(Invalid):
        move_item(item=item, column="someday", by=staff, at=now)


def test_serving_a_suggestion_gives_it_the_columns_status(suggestion, item, staff, now):
    move_item(item=item, column="in-progress", by=staff, at=now)
    serve_suggestion(item=item, suggestion=suggestion, by=staff, at=now)
    assert status_of(suggestion) == "in-progress"


def test_a_suggestion_taken_off_keeps_its_status_until_somebody_decides(suggestion, item, staff, now):
    serve_suggestion(item=item, suggestion=suggestion, by=staff, at=now)
    release_suggestion(item=item, suggestion=suggestion, by=staff, at=now)
    assert (item.suggestions.count(), status_of(suggestion)) == (0, "planned")


def test_what_serves_somebody_is_not_dropped(suggestion, item, staff, now):
    serve_suggestion(item=item, suggestion=suggestion, by=staff, at=now)
    with pytest.raises(Conflict):
        drop_item(item=item, by=staff, at=now)
    release_suggestion(item=item, suggestion=suggestion, by=staff, at=now)
    drop_item(item=item, by=staff, at=now)
    assert not RoadmapItem.objects.exists()


def test_new_work_stands_last_and_can_be_placed(board, item, staff, now):
    second = plan_item(product=board.product, title="Cooler phones", by=staff, at=now)
    assert list(RoadmapItem.objects.all()) == [item, second]
    place_item(item=second, position=0, by=staff, at=now)
    assert list(RoadmapItem.objects.all()) == [second, item]


def test_work_is_described_anew(item, staff, now):
    edit_item(item=item, by=staff, at=now, title="  Charging that\nknows you ", effort=8, expected="3.3", is_public=False)
    item.refresh_from_db()
    assert (item.title, item.effort, item.expected, item.is_public) == ("Charging that knows you", 8, "3.3", False)


@pytest.mark.parametrize("title", ["", "  ", "x" * 161])
def test_a_title_is_needed_and_fits_a_line(board, staff, now, title):
    with pytest.raises(Invalid) as refused:
        plan_item(product=board.product, title=title, by=staff, at=now)
    assert "title" in refused.value.fields


def test_shipped_work_can_be_taken_up_again(suggestion, item, staff, now):
    serve_suggestion(item=item, suggestion=suggestion, by=staff, at=now)
    release = draft_release(
        product=item.product, version="3.2", title="Quiet mornings", by=staff, at=now, suggestions=[suggestion]
    )
    ship_release(release=release, by=staff, at=now)
    item.refresh_from_db()
    assert item.column == "shipped"
    move_item(item=item, column="in-progress", by=staff, at=now)
    assert status_of(suggestion) == "in-progress"


def test_nothing_joins_work_that_has_shipped(suggestion, item, staff, now):
    RoadmapItem.objects.filter(pk=item.pk).update(column="shipped")
    with pytest.raises(Conflict):
        serve_suggestion(item=item, suggestion=suggestion, by=staff, at=now)
    assert status_of(suggestion) == "open"


def test_members_do_not_plan(suggestion, item, author, board, now):
    acts = [
        lambda: adopt_suggestion(suggestion=suggestion, by=author, at=now),
        lambda: plan_item(product=board.product, title="Mine", by=author, at=now),
        lambda: move_item(item=item, column="testing", by=author, at=now),
        lambda: edit_item(item=item, by=author, at=now, title="Mine"),
        lambda: serve_suggestion(item=item, suggestion=suggestion, by=author, at=now),
        lambda: release_suggestion(item=item, suggestion=suggestion, by=author, at=now),
        lambda: place_item(item=item, position=1, by=author, at=now),
        lambda: drop_item(item=item, by=author, at=now),
    ]
    for act in acts:
        with pytest.raises(NotAllowed):
            act()


def test_two_colleagues_moves_are_both_on_record(item, staff, now):
    move_item(item=item, column="testing", by=staff, at=now)
    move_item(item=item, column="in-progress", by=make_staff("Jun Park"), at=now)
    assert moves()[1:] == [("planned", "testing"), ("testing", "in-progress")]
