"""Who belongs to the team, and who may sign in."""

import pytest

from community.models import Activity, Member
from community.refusals import Conflict, Invalid, NotAllowed
from community.staffing import appoint_member, bar_member
from tests.factories import make_admin

pytestmark = pytest.mark.django_db


def fresh(member):
    return Member.objects.get(pk=member.pk)


def test_staff_enter_the_admin_and_administrators_may_do_all(author, admin_member, now):
    for role, rights in (("staff", (True, False)), ("admin", (True, True)), ("moderator", (False, False))):
        appoint_member(member=author, role=role, staff_title=" Battery team ", by=admin_member, at=now)
        assert (fresh(author).is_staff, fresh(author).is_superuser) == rights
    assert fresh(author).staff_title == "Battery team"


def test_whose_votes_begin_or_cease_to_count_is_on_record(author, admin_member, now):
    appoint_member(member=author, role="moderator", staff_title="", by=admin_member, at=now)
    assert not Activity.objects.filter(verb="member_changed").exists()
    appoint_member(member=author, role="staff", staff_title="", by=admin_member, at=now)
    assert Activity.objects.filter(verb="member_changed", subject_id=author.pk).count() == 1


def test_the_last_administrator_stays(admin_member, now):
    with pytest.raises(Conflict):
        appoint_member(member=admin_member, role="staff", staff_title="", by=admin_member, at=now)
    make_admin("Second")
    appoint_member(member=admin_member, role="staff", staff_title="", by=admin_member, at=now)
    assert fresh(admin_member).role == "staff"


def test_there_is_no_role_nobody_knows(author, admin_member, now):
    with pytest.raises(Invalid):
        appoint_member(member=author, role="queen", staff_title="", by=admin_member, at=now)


def test_only_administrators_appoint_and_bar(author, staff, now):
    with pytest.raises(NotAllowed):
        appoint_member(member=author, role="staff", staff_title="", by=staff, at=now)
    with pytest.raises(NotAllowed):
        bar_member(member=author, barred=True, by=staff, at=now)


def test_a_barred_member_cannot_sign_in_until_the_door_is_open_again(author, admin_member, now):
    bar_member(member=author, barred=True, by=admin_member, at=now)
    assert not fresh(author).is_active
    bar_member(member=author, barred=False, by=admin_member, at=now)
    assert fresh(author).is_active


def test_nobody_shuts_the_door_on_themselves(admin_member, now):
    with pytest.raises(Conflict):
        bar_member(member=admin_member, barred=True, by=admin_member, at=now)
