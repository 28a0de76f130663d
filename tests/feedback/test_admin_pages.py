"""The admin beside the desk: proposals, roadmap, releases, the score's constants, and who may do what."""

import json

import pytest
from django.contrib import admin
from django.urls import reverse

from feedback.admin.navigation import sections
from feedback.merges import propose_merge
from feedback.models import Credit, Department, MergeProposal, Release, RoadmapItem, ScoreConfig, Suggestion
from feedback.releases import draft_release, ship_release
from feedback.roadmap import plan_item
from feedback.score_configs import draft_score_config
from tests.factories import make_board, make_staff, make_suggestion, make_vote
from tests.feedback.desks import at_the_desk, desk, queries_of, said

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk_client(client, staff):
    return at_the_desk(client, staff)


@pytest.fixture
def boss(client, admin_member):
    return at_the_desk(client, admin_member)


@pytest.fixture
def other(board):
    return make_suggestion("Stop at four fifths", board=board)


@pytest.fixture
def proposal(suggestion, other, voter, now):
    return propose_merge(duplicate=other, into=suggestion, by=voter, at=now, evidence="Both want the alarm.")


@pytest.fixture
def draft(board, suggestion, staff, now):
    return draft_release(
        product=board.product, version="3.2", title="Quiet mornings", by=staff, at=now, suggestions=[suggestion]
    )


def item_form(item, **changed):
    """The roadmap form as the page shows it, with these changes."""
    shown = {
        "title": item.title, "summary": item.summary, "suggestions": [one.pk for one in item.suggestions.all()],
        "column": item.column, "position": item.position, "release": item.release_id or "", "expected": item.expected,
        "is_public": "on" if item.is_public else "", "owner": item.owner_id or "", "effort": item.effort, "theme": item.theme,
    }  # fmt: skip
    return shown | changed


def test_the_first_page_says_what_waits(desk_client, suggestion, proposal, draft):
    page = desk_client.get("/admin/").content.decode()
    assert all(words in page for words in ("need an answer", "may be the same", "releases to ship"))
    assert "?queue=unanswered" in page


def test_every_list_and_form_in_the_sidebar_opens(boss, rf, admin_member, suggestion, proposal, draft):
    request = rf.get("/admin/")
    request.user = admin_member
    links = [item["link"] for group in sections(request) for item in group["items"]]
    assert len(set(links)) == len(links) > 25
    for link in links:
        assert boss.get(link).status_code == 200, link
        model = next(
            model
            for model in admin.site._registry
            if reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist") == link
        )
        if admin.site._registry[model].has_add_permission(request):
            assert boss.get(link + "add/").status_code == 200, link
        first = model._default_manager.order_by("pk").first()
        if first is not None:
            assert boss.get(f"{link}{first.pk}/change/").status_code == 200, link


def test_waiting_proposals_are_counted_in_the_sidebar(rf, staff, proposal):
    request = rf.get("/admin/")
    request.user = staff
    badges = {item["title"]: item.get("badge") for group in sections(request) for item in group["items"]}
    assert badges["Merge proposals"] == 1


def test_a_proposal_shows_both_and_what_merging_would_do(desk_client, proposal):
    page = desk_client.get(desk("feedback_mergeproposal_change", proposal.pk)).content.decode()
    assert all(
        words in page
        for words in ("Tomasz Wilk says that they are the same", "Both want the alarm.", "Votes: 1 now, 2 together")
    )


@pytest.mark.parametrize(
    ("way", "state", "duplicate"),
    [("accept", "accepted", "other"), ("swap", "accepted", "suggestion"), ("dismiss", "dismissed", "")],
)
def test_a_proposal_is_decided_by_one_press(desk_client, proposal, suggestion, other, way, state, duplicate):
    desk_client.post(desk("feedback_mergeproposal_decide", proposal.pk, way))
    merged = [one for one in Suggestion.objects.all() if not one.is_canonical]
    assert MergeProposal.objects.get().state == state
    assert merged == ([{"other": other, "suggestion": suggestion}[duplicate]] if duplicate else [])


def test_after_one_pair_comes_the_next_that_waits(desk_client, proposal, voter, suggestion, board, now):
    following = propose_merge(duplicate=make_suggestion(board=board), into=suggestion, by=voter, at=now)
    answer = desk_client.post(desk("feedback_mergeproposal_decide", proposal.pk, "dismiss"))
    assert answer.url == desk("feedback_mergeproposal_change", following.pk)
    answer = desk_client.post(desk("feedback_mergeproposal_decide", following.pk, "dismiss"))
    assert answer.url == desk("feedback_mergeproposal_changelist")


