"""Warnings, limits and suspensions: each is a decision with a reason and an end, and ends by itself.

What holds for a member is what their standing decisions say together; none is added up or remembered elsewhere, so that
lifting or overturning one leaves exactly the others. Times are compared when somebody acts: no clock has to run.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from community.care.decisions import check_rule, keep_decision, settle_reports
from community.care.rules import ALONE
from community.care.targets import told_of_member
from community.members import reassess_trust
from community.models import Decision, Member, Role, Verdict
from community.privileges import Privilege, require
from community.refusals import Conflict, Invalid, NotAllowed

SANCTIONS = (Verdict.LIMITED, Verdict.SUSPENDED)
LONGEST = timedelta(days=3653)


@transaction.atomic
def warn_member(*, member: Member, by: Member, rule: str, at: datetime, words: str = "") -> Decision:
    """The member reads what was wrong; nothing else happens."""
    row = _may_judge(member, by)
    return _decide(row, Verdict.WARNED, by=by, at=at, rule=rule, words=check_rule(rule, words))


@transaction.atomic
def limit_member(*, member: Member, by: Member, rule: str, until: datetime, at: datetime, words: str = "") -> Decision:
    """Until then the member's trust is 0 and what they write waits for a moderator."""
    row, said = _may_judge(member, by), check_rule(rule, words)
    _check_end(until, at)
    decision = _decide(row, Verdict.LIMITED, by=by, at=at, rule=rule, words=said, until=until)
    hold_sanctions(row, at=at)
    return decision


@transaction.atomic
def suspend_member(*, member: Member, by: Member, rule: str, until: datetime | None, at: datetime, words: str = "") -> Decision:
    """Until then the member reads, appeals and may leave, and does nothing else. until: None is for good, by staff alone.

    More than a week is what two people decide: until a second confirms it, it is a week.
    """
    row, said = _may_judge(member, by), check_rule(rule, words)
    if until is None and not by.speaks_for_the_team:
        raise NotAllowed(_("For good, only the team suspends. Please choose an end."))
    if until is not None:
        _check_end(until, at)
    more: dict[str, Any] = {"until": until}
    if until is None or until - at > ALONE:
        more = {"until": at + ALONE, "wanted_until": until, "for_good": until is None}
    decision = _decide(row, Verdict.SUSPENDED, by=by, at=at, rule=rule, words=said, **more)
    hold_sanctions(row, at=at)
    return decision


def _decide(member: Member, verdict: Verdict, *, by: Member, at: datetime, **more: Any) -> Decision:
    """It is on record, and whoever reported the member hears that somebody acted."""
    target = told_of_member(member)
    decision = keep_decision(target, verdict, by=by, at=at, **more)
    settle_reports(target, decision)
    return decision


def waits_for_second(decision: Decision) -> bool:
    """Half of it is decided: a second person has not confirmed it yet."""
    return (
        decision.verdict == Verdict.SUSPENDED
        and decision.against_id is None
        and (decision.for_good or decision.wanted_until is not None)
    )


@transaction.atomic
def confirm_suspension(*, decision: Decision, by: Member, at: datetime) -> Decision:
    """A second person agrees: the suspension lasts as long as the first one wanted. Nobody confirms their own."""
    row = _may_judge(decision.member, by)
    if not waits_for_second(decision) or decision not in standing_of(row, at=at):
        raise Conflict(_("Somebody else has decided this a moment ago."))
    _check_other(decision, by)
    if decision.for_good and not by.speaks_for_the_team:
        raise NotAllowed(_("For good, only the team suspends."))
    confirmed = keep_decision(
        told_of_member(row), Verdict.SUSPENDED, by=by, at=at, rule=decision.rule, words=decision.words,
        until=decision.wanted_until, for_good=decision.for_good, answers=decision, against=decision.by,
    )  # fmt: skip
    hold_sanctions(row, at=at)
    return confirmed


