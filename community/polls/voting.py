"""Ballots are cast, changed and taken back. A voter writes their own rows and none that others write."""

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from community.activity import record
from community.models import Ballot, BallotChoice, Board, Member, Poll, PollKind, PostState
from community.privileges import Privilege, require
from community.refusals import Conflict, Invalid, NotAllowed
from community.verbs import BallotCast, Verb


@transaction.atomic
def cast_ballot(*, poll: Poll, member: Member, choices: Sequence[int], at: datetime) -> Ballot:
    """The member's ballot says exactly this, whatever it said before. Saying the same again changes nothing.

    choices: ids of options; in a ranked poll the first preference first.
    Raises NotAllowed where the board takes no votes from the member, Conflict where the poll is closed or not shown,
    Invalid for a ballot that does not fit the question.
    """
    require(member, Privilege.VOTE)
    _check_open(poll, member, at)
    wanted = check_choices(poll, choices)
    # Two presses may arrive together; the constraint decides, and the second changes what the first one said.
    ballot, fresh = Ballot.objects.select_for_update(no_key=True).get_or_create(
        poll=poll, member=member, defaults={"cast_at": at, "changed_at": at}
    )
    before = [] if fresh else list(ballot.choices.order_by("rank").values_list("option_id", flat=True))
    if before == wanted:
        return ballot
    _choose(ballot, wanted)
    ballot.revision, ballot.changed_at = ballot.revision + 1, at
    ballot.save(update_fields=["revision", "changed_at"])
    _record(ballot, stands=True, at=at)
    return ballot


@transaction.atomic
def withdraw_ballot(*, poll: Poll, member: Member, at: datetime) -> bool:
    """The member has said nothing in the poll; whether there was anything to take back."""
    ballot = Ballot.objects.select_for_update(no_key=True).filter(poll=poll, member=member).first()
    if ballot is None:
        return False
    _check_open(poll, member, at)
    ballot.revision += 1
    _record(ballot, stands=False, at=at)
    ballot.delete()
    return True


def _choose(ballot: Ballot, options: Sequence[int]) -> None:
    ballot.choices.all().delete()
    try:
        with transaction.atomic():
            BallotChoice.objects.bulk_create(
                BallotChoice(ballot=ballot, option_id=option, rank=rank) for rank, option in enumerate(options, start=1)
            )
            # The author may be mending the options right now: ask the database here, not at the very end.
            connection.check_constraints()
    except IntegrityError as raced:
        raise Invalid(changed_meanwhile()) from raced


def changed_meanwhile() -> str:
    return _("The poll has changed meanwhile. Please look at its options again.")


def check_choices(poll: Poll, choices: Sequence[int]) -> list[int]:
    """The choices as the poll takes them: in its own order where order means nothing. Raises Invalid where they do not fit."""
    offered = list(poll.options.order_by("position").values_list("pk", flat=True))
    wanted = list(dict.fromkeys(choices))
    if not set(wanted) <= set(offered):
        raise Invalid(changed_meanwhile())
    if len(wanted) < poll.least:
        raise _too_few(poll)
    if len(wanted) > poll.most:
        raise Invalid(_("Please choose at most %(most)s.") % {"most": poll.most}, fields={"choice": "most"})
    return wanted if poll.kind == PollKind.RANKED else [option for option in offered if option in wanted]


def _too_few(poll: Poll) -> Invalid:
    if poll.least == 1:
        return Invalid(_("Please choose an answer first."), fields={"choice": "least"})
    return Invalid(_("Please choose at least %(least)s.") % {"least": poll.least}, fields={"choice": "least"})


def _check_open(poll: Poll, voter: Member, at: datetime) -> None:
    if not Board.objects.open_to(voter, "vote").filter(pk=poll.post.board_id).exists():
        raise NotAllowed(_("This board does not take votes from you."))
    if poll.post.state != PostState.VISIBLE:
        raise Conflict(_("This is not shown at the moment, so its poll takes no votes."))
    if poll.ended_at(at):
        raise Conflict(_("This poll is closed. What was said in it stays."))


def _record(ballot: Ballot, *, stands: bool, at: datetime) -> None:
    record(
        Verb.BALLOT_CAST,
        key=f"ballot_cast:{ballot.pk}:{ballot.revision}",
        actor=ballot.member,
        subject=ballot.poll_id,
        data=BallotCast(revision=ballot.revision, stands=stands),
        at=at,
    )