def test_many_proposals_are_dismissed_at_once(desk_client, proposal, suggestion, board, voter, now):
    propose_merge(duplicate=make_suggestion(board=board), into=suggestion, by=voter, at=now)
    chosen = list(MergeProposal.objects.values_list("pk", flat=True))
    answer = desk_client.post(
        desk("feedback_mergeproposal_changelist"), {"action": "dismiss", "_selected_action": chosen}, follow=True
    )
    assert "2 pairs stay apart." in said(answer)


def test_opening_a_decision_decides_nothing(desk_client, proposal):
    desk_client.get(desk("feedback_mergeproposal_decide", proposal.pk, "accept"))
    assert MergeProposal.objects.get().state == "waiting"


def test_work_is_planned_with_what_it_serves(desk_client, board, suggestion):
    typed = {
        "product": board.product_id, "title": "Smarter charging", "column": "in-progress", "effort": 6,
        "is_public": "on", "suggestions": [suggestion.pk],
    }  # fmt: skip
    assert desk_client.post(desk("feedback_roadmapitem_add"), typed).status_code == 302
    item = RoadmapItem.objects.get()
    assert (item.title, item.column, item.effort, list(item.suggestions.all())) == (
        "Smarter charging",
        "in-progress",
        6,
        [suggestion],
    )
    assert Suggestion.objects.get().status == "in-progress"


def test_moving_work_and_changing_what_it_serves(desk_client, board, suggestion, other, staff, now):
    item = plan_item(product=board.product, title="Charging", by=staff, at=now, suggestions=[suggestion])
    typed = item_form(item, column="testing", suggestions=[other.pk], expected="3.3")
    assert desk_client.post(desk("feedback_roadmapitem_change", item.pk), typed).status_code == 302
    item.refresh_from_db()
    assert (item.column, item.expected, list(item.suggestions.all())) == ("testing", "3.3", [other])
    assert dict(Suggestion.objects.values_list("pk", "status")) == {suggestion.pk: "testing", other.pk: "testing"}


def test_nothing_is_shipped_by_the_form(desk_client, board, suggestion, staff, now):
    item = plan_item(product=board.product, title="Charging", by=staff, at=now, suggestions=[suggestion])
    answer = desk_client.post(
        desk("feedback_roadmapitem_change", item.pk), item_form(item, column="shipped", title="New title")
    )
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "Things ship with a release" in page
    assert "New title" in page
    item.refresh_from_db()
    assert (item.column, item.title) == ("planned", "Charging")


def test_work_that_serves_somebody_stays_when_somebody_deletes_it(desk_client, board, suggestion, staff, now):
    item = plan_item(product=board.product, title="Charging", by=staff, at=now, suggestions=[suggestion])
    answer = desk_client.post(desk("feedback_roadmapitem_delete", item.pk), {"post": "yes"}, follow=True)
    assert "It serves suggestions." in said(answer)
    item.suggestions.clear()
    desk_client.post(desk("feedback_roadmapitem_delete", item.pk), {"post": "yes"})
    assert not RoadmapItem.objects.exists()


def test_suggestions_are_offered_by_title(desk_client, suggestion, other):
    query = {"term": "four fifths", "app_label": "feedback", "model_name": "roadmapitem", "field_name": "suggestions"}
    found = json.loads(desk_client.get("/admin/autocomplete/", query).content)["results"]
    assert [entry["text"] for entry in found] == ["Stop at four fifths"]


def test_a_release_is_drafted_and_brings_suggestions(desk_client, board, suggestion):
    typed = {
        "product": board.product_id,
        "version": "3.2",
        "title": "Quiet mornings",
        "notes": "Soft.",
        "suggestions": [suggestion.pk],
    }
    assert desk_client.post(desk("feedback_release_add"), typed).status_code == 302
    release = Release.objects.get()
    assert (release.version, release.shipped_at, list(release.suggestions.all())) == ("3.2", None, [suggestion])
    assert "<p>Soft.</p>" in release.notes_html


def test_the_page_before_shipping_says_what_follows(desk_client, draft, suggestion, voter):
    make_vote(suggestion, voter)
    page = desk_client.get(desk("feedback_release_ship", draft.pk)).content.decode()
    assert all(
        words in page for words in ("Charge limit that learns my alarm", "1 suggestion is shipped.", "2 people are told")
    )
    assert Release.objects.get().shipped_at is None