@transaction.atomic
def lift_sanction(*, decision: Decision, by: Member, at: datetime, words: str) -> Decision:
    """The sanction ends now, and the member reads why; the others stay as they are."""
    row = _may_judge(decision.member, by)
    if not words.strip():
        raise Invalid(_("Please say why, in a sentence."), fields={"words": _("Please say why, in a sentence.")})
    if decision.verdict not in SANCTIONS or decision not in standing_of(row, at=at):
        raise Conflict(_("This does not hold any more."))
    lifted = keep_decision(told_of_member(row), Verdict.LIFTED, by=by, at=at, words=words.strip()[:1000], answers=decision)
    hold_sanctions(row, at=at)
    return lifted


@transaction.atomic
def set_limit(*, member: Member, until: datetime | None, by: Member, at: datetime) -> None:
    """From the staff desk: the member is limited until then, or every limit is lifted."""
    told = str(_("Decided by the team."))
    if until is not None:
        limit_member(member=member, by=by, rule="other", until=until, at=at, words=told)
        return
    row = _may_judge(member, by)
    for decision in standing_of(row, at=at):
        if decision.verdict == Verdict.LIMITED:
            keep_decision(told_of_member(row), Verdict.LIFTED, by=by, at=at, words=told, answers=decision)
    hold_sanctions(row, at=at)


def standing_of(member: Member, *, at: datetime) -> list[Decision]:
    """The limits and suspensions that hold now: not over, not lifted, not overturned, not replaced by their confirmation."""
    rows = list(Decision.objects.filter(member=member, verdict__in=SANCTIONS).order_by("pk"))
    ended = Decision.objects.filter(answers__in=rows, verdict__in=[Verdict.LIFTED, Verdict.OVERTURNED, Verdict.SUSPENDED])
    gone = set(ended.values_list("answers_id", flat=True))
    # A confirmed suspension falls with its first half: what is lifted or overturned there is lifted here.
    return [row for row in rows if row.pk not in gone and not _first_half_fell(row) and (row.until is None or row.until > at)]


def _first_half_fell(row: Decision) -> bool:
    return (
        row.answers_id is not None
        and Decision.objects.filter(answers=row.answers_id, verdict__in=[Verdict.LIFTED, Verdict.OVERTURNED]).exists()
    )


def hold_sanctions(member: Member, *, at: datetime) -> None:
    """The member's row says what the standing decisions say: the longest of each kind."""
    standing = standing_of(member, at=at)
    limits = [row.until for row in standing if row.verdict == Verdict.LIMITED and row.until]
    suspensions = [row for row in standing if row.verdict == Verdict.SUSPENDED]
    member.limited_until = max(limits, default=None)
    member.suspended_at = min((row.at for row in suspensions), default=None)
    member.suspended_until = _latest(row.until for row in suspensions)
    member.save(update_fields=["limited_until", "suspended_at", "suspended_until"])
    reassess_trust(members=[member], at=at)


def _latest(ends: Iterable[datetime | None]) -> datetime | None:
    known = list(ends)
    return None if not known or None in known else max(end for end in known if end)


def _may_judge(member: Member, by: Member) -> Member:
    """The member, locked; those who moderate are judged by the team, and the team by nobody."""
    require(by, Privilege.MODERATE)
    row: Member = Member.objects.select_for_update(no_key=True).get(pk=member.pk)
    if row.pk == by.pk:
        raise NotAllowed(_("Nobody decides about themselves."))
    if row.speaks_for_the_team:
        raise NotAllowed(_("Those of the team are not limited; change their role first."))
    if row.role == Role.MODERATOR and not by.speaks_for_the_team:
        raise NotAllowed(_("About a moderator the team decides."))
    return row


def _check_other(decision: Decision, by: Member) -> None:
    if decision.by_id == by.pk:
        raise NotAllowed(_("You decided this yourself. It takes somebody else."))


def _check_end(until: datetime, at: datetime) -> None:
    if not at < until <= at + LONGEST:
        raise Invalid(_("Please choose an end that is still to come."), fields={"until": _("Please choose an end.")})
