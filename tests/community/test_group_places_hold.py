"""Whoever comes, goes, is invited or answered, in whatever order: places hold, and doors open for those inside alone."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from community.groups.entering import accept_application, apply_to_group, decline_application, invite_member
from community.groups.leaving import leave_group
from community.groups.memberships import membership_of, places_left
from community.groups.reading import Shown, rings_for, shown_groups
from community.models import GroupMembership, Layer, MembershipState, SegmentMember, TesterGroup
from community.refusals import Refused
from tests.factories import NOW, make_group, make_member

pytestmark = pytest.mark.django_db
PEOPLE, PLACES = 4, 2
steps = st.lists(
    st.tuples(st.sampled_from(["apply", "leave", "invite", "accept", "decline"]), st.integers(0, PEOPLE - 1)), max_size=12
)
laws = settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def people(db):
    return [make_member() for _ in range(PEOPLE)]


@pytest.fixture(params=[Layer.CLOSE, Layer.WIDE])
def group(request, db):
    return make_group("early", layer=request.param, capacity=PLACES)


def act(step, group, member, staff, at):
    """One step; what may not be is refused and changes nothing."""
    row = membership_of(group, member)
    try:
        if step == "apply":
            apply_to_group(group=group, member=member, words="I test trains.", agreed=True, at=at)
        elif step == "leave":
            leave_group(group=group, member=member, at=at)
        elif step == "invite":
            invite_member(group=group, member=member, by=staff, at=at)
        elif row is not None and step == "accept":
            accept_application(membership=row, by=staff, at=at)
        elif row is not None:
            decline_application(membership=row, reason="Next time.", by=staff, at=at)
    except Refused:
        pass


@laws
@given(said=steps)
def test_no_order_of_steps_gives_a_place_twice_or_opens_a_door_to_somebody_outside(group, people, staff, said):
    GroupMembership.objects.all().delete()
    SegmentMember.objects.all().delete()
    for minute, (step, who) in enumerate(said):
        act(step, group, people[who], staff, NOW + timedelta(minutes=minute))
        assert group.memberships.taking_places().count() <= PLACES
    inside = set(group.memberships.inside().values_list("member_id", flat=True))
    assert set(SegmentMember.objects.filter(segment=group.segment_id).values_list("member_id", flat=True)) == inside
    if group.layer == Layer.WIDE:
        assert not places_left(group) or not group.memberships.applied().exists()


def test_the_page_counts_what_the_rows_say(group, people, staff):
    for minute, (step, who) in enumerate(
        [("apply", 0), ("invite", 1), ("accept", 0), ("apply", 2), ("leave", 0), ("apply", 3)]
    ):
        act(step, group, people[who], staff, NOW + timedelta(minutes=minute))
        [shown] = shown_groups(people[who], at=NOW)
        row = membership_of(group, people[who])
        assert shown.inside == group.memberships.inside().count() and shown.left == places_left(group)
        assert shown.state == (row.state if row else "")


def stands(state="", *, level=2, at=NOW, changed=NOW, **fields):
    """How a reader stands to a group, without any database."""
    group = TesterGroup(**({"layer": Layer.CLOSE, "least_level": 1, "is_open": True} | fields))
    mine = GroupMembership(state=state, changed_at=changed) if state else None
    return Shown(group, 3, None, mine, level, at)


@pytest.mark.parametrize(
    ("shown", "may"),
    [
        (stands(), True), (stands(level=0), False), (stands(is_open=False), False), (stands("applied"), False),
        (stands("accepted"), False), (stands("resting"), False), (stands("left"), True), (stands("emeritus"), True),
        (stands("invited", is_open=False), True), (stands("invited", level=0), True),
        (stands("declined"), False), (stands("declined", at=NOW + timedelta(days=30)), True),
    ],
)  # fmt: skip
def test_who_may_apply_is_said_before_they_try(db, shown, may):
    assert shown.may_apply is may


def test_somebody_declined_hears_from_which_day_they_may_come_back(db):
    assert stands("declined").again_on == (NOW + timedelta(days=30)).date()
    assert stands("declined", at=NOW + timedelta(days=31)).again_on is None and stands("left").again_on is None


@pytest.mark.parametrize(
    ("layer", "left", "at_once"),
    [(Layer.WIDE, None, True), (Layer.WIDE, 1, True), (Layer.WIDE, 0, False), (Layer.CLOSE, 5, False)],
)
def test_only_an_open_layer_with_room_lets_one_in_at_once(db, layer, left, at_once):
    assert Shown(TesterGroup(layer=layer), 0, left, None, 0, NOW).at_once is at_once


def test_layers_without_a_group_are_no_rings_and_the_team_is_always_the_innermost(voter, staff, group):
    names = [ring.name for ring in rings_for(voter, shown_groups(voter, at=NOW))]
    assert names == ["visitor", "member", "contributor", "close" if group.layer == Layer.CLOSE else "wide", "staff"]
    assert [ring.reached for ring in rings_for(None, [])] == [True, False, False, False]
    assert rings_for(staff, [])[-1].reached


def test_an_invitation_keeps_its_place_whoever_else_comes(people, staff):
    group = make_group(layer=Layer.WIDE, capacity=1)
    invite_member(group=group, member=people[0], by=staff, at=NOW)
    act("apply", group, people[1], staff, NOW)
    assert membership_of(group, people[1]).state == MembershipState.APPLIED
    act("apply", group, people[0], staff, NOW)
    assert membership_of(group, people[0]).state == MembershipState.ACCEPTED