def test_the_one_button_there_ships(desk_client, draft):
    answer = desk_client.post(desk("feedback_release_ship", draft.pk))
    assert (answer.status_code, answer.url) == (302, draft.get_absolute_url())
    assert Release.objects.get().shipped_at is not None
    assert Credit.objects.count() == 1


def test_shipping_twice_is_refused_kindly(desk_client, draft, staff, now):
    ship_release(release=draft, by=staff, at=now)
    assert "It has shipped already." in desk_client.get(desk("feedback_release_ship", draft.pk)).content.decode()
    answer = desk_client.post(desk("feedback_release_ship", draft.pk), follow=True)
    assert "This release has shipped already." in said(answer)


def test_a_shipped_release_takes_better_words_alone(desk_client, draft, other, staff, now):
    ship_release(release=draft, by=staff, at=now)
    typed = {"version": "3.2", "title": "Quieter mornings", "notes": "", "suggestions": [other.pk]}
    assert desk_client.post(desk("feedback_release_change", draft.pk), typed).status_code == 302
    draft.refresh_from_db()
    assert draft.title == "Quieter mornings"
    assert other not in draft.suggestions.all()


def test_a_draft_is_dropped_and_a_shipped_one_is_not(desk_client, draft, staff, now):
    ship_release(release=draft, by=staff, at=now)
    assert desk_client.post(desk("feedback_release_delete", draft.pk), {"post": "yes"}).status_code == 403
    second = draft_release(product=draft.product, version="9", title="Never", by=staff, at=now)
    desk_client.post(desk("feedback_release_delete", second.pk), {"post": "yes"})
    assert list(Release.objects.all()) == [draft]


def make_second_config(by, now):
    active = ScoreConfig.objects.get(active=True)
    return draft_score_config(constants=active.constants, shares={}, note="For fifty and more.", by=by, at=now)


def test_the_score_is_switched_by_an_administrator_on_a_page_that_asks(boss, admin_member, now):
    config = make_second_config(admin_member, now)
    url = desk("feedback_scoreconfig_switch", config.pk)
    assert "For fifty and more." in boss.get(url).content.decode()
    assert not ScoreConfig.objects.get(pk=config.pk).active
    boss.post(url)
    assert ScoreConfig.objects.get(active=True) == config


def test_staff_see_the_constants_and_do_not_switch_them(client, staff, admin_member, now):
    config = make_second_config(admin_member, now)
    at_the_desk(client, staff).post(desk("feedback_scoreconfig_switch", config.pk))
    assert not ScoreConfig.objects.get(pk=config.pk).active
    assert client.get(desk("feedback_scoreconfig_changelist")).status_code == 200
    assert client.get(desk("feedback_scoreconfig_add")).status_code == 403


def test_constants_that_do_not_fit_are_shown_again(boss, admin_member):
    active = ScoreConfig.objects.get(active=True)
    typed = {"note": "Odd", "constants": json.dumps(active.constants), "shares": json.dumps({"nobody": 10_000})}
    answer = boss.post(desk("feedback_scoreconfig_add"), typed)
    assert answer.status_code == 200
    assert ScoreConfig.objects.filter(note="Odd").count() == 0


def test_departments_say_how_much_waits_for_them(boss, suggestion):
    battery = Department.objects.create(slug="battery", name="Battery")
    Suggestion.objects.update(department=battery)
    assert [row.number for row in boss.get(desk("feedback_department_changelist")).context["cl"].result_list] == [1]


def grow_items(board, staff, now, count):
    for number in range(count):
        plan_item(product=board.product, title=f"Work {number}", by=staff, at=now, suggestions=[make_suggestion(board=board)])


def grow_releases(board, staff, now, count):
    for number in range(count):
        draft_release(product=make_board().product, version=f"{count}.{number}", title="Drop", by=staff, at=now)


def grow_proposals(board, staff, now, count):
    for _number in range(count):
        pair = [make_suggestion(board=board) for _end in range(2)]
        propose_merge(duplicate=pair[0], into=pair[1], by=make_staff(), at=now)


@pytest.mark.parametrize(
    ("name", "grow"), [("roadmapitem", grow_items), ("release", grow_releases), ("mergeproposal", grow_proposals)]
)
def test_twenty_rows_cost_no_more_queries_than_two(desk_client, board, staff, now, name, grow):
    url = desk(f"feedback_{name}_changelist")
    grow(board, staff, now, 2)
    few = queries_of(desk_client, url)
    grow(board, staff, now, 18)
    assert queries_of(desk_client, url) == few
