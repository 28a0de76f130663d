"""Many come at once: a circle opens exactly once, has one steward, and nobody proposes twice."""

import pytest

from community.circles import joining, opening, stewards
from community.circles.joining import join_circle, leave_circle
from community.circles.stewards import offer_to_steward
from community.models import Activity, Board, BoardFollow, Circle
from tests.community.circling import as_it_is, come, make_circle, three_open_it  # noqa: F401
from tests.community.test_tester_groups_race import at_once
from tests.factories import NOW, make_member, make_product

pytestmark = pytest.mark.usefixtures("committed_db", "three_open_it")


def joins(circle: Circle, member):
    return lambda: join_circle(circle=circle, member=member, at=NOW)


@pytest.fixture
def nearly():
    """One more opens it."""
    make_product()
    return come(make_circle("Leipzig"), make_member())


def test_two_who_come_as_the_last_one_open_it_once(nearly):
    assert at_once(*[joins(nearly, make_member()) for _person in range(4)]) == ["done"] * 4
    assert Activity.objects.filter(verb="circle_opened").count() == Board.objects.count() == 1
    assert BoardFollow.objects.filter(board=as_it_is(nearly).board).count() == 6


def test_without_the_lock_they_do_not(nearly, monkeypatch):
    """The control: where nobody waits for anybody, both of them see the third one come, and only a constraint stops them."""
    for module in (joining, stewards, opening):
        monkeypatch.setattr(module, "lock_circle", lambda circle: Circle.objects.get(pk=circle.pk))
    came = at_once(*[joins(nearly, make_member()) for _person in range(6)])
    assert came != ["done"] * 6 or BoardFollow.objects.count() < 8


def test_the_last_member_and_the_steward_cross_and_it_opens_once():
    make_product()
    circle, first = make_circle(keeps=False), make_member()
    come(circle, first)
    offers = [lambda: offer_to_steward(circle=circle, member=first, at=NOW)]
    assert at_once(*offers, joins(circle, make_member()), joins(circle, make_member())) == ["done"] * 3
    assert Activity.objects.filter(verb="circle_opened").count() == 1


def test_of_two_who_offer_themselves_one_is_it():
    circle, people = make_circle(keeps=False), [make_member() for _person in range(2)]
    come(circle, people[0])
    made = Circle.objects.get()
    come(made, people[1])
    came = at_once(*[lambda one=one: offer_to_steward(circle=made, member=one, at=NOW) for one in people])
    assert sorted(came) == ["done", "refused"] and list(as_it_is(made).board.moderators.all()) == [as_it_is(made).steward]


def test_coming_and_going_cross_without_a_deadlock():
    make_product()
    people = [make_member() for _person in range(4)]
    circle = come(make_circle(keeps=True), *people)
    leavers = [lambda one=one: leave_circle(circle=circle, member=one, at=NOW) for one in people]
    assert at_once(*leavers, *[joins(circle, make_member()) for _person in range(3)]) == ["done"] * 7
    assert circle.memberships.count() == 4 == BoardFollow.objects.filter(board=circle.board).count()


def test_one_who_presses_twice_proposes_once():
    author = make_member()
    came = at_once(*[lambda name=name: make_circle(name, by=author) for name in ("Leipzig", "Dresden")])
    assert sorted(came) == ["done", "refused"] and Circle.objects.count() == 1


def test_of_two_who_propose_the_same_the_second_is_led_to_the_first():
    people = [make_member() for _person in range(2)]
    came = at_once(*[lambda one=one: make_circle("Leipzig", by=one) for one in people])
    assert sorted(came) == ["done", "refused"] and Circle.objects.count() == 1
