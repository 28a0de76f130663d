"""Members come into groups: they apply, are invited, are spoken for, and are answered, whatever the answer is."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from community.activity import record
from community.groups.memberships import has_place, lock_group, membership_of, settle
from community.models import GroupMembership, GroupVoice, Layer, Member, MembershipState, TesterGroup
from community.privileges import Privilege, has, require
from community.refusals import Conflict, Invalid, NotAllowed
from community.verbs import Verb, VoiceGiven

VOICES, LONGEST = 2, 500
AGAIN_AFTER = timedelta(days=30)
THERE = (MembershipState.APPLIED, MembershipState.ACCEPTED, MembershipState.RESTING)


@transaction.atomic
def apply_to_group(*, group: TesterGroup, member: Member, words: str, agreed: bool, at: datetime) -> GroupMembership:
    """The member waits for an answer; in a group that is open to everybody they are in at once, as long as there is room.

    An invitation is accepted by the same act. Raises Conflict where the group is closed or the member is there already,
    NotAllowed below the level it takes, Invalid where what it asks was not agreed to.
    """
    require(member, Privilege.WRITE)
    group = lock_group(group)
    row = membership_of(group, member) or GroupMembership(group=group, member=member)
    invited = row.pk is not None and row.state == MembershipState.INVITED
    if not invited:
        _check_open(group, member, row, at)
    text = words.strip()[:LONGEST]
    if not text and not invited and group.layer != Layer.WIDE:
        told = _("Please say in a line or two why you would like to come.")
        raise Invalid(told, fields={"words": told})
    if group.asks and not agreed:
        told = _("Please tick that you agree with what the group asks.")
        raise Invalid(told, fields={"agreed": told})
    row.words, row.reason, row.decided_by, row.agreed_at = text or row.words, "", None, at if agreed else None
    at_once = invited or (group.layer == Layer.WIDE and has_place(group))
    return settle(row, MembershipState.ACCEPTED if at_once else MembershipState.APPLIED, by=member, at=at)


def _check_open(group: TesterGroup, member: Member, row: GroupMembership, at: datetime) -> None:
    if member.is_staff:
        raise Conflict(_("You belong to the team: every group is open to you as it is."))
    if row.pk is not None and row.state in THERE:
        raise Conflict(_("You have applied already.") if row.state == MembershipState.APPLIED else _("You are in already."))
    if not group.is_open:
        raise Conflict(group.closed_because or _("It takes no applications at the moment."), code="closed")
    if member.level < group.least_level:
        told = ngettext(
            "This group begins at level %(level)d.", "This group begins at level %(level)d; yours grows with what you bring about.",
            group.least_level,
        )  # fmt: skip
        raise NotAllowed(told % {"level": group.least_level}, code="level")
    if row.pk is not None and row.state == MembershipState.DECLINED and at < row.changed_at + AGAIN_AFTER:
        day = date_format((row.changed_at + AGAIN_AFTER).date())
        raise Conflict(_("It did not work out this time. From %(day)s you are welcome to apply again.") % {"day": day})


@transaction.atomic
def invite_member(*, group: TesterGroup, member: Member, by: Member, at: datetime) -> GroupMembership | None:
    """The member is invited. For the inner circle this is one voice of two, and None is answered until both are there.

    Raises Conflict where the member is in, applied or invited already, and where no place is left.
    """
    require(by, Privilege.TRIAGE)
    if group.layer == Layer.INNER:
        return speak_for(group=group, member=member, by=by, at=at)
    return _invite(lock_group(group), member, by, at)


@transaction.atomic
def speak_for(*, group: TesterGroup, member: Member, by: Member, at: datetime) -> GroupMembership | None:
    """A colleague, or somebody of the inner circle itself, has spoken for the member; the second voice invites them.

    Who has applied stays so until staff accept them. Raises NotAllowed for anybody else, Conflict for oneself.
    """
    require(by, Privilege.WRITE)
    group = lock_group(group)
    if group.layer != Layer.INNER:
        raise Conflict(_("Only the inner circle takes voices. Staff invite to this group."))
    peers = group.memberships.inside().filter(member=by)
    if not has(by, Privilege.TRIAGE) and not peers.exists():
        raise NotAllowed(_("Only those who are in it may speak for somebody."))
    if by.pk == member.pk:
        raise Conflict(_("Nobody speaks for themselves. Ask somebody who knows what you do."))
    _check_can_come(group, member)
    if not has_place(group):
        raise Conflict(_("Every place is taken. Make room first, or give the group more places."), code="full")
    _voice, fresh = GroupVoice.objects.get_or_create(group=group, member=member, by=by, defaults={"at": at})
    if not fresh:
        raise Conflict(_("You have spoken for %(name)s already.") % {"name": member})
    key = f"voice_given:{group.pk}:{member.pk}:{by.pk}:{at.isoformat()}"
    record(Verb.VOICE_GIVEN, key=key, actor=by, subject=group.pk, data=VoiceGiven(member_id=member.pk), at=at)
    row = membership_of(group, member)
    if voices_for(group, member) < VOICES or (row is not None and row.state == MembershipState.APPLIED):
        return None
    return _invite(group, member, by, at)


def voices_for(group: TesterGroup, member: Member) -> int:
    return GroupVoice.objects.filter(group=group, member=member).count()


def _check_can_come(group: TesterGroup, member: Member) -> None:
    row = membership_of(group, member)
    if row is not None and row.state in (MembershipState.ACCEPTED, MembershipState.RESTING, MembershipState.INVITED):
        raise Conflict(_("%(name)s is in, or invited, already.") % {"name": member})
    if member.is_staff or not member.is_active or member.closed_at:
        raise Conflict(_("%(name)s cannot be asked in.") % {"name": member})


def _invite(group: TesterGroup, member: Member, by: Member, at: datetime) -> GroupMembership:
    _check_can_come(group, member)
    row = membership_of(group, member) or GroupMembership(group=group, member=member)
    if row.pk is not None and row.state == MembershipState.APPLIED:
        return accept_application(membership=row, by=by, at=at)
    if not has_place(group):
        raise Conflict(_("Every place is taken. Make room first, or give the group more places."), code="full")
    row.reason, row.decided_by = "", by
    return settle(row, MembershipState.INVITED, by=by, at=at)


@transaction.atomic
def accept_application(*, membership: GroupMembership, by: Member, at: datetime) -> GroupMembership:
    """The applicant is in, and the group's boards are open to them. Staff who accept have spoken for them.

    Raises Conflict where it was decided already, no place is left, or the inner circle's second voice is missing.
    """
    require(by, Privilege.TRIAGE)
    group, row = _waiting(membership)
    if not has_place(group):
        raise Conflict(_("Every place is taken. Make room first, or give the group more places."), code="full")
    if group.layer == Layer.INNER:
        GroupVoice.objects.get_or_create(group=group, member=row.member, by=by, defaults={"at": at})
        if voices_for(group, row.member) < VOICES:
            raise Conflict(_("The inner circle takes two voices. Yours is one: ask for a second, or speak for them now."))
    row.decided_by, row.reason = by, ""
    return settle(row, MembershipState.ACCEPTED, by=by, at=at)


@transaction.atomic
def decline_application(*, membership: GroupMembership, reason: str, by: Member, at: datetime) -> GroupMembership:
    """The applicant has an answer with a reason, and may come back to it after 30 days."""
    require(by, Privilege.TRIAGE)
    _group, row = _waiting(membership)
    if not reason.strip():
        told = _("Please give a reason, and what would change it. It is read by the person who hoped to come.")
        raise Invalid(told, fields={"reason": told})
    row.decided_by, row.reason = by, reason.strip()[:LONGEST]
    return settle(row, MembershipState.DECLINED, by=by, at=at)


def _waiting(membership: GroupMembership) -> tuple[TesterGroup, GroupMembership]:
    group = lock_group(membership.group)
    row = GroupMembership.objects.select_related("member").get(pk=membership.pk)
    if row.state != MembershipState.APPLIED:
        raise Conflict(_("%(name)s does not wait for an answer.") % {"name": row.member})
    return group, row
