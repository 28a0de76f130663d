"""Members join once, are trusted by what they did, and never by points."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community import members
from community.models import Activity, Member, MemberDay
from community.refusals import Invalid
from community.tasks import reassess_trust
from community.trust import Facts, trust_of
from tests.factories import NOW, make_member, make_newcomer, make_persona

pytestmark = pytest.mark.django_db


def facts(**said):
    whole = {"joined_at": NOW - timedelta(days=20), "verified": True, "active_days": 6, "reads": 4, "limited_until": None}
    return Facts(**(whole | said))


@pytest.mark.parametrize(
    ("said", "trust"),
    [
        ({}, 2),
        ({"joined_at": NOW - timedelta(days=13, hours=23)}, 1),
        ({"active_days": 4}, 1),
        ({"reads": 2}, 1),
        ({"reads": 0}, 0),
        ({"joined_at": NOW - timedelta(hours=23)}, 0),
        ({"verified": False}, 0),
        ({"limited_until": NOW + timedelta(days=1)}, 0),
        ({"limited_until": NOW - timedelta(days=1)}, 2),
    ],
)
def test_trust_follows_from_the_facts(said, trust):
    assert trust_of(facts(**said), at=NOW) == trust


@given(days=st.integers(0, 100), active=st.integers(0, 50), reads=st.integers(0, 50), more=st.integers(0, 50))
def test_doing_more_never_lowers_trust(days, active, reads, more):
    now = facts(joined_at=NOW - timedelta(days=days), active_days=active, reads=reads)
    later = facts(joined_at=NOW - timedelta(days=days + more), active_days=active + more, reads=reads + more)
    assert trust_of(later, at=NOW) >= trust_of(now, at=NOW)


def test_a_new_member_has_a_cohort_and_is_on_record():
    member = members.welcome_member(member=make_newcomer(cohort="", verified_at=None, claimed_at=None), at=NOW)
    assert member.cohort == "week:2026-W47" and member.verified_at == member.claimed_at == NOW
    assert Activity.objects.get(key=f"member_joined:{member.pk}").data == {"cohort": "week:2026-W47"}


def test_a_referral_code_is_the_cohort():
    assert members.sign_up_cohort(at=NOW, code="kol-7") == "code:kol-7"


def test_the_cohort_stays_as_it_was_at_sign_up():
    member = members.welcome_member(member=make_newcomer(cohort="code:a"), at=NOW, code="b")
    assert member.cohort == "code:a"


def test_a_name_in_addresses_tells_nothing_of_the_mail_address():
    names = {members.fresh_username() for _ in range(20)}
    assert len(names) == 20 and all(name.startswith("fan-") for name in names)


def test_a_wished_name_that_is_taken_gets_letters_behind_it():
    make_member(username="mara")
    assert members.fresh_username("Mara").startswith("mara-")


def test_a_day_counts_once_and_every_read_until_it_is_silly(voter):
    before = voter.active_days
    for _ in range(60):
        members.note_visit(member=voter, at=NOW, read=True)
    members.note_visit(member=voter, at=NOW + timedelta(days=1), read=False)
    voter.refresh_from_db()
    assert voter.active_days == before + 2 and voter.reads == 30 + 50
    assert MemberDay.objects.filter(member=voter).count() == 2


def test_trust_that_changed_is_recorded_and_weighs_votes_anew(voter):
    newcomer = make_newcomer(joined_at=NOW - timedelta(days=30), active_days=9, reads=9)
    changed = members.reassess_trust(members=[newcomer, voter], at=NOW)
    assert changed == [newcomer] and newcomer.trust == 2
    assert Activity.objects.get(verb="member_changed").data["trust"] == 2


def test_the_nightly_task_looks_at_every_claimed_member(time_machine):
    time_machine.move_to(NOW)
    aged = make_newcomer(joined_at=NOW - timedelta(days=30), active_days=9, reads=9)
    unclaimed = make_newcomer(joined_at=NOW - timedelta(days=30), active_days=9, reads=9, claimed_at=None)
    assert reassess_trust(chunk=1) == 1
    assert [Member.objects.get(pk=m.pk).trust for m in (aged, unclaimed)] == [2, 0]


def test_a_persona_is_chosen_recorded_and_can_be_left(voter):
    members.choose_persona(member=voter, persona=make_persona("traveller"), at=NOW)
    members.choose_persona(member=voter, persona=None, at=NOW + timedelta(hours=1))
    assert [fact.data["persona_id"] is None for fact in Activity.objects.filter(verb="member_changed").order_by("pk")] == [
        False,
        True,
    ]


def test_a_profile_needs_a_name(voter):
    with pytest.raises(Invalid) as refusal:
        members.edit_profile(member=voter, display_name=" ", bio="", language="en", time_zone="UTC", at=NOW)
    assert "display_name" in refusal.value.fields


def test_a_level_is_set_once_and_recorded(voter):
    members.set_level(member=voter, level=2, at=NOW, cause="transfer:1")
    members.set_level(member=voter, level=2, at=NOW, cause="transfer:2")
    assert Member.objects.get(pk=voter.pk).level == 2
    assert Activity.objects.filter(verb="level_changed").count() == 1


@pytest.mark.parametrize(
    ("name", "initials"), [("Mara Lindqvist", "ML"), ("林小满", "林"), ("Aino", "A"), ("a b c", "AC"), ("", "F")]
)
def test_a_face_shows_initials(name, initials):
    assert Member(username="fan-1", display_name=name).initials == initials


def test_addresses_are_one_members_whatever_their_case(voter):
    from django.db import IntegrityError

    with pytest.raises(IntegrityError):
        make_member(email=voter.email.upper())
