"""Fans vote and jurors score. Each writes their own rows; the database keeps anybody from having one vote too many."""

from collections.abc import Mapping
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from community.activity import record
from community.contests.entering import is_own
from community.models import (
    Board,
    Contest,
    ContestEntry,
    Criterion,
    EntryState,
    FanVote,
    JuryDeclaration,
    JuryScore,
    Member,
)
from community.privileges import Privilege, require
from community.refusals import Conflict, Invalid, NotAllowed
from community.verbs import EntryJudged, FanVoteCast, Verb

TOP = 10


@transaction.atomic
def vote_for_entry(*, entry: ContestEntry, member: Member, at: datetime) -> FanVote:
    """The member's vote is with the entry; voting for it again changes nothing.

    Raises NotAllowed for staff, for one's own entry and where the board takes no votes, Conflict outside the time of the fan
    votes or once all of one's votes are given.
    """
    require(member, Privilege.VOTE)
    contest = entry.contest
    if member.is_staff:
        raise NotAllowed(_("Here fans decide, so staff have no vote."))
    if not Board.objects.open_to(member, "vote").filter(pk=contest.board_id).exists():
        raise NotAllowed(_("This contest does not take votes from you."))
    _check_votes(contest, at)
    if entry.state != EntryState.VISIBLE:
        raise Conflict(_("This entry does not take part now."))
    if is_own(entry, member):
        raise NotAllowed(_("You have a hand in this entry, so please vote for others."))
    _give_back_lost_votes(contest, member)
    for number in range(1, contest.votes_each + 1):
        # Two presses may arrive together; the constraints say which number is free and whether the vote is there already.
        vote = _vote(entry, member, number, at)
        if vote is not None:
            return vote
    sentence = _("You have given all %(count)s votes. Take one back to give it to another entry.")
    raise Conflict(sentence % {"count": contest.votes_each})


def _vote(entry: ContestEntry, member: Member, number: int, at: datetime) -> FanVote | None:
    there = FanVote.objects.filter(entry=entry, member=member).first()
    if there is not None:
        return there
    if FanVote.objects.filter(contest=entry.contest_id, member=member, number=number).exists():
        return None
    try:
        with transaction.atomic():
            vote = FanVote.objects.create(contest_id=entry.contest_id, entry=entry, member=member, number=number, at=at)
    except IntegrityError:
        return FanVote.objects.filter(entry=entry, member=member).first()
    _record_vote(entry, member, stands=True, at=at)
    return vote


def _give_back_lost_votes(contest: Contest, member: Member) -> None:
    """What one gave to an entry that takes part no more is free again."""
    FanVote.objects.filter(contest=contest, member=member).exclude(entry__state=EntryState.VISIBLE).delete()


@transaction.atomic
def take_vote_back(*, entry: ContestEntry, member: Member, at: datetime) -> bool:
    """The member's vote is free again; whether there was one."""
    vote = FanVote.objects.select_for_update(no_key=True).filter(entry=entry, member=member).first()
    if vote is None:
        return False
    _check_votes(entry.contest, at)
    vote.delete()
    _record_vote(entry, member, stands=False, at=at)
    return True


def _check_votes(contest: Contest, at: datetime) -> None:
    if not contest.takes_votes(at):
        raise Conflict(_("It is not the time for fan votes."))


def _record_vote(entry: ContestEntry, member: Member, *, stands: bool, at: datetime) -> None:
    record(
        Verb.FAN_VOTE_CAST,
        key=f"fan_vote_cast:{entry.pk}:{member.pk}:{stands}:{at.isoformat()}",
        actor=member,
        subject=entry.pk,
        data=FanVoteCast(contest_id=entry.contest_id, stands=stands),
        at=at,
    )


def is_juror(contest: Contest, member: Member | None) -> bool:
    return member is not None and contest.jury.filter(pk=member.pk).exists()


@transaction.atomic
def declare_interests(*, contest: Contest, juror: Member, interests: str, at: datetime) -> JuryDeclaration:
    """The juror has said whom they are close to, and may score. Empty: to nobody who takes part."""
    _check_juror(contest, juror)
    words = " ".join(interests.split())
    if len(words) > 280:
        sentence = _("Please keep it to 280 signs.")
        raise Invalid(sentence, fields={"interests": sentence})
    told = {"interests": words, "at": at}
    return JuryDeclaration.objects.update_or_create(contest=contest, juror=juror, defaults=told)[0]


@transaction.atomic
def score_entry(*, entry: ContestEntry, juror: Member, scores: Mapping[int, int], at: datetime) -> None:
    """The juror's scores for the entry are these, one for each criterion.

    scores: criterion → 0 to 10. Raises NotAllowed for whom is no juror, has not declared, or has a hand in the entry;
    Conflict outside the jury's time; Invalid where a criterion is missing or a score does not fit.
    """
    contest = entry.contest
    _check_juror(contest, juror)
    if not JuryDeclaration.objects.filter(contest=contest, juror=juror).exists():
        raise NotAllowed(_("Please say first whether you are close to somebody who takes part."))
    if not contest.takes_scores(at) or contest.announced_at is not None:
        raise Conflict(_("It is not the jury's time."))
    if entry.state != EntryState.VISIBLE:
        raise Conflict(_("This entry does not take part now."))
    if is_own(entry, juror):
        raise NotAllowed(_("You have a hand in this entry, so others score it."))
    criteria = set(Criterion.objects.filter(contest=contest).values_list("pk", flat=True))
    if set(scores) != criteria or not all(0 <= score <= TOP for score in scores.values()):
        sentence = _("Please give each criterion a score from 0 to 10.")
        raise Invalid(sentence, fields={"scores": sentence})
    for criterion, score in sorted(scores.items()):
        JuryScore.objects.update_or_create(
            entry=entry, juror=juror, criterion_id=criterion, defaults={"score": score, "at": at}
        )  # fmt: skip
    key = f"entry_judged:{entry.pk}:{juror.pk}:{at.isoformat()}"
    record(Verb.ENTRY_JUDGED, key=key, actor=juror, subject=entry.pk, data=EntryJudged(contest_id=contest.pk), at=at)


def _check_juror(contest: Contest, juror: Member) -> None:
    if not is_juror(contest, juror):
        raise NotAllowed(_("Only the jury scores the entries."))
