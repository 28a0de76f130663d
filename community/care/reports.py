"""Members report what should be looked at, once per thing, and hear what came of it."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from community.activity import record
from community.care import rules
from community.care.decisions import check_rule, withhold
from community.care.targets import Target, find_target
from community.models import Member, Report
from community.privileges import Privilege, require
from community.refusals import Conflict, NotAllowed, TooMany
from community.verbs import Reported, Verb


@transaction.atomic
def report(*, target: Target, by: Member, rule: str, at: datetime, words: str = "") -> Report:
    """Those who moderate will look at it. Three established members withhold a newcomer's text until then.

    Raises NotAllowed for one's own, Conflict for what somebody has looked at already, TooMany after twenty a day.
    """
    require(by, Privilege.WRITE)
    said = check_rule(rule, words)[:500]
    if target.author.pk == by.pk:
        raise NotAllowed(_("This is your own. You can edit it or take it back."))
    _check_number(by, at)
    row, fresh = Report.objects.select_for_update(no_key=True).get_or_create(
        reporter=by, target_kind=target.kind, target_id=target.id,
        defaults={
            "board_id": target.board_id, "author": target.author, "rule": rule, "words": said, "at": at,
            "trusted": by.trust >= rules.REPORTER_TRUST,
        },
    )  # fmt: skip
    if not fresh:
        _report_again(row, rule, said, by, at)
    _record(row, by, at, withdrawn=False)
    if withheld_by_number(target):
        withhold(target=target, at=at)
    return row


def _report_again(row: Report, rule: str, said: str, by: Member, at: datetime) -> None:
    if row.decision_id is not None:
        raise Conflict(
            _("You reported this before, and a moderator has looked at it. Under “Your reports” you read what came of it.")
        )
    row.rule, row.words, row.at, row.settled_at = rule, said, at, None
    row.trusted = by.trust >= rules.REPORTER_TRUST
    row.save(update_fields=["rule", "words", "at", "settled_at", "trusted"])


def _check_number(by: Member, at: datetime) -> None:
    today = Report.objects.filter(reporter=by, at__gt=at - timedelta(days=1)).count()
    if settings.RATE_LIMITS and today >= rules.REPORTS_A_DAY:
        raise TooMany(
            _("Twenty reports are what one day takes. Thank you for taking care; please go on tomorrow."), retry_after=3600
        )


def withheld_by_number(target: Target) -> bool:
    """Enough established members, and the author is new: nobody's word is enough to silence somebody who is known here."""
    if target.author.trust > 0 or not target.shown:
        return False
    return Report.objects.about(target.kind, target.id).open().filter(trusted=True).count() >= rules.REPORTERS_HIDE


@transaction.atomic
def withdraw_report(*, report: Report, by: Member, at: datetime) -> Report:
    """The report is taken back, as long as nobody has decided. What was withheld for it waits for a moderator all the same."""
    row = Report.objects.select_for_update(no_key=True).get(pk=report.pk)
    if row.reporter_id != by.pk:
        raise NotAllowed(_("This is somebody else's report."))
    if row.decision_id is not None:
        raise Conflict(_("A moderator has looked at it already."))
    if row.settled_at is None:
        row.settled_at = at
        row.save(update_fields=["settled_at"])
        _record(row, by, at, withdrawn=True)
    return row


def _record(row: Report, by: Member, at: datetime, *, withdrawn: bool) -> None:
    fact = Reported(report_id=row.pk, target_kind=row.target_kind, rule=row.rule, withdrawn=withdrawn)
    key = f"reported:{row.pk}:{at.isoformat()}:{'back' if withdrawn else 'made'}"
    record(Verb.REPORTED, key=key, actor=by, subject=row.target_id, data=fact, at=at)


def reported_by(member: Member, kind: str, target_id: int) -> Report | None:
    """The member's own report of this, whatever became of it."""
    found: Report | None = Report.objects.about(kind, target_id).filter(reporter=member).first()
    return found


def target_for(member: Member | None, kind: str, target_id: int) -> Target:
    """What somebody wants to report, as far as they may see it. Raises Conflict where it is gone."""
    found = find_target(member, kind, target_id)
    if found is None:
        raise Conflict(_("This is not here any more."))
    return found
