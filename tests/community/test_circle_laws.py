"""Whatever people do in whatever order: who is in it is counted right, it opens when first both are there, and never closes."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from community.circles.joining import join_circle, leave_circle
from community.circles.stewards import lay_down_stewardship, offer_to_steward
from community.follows import Ear, Thing, ear_of
from community.models import Activity, Circle
from community.refusals import Refused
from tests.community.circling import as_it_is, make_circle, three_open_it  # noqa: F401
from tests.factories import NOW, make_member, make_product

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("three_open_it")]
DEEDS = {"join": join_circle, "leave": leave_circle, "offer": offer_to_steward, "lay down": lay_down_stewardship}
ACTS = st.lists(st.tuples(st.integers(0, 4), st.sampled_from([*DEEDS, "join"])), max_size=16)
LOOSE = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def people():
    make_product()
    return [make_member() for _number in range(5)]


class Model:
    """The rules in a few lines of plain Python."""

    def __init__(self, first: int, keeps: bool) -> None:
        self.inside, self.steward, self.opened = {first}, first if keeps else None, -1

    def do(self, who: int, deed: str, minute: int) -> None:
        if deed == "join":
            self.inside.add(who)
        elif deed == "leave":
            self.inside.discard(who)
            self.steward = None if self.steward == who else self.steward
        elif deed == "offer" and self.steward is None and who in self.inside:
            self.steward = who
        elif deed == "lay down" and self.steward == who:
            self.steward = None
        if self.opened < 0 and len(self.inside) >= 3 and self.steward is not None:
            self.opened = minute


def play(people, acts, keeps: bool) -> tuple[Circle, Model]:
    """The acts happen for real and in the model, a minute apart; what is refused is refused."""
    Circle.objects.all().delete()
    circle, model = make_circle("Leipzig", by=people[0], keeps=keeps), Model(0, keeps)
    for minute, (who, deed) in enumerate(acts):
        model.do(who, deed, minute)
        try:
            DEEDS[deed](circle=circle, member=people[who], at=NOW + timedelta(minutes=minute))
        except Refused:
            assert deed in ("offer", "lay down")
    return as_it_is(circle), model


@LOOSE
@given(acts=ACTS, keeps=st.booleans())
def test_it_is_as_the_rules_say(people, acts, keeps):
    circle, model = play(people, acts, keeps)
    assert set(circle.memberships.values_list("member_id", flat=True)) == {people[who].pk for who in model.inside}
    assert circle.steward == (people[model.steward] if model.steward is not None else None)
    assert circle.opened_at == (NOW + timedelta(minutes=model.opened) if model.opened >= 0 else None)


@LOOSE
@given(acts=ACTS, keeps=st.booleans())
def test_it_opens_at_most_once_and_nothing_closes_it(people, acts, keeps):
    circle, _model = play(people, acts, keeps)
    assert Activity.objects.filter(verb="circle_opened", subject_id=circle.pk).count() == (circle.board is not None)
    assert circle.closed_at is None


@LOOSE
@given(acts=ACTS, keeps=st.booleans())
def test_the_board_is_kept_by_the_steward_and_followed_by_who_is_in_it(people, acts, keeps):
    circle, _model = play(people, acts, keeps)
    if circle.board is None:
        return
    assert list(circle.board.moderators.all()) == [one for one in [circle.steward] if one is not None]
    inside = set(circle.memberships.values_list("member_id", flat=True))
    assert {one.pk for one in people if ear_of(one, Thing.BOARD, circle.board) == Ear.FOLLOW} == inside


@LOOSE
@given(acts=ACTS, keeps=st.booleans())
def test_the_record_alone_tells_who_is_in_it(people, acts, keeps):
    circle, _model = play(people, acts, keeps)
    facts = Activity.objects.filter(subject_id=circle.pk).order_by("pk")
    inside = {people[0].pk}
    for verb, data in facts.filter(verb__in=["circle_joined", "circle_left"]).values_list("verb", "data"):
        (inside.add if verb == "circle_joined" else inside.discard)(data["member_id"])
    assert inside == set(circle.memberships.values_list("member_id", flat=True))
