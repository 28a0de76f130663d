"""Rights come from role, trust and level, and a refusal says so in a sentence."""

import pytest

from community.privileges import RULES, Privilege, has, require
from community.refusals import NotAllowed
from tests.factories import NOW, make_admin, make_member, make_moderator, make_newcomer, make_staff

pytestmark = pytest.mark.django_db

LADDER = {
    Privilege.VOTE: "newcomer member moderator staff admin",
    Privilege.WRITE: "newcomer member moderator staff admin",
    Privilege.PROPOSE_MERGE: "member moderator staff admin",
    Privilege.MODERATE: "moderator staff admin",
    Privilege.TRIAGE: "staff admin",
    Privilege.MERGE: "staff admin",
    Privilege.PLAN: "staff admin",
    Privilege.SHIP: "staff admin",
    Privilege.CONFIGURE: "admin",
}


@pytest.fixture
def people():
    makers = {
        "newcomer": make_newcomer,
        "member": make_member,
        "moderator": make_moderator,
        "staff": make_staff,
        "admin": make_admin,
    }
    return {name: make() for name, make in makers.items()}


@pytest.mark.parametrize("privilege", list(LADDER))
def test_each_right_is_held_from_its_step_up(people, privilege):
    assert [name for name, member in people.items() if has(member, privilege)] == LADDER[privilege].split()


def test_every_privilege_has_a_rule():
    assert set(RULES) == set(Privilege)


def test_a_visitor_is_asked_to_sign_in_and_a_member_told_what_lacks():
    with pytest.raises(NotAllowed, match="sign in") as refusal:
        require(None, Privilege.VOTE)
    assert refusal.value.code == "sign-in"
    with pytest.raises(NotAllowed, match="right"):
        require(make_member(), Privilege.TRIAGE)


@pytest.mark.parametrize("end", [{"is_active": False}, {"closed_at": NOW}])
def test_a_closed_account_has_no_right_at_all(end):
    assert not has(make_admin(**end), Privilege.VOTE)
