"""Plans in the admin: asked for, read, changed with a reason, adopted on a page that says what will follow."""

import pytest

from feedback.models import Plan, PlanLine, RoadmapItem, Suggestion
from feedback.plans import adopt_plan, choose_line, propose_plan
from feedback.releases import draft_release
from feedback.rescoring import rescore
from feedback.roadmap import edit_item, plan_item
from tests.factories import NOW, make_member, make_suggestion, make_vote
from tests.feedback.desks import at_the_desk, desk, queries_of, said

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk_client(client, staff):
    return at_the_desk(client, staff)


@pytest.fixture
def works(board, staff):
    """Pieces of work with fewer and fewer voters, one team-week each."""

    def make(*titles, **more):
        made = []
        for place, title in enumerate(titles):
            wish = make_suggestion(f"A wish for {title}", board=board)
            for _number in range(2 * (len(titles) - place)):
                make_vote(wish, make_member(trust=2))
            made.append(plan_item(product=board.product, title=title, suggestions=[wish], by=staff, at=NOW, **more))
        rescore()
        return made

    return make


@pytest.fixture
def plan(works, board, staff):
    works("Loved", "Liked", "Known")
    return propose_plan(product=board.product, capacity=8, by=staff, at=NOW)


def page(client, plan):
    return client.get(desk("feedback_plan_change", plan.pk)).content.decode()


def asked(board, **changed):
    return {"product": board.product_id, "weeks": "2", "share": "50", "themes": ""} | changed


def test_a_plan_is_asked_for_in_team_weeks_and_percent(desk_client, works, board):
    works("Loved")
    answer = desk_client.post(desk("feedback_plan_add"), asked(board, weeks="2.5", themes="battery -1"))
    plan = Plan.objects.get()
    assert answer.url == desk("feedback_plan_change", plan.pk)
    assert (plan.capacity, plan.community, plan.most, plan.least) == (10, 5_000, {"battery": 4}, {})


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"weeks": "0"}, "needs some time"),
        ({"weeks": "-1"}, "greater than or equal to 0"),
        ({"weeks": "many"}, "Enter a number"),
        ({"share": "101"}, "less than or equal to 100"),
        ({"themes": "battery lots"}, "cannot be read"),
        ({"themes": "battery 5-2"}, "cannot have at least more"),
        ({"product": ""}, "required"),
    ],
)
def test_what_cannot_be_planned_is_said_and_what_was_typed_stays(desk_client, board, changed, words):
    answer = desk_client.post(desk("feedback_plan_add"), asked(board, **changed))
    shown = answer.content.decode()
    assert words in shown and not Plan.objects.exists()
    assert all(value in shown for value in changed.values())


def test_musts_beyond_the_room_are_said_beside_it(desk_client, works, board, staff):
    (great,) = works("Great", effort=20)
    edit_item(item=great, by=staff, at=NOW, must=True)
    assert "takes 5 team-weeks" in desk_client.post(desk("feedback_plan_add"), asked(board)).content.decode()


def test_the_page_says_what_is_in_what_is_not_and_at_what_price(desk_client, plan):
    shown = page(desk_client, plan)
    inside, outside = shown.split('id="h-out"')
    assert "2 of 2 team-weeks" in inside and "Loved" in inside and "Liked" in inside and "Known" not in inside
    assert "Known" in outside and "costs the plan" in outside


def test_it_says_what_more_room_would_bring(desk_client, plan):
    assert "1 team-weeks more" in page(desk_client, plan)


def test_it_names_the_rules_that_could_not_hold(desk_client, works, board, staff):
    works("Loved")
    plan = propose_plan(product=board.product, capacity=4, least={"debt": 4}, by=staff, at=NOW)
    assert "what was promised to themes" in page(desk_client, plan)


def test_themes_stand_with_what_they_take(desk_client, works, board, staff):
    works("Cell", theme="cells")
    works("Lens", theme="lenses", effort=6)
    shown = page(desk_client, propose_plan(product=board.product, capacity=10, by=staff, at=NOW))
    assert shown.index("lenses") < shown.index("cells")
    assert "1.5 team-weeks" in shown


def test_a_plan_of_nothing_says_how_work_comes_into_one(desk_client, board, staff):
    shown = page(desk_client, propose_plan(product=board.product, capacity=8, by=staff, at=NOW))
    assert "Nothing is in it" in shown and "Adopt it" not in shown


def test_a_line_is_taken_out_with_a_reason_that_stands_there(desk_client, plan):
    line = plan.lines.get(item__title="Liked")
    desk_client.post(desk("feedback_plan_choose", line.pk), {"chosen": "0", "reason": "Legal says no"})
    shown = page(desk_client, plan)
    assert "Legal says no" in shown.split('id="h-out"')[1] and "1 of 2 team-weeks" in shown


