"""Plans: proposed by the planner over what the community wants, changed by people with a reason, adopted in one act."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from community.models import Activity, Product
from community.refusals import Conflict, Invalid, NotAllowed
from feedback.merges import merge_suggestions
from feedback.models import ClusterScore, Need, Plan, RoadmapColumn, RoadmapItem, Status, Suggestion
from feedback.plan_values import worth_of
from feedback.plans import adopt_plan, choose_line, drop_plan, propose_plan
from feedback.releases import draft_release, ship_release
from feedback.rescoring import rescore
from feedback.roadmap import edit_item, plan_item
from tests.factories import NOW, make_bug, make_member, make_persona, make_staff, make_suggestion, make_vote

pytestmark = pytest.mark.django_db


@pytest.fixture
def product(board):
    return board.product


@pytest.fixture
def work(product, board, staff):
    """Makes a piece of work that serves a suggestion with so many voters."""

    def make(title, *, effort=4, voters=0, serves=None, **more):
        wish = serves or make_suggestion(f"A wish for {title}", board=board)
        for _number in range(voters):
            make_vote(wish, make_member(trust=2), need=Need.IMPORTANT)
        return plan_item(product=product, title=title, by=staff, at=NOW, suggestions=[wish], effort=effort, **more)

    return make


def propose(product, by, weeks=2, **more):
    rescore()
    return propose_plan(product=product, capacity=weeks * 4, by=by, at=NOW, **more)


def chosen(plan):
    return [line.item.title for line in plan.lines.filter(chosen=True).select_related("item").order_by("item_id")]


def line_of(plan, item):
    return plan.lines.get(item=item)


# What a piece of work is worth


def test_work_for_one_suggestion_is_worth_its_score(work):
    item = work("Quiet hours", voters=3)
    rescore()
    (served,) = item.suggestions.all()
    assert worth_of([item])[item.pk].value == ClusterScore.objects.get(pk=served.pk).numerator > 0


def test_a_fault_is_worth_its_score_too_with_how_bad_it_is(work, board):
    fault = make_bug("It freezes", board=board)
    Suggestion.objects.filter(pk=fault.pk).update(severity=8)
    item = work("Mend the freeze", serves=fault, voters=2)
    rescore()
    assert worth_of([item])[item.pk].value == ClusterScore.objects.get(pk=fault.pk).numerator


def test_personas_make_it_as_broad_as_they_make_the_score(work, board):
    wish = make_suggestion("A dial", board=board)
    for _number in range(2):
        make_vote(wish, make_member(trust=2, persona=make_persona()))
    item = work("A dial", serves=wish)
    rescore()
    kept = ClusterScore.objects.get(pk=wish.pk)
    assert kept.breadth > 0 and worth_of([item])[item.pk].value == kept.numerator


def test_who_wants_both_things_it_serves_counts_once(work, board, staff):
    one, other, fan = (
        make_suggestion("One, please", board=board),
        make_suggestion("Other, please", board=board),
        make_member(trust=2),
    )
    make_vote(one, fan)
    make_vote(other, fan)
    item = work("Both", serves=one)
    item.suggestions.add(other)
    rescore()
    # The two authors and the fan.
    assert worth_of([item])[item.pk].voters == 3


def test_their_strongest_need_is_what_counts(work, board):
    one, other, fan = (
        make_suggestion("One, please", board=board),
        make_suggestion("Other, please", board=board),
        make_member(trust=2),
    )
    make_vote(one, fan)
    item = work("Both", serves=one)
    item.suggestions.add(other)
    rescore()
    weak = worth_of([item])[item.pk]
    make_vote(other, fan, need=Need.MUST)
    rescore()
    strong = worth_of([item])[item.pk]
    assert strong.voters == weak.voters and strong.value > weak.value


def test_a_suggestion_more_never_makes_it_worth_less(work, board):
    item = work("Both", voters=2)
    rescore()
    before = worth_of([item])[item.pk].value
    item.suggestions.add(make_suggestion("Another", board=board))
    rescore()
    assert worth_of([item])[item.pk].value >= before


def test_work_that_serves_nothing_is_worth_nothing_here(product, staff):
    item = plan_item(product=product, title="Tidy the build", by=staff, at=NOW)
    assert worth_of([item])[item.pk].value == 0


def test_it_is_the_communitys_where_a_fan_asked_for_it(work, board):
    asked, own = work("Asked"), work("Own", serves=make_suggestion("Own, please", board=board, author=make_staff()))
    worth = worth_of([asked, own])
    assert worth[asked.pk].community and not worth[own.pk].community


def test_authors_of_what_was_merged_are_first_timers_too(work, board, staff):
    kept, folded = make_suggestion("Kept, please", board=board), make_suggestion("Folded, please", board=board)
    merge_suggestions(duplicate=folded, into=kept, by=staff, at=NOW)
    item = work("Kept", serves=kept)
    assert worth_of([item])[item.pk].first_timers == 2


def test_nobody_is_a_first_timer_twice(work, board, product, staff):
    author = make_member()
    shipped = make_suggestion("Shipped, please", board=board, author=author)
    drop = draft_release(product=product, version="1", title="One", notes="", suggestions=[shipped], by=staff, at=NOW)
    ship_release(release=drop, by=staff, at=NOW)
    item = work("Next", serves=make_suggestion("Next, please", board=board, author=author))
    assert worth_of([item])[item.pk].first_timers == 0


@pytest.mark.parametrize("rows", [2, 12])
def test_worth_costs_the_same_however_many_there_are(work, rows, django_assert_num_queries):
    items = [work(f"Work {number}", voters=1) for number in range(rows)]
    rescore()
    with django_assert_num_queries(9):
        worth_of(items)


# Proposing


def test_the_most_wanted_work_that_fits_is_proposed(work, product, staff):
    work("Loved", voters=6)
    work("Liked", voters=3)
    work("Large", voters=7, effort=9)
    assert chosen(propose(product, staff)) == ["Loved", "Liked"]


def test_what_is_being_built_or_has_shipped_is_no_candidate(work, product, staff):
    begun = work("Begun", column=RoadmapColumn.IN_PROGRESS)
    plan = propose(product, staff)
    assert not plan.lines.filter(item=begun).exists()


def test_the_work_of_another_product_is_no_candidate(work, product, staff):
    watch = Product.objects.create(slug="watch", name="Watch")
    plan_item(product=watch, title="Elsewhere", by=staff, at=NOW)
    assert not propose(product, staff).lines.exists()


def test_every_proposal_is_a_version_of_its_own_and_on_record(work, product, staff):
    work("Loved")
    assert [propose(product, staff).version, propose(product, staff).version] == [1, 2]
    fact = Activity.objects.filter(verb="plan_proposed").latest("pk")
    assert fact.data["capacity"] == 8 and fact.data["item_ids"] == [RoadmapItem.objects.get().pk]


def test_what_just_missed_it_stands_with_its_price(work, product, staff):
    work("Loved", voters=6)
    work("Liked", voters=3)
    third = work("Known", voters=1)
    plan = propose(product, staff)
    values = dict(plan.lines.values_list("item__title", "value"))
    assert plan.missed == [{"id": third.pk, "price": values["Liked"] - values["Known"]}]


def test_what_more_room_would_bring_stands_beside_it(work, product, staff):
    work("Loved", voters=6, effort=8)
    small = work("Small", voters=1, effort=1)
    plan = Plan.objects.get(pk=propose(product, staff).pk)
    assert plan.wider[0]["extra"] == 1 and plan.wider[0]["enters"] == [small.pk]


def test_a_must_comes_with_what_it_waits_for(work, product, staff):
    base, top = work("Base", effort=4), work("Top", effort=4)
    edit_item(item=top, by=staff, at=NOW, after=base, must=True)
    work("Loved", voters=9)
    assert chosen(propose(product, staff)) == ["Base", "Top"]


def test_musts_that_do_not_fit_are_refused_with_what_they_take(work, product, staff):
    edit_item(item=work("Great", effort=20), by=staff, at=NOW, must=True)
    with pytest.raises(Invalid, match="5 team-weeks"):
        propose(product, staff)
    assert not Plan.objects.exists()


def test_a_theme_keeps_what_was_promised_to_it(work, product, staff):
    work("Loved", voters=9, effort=8)
    work("Debt", effort=4, theme="debt")
    assert chosen(propose(product, staff, least={"debt": 4})) == ["Debt"]


def test_a_theme_cannot_have_more_at_least_than_at_most(product, staff):
    with pytest.raises(Invalid, match="debt"):
        propose(product, staff, least={"debt": 8}, most={"debt": 4})


@pytest.mark.parametrize(("capacity", "community"), [(0, 0), (-4, 0), (4, -1), (4, 10_001)])
def test_no_time_and_shares_beyond_all_are_refused(product, staff, capacity, community):
    with pytest.raises(Invalid):
        propose_plan(product=product, capacity=capacity, community=community, by=staff, at=NOW)


def test_members_propose_no_plans(product, stranger):
    with pytest.raises(NotAllowed):
        propose_plan(product=product, capacity=8, by=stranger, at=NOW)


# Changing


@pytest.fixture
def plan(work, product, staff):
    work("Loved", voters=6)
    work("Liked", voters=3)
    work("Known", voters=1)
    return propose(product, staff)


def test_people_take_work_out_and_say_why(plan, staff):
    line = choose_line(line=plan.lines.get(item__title="Liked"), chosen=False, reason="  Legal   says no. ", by=staff, at=NOW)
    assert (line.proposed, line.chosen, line.reason, line.changed_by) == (True, False, "Legal says no.", staff)


@pytest.mark.parametrize("reason", ["", "   "])
def test_without_a_reason_the_plan_stays(plan, staff, reason):
    with pytest.raises(Invalid) as told:
        choose_line(line=plan.lines.get(item__title="Liked"), chosen=False, reason=reason, by=staff, at=NOW)
    assert "reason" in told.value.fields and chosen(plan) == ["Loved", "Liked"]


def test_back_to_the_proposal_needs_none_and_leaves_no_reason(plan, staff):
    line = plan.lines.get(item__title="Liked")
    choose_line(line=line, chosen=False, reason="No", by=staff, at=NOW)
    line = choose_line(line=line, chosen=True, reason="", by=staff, at=NOW)
    assert (line.chosen, line.reason, line.changed_by) == (True, "", None)


def test_the_database_holds_us_to_the_reason(plan):
    with pytest.raises(IntegrityError), transaction.atomic():
        plan.lines.filter(item__title="Known").update(chosen=True)


def test_members_change_no_plans(plan, stranger):
    with pytest.raises(NotAllowed):
        choose_line(line=plan.lines.first(), chosen=False, reason="Mine", by=stranger, at=NOW)


# Deciding


def test_adopting_starts_the_chosen_work_and_moves_what_it_serves(plan, staff):
    adopt_plan(plan=plan, by=staff, at=NOW)
    begun = set(RoadmapItem.objects.filter(column="in-progress").values_list("title", flat=True))
    assert begun == {"Loved", "Liked"}
    assert {"A wish for Loved", "A wish for Liked"} == set(
        Suggestion.objects.filter(status=Status.IN_PROGRESS).values_list("post__title", flat=True)
    )  # fmt: skip


def test_whoever_wanted_it_hears_of_it_through_the_same_facts_as_always(plan, staff):
    adopt_plan(plan=plan, by=staff, at=NOW)
    assert Activity.objects.filter(verb="status_changed", data__after="in-progress").count() == 2
    assert Activity.objects.get(verb="plan_decided").data["adopted"] is True


def test_the_release_it_is_meant_for_has_the_work(plan, product, staff):
    drop = draft_release(product=product, version="3.3", title="Spring", notes="", suggestions=[], by=staff, at=NOW)
    adopt_plan(plan=plan, by=staff, at=NOW, release=drop)
    assert set(drop.items.values_list("title", flat=True)) == {"Loved", "Liked"}


def test_more_than_there_is_room_for_is_refused_with_how_much(plan, staff):
    choose_line(line=plan.lines.get(item__title="Known"), chosen=True, reason="We promised", by=staff, at=NOW)
    with pytest.raises(Conflict, match="1 team-weeks more"):
        adopt_plan(plan=plan, by=staff, at=NOW)
    assert not RoadmapItem.objects.filter(column="in-progress").exists()


def test_what_was_begun_meanwhile_is_left_as_it_is(plan, staff):
    RoadmapItem.objects.filter(title="Loved").update(column="testing")
    adopt_plan(plan=plan, by=staff, at=NOW)
    assert RoadmapItem.objects.get(title="Loved").column == "testing"


@pytest.mark.parametrize("decide", [adopt_plan, drop_plan])
def test_a_plan_is_decided_once(plan, staff, decide):
    decide(plan=plan, by=staff, at=NOW)
    for again in (adopt_plan, drop_plan):
        with pytest.raises(Conflict):
            again(plan=plan, by=staff, at=NOW)
    with pytest.raises(Conflict):
        choose_line(line=plan.lines.first(), chosen=False, reason="Late", by=staff, at=NOW)


def test_a_dropped_plan_moves_nothing(plan, staff):
    drop_plan(plan=plan, by=staff, at=NOW)
    assert not RoadmapItem.objects.exclude(column="planned").exists()


# What comes before what


def test_work_waits_for_no_work_that_waits_for_it(work, staff):
    one, two, three = work("One"), work("Two"), work("Three")
    edit_item(item=two, by=staff, at=NOW, after=one)
    edit_item(item=three, by=staff, at=NOW, after=two)
    with pytest.raises(Invalid, match="for ever"):
        edit_item(item=one, by=staff, at=NOW, after=three)


def test_nor_for_itself(work, staff):
    one = work("One")
    with pytest.raises(Invalid):
        edit_item(item=one, by=staff, at=NOW, after=one)


def test_work_takes_something(work, staff):
    with pytest.raises(Invalid, match="takes something"):
        edit_item(item=work("One"), by=staff, at=NOW, effort=0)


# The command


def run(*arguments):
    out = StringIO()
    call_command("propose_plan", *arguments, stdout=out)
    return out.getvalue()


def test_the_command_ends_with_one_line_of_figures(work, product):
    item = work("Loved", voters=3)
    told = json.loads(run("--product", product.slug, "--capacity", "2", "--json").splitlines()[-1])
    assert (told["chosen"], told["used"], told["capacity"], told["kept"]) == ([item.pk], 1.0, 2.0, True)
    assert Plan.objects.get().pk == told["plan"]


def test_a_dry_run_keeps_nothing(work, product):
    work("Loved")
    assert json.loads(run("--product", product.slug, "--capacity", "2", "--dry-run", "--json"))["chosen"]
    assert not Plan.objects.exists() and not Activity.objects.filter(verb="plan_proposed").exists()


def test_people_read_what_is_in_what_missed_and_what_more_would_bring(work, product):
    rescore()
    work("Loved", voters=6, effort=8)
    work("Small", voters=1, effort=1)
    rescore()
    said = run("--product", product.slug, "--capacity", "2")
    assert "2 of 2 team-weeks" in said and "just missed: Small" in said and "0.25 team-weeks more" in said


def test_an_unknown_product_is_answered_with_the_known_ones(product):
    with pytest.raises(CommandError, match=product.slug):
        run("--product", "nothing", "--capacity", "2")


def test_a_rule_that_cannot_be_read_is_said_in_one_sentence(product):
    with pytest.raises(CommandError, match="cannot be read"):
        run("--product", product.slug, "--capacity", "2", "--themes", "battery lots")
