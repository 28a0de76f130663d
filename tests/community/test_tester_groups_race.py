"""Many come at once: no place is given twice, nobody is written down twice, and segments end up true."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from community.groups.entering import accept_application, apply_to_group
from community.groups.leaving import leave_group
from community.models import GroupMembership, Layer, Segment, SegmentMember
from community.models import TesterGroup as Group
from community.refusals import Conflict
from community.segments import rebuild_segment, refresh_members
from tests.factories import NOW, make_group, make_member, make_segment, make_staff

pytestmark = pytest.mark.usefixtures("committed_db")


def at_once(*acts: Callable[[], object]) -> list[str]:
    """All of them at the same moment, each in a connection of its own; what each came to."""
    gate, came = threading.Barrier(len(acts)), [""] * len(acts)

    def run(place: int) -> None:
        gate.wait()
        try:
            acts[place]()
            came[place] = "done"
        except Conflict:
            came[place] = "refused"
        except Exception as fault:  # noqa: BLE001 - a deadlock must not look like nothing
            came[place] = repr(fault)
        finally:
            connection.close()

    runners = [threading.Thread(target=run, args=(place,)) for place in range(len(acts))]
    for runner in runners:
        runner.start()
    for runner in runners:
        runner.join()
    return came


def come(group: Group, member) -> Callable[[], object]:
    return lambda: apply_to_group(group=group, member=member, words="Me", agreed=False, at=NOW)


def test_the_last_place_goes_to_one_of_those_who_come_at_once():
    group = make_group("wide", layer=Layer.WIDE, capacity=2)
    came = at_once(*[come(group, make_member()) for _number in range(6)])
    assert came == ["done"] * 6
    assert sorted(GroupMembership.objects.values_list("state", flat=True)) == ["accepted"] * 2 + ["applied"] * 4
    assert SegmentMember.objects.filter(segment=group.segment).count() == 2


def test_two_colleagues_do_not_give_one_place_twice():
    group, staff = make_group("close", capacity=1), make_staff()
    rows = [apply_to_group(group=group, member=make_member(), words="Me", agreed=False, at=NOW) for _number in range(4)]
    came = at_once(*[lambda row=row: accept_application(membership=row, by=staff, at=NOW) for row in rows])
    assert sorted(came) == ["done"] + ["refused"] * 3
    assert group.memberships.inside().count() == 1


def test_one_who_presses_twice_is_in_once():
    group, member = make_group("wide", layer=Layer.WIDE), make_member()
    assert sorted(at_once(come(group, member), come(group, member))) == ["done", "refused"]
    assert SegmentMember.objects.filter(member=member).count() == 1


def test_leaving_and_coming_cross_without_a_deadlock():
    members = [make_member() for _number in range(3)]
    group = make_group("wide", layer=Layer.WIDE, capacity=3, members=members)
    waiting = [make_member() for _number in range(3)]
    leavers = [lambda member=member: leave_group(group=group, member=member, at=NOW) for member in members]
    assert at_once(*leavers, *[come(group, member) for member in waiting]) == ["done"] * 6
    inside = set(group.memberships.inside().values_list("member_id", flat=True))
    assert inside == {member.pk for member in waiting}
    assert set(SegmentMember.objects.filter(segment=group.segment).values_list("member_id", flat=True)) == inside


def test_a_rebuild_and_many_refreshes_at_once_end_in_the_truth():
    segment = make_segment(rule={"level": 2})
    other = make_segment(rule={"trust": 2, "level": 1})
    people = [make_member(level=number % 4) for number in range(12)]
    acts = [lambda one=one: rebuild_segment(segment=one, at=NOW) for one in (segment, other)]
    acts += [lambda ids=[p.pk for p in people[n::3]]: refresh_members(member_ids=ids, at=NOW) for n in range(3)]
    assert at_once(*acts) == ["done"] * 5
    for one, least in ((segment, 2), (other, 1)):
        kept = set(SegmentMember.objects.filter(segment=one).values_list("member_id", flat=True))
        assert kept == {person.pk for person in people if person.level >= least}
    assert Segment.objects.count() == 2
