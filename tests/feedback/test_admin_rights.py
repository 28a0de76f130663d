"""Feedback's admin: each list, filter and search opens for staff, nothing of it for anybody else, and twenty rows cost what two do."""

import pytest
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.urls import reverse

from community.models import Role
from feedback.merges import merge_suggestions, propose_merge
from feedback.models import Department, Merge, MergeProposal, Plan, Release, RoadmapItem, ScoreConfig, StatusChange, Suggestion
from feedback.plans import propose_plan
from feedback.releases import draft_release, ship_release
from feedback.roadmap import plan_item
from feedback.score_configs import draft_score_config
from feedback.triage import triage_suggestion
from tests.factories import make_admin, make_board, make_member, make_moderator, make_persona, make_staff, make_suggestion
from tests.feedback.desks import at_the_desk, case, desk, queries_of

pytestmark = pytest.mark.django_db
LISTS = {
    "suggestion": ["queue=mine", "queue=none", "status__exact=open", "post__kind__exact=bug", "severity__exact=4", "merged=yes",
                   "assignee=1", "assignee=²", "reads=different", "department__id__exact=1",
                   "post__board__id__exact=1", "q=夜间", "q=http://["],
    "mergeproposal": ["state__exact=waiting", "duplicate__post__board__id__exact=1", "q=charge"],
    "merge": ["undone_at__isempty=1", "undone_at__isempty=0", "q=charge"],
    "roadmapitem": ["column__exact=testing", "product__id__exact=1", "is_public__exact=0", "release__id__exact=1", "q=night"],
    "release": ["product__id__exact=1", "shipped_at__isempty=1", "q=3.2"],
    "department": ["q=bat"],
    "plan": ["state__exact=draft", "product__id__exact=1"],
    "scoreconfig": ["o=1"],
}  # fmt: skip


@pytest.fixture
def desk_client(client, staff):
    return at_the_desk(client, staff)


@pytest.fixture
def everything(board, suggestion, staff, voter, admin_member, now):
    """One row of each kind, by name."""
    twin, other = make_suggestion(board=board), make_suggestion(board=board)
    merge_suggestions(duplicate=twin, into=suggestion, by=staff, at=now)
    propose_merge(duplicate=other, into=suggestion, by=voter, at=now)
    return {
        "suggestion": suggestion,
        "mergeproposal": MergeProposal.objects.get(),
        "merge": Merge.objects.get(),
        "roadmapitem": plan_item(product=board.product, title="Work", by=staff, at=now),
        "release": draft_release(
            product=board.product, version="3.2", title="Quiet", by=staff, at=now, suggestions=[suggestion]
        ),
        "plan": propose_plan(product=board.product, capacity=8, by=staff, at=now),
        "department": Department.objects.create(slug="battery", name="Battery"),
        "scoreconfig": ScoreConfig.objects.get(version=2),
    }


def lower(role):
    made = {"member": make_member, "moderator": make_moderator, "suspended": make_staff, "closed": make_staff}[role]()
    if role == "suspended":
        type(made).objects.filter(pk=made.pk).update(suspended_at=made.joined_at, suspended_until=None)
    if role == "closed":
        type(made).objects.filter(pk=made.pk).update(is_active=False)
    Authenticator.objects.get_or_create(user=made, type=Authenticator.Type.TOTP, defaults={"data": {}})
    return made


def listed(client, name, query=""):
    page = client.get(desk(f"feedback_{name}_changelist") + query)
    assert page.status_code == 200, (name, query)
    return list(page.context["cl"].result_list)


def test_every_table_of_feedback_that_staff_may_see_is_named_here():
    known = {model._meta.model_name for model in admin.site._registry if model._meta.app_label == "feedback"}
    assert known == set(LISTS)


@pytest.mark.parametrize("name", LISTS)
def test_every_filter_opens_also_where_it_finds_nothing(desk_client, everything, name):
    opened = {query: desk_client.get(desk(f"feedback_{name}_changelist") + f"?{query}") for query in LISTS[name]}
    assert {query for query, page in opened.items() if page.status_code != 200 or "cl" not in page.context} == set()


def test_every_row_can_be_opened_from_its_list(desk_client, everything):
    for name, row in everything.items():
        assert row in listed(desk_client, name)
        assert desk_client.get(desk(f"feedback_{name}_change", row.pk)).status_code == 200


@pytest.mark.parametrize("role", ["member", "moderator", "suspended", "closed"])
def test_no_list_and_no_row_opens_for_a_lower_role(client, everything, role):
    client.force_login(lower(role))
    for name, row in everything.items():
        for page in (desk(f"feedback_{name}_changelist"), desk(f"feedback_{name}_change", row.pk)):
            answer = client.get(page)
            assert answer.status_code in (302, 403) and "cl" not in (answer.context or {}), page


