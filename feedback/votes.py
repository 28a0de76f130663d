"""Votes are cast, changed and withdrawn. A request writes its own vote and its fact, and no row that others write."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from community.activity import record
from community.follows import follow_post
from community.models import Board, Member, PostKind, PostState
from community.privileges import Privilege, require
from community.refusals import Conflict, Invalid, NotAllowed
from community.verbs import Fact, VoteCast, VoteWithdrawn
from feedback.models import Need, Status, Suggestion, Vote


def need_of(answer: Any) -> int:
    """The need somebody chose in a form; whatever is no need is the default, nice to have."""
    return int(answer) if str(answer) in {str(need.value) for need in Need} else Need.NICE


@transaction.atomic
def cast_vote(*, member: Member, suggestion: Suggestion, at: datetime, need: int | None = None) -> Vote:
    """The member wants the suggestion, with this need, and follows it. Casting the same again changes nothing.

    need: one of Need; None keeps what the member said before, at first "nice to have". A vote withdrawn before
    stands again from its first day, so that taking it back and forth heats nothing.
    Raises NotAllowed where the board takes no votes from the member, Conflict where the suggestion takes none from
    anybody, Invalid for an unknown need.
    """
    require(member, Privilege.VOTE)
    if need is not None and need not in Need.values:
        raise Invalid(_("Please choose how much you need it."), fields={"need": _("Please choose one.")})
    _check_open(suggestion, member)
    vote = _put(suggestion, member, need, at=at)
    follow_post(member=member, post=suggestion.post, at=at)
    return vote


@transaction.atomic
def cast_first_vote(*, suggestion: Suggestion, need: int, at: datetime) -> Vote:
    """The author is the first voter of what they wrote, wherever it stands."""
    return _put(suggestion, suggestion.post.author, need, at=at)


@transaction.atomic
def record_vote_for(*, staff: Member, member: Member, suggestion: Suggestion, at: datetime, need: int | None = None) -> Vote:
    """A wish that reached staff by another way counts for the member who voiced it, and who wrote it down is kept.

    Raises Conflict where the member has a standing vote already: their own word goes first.
    """
    require(staff, Privilege.TRIAGE)
    if need is not None and need not in Need.values:
        raise Invalid(_("Please choose how much they need it."), fields={"need": _("Please choose one.")})
    if Vote.objects.standing().filter(suggestion=suggestion, member=member).exists():
        raise Conflict(_("%(name)s voted for this already.") % {"name": member})
    _check_open(suggestion, staff)
    return _put(suggestion, member, need, at=at, recorded_by=staff)


@transaction.atomic
def withdraw_vote(*, member: Member, suggestion: Suggestion, at: datetime) -> Vote | None:
    """The member's vote counts no more; its row stays. Without a standing vote nothing happens."""
    vote = Vote.objects.select_for_update(no_key=True).filter(suggestion=suggestion, member=member).first()
    if vote is None or vote.withdrawn_at is not None:
        return vote
    vote.withdrawn_at = at
    return _settle(vote, VoteWithdrawn(member_id=member.pk), by=member, at=at)


def _put(suggestion: Suggestion, member: Member, need: int | None, *, at: datetime, recorded_by: Member | None = None) -> Vote:
    # Two clicks may arrive together; the constraint decides, and the second finds nothing left to do.
    vote, fresh = Vote.objects.select_for_update(no_key=True).get_or_create(
        suggestion=suggestion,
        member=member,
        defaults={"need": Need.NICE if need is None else need, "cast_at": at, "recorded_by": recorded_by},
    )
    wanted = vote.need if need is None else need
    if not fresh and vote.withdrawn_at is None and vote.need == wanted:
        return vote
    vote.need, vote.withdrawn_at = wanted, None
    if vote.recorded_by_id != (recorded_by.pk if recorded_by else None):
        vote.recorded_by = recorded_by
    return _settle(vote, VoteCast(member_id=member.pk, need=wanted), by=recorded_by or member, at=at)


def _settle(vote: Vote, fact: Fact, *, by: Member, at: datetime) -> Vote:
    vote.revision += 1
    vote.save(update_fields=["need", "withdrawn_at", "recorded_by", "revision"])
    record(fact.verb, key=f"{fact.verb}:{vote.pk}:{vote.revision}", actor=by, subject=vote.suggestion_id, data=fact, at=at)
    return vote


def _check_open(suggestion: Suggestion, voter: Member) -> None:
    post = suggestion.post
    if not Board.objects.open_to(voter, "vote").filter(pk=post.board_id).exists():
        raise NotAllowed(_("This board does not take votes from you."))
    if post.state != PostState.VISIBLE or post.kind not in (PostKind.SUGGESTION, PostKind.BUG):
        raise Conflict(_("This is not shown as a suggestion at the moment, so it takes no votes."))
    # Declined and not now stay open for votes: they may change the decision.
    if suggestion.root.status == Status.SHIPPED:
        raise Conflict(_("This has shipped. If something is still missing, please write it as a new suggestion."))
