"""What groups and segments hold of a person, and how it goes when they leave."""

from django.db.models import Q

from community.accounts.registry import Leaving, Rows, erases, exports
from community.models import GroupMembership, GroupVoice, Member, Segment, SegmentMember


@exports("groups", GroupMembership, GroupVoice)
def groups_of(member: Member) -> Rows:
    """Which groups they stood in and what they wrote; for whom they spoke."""
    for row in GroupMembership.objects.filter(member=member).select_related("group").order_by("pk"):
        yield {
            "what": "membership", "group": row.group.slug, "state": row.state, "words": row.words, "answer": row.reason,
            "agreed": row.agreed_at, "since": row.accepted_at,
        }  # fmt: skip
    for voice in GroupVoice.objects.filter(by=member).select_related("group", "member").order_by("pk"):
        yield {"what": "voice", "group": voice.group.slug, "for": voice.member.username, "at": voice.at}


@exports("segments", SegmentMember)
def segments_of(member: Member) -> Rows:
    """Which sets of members they are counted in, and the device they told of."""
    yield {"device": member.device}
    for row in SegmentMember.objects.filter(member=member).select_related("segment").order_by("pk"):
        yield {"segment": row.segment.slug}


@erases(GroupMembership, GroupVoice, SegmentMember, order=40)
def leave_everything(leaving: Leaving) -> None:
    """Nobody finds them in a group or a segment, and what they use is forgotten."""
    GroupMembership.objects.filter(member=leaving.member).delete()
    GroupVoice.objects.filter(Q(member=leaving.member) | Q(by=leaving.member)).delete()
    SegmentMember.objects.filter(member=leaving.member).delete()
    for through in (Segment.added.through, Segment.excluded.through):
        through.objects.filter(member_id=leaving.member.pk).delete()
    Member.objects.filter(pk=leaving.member.pk).update(device="")