ACTS = [
    ("suggestion", "status", {"status": "planned", "answer": "Yes."}),
    ("suggestion", "triage", {"kind": "bug", "severity": 8, "strategy_fit": 0, "evidence": 0}),
    ("suggestion", "note", {"body": "Psst."}),
    ("suggestion", "guess", {"guess": 1, "answer": "accept"}),
    ("suggestion", "adopt", {}),
    ("suggestion", "unmerge", {}),
    ("release", "ship", {}),
    ("scoreconfig", "switch", {}),
    ("plan", "adopt", {}),
    ("plan", "drop", {}),
]


@pytest.mark.parametrize("role", ["member", "moderator", "suspended"])
def test_no_decision_is_taken_by_a_lower_role(client, everything, role):
    client.force_login(lower(role))
    for name, act, typed in ACTS:
        answer = client.post(desk(f"feedback_{name}_{act}", everything[name].pk), typed)
        assert answer.status_code in (302, 403), act
    assert not StatusChange.objects.exists() and not Release.objects.filter(shipped_at__isnull=False).exists()
    assert RoadmapItem.objects.count() == 1 and ScoreConfig.objects.get(active=True).version == 1
    assert everything["suggestion"].notes.count() == 0 and Plan.objects.get().state == Plan.State.DRAFT


def test_no_page_before_a_decision_opens_for_who_holds_no_right(client, everything):
    client.force_login(lower("suspended"))
    pages = [
        desk(f"feedback_{name}_{act}", everything[name].pk) for name, act, _typed in ACTS if act in ("ship", "switch", "adopt")
    ]
    assert {page for page in pages if client.get(page).status_code not in (302, 403, 405)} == set()


def test_no_proposal_is_decided_by_a_moderator(client, everything):
    client.force_login(lower("moderator"))
    for way in ("accept", "swap", "dismiss"):
        client.post(desk("feedback_mergeproposal_decide", everything["mergeproposal"].pk, way))
    assert MergeProposal.objects.get().state == "waiting" and Merge.objects.count() == 1


def test_a_way_to_decide_that_nobody_knows_decides_nothing(desk_client, everything):
    answer = desk_client.post(desk("feedback_mergeproposal_decide", everything["mergeproposal"].pk, "eat"))
    assert answer.status_code == 302 and MergeProposal.objects.get().state == "waiting"


ACTIONS = [("suggestion", "take_on"), ("suggestion", "review"), ("mergeproposal", "accept"), ("mergeproposal", "dismiss")]


def test_no_action_is_anything_a_moderator_can_press(client, everything):
    client.force_login(lower("moderator"))
    for name, action in ACTIONS:
        typed = {"action": action, "_selected_action": [everything[name].pk]}
        assert client.post(desk(f"feedback_{name}_changelist"), typed).status_code in (302, 403)
    assert not Suggestion.objects.filter(assignee__isnull=False).exists() and not StatusChange.objects.exists()
    assert MergeProposal.objects.get().state == "waiting"


def test_nothing_is_deleted_by_ticking_it(desk_client, everything):
    for name, row in everything.items():
        typed = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
        desk_client.post(desk(f"feedback_{name}_changelist"), typed)
        assert type(row).objects.filter(pk=row.pk).exists(), name


def test_what_has_a_history_is_not_deleted_at_all(desk_client, everything):
    for name in ("suggestion", "mergeproposal", "merge", "department", "scoreconfig", "plan"):
        desk_client.post(desk(f"feedback_{name}_delete", everything[name].pk), {"post": "yes"})
        assert type(everything[name]).objects.filter(pk=everything[name].pk).exists(), name


@pytest.mark.parametrize("name", ["suggestion", "mergeproposal", "merge"])
def test_what_members_make_is_not_made_at_the_desk(client, admin_member, name):
    assert at_the_desk(client, admin_member).get(desk(f"feedback_{name}_add")).status_code == 403


@pytest.mark.parametrize(("role", "may"), [(Role.STAFF, False), (Role.ADMIN, True)])
def test_departments_are_made_by_administrators(client, role, may):
    at_the_desk(client, make_admin() if role == Role.ADMIN else make_staff())
    answer = client.post(desk("feedback_department_add"), {"name": "Camera", "slug": "camera"})
    assert (answer.status_code == 302, Department.objects.filter(slug="camera").exists()) == (may, may)


