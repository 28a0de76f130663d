"""Whoever closes their account is found in no group and no segment, and takes what they wrote along first."""

import pytest

from community.accounts.leaving import close_account
from community.accounts.registry import PARTS
from community.groups.entering import apply_to_group, speak_for
from community.models import Activity, GroupMembership, GroupVoice, Layer, Segment, SegmentMember
from tests.factories import NOW, make_group, make_member, make_segment

pytestmark = pytest.mark.django_db


@pytest.fixture
def member():
    """Somebody in two groups, with a voice given and one received, in a segment by hand, with a device."""
    member = make_member("Vera Voll", device="Linden One 2")
    circle = make_group("circle", layer=Layer.INNER, members=[member, peer := make_member("Peer")])
    speak_for(group=circle, member=make_member("Other"), by=member, at=NOW)
    GroupVoice.objects.create(group=circle, member=member, by=peer)
    apply_to_group(group=make_group("early"), member=member, words="I test trains.", agreed=False, at=NOW)
    make_segment("hands", added=[member])
    return member


def test_everything_about_groups_can_be_taken_along(member):
    rows = list(PARTS["groups"](member))
    assert {row["group"] for row in rows} == {"circle", "early"}
    assert "I test trains." in {row.get("words") for row in rows} and "voice" in {row["what"] for row in rows}
    told = list(PARTS["segments"](member))
    assert told[0] == {"device": "Linden One 2"} and {"segment": "hands"} in told


def test_closing_the_account_leaves_no_trace_in_them(member):
    close_account(member=member, keeps_words=True, at=NOW)
    assert not GroupMembership.objects.filter(member=member).exists()
    assert not GroupVoice.objects.filter(member=member).exists() and not GroupVoice.objects.filter(by=member).exists()
    assert not SegmentMember.objects.filter(member=member).exists()
    assert not Segment.added.through.objects.filter(member_id=member.pk).exists()
    member.refresh_from_db()
    assert member.device == ""


def test_the_record_keeps_numbers_and_no_words(member):
    facts = Activity.objects.filter(verb__in=["membership_changed", "voice_given"])
    assert facts.count() >= 4 and not any("trains" in str(fact.data) or "Vera" in str(fact.data) for fact in facts)
