"""Who joins or leaves the team is on record since when: what somebody earned before they joined stays theirs."""

import pytest

from community.models import Activity, Role
from community.staffing import appoint_member
from community.verbs import Verb
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def facts():
    return list(Activity.objects.filter(verb=Verb.ROLE_CHANGED).order_by("pk").values_list("subject_id", "at", "data"))


def test_a_new_role_is_on_record_with_what_it_was_before(author, admin_member):
    appoint_member(member=author, role=Role.STAFF, staff_title="Battery team", by=admin_member, at=NOW)
    assert facts() == [(author.pk, NOW, {"before": "member", "after": "staff"})]
    assert Activity.objects.get(verb=Verb.ROLE_CHANGED).actor == admin_member


def test_who_leaves_the_team_is_on_record_too(staff, admin_member):
    appoint_member(member=staff, role=Role.MEMBER, staff_title="", by=admin_member, at=NOW)
    assert facts() == [(staff.pk, NOW, {"before": "staff", "after": "member"})]


def test_another_title_is_no_other_role(staff, admin_member):
    appoint_member(member=staff, role=Role.STAFF, staff_title="Camera team", by=admin_member, at=NOW)
    assert facts() == []
