"""Roles change on record, by administrators, and never one's own."""

import pytest

from community.models import Activity, Role
from community.refusals import Conflict, NotAllowed
from community.roles import change_role
from community.verbs import Verb
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def test_a_member_becomes_staff_and_it_is_on_record_since_when(author, admin_member):
    changed = change_role(member=author, role=Role.STAFF, by=admin_member, at=NOW)
    assert (changed.role, changed.is_staff, changed.is_superuser) == (Role.STAFF, True, False)
    fact = Activity.objects.get(verb=Verb.ROLE_CHANGED)
    assert (fact.subject_id, fact.at, fact.data) == (author.pk, NOW, {"before": "member", "after": "staff"})


def test_who_leaves_the_team_loses_its_rights(staff, admin_member):
    changed = change_role(member=staff, role=Role.MEMBER, by=admin_member, at=NOW)
    assert (changed.is_staff, changed.is_superuser) == (False, False)


def test_an_administrator_holds_every_right(author, admin_member):
    assert change_role(member=author, role=Role.ADMIN, by=admin_member, at=NOW).is_superuser


def test_staff_do_not_hand_out_roles(author, staff):
    with pytest.raises(NotAllowed):
        change_role(member=author, role=Role.STAFF, by=staff, at=NOW)


def test_nobody_changes_their_own_role(admin_member):
    with pytest.raises(Conflict):
        change_role(member=admin_member, role=Role.MEMBER, by=admin_member, at=NOW)


def test_the_same_role_again_is_no_change(author, admin_member):
    with pytest.raises(Conflict):
        change_role(member=author, role=Role.MEMBER, by=admin_member, at=NOW)
    assert not Activity.objects.filter(verb=Verb.ROLE_CHANGED).exists()
