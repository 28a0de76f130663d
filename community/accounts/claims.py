"""Imported profiles are claimed by proof alone: the source account writes a code at the source, or staff look into it."""

import re
import secrets
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community.activity import record
from community.models import Claim, Comment, FormerName, Member, Post
from community.privileges import Privilege, require
from community.refusals import Conflict
from community.verbs import ClaimDecided, ProfileClaimed, Verb

CODE = re.compile(r"\bsprout-claim-[0-9a-f]{20}\b")
MOST_OPEN = 3
REFUSED = gettext_lazy("This profile was claimed already. If that is a mistake, please write to the team.")


@transaction.atomic
def claim_profile(*, member: Member, profile: Member, at: datetime, words: str = "") -> Claim:
    """The claim waits for its proof; asked again, it is the same claim. Raises Conflict for what is nobody's to claim."""
    require(member, Privilege.WRITE)
    _check_free(profile)
    known = Claim.objects.filter(member=member, profile=profile, state=Claim.State.OPEN).first()
    if known:
        return known
    if Claim.objects.filter(member=member, state=Claim.State.OPEN).count() >= MOST_OPEN:
        raise Conflict(_("Three claims of yours wait already. Please withdraw one first."))
    code = f"sprout-claim-{secrets.token_hex(10)}"
    return Claim.objects.create(
        member=member, profile=profile, source_system=profile.source_system, source_id=profile.source_id,
        code=code, words=words.strip()[:600], asked_at=at,
    )  # fmt: skip


def owners_of(*, system: str, source_ids: Iterable[str]) -> dict[str, int]:
    """Whose the claimed accounts of a source are, so that what they write there later comes to their members."""
    accepted = Claim.objects.filter(state=Claim.State.ACCEPTED, source_system=system, source_id__in=list(source_ids))
    return dict(accepted.filter(member__closed_at__isnull=True).values_list("source_id", "member_id"))


@transaction.atomic
def withdraw_claim(*, claim: Claim, by: Member, at: datetime) -> Claim:
    """The claim waits no longer."""
    row = Claim.objects.select_for_update(no_key=True).get(pk=claim.pk, member=by)
    return _decide(row, Claim.State.WITHDRAWN, None, at) if row.state == Claim.State.OPEN else row


@transaction.atomic
def accept_claim(*, claim: Claim, by: Member, at: datetime) -> Claim:
    """Staff are sure: the profile's posts, comments and everything that follows from them are the member's."""
    require(by, Privilege.TRIAGE)
    return _accept(claim, by, at)


@transaction.atomic
def decline_claim(*, claim: Claim, by: Member, reason: str, at: datetime) -> Claim:
    """The member hears why the profile stays as it is."""
    require(by, Privilege.TRIAGE)
    row = Claim.objects.select_for_update(no_key=True).get(pk=claim.pk)
    if row.state != Claim.State.OPEN:
        raise Conflict(_("That was decided already."))
    row.reason = reason.strip()[:600]
    decided = _decide(row, Claim.State.DECLINED, by, at)
    _tell(decided, by, at)
    return decided


@transaction.atomic
def prove_claims(*, posts: Iterable[Post], comments: Iterable[Comment], at: datetime) -> int:
    """Claims whose code the claimed account itself wrote at the source are accepted; how many."""
    told: list[Post | Comment] = [*posts, *comments]
    written = [(entry.author_id, code) for entry in told for code in CODE.findall(entry.body)]
    waiting = Claim.objects.filter(state=Claim.State.OPEN, code__in=[code for _author, code in written])
    proven = [claim for claim in waiting if (claim.profile_id, claim.code) in set(written)]
    for claim in proven:
        _accept(claim, None, at)
    return len(proven)


def _check_free(profile: Member) -> None:
    if profile.claimed_at is not None or not profile.source_id or profile.closed_at is not None:
        raise Conflict(str(REFUSED))


def _accept(claim: Claim, by: Member | None, at: datetime) -> Claim:
    # Members first, in the order of their ids; then the claim.
    locked = {row.pk: row for row in Member.objects.select_for_update(no_key=True).filter(
        pk__in=[claim.member_id, claim.profile_id]).order_by("pk")}  # fmt: skip
    row = Claim.objects.select_for_update(no_key=True).get(pk=claim.pk)
    member, profile = locked[claim.member_id], locked[claim.profile_id]
    _check_free(profile)
    if row.state != Claim.State.OPEN:
        raise Conflict(_("That was decided already."))
    Post.objects.filter(author=profile).update(author=member)
    Comment.objects.filter(author=profile).update(author=member)
    name = profile.username
    profile.username, profile.source_system, profile.source_id = f"left-{secrets.token_hex(6)}", "", ""
    profile.display_name, profile.is_active, profile.closed_at = "", False, at
    profile.save(update_fields=["username", "source_system", "source_id", "display_name", "is_active", "closed_at"])
    FormerName.objects.create(name=name, member=member, left_at=at)
    accepted = _decide(row, Claim.State.ACCEPTED, by, at)
    fact = ProfileClaimed(profile_id=profile.pk, claim_id=row.pk)
    record(Verb.PROFILE_CLAIMED, key=f"profile_claimed:{row.pk}", actor=by, subject=member.pk, data=fact, at=at)
    _tell(accepted, by, at)
    return accepted


def _tell(claim: Claim, by: Member | None, at: datetime) -> None:
    fact = ClaimDecided(claim_id=claim.pk, state=claim.state)
    record(Verb.CLAIM_DECIDED, key=f"claim_decided:{claim.pk}", actor=by, subject=claim.member_id, data=fact, at=at)


def _decide(claim: Claim, state: Claim.State, by: Member | None, at: datetime) -> Claim:
    claim.state, claim.decided_by, claim.decided_at = state, by, at
    claim.save(update_fields=["state", "decided_by", "decided_at", "reason"])
    return claim
