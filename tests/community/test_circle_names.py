"""Names of circles: what says the same is the same, what differs stays apart, and every one has an address."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.circles.naming import alike, find_alike, fold_name, slug_for


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Photographers", "The Photographers' Circle"),
        ("Photographers", "photographer"),
        ("Leipzig", "LEIPZIG!"),
        ("Ｌｅｉｐｚｉｇ", "leipzig group"),
        ("上海", "上海圈子"),
        ("攝影師", "摄影师同好会"),
        ("Long-distance runners", "Long distance runner"),
    ],
)
def test_names_that_say_the_same_are_alike(one, other):
    assert alike(fold_name(one), fold_name(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hamburg", "Homburg"),
        ("北京", "南京"),
        ("Class of 2025, Leipzig", "Class of 2026, Leipzig"),
        ("Photographers", "Phonographers of Berlin"),
        ("Cats", "Bats"),
    ],
)
def test_names_that_mean_others_are_not(one, other):
    assert not alike(fold_name(one), fold_name(other))


def test_a_name_of_nothing_but_an_ending_keeps_it():
    assert fold_name("Circle") == "circle" and fold_name("The Club") == "club" and fold_name("圈子") == "圈子"


def test_the_equal_name_is_found_before_the_like_one():
    assert find_alike("photographers", ["photographer", "photographers"]) == "photographers"
    assert find_alike("gardeners", ["photographers"]) is None


@given(st.text(max_size=60))
def test_folding_is_done_once_and_never_too_long(name):
    key = fold_name(name)
    assert len(key) <= 60 and all(sign.isalnum() for sign in key)
    assert alike(key, key)


@given(st.text(max_size=40), st.text(max_size=40))
def test_alike_has_no_direction(one, other):
    assert alike(fold_name(one), fold_name(other)) == alike(fold_name(other), fold_name(one))


def test_addresses_are_latin_and_numbered_where_they_must_be():
    assert slug_for("Leipzig", "city", set()) == "leipzig"
    assert slug_for("Leipzig", "city", {"leipzig", "leipzig-2"}) == "leipzig-3"
    assert slug_for("上海", "city", set()) == "city" and slug_for("北京", "city", {"city"}) == "city-2"


def test_no_circle_takes_the_address_of_the_form():
    assert slug_for("New", "interest", set()) == "new-2"


@given(st.text(max_size=60), st.sets(st.sampled_from(["city", "city-2", "a", "b-2"])))
def test_an_address_is_always_free_and_fits(name, taken):
    slug = slug_for(name, "city", taken)
    assert slug not in taken and 0 < len(slug) <= 40 and slug.isascii()
