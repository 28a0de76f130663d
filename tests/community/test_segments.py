"""Who belongs to a segment is written down, and stays true whatever happens."""

from datetime import timedelta

import pytest
from django.utils import timezone

from community import members, tasks
from community.deliveries import drain
from community.models import Activity, MemberDay, Segment, SegmentMember
from community.posts import delete_post
from community.refusals import Invalid, NotAllowed
from community.segments import arrange_segment, count_of, rebuild_segment, rebuild_segments, refresh_members
from community.staffing import appoint_member
from tests.factories import NOW, make_group, make_member, make_persona, make_post, make_segment

pytestmark = pytest.mark.django_db


def inside(segment: Segment) -> set[int]:
    return set(SegmentMember.objects.filter(segment=segment).values_list("member_id", flat=True))


def test_a_segment_is_kept_with_everybody_it_means(author, voter, admin_member, now):
    segment = Segment(slug="hands", name="Hands")
    arrange_segment(segment=segment, rule={"level": 0}, added=[], excluded=[voter], by=admin_member, at=now)
    assert author.pk in inside(segment) and voter.pk not in inside(segment)
    assert Activity.objects.get(verb="segment_arranged").data == {"rule": {"match": "all", "level": 0}, "members": 1}


def test_hands_go_before_the_rule_and_leaving_out_before_adding(author, voter, admin_member, now):
    segment = Segment(slug="hands", name="Hands")
    people = {"added": [author, voter], "excluded": [voter]}
    arrange_segment(segment=segment, rule={}, by=admin_member, at=now, **people)
    assert inside(segment) == {author.pk}


def test_a_rule_that_cannot_be_read_is_refused_beside_its_field(admin_member, now):
    with pytest.raises(Invalid) as refused:
        arrange_segment(segment=Segment(slug="odd", name="Odd"), rule={"level": -2}, by=admin_member, at=now)
    assert "level" in refused.value.fields and not Segment.objects.exists()


def test_only_administrators_arrange_segments(staff, now):
    with pytest.raises(NotAllowed):
        arrange_segment(segment=Segment(slug="mine", name="Mine"), rule={}, by=staff, at=now)


def test_a_groups_own_segment_is_not_arranged_by_hand(admin_member, now):
    with pytest.raises(Invalid, match="tester group"):
        arrange_segment(segment=make_group().segment, rule={"level": 0}, by=admin_member, at=now)


def test_the_live_count_writes_nothing(author, voter, staff):
    before = SegmentMember.objects.count()
    assert count_of({"level": 0}, at=NOW, added=[staff.pk], excluded=[voter.pk]) == (2, 2)
    assert SegmentMember.objects.count() == before


def test_a_rebuild_takes_two_statements_whatever_the_size(django_assert_max_num_queries):
    for _number in range(20):
        make_member(level=2)
    segment = make_segment(rule={"level": 2})
    SegmentMember.objects.all().delete()
    with django_assert_max_num_queries(7):
        assert rebuild_segment(segment=segment, at=NOW) == 20


def test_a_level_reached_lets_one_in_and_a_level_lost_out_again(voter):
    segment = make_segment(rule={"level": 3})
    members.set_level(member=voter, level=3, at=timezone.now(), cause="t:1")
    drain()
    assert inside(segment) == {voter.pk}
    members.set_level(member=voter, level=2, at=timezone.now(), cause="t:2")
    drain()
    assert inside(segment) == set()


def test_a_language_a_zone_and_a_device_count_from_the_moment_they_are_chosen(voter):
    rule = {"languages": ["zh-hans"], "zones": ["Asia"], "devices": ["linden"]}
    segment = make_segment(rule=rule)
    chosen = {"language": "zh-hans", "time_zone": "Asia/Shanghai", "device": "  Linden   One 2 "}
    members.edit_profile(member=voter, display_name="Tomasz", bio="", at=timezone.now(), **chosen)
    drain()
    assert inside(segment) == {voter.pk} and voter.device == "Linden One 2"


def test_a_device_that_no_form_asked_about_stays(voter):
    voter.device = "Linden One"
    members.edit_profile(member=voter, display_name="T", bio="", language="en", time_zone="UTC", at=NOW)
    voter.refresh_from_db()
    assert voter.device == "Linden One" and not Activity.objects.filter(verb="profile_changed").exists()


def test_a_persona_and_a_post_count_at_once(voter):
    by_persona, by_posts = make_segment(rule={"personas": ["commuter"]}), make_segment(rule={"posts": 1})
    members.choose_persona(member=voter, persona=make_persona("commuter"), at=timezone.now())
    post = make_post(author=voter)
    drain()
    assert inside(by_persona) == inside(by_posts) == {voter.pk}
    delete_post(post=post, by=voter, at=timezone.now())
    drain()
    assert inside(by_posts) == set()


def test_whoever_joins_the_team_leaves_the_fans(voter, admin_member):
    segment = make_segment(rule={"trust": 2})
    appoint_member(member=voter, role="staff", staff_title="", by=admin_member, at=timezone.now())
    drain()
    assert voter.pk not in inside(segment)


def test_what_time_changes_is_looked_at_by_the_clock(voter):
    segment, still = make_segment(rule={"active_days": 7}), make_segment(rule={"level": 0})
    SegmentMember.objects.all().delete()
    MemberDay.objects.create(member=voter, day=timezone.now().date())
    assert tasks.rebuild_segments() == 1
    assert (inside(segment), inside(still)) == ({voter.pk}, set())
    assert tasks.rebuild_segments(everything=True) == 2
    assert voter.pk in inside(still)
    assert rebuild_segments(at=timezone.now() + timedelta(days=30), drifting=True) == 1
    assert inside(segment) == set()


def test_segments_that_ask_for_something_else_are_left_alone(voter, django_assert_num_queries):
    make_segment(rule={"level": 3})
    with django_assert_num_queries(3):  # the savepoint and one look
        assert refresh_members(member_ids=[voter.pk], at=NOW, touched=["languages"]) == 0


def test_refreshing_few_never_touches_the_others(author, voter):
    segment = make_segment(rule={"level": 0})
    SegmentMember.objects.filter(segment=segment).delete()
    refresh_members(member_ids=[voter.pk], at=NOW)
    assert inside(segment) == {voter.pk}
