"""Whoever was hidden, warned, limited or suspended may ask once that another moderator looks again."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from community.activity import record
from community.care.decisions import keep_decision, put_back_target
from community.care.rules import APPEAL_WITHIN
from community.care.sanctions import hold_sanctions
from community.care.targets import Target, load_targets
from community.models import Appeal, Decision, Member, PostState, Verdict
from community.privileges import Privilege, require, require_moderator
from community.refusals import Conflict, Invalid, NotAllowed
from community.verbs import Appealed, Verb

APPEALABLE = (Verdict.DECLINED, Verdict.HIDDEN, Verdict.WARNED, Verdict.LIMITED, Verdict.SUSPENDED)


def may_appeal(decision: Decision, member: Member, *, at: datetime) -> bool:
    """The decision concerns the member, is of the kind one may appeal, is young enough, and was not appealed yet."""
    return (
        decision.member_id == member.pk
        and decision.verdict in APPEALABLE
        and decision.at > at - APPEAL_WITHIN
        and not Appeal.objects.filter(decision=decision).exists()
    )


@transaction.atomic
def appeal(*, decision: Decision, by: Member, words: str, at: datetime) -> Appeal:
    """Another moderator will look again. Also the suspended may appeal.

    Raises NotAllowed for somebody else's case, Conflict after 14 days or for the second time, Invalid without a word.
    """
    if decision.member_id != by.pk:
        raise NotAllowed(_("This decision is not about you."))
    said = words.strip()
    if not said:
        raise Invalid(
            _("Please say why you see it differently."), fields={"words": _("Please say why you see it differently.")}
        )
    if decision.verdict not in APPEALABLE or decision.at <= at - APPEAL_WITHIN:
        raise Conflict(_("An appeal is possible within 14 days. Please write to the team."))
    row, fresh = Appeal.objects.get_or_create(
        decision=decision, defaults={"member": by, "board_id": decision.board_id, "words": said[:2000], "at": at}
    )
    if not fresh:
        raise Conflict(_("You appealed already; each decision is looked at again once."))
    fact = Appealed(appeal_id=row.pk, board_id=row.board_id)
    record(Verb.APPEALED, key=f"appealed:{decision.pk}", actor=by, subject=decision.pk, data=fact, at=at)
    return row


@transaction.atomic
def decide_appeal(*, appeal: Appeal, by: Member, overturn: bool, words: str, at: datetime) -> Decision:
    """The decision stands, or everything is as if it had never been made. Whoever made it decides nothing here.

    Raises NotAllowed for the same moderator (the database would, too), Conflict where somebody else was quicker.
    """
    row = (
        Appeal.objects.select_for_update(no_key=True, of=("self",))
        .select_related("decision__member", "decision__by")
        .get(pk=appeal.pk)
    )
    first, said = row.decision, words.strip()
    _may_decide(first, by)
    if row.settled_at is not None:
        raise Conflict(_("Somebody else has decided this a moment ago."))
    if not said:
        raise Invalid(_("Please say why, in a sentence."), fields={"words": _("Please say why, in a sentence.")})
    target = load_targets([(first.target_kind, first.target_id)])[first.target_kind, first.target_id]
    verdict = Verdict.OVERTURNED if overturn else Verdict.UPHELD
    outcome = keep_decision(
        target, verdict, by=by, at=at, rule=first.rule, words=said[:1000], before=target.state, answers=first, against=first.by
    )
    row.settled_at, row.outcome = at, outcome
    row.save(update_fields=["settled_at", "outcome"])
    if overturn:
        _undo(first, target, by, at)
    return outcome


def _may_decide(first: Decision, by: Member) -> None:
    if first.board_id is None:
        require(by, Privilege.MODERATE)
    else:
        require_moderator(by, first.board_id)
    if by.pk in _who_decided(first):
        raise NotAllowed(_("You decided this yourself. It takes somebody else."))
    if first.member_id == by.pk:
        raise NotAllowed(_("Nobody decides about themselves."))


def _who_decided(first: Decision) -> set[int | None]:
    """A long suspension is decided by two: whoever proposed it and whoever confirmed it."""
    confirmed = Decision.objects.filter(answers=first, verdict=Verdict.SUSPENDED)
    return {first.by_id, first.against_id, *confirmed.values_list("by", flat=True)}


def _undo(first: Decision, target: Target, by: Member, at: datetime) -> None:
    if first.target_kind == "member":
        row = Member.objects.select_for_update(no_key=True).get(pk=first.member_id)
        hold_sanctions(row, at=at)
    elif target.state == PostState.HIDDEN:
        # What its author took back meanwhile stays with them.
        put_back_target(target, by, at)
