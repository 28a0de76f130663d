"""Slots let higher apps show their part with one query per slot and page."""

import pytest
from django.test import RequestFactory

from community import slots
from community.models import Product
from community.sections import Week, all_sections


@pytest.fixture(autouse=True)
def empty_slots(monkeypatch):
    monkeypatch.setattr(slots, "REGISTER", {})


@pytest.fixture
def request_():
    return RequestFactory().get("/")


def test_an_empty_slot_shows_nothing(request_):
    assert slots.fill(request_, "nowhere", object()) == ""


def test_fillers_show_in_their_order(request_):
    slots.slot("row", order=2)(lambda request, thing, loaded: f"[second {thing}]")
    slots.slot("row", order=1)(lambda request, thing, loaded: f"[first {thing}]")
    assert slots.fill(request_, "row", 7) == "[first 7][second 7]"


@pytest.mark.django_db
def test_a_page_of_rows_costs_one_query_per_slot(request_, django_assert_num_queries):
    Product.objects.bulk_create([Product(slug=f"p{number}", name=f"P{number}") for number in range(20)])
    load = lambda request, things: dict(Product.objects.filter(slug__in=things).values_list("slug", "name"))  # noqa: E731
    slots.slot("row", prepare=load)(lambda request, thing, names: names[thing])
    things = [f"p{number}" for number in range(20)]
    with django_assert_num_queries(1):
        slots.prepare(request_, "row", things)
        assert [slots.fill(request_, "row", thing) for thing in things][:2] == ["P0", "P1"]


def test_an_unprepared_slot_prepares_itself(request_):
    slots.slot("row", prepare=lambda request, things: [thing * 2 for thing in things])(lambda r, thing, loaded: str(loaded[0]))
    assert slots.fill(request_, "row", 4) == "8"


def test_two_slots_that_need_the_same_load_it_once_and_other_things_anew(request_):
    asked = []
    load = lambda request, things: asked.append(things) or things[0]  # noqa: E731
    for name in ("head", "aside"):
        slots.slot(name, prepare=load)(lambda request, thing, loaded: loaded)
    assert [slots.fill(request_, name, "post") for name in ("head", "aside")] == ["post", "post"]
    slots.prepare(request_, "head", ["other"])
    assert slots.fill(request_, "head", "other") == "other" and asked == [["post"], ["other"]]


def test_two_requests_share_nothing(request_):
    slots.slot("row", prepare=lambda request, things: things[0])(lambda r, thing, loaded: str(loaded))
    slots.prepare(request_, "row", ["mine"])
    assert slots.fill(RequestFactory().get("/"), "row", "other") == "other"


def test_sections_of_the_digest_stand_in_a_steady_order():
    orders = [(entry.order, entry.name) for entry in all_sections()]
    assert orders == sorted(orders) and Week.__doc__