def test_what_that_costs_stands_beside_the_worth(desk_client, plan):
    line = plan.lines.get(item__title="Liked")
    desk_client.post(desk("feedback_plan_choose", line.pk), {"chosen": "0", "reason": "No"})
    assert f"-{line.value / 10_000:.1f} to the proposal" in page(desk_client, plan)


def test_without_a_reason_it_stays_and_the_page_says_so(desk_client, plan):
    line = plan.lines.get(item__title="Liked")
    answer = desk_client.post(desk("feedback_plan_choose", line.pk), {"chosen": "0"}, follow=True)
    assert "Please say why" in said(answer) and PlanLine.objects.get(pk=line.pk).chosen


def test_too_much_is_said_before_it_is_tried(desk_client, plan, staff):
    choose_line(line=plan.lines.get(item__title="Known"), chosen=True, reason="Promised", by=staff, at=NOW)
    assert "1 team-weeks too much" in page(desk_client, plan)


def test_the_button_asks_first_and_says_what_will_follow(desk_client, plan):
    shown = desk_client.get(desk("feedback_plan_adopt", plan.pk)).content.decode()
    assert "2 pieces of work are in progress" in shown and "2 suggestions move" in shown and "2 people are told" in shown
    assert RoadmapItem.objects.filter(column="planned").count() == 3


def test_adopting_starts_the_work_for_the_release_that_was_chosen(desk_client, plan, board, staff):
    drop = draft_release(product=board.product, version="3.3", title="Spring", notes="", suggestions=[], by=staff, at=NOW)
    desk_client.post(desk("feedback_plan_adopt", plan.pk), {"release": drop.pk})
    assert set(drop.items.values_list("title", flat=True)) == {"Loved", "Liked"}
    assert Suggestion.objects.filter(status="in-progress").count() == 2


@pytest.mark.parametrize("release", ["", "999999", "x", "-1"])
def test_a_release_that_is_not_there_leaves_it_open(desk_client, plan, release):
    desk_client.post(desk("feedback_plan_adopt", plan.pk), {"release": release})
    assert Plan.objects.get(pk=plan.pk).state == "adopted" and Plan.objects.get(pk=plan.pk).release is None


def test_a_decided_plan_offers_nothing_more(desk_client, plan, staff):
    adopt_plan(plan=plan, by=staff, at=NOW)
    shown = page(desk_client, plan)
    assert "Adopted" in shown and "Take out" not in shown and "Adopt it" not in shown


def test_a_dropped_plan_stays_on_record(desk_client, plan):
    desk_client.post(desk("feedback_plan_drop", plan.pk))
    assert "Dropped" in page(desk_client, plan) and RoadmapItem.objects.filter(column="planned").count() == 3


@pytest.mark.parametrize("name", ["feedback_plan_drop", "feedback_plan_choose"])
def test_nothing_is_changed_by_looking(desk_client, plan, name):
    pk = plan.lines.first().pk if name.endswith("choose") else plan.pk
    assert desk_client.get(desk(name, pk)).status_code == 405


@pytest.mark.parametrize("name", ["change", "adopt"])
def test_members_do_not_see_plans(client, plan, stranger, name):
    client.force_login(stranger)
    assert client.get(desk(f"feedback_plan_{name}", plan.pk)).status_code in (302, 403, 404)


def test_members_change_none(client, plan, stranger):
    client.force_login(stranger)
    for name, pk in (("adopt", plan.pk), ("drop", plan.pk), ("choose", plan.lines.first().pk)):
        client.post(desk(f"feedback_plan_{name}", pk), {"chosen": "0", "reason": "Mine"})
    assert Plan.objects.get(pk=plan.pk).state == "draft" and plan.lines.filter(chosen=True).count() == 2


def test_the_list_says_how_full_each_plan_is(desk_client, plan):
    assert "2 / 2" in desk_client.get(desk("feedback_plan_changelist")).content.decode()


def test_the_list_costs_the_same_for_two_plans_and_for_twenty(desk_client, plan, board, staff):
    propose_plan(product=board.product, capacity=4, by=staff, at=NOW)
    few = queries_of(desk_client, desk("feedback_plan_changelist"))
    for _number in range(18):
        propose_plan(product=board.product, capacity=4, by=staff, at=NOW)
    assert queries_of(desk_client, desk("feedback_plan_changelist")) == few


def test_the_page_costs_the_same_for_three_lines_and_for_twenty(desk_client, plan, works, board, staff):
    few = queries_of(desk_client, desk("feedback_plan_change", plan.pk))
    works(*[f"Work {number}" for number in range(17)])
    many = propose_plan(product=board.product, capacity=40, by=staff, at=NOW)
    assert queries_of(desk_client, desk("feedback_plan_change", many.pk)) == few