def test_a_merge_is_read_and_never_rewritten(desk_client, everything):
    merge = everything["merge"]
    desk_client.post(desk("feedback_merge_change", merge.pk), {"duplicate": merge.into_id, "into": merge.duplicate_id})
    assert Merge.objects.values_list("duplicate", "into").get() == (merge.duplicate_id, merge.into_id)


@pytest.mark.parametrize("name", ["suggestion", "mergeproposal"])
def test_a_number_that_names_nothing_is_not_found(desk_client, name):
    odd = ["0", "999999", "²", "9" * 40, "x", "-1", "1e3"]
    assert {desk_client.get(f"/admin/feedback/{name}/{pk}/change/").status_code for pk in odd} == {404}


def test_odd_words_in_the_search_of_the_desk_break_nothing(desk_client, suggestion):
    box = {"app_label": "feedback", "model_name": "release", "field_name": "suggestions"}
    for words in ("http://[", "https://℀.example/", "//[", "x\x00y", "9" * 30, "  "):
        assert desk_client.get(desk("feedback_suggestion_changelist"), {"q": words}).status_code == 200, words
        assert desk_client.get(reverse("admin:autocomplete"), box | {"term": words}).status_code == 200, words


@pytest.mark.parametrize("shares", ['["daily"]', '{"daily": "all"}', '{"daily": 10000.0}', "7", '{"daily": 9999}', '"daily"'])
def test_shares_that_are_no_table_of_whole_numbers_are_shown_again(client, admin_member, shares):
    make_persona("daily")
    constants = '{"demand_half": 30000, "need_half": 15000, "bug_half": 80000, "persona_half": 3000, "newcomer_bonus": 1, "cohort_full": 1}'
    typed = {"note": "Odd", "constants": constants, "shares": shares}
    answer = at_the_desk(client, admin_member).post(desk("feedback_scoreconfig_add"), typed)
    assert answer.status_code == 200 and "10,000" in answer.content.decode()
    assert not ScoreConfig.objects.filter(note="Odd").exists()


def grow_suggestions(board, staff, now, count):
    for _number in range(count):
        wish = make_suggestion(board=board)
        department = Department.objects.create(slug=f"d-{wish.pk}", name=f"Department {wish.pk}")
        triage_suggestion(suggestion=wish, by=staff, at=now, assignee=staff, department=department)


def grow_merges(board, staff, now, count):
    for _number in range(count):
        merge_suggestions(duplicate=make_suggestion(board=board), into=make_suggestion(board=board), by=staff, at=now)


def grow_departments(board, staff, now, count):
    for number in range(count):
        Department.objects.create(slug=f"d-{count}-{number}", name=f"Department {number}")


def grow_configs(board, staff, now, count):
    constants = ScoreConfig.objects.get(version=2).constants
    for number in range(count):
        draft_score_config(constants=constants, shares={}, note=f"Try {number}", by=make_admin(), at=now)


def grow_shipped(board, staff, now, count):
    for number in range(count):
        release = draft_release(product=make_board().product, version=f"{number}", title="Drop", by=staff, at=now)
        ship_release(release=release, by=staff, at=now)


@pytest.mark.parametrize(
    ("name", "grow"),
    [
        ("suggestion", grow_suggestions),
        ("merge", grow_merges),
        ("department", grow_departments),
        ("scoreconfig", grow_configs),
        ("release", grow_shipped),
    ],
)
def test_a_list_costs_the_same_at_two_rows_and_at_twenty(desk_client, board, staff, now, name, grow):
    url = desk(f"feedback_{name}_changelist")
    grow(board, staff, now, 2)
    desk_client.get(url)
    few = queries_of(desk_client, url)
    grow(board, staff, now, 18)
    assert queries_of(desk_client, url) == few


def test_the_page_before_shipping_costs_the_same_for_two_wishes_and_for_twenty(desk_client, board, staff, now):
    costs = []
    for count in (2, 20):
        wishes = [make_suggestion(board=board) for _number in range(count)]
        release = draft_release(product=board.product, version=str(count), title="T", by=staff, at=now, suggestions=wishes)
        costs.append(queries_of(desk_client, desk("feedback_release_ship", release.pk)))
    assert costs[0] == costs[1]


def test_the_case_of_a_large_cluster_costs_what_a_small_one_does(desk_client, board, staff, now):
    costs = []
    for count in (2, 20):
        root = make_suggestion(board=board)
        for _number in range(count):
            merge_suggestions(duplicate=make_suggestion(board=board), into=root, by=staff, at=now)
        desk_client.get(case(root))
        costs.append(queries_of(desk_client, case(root)))
    assert costs[0] == costs[1]
