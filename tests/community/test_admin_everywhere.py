"""Every list of the community's admin: who comes in, who may do what, that it opens, searches, sorts and filters, and its price."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.test import RequestFactory

from tests.community.admin_rows import ROWS
from tests.factories import make_admin, make_member, make_moderator, make_newcomer, make_staff
from tests.feedback.desks import at_the_desk, desk, queries_of

pytestmark = pytest.mark.django_db
LISTS = sorted(ROWS)
# From whom on a row may be changed, added and deleted; everything else is only looked at.
CHANGED_BY = {
    "moderator": ["comment", "post", "tag"],
    "staff": ["claim", "contest", "groupmembership", "meetup", "posttemplate"],
    "admin": ["board", "careplan", "delivery", "houserules", "mailpause", "member", "persona", "product", "segment",
              "testergroup", "watchedword"],
}  # fmt: skip
ADDED = ["board", "careplan", "contest", "houserules", "meetup", "persona", "posttemplate", "product", "segment", "testergroup",
         "watchedword"]  # fmt: skip
DELETED = ["posttemplate", "watchedword"]


def page_of(name):
    return admin.site.get_model_admin(apps.get_model("community", name))


def asked_by(member):
    request = RequestFactory().get("/")
    request.user = member
    return request


ROLES = {
    "newcomer": make_newcomer,
    "member": make_member,
    "moderator": make_moderator,
    "staff": make_staff,
    "admin": make_admin,
}


@pytest.fixture
def may():
    """Who is allowed it, from below."""
    requests = {role: asked_by(make()) for role, make in ROLES.items()}
    return lambda ask: [role for role, request in requests.items() if ask(request)]


@pytest.mark.parametrize("name", LISTS)
def test_each_page_is_seen_by_staff_and_changed_from_its_step_up(may, name):
    page = page_of(name)
    least = next((role for role, names in CHANGED_BY.items() if name in names), None)
    from_there_up = list(ROLES)[list(ROLES).index(least) :] if least else []
    assert may(page.has_view_permission) == may(page.has_module_permission) == ["staff", "admin"]
    assert may(page.has_change_permission) == from_there_up
    assert may(page.has_add_permission) == (from_there_up if name in ADDED else [])
    assert may(page.has_delete_permission) == (from_there_up if name in DELETED else [])


@pytest.mark.parametrize(
    "end", [{"is_active": False}, {"closed_at": "2026-01-01T00:00Z"}, {"suspended_at": "2026-01-01T00:00Z"}]
)
def test_whoever_may_not_act_any_more_sees_no_page(end):
    gone = make_admin()
    type(gone).objects.filter(pk=gone.pk).update(**end)
    request = asked_by(type(gone).objects.get(pk=gone.pk))
    assert not any(page_of(name).has_view_permission(request) or page_of(name).has_change_permission(request) for name in LISTS)


@pytest.mark.parametrize("make", [make_newcomer, make_member, make_moderator])
def test_nobody_below_staff_gets_in_by_any_list(client, make):
    at_the_desk(client, make())
    assert {client.get(desk(f"community_{name}_changelist")).status_code for name in LISTS} == {403}


def test_a_visitor_signs_in_first(client):
    assert all("login" in client.get(desk(f"community_{name}_changelist"))["Location"] for name in LISTS)


@pytest.mark.parametrize("name", sorted(set(LISTS) - set(ADDED)))
def test_nothing_is_added_where_only_operations_add(client, admin_member, name):
    at_the_desk(client, admin_member)
    assert (
        client.get(desk(f"community_{name}_add")).status_code == client.post(desk(f"community_{name}_add")).status_code == 403
    )


@pytest.mark.parametrize("name", sorted(set(LISTS) - set(DELETED)))
def test_nothing_is_deleted_by_hand_not_even_by_administrators(client, admin_member, name):
    """Neither from a row's own page nor by ticking it in the list."""
    ROWS[name]()
    at_the_desk(client, admin_member)
    table = apps.get_model("community", name).objects
    row, before = table.order_by("pk").first(), table.count()
    assert client.post(desk(f"community_{name}_delete", row.pk), {"post": "yes"}).status_code == 403
    client.post(
        desk(f"community_{name}_changelist"), {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
    )
    assert table.count() == before and "delete_selected" not in page_of(name).get_actions(asked_by(admin_member))


@pytest.mark.parametrize("name", DELETED)
def test_what_may_be_deleted_is_deleted_one_by_one(client, admin_member, name):
    """Ticking many would go past the operation that says what follows."""
    ROWS[name](), ROWS[name]()
    at_the_desk(client, admin_member)
    table = apps.get_model("community", name).objects
    ticked = [row.pk for row in table.all()]
    client.post(desk(f"community_{name}_changelist"), {"action": "delete_selected", "_selected_action": ticked, "post": "yes"})
    assert table.count() == 2
    assert client.post(desk(f"community_{name}_delete", ticked[0]), {"post": "yes"}).status_code == 302 and table.count() == 1


READ_ONLY = ["activity", "mailing", "notice", "poll"]


@pytest.mark.parametrize("name", READ_ONLY)
def test_the_record_is_looked_at_and_changed_by_nobody(client, admin_member, name):
    ROWS[name]()
    at_the_desk(client, admin_member)
    row = apps.get_model("community", name).objects.order_by("pk").last()
    before = type(row).objects.filter(pk=row.pk).values().get()
    address = desk(f"community_{name}_change", row.pk)
    page = client.get(address).content.decode()
    assert 'name="_save"' not in page and client.post(address, {"kind": "x", "key": "x", "verb": "x"}).status_code == 403
    assert type(row).objects.filter(pk=row.pk).values().get() == before


@pytest.mark.parametrize("name", CHANGED_BY["admin"])
def test_what_administrators_set_staff_only_read(client, staff, name):
    ROWS[name]()
    at_the_desk(client, staff)
    row = apps.get_model("community", name).objects.order_by("pk").last()
    address = desk(f"community_{name}_change", row.pk)
    assert 'name="_save"' not in client.get(address).content.decode()
    assert client.post(address, {"name": "Mine now"}).status_code == 403


@pytest.fixture
def colleague(client, staff):
    return at_the_desk(client, staff)


@pytest.mark.parametrize("name", LISTS)
def test_twenty_rows_cost_no_more_queries_than_two(colleague, name):
    address = desk(f"community_{name}_changelist")
    for _row in range(2):
        ROWS[name]()
    colleague.get(address)
    few = queries_of(colleague, address)
    for _row in range(18):
        ROWS[name]()
    assert len(colleague.get(address).context["cl"].result_list) >= 20
    assert queries_of(colleague, address) == few


@pytest.mark.parametrize("name", LISTS)
def test_each_list_sorts_by_every_column_and_filters_by_every_choice(colleague, name):
    for _row in range(2):
        ROWS[name]()
    address = desk(f"community_{name}_changelist")
    shown = colleague.get(address).context["cl"]
    columns = range(1, len(shown.list_display) + 1)
    asked = [f"?o={'.'.join(f'{way}{place}' for place in columns)}" for way in ("", "-")]
    asked += [choice["query_string"] for spec in shown.filter_specs for choice in list(spec.choices(shown))[1:2]]
    for query in asked:
        answer = colleague.get(address + query)
        assert answer.status_code == 200 and not (
            set(answer.context["cl"].get_queryset(answer.wsgi_request)) - set(shown.queryset)
        )


@pytest.mark.parametrize("name", LISTS)
def test_whatever_is_typed_into_search_or_an_address_opens_a_page(colleague, name):
    ROWS[name]()
    address, page = desk(f"community_{name}_changelist"), page_of(name)
    params = [spec.parameter_name for spec in page.list_filter if hasattr(spec, "parameter_name")]
    for param in ["q", "o", "p", "nonsense", *params]:
        for words in ("%00", "-99'<充电%25"):
            assert colleague.get(f"{address}?{param}={words}").status_code in (200, 302), (param, words)


SEARCHED = [name for name in LISTS if name not in ("activity", "careplan", "houserules", "persona", "product")]


@pytest.mark.parametrize("name", SEARCHED)
def test_what_nobody_wrote_is_found_nowhere(colleague, name):
    ROWS[name]()
    address = desk(f"community_{name}_changelist")
    assert colleague.get(address).context["cl"].result_count >= 1
    assert colleague.get(f"{address}?q=qxzyqxzy").context["cl"].result_count == 0


def test_each_page_of_the_admin_has_its_rows_here():
    """A new page joins these tests, or it would be opened by nobody before staff do."""
    registered = {model._meta.model_name for model in admin.site._registry if model._meta.app_label == "community"}
    assert set(ROWS) <= registered and {name for names in CHANGED_BY.values() for name in names} | set(READ_ONLY) == set(ROWS)
