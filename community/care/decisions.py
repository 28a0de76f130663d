"""What moderators decide about texts: let through, declined, hidden, shown again, found in order. Each is kept and told."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from community.activity import record
from community.care import rules
from community.care.targets import REGISTER, Target, told_of_comment, told_of_member, told_of_post
from community.care.words import in_words_of
from community.comments import decline_comment, hold_comment, release_comment, restore_comment
from community.models import Comment, Decision, Member, Post, PostState, Report, Verdict
from community.posts import decline_post, hold_post, release_post, restore_post
from community.privileges import Privilege, require, require_moderator
from community.refusals import Conflict, Invalid, NotAllowed
from community.screening import Answer
from community.verbs import DecisionMade, Verb

LONGEST_WORDS = 1000


def check_rule(rule: str, words: str) -> str:
    """The reason is one of the table's, and "something else" says what."""
    if rule not in rules.BROKEN:
        raise Invalid(_("Please choose a reason; the person reads it."), fields={"rule": _("Please choose one.")})
    said = words.strip()
    if rule == "other" and not said:
        raise Invalid(_("Please say in a sentence what it is."), fields={"words": _("Please say in a sentence what it is.")})
    if len(said) > LONGEST_WORDS:
        raise Invalid(_("That is longer than 1,000 signs."), fields={"words": _("At most 1,000 signs.")})
    return said


def keep_decision(target: Target, verdict: Verdict, *, by: Member | None, at: datetime, **more: Any) -> Decision:
    """The decision is on record for ever, and whoever it concerns is told. more: further columns of it."""
    decision = Decision.objects.create(
        verdict=verdict, target_kind=target.kind, target_id=target.id, member=target.author, board_id=target.board_id,
        by=by, at=at, **more,
    )  # fmt: skip
    fact = DecisionMade(
        decision_id=decision.pk, verdict=verdict, target_kind=target.kind, member_id=target.author.pk,
        board_id=target.board_id, rule=decision.rule,
    )  # fmt: skip
    record(Verb.DECISION_MADE, key=f"decision_made:{decision.pk}", actor=by, subject=target.id, data=fact, at=at)
    return decision


@transaction.atomic
def let_through(*, target: Target, by: Member, at: datetime, trust: bool = False) -> Decision:
    """What waited is shown and counts as written. trust: what its author writes as a newcomer waits no more.

    Raises Conflict where somebody else decided before.
    """
    _check_can_wait(target)
    _not_ones_own(target, by)
    before = target.state
    _release(target.thing, by, at)
    decision = keep_decision(target, Verdict.RELEASED, by=by, at=at, before=before)
    settle_reports(target, decision)
    if trust:
        keep_decision(_author_of(target), Verdict.TRUSTED, by=by, at=at)
    return decision


@transaction.atomic
def decline(*, target: Target, by: Member, rule: str, at: datetime, words: str = "") -> Decision:
    """What waited is hidden; its author reads why and may appeal. Raises Conflict where somebody else decided before."""
    _check_can_wait(target)
    said, before = check_rule(rule, words), target.state
    run: Any = decline_post if isinstance(target.thing, Post) else decline_comment
    run(**{target.kind: target.thing}, by=by, at=at)
    decision = keep_decision(target, Verdict.DECLINED, by=by, at=at, rule=rule, words=said, before=before)
    settle_reports(target, decision)
    return decision


@transaction.atomic
def hide(*, target: Target, by: Member, rule: str, at: datetime, words: str = "") -> Decision:
    """The text is out of sight; its author reads why and may appeal, and whoever reported it hears of it."""
    said, before = check_rule(rule, words), target.state
    if target.state == PostState.HELD:
        return decline(target=target, by=by, rule=rule, words=words, at=at)
    run = REGISTER[target.kind].hide
    if run is None:
        raise Conflict(_("This cannot be hidden."))
    run(target.thing, by=by, at=at, why=in_words_of(target.author, rule, said))
    decision = keep_decision(target, Verdict.HIDDEN, by=by, at=at, rule=rule, words=said, before=before)
    settle_reports(target, decision)
    return decision


@transaction.atomic
def show_again(*, target: Target, by: Member, at: datetime, words: str = "") -> Decision:
    """What was hidden is shown as it was, and its author hears of it; the decision that hid it is answered."""
    before = target.state
    rows = Decision.objects.about(target.kind, target.id).filter(verdict__in=[Verdict.HIDDEN, Verdict.DECLINED])
    last = rows.order_by("-pk").first()
    if last is None or last.by_id != by.pk:
        _not_ones_own(target, by)
    put_back_target(target, by, at)
    return keep_decision(target, Verdict.RESTORED, by=by, at=at, words=words.strip(), before=before, answers=last)


@transaction.atomic
def find_in_order(*, target: Target, by: Member, at: datetime) -> Decision:
    """The reports are settled and nothing is done about the text; if it was withheld for them, it is shown again.

    Raises Conflict where no report is open any more: somebody else was quicker.
    """
    _require_keeper(target, by)
    _not_ones_own(target, by)
    if target.state == PostState.HELD:
        return let_through(target=target, by=by, at=at)
    if not _lock_reports(target):
        raise Conflict(_("Somebody else has decided this a moment ago."))
    decision = keep_decision(target, Verdict.DISMISSED, by=by, at=at, before=target.state)
    settle_reports(target, decision)
    return decision


@transaction.atomic
def withhold(*, target: Target, at: datetime) -> Decision | None:
    """Enough established members reported a newcomer's text: it waits until a moderator has looked."""
    if not isinstance(target.thing, Post | Comment) or not _still_shown(target.thing):
        return None
    run: Any = hold_post if isinstance(target.thing, Post) else hold_comment
    run(**{target.kind: target.thing}, why=Answer(("reported",)), at=at)
    return keep_decision(target, Verdict.WITHHELD, by=None, at=at, rule="reported", before=PostState.VISIBLE)


@transaction.atomic
def bring_back(*, thing: Post | Comment, by: Member, at: datetime) -> Any:
    """What its author took back is as it was before; what a moderator hid is shown again, and its author hears of it."""
    if thing.state == PostState.DELETED:
        return put_back(thing, by, at)
    told = told_of_post(thing) if isinstance(thing, Post) else told_of_comment(thing)
    if thing.state == PostState.HELD:
        let_through(target=told, by=by, at=at)
    else:
        show_again(target=told, by=by, at=at)
    return thing


def put_back(thing: Post | Comment, by: Member, at: datetime) -> Any:
    """The text is shown as it was, whatever kept it out of sight."""
    run: Any = restore_post if isinstance(thing, Post) else restore_comment
    return run(**{"post" if isinstance(thing, Post) else "comment": thing}, by=by, at=at)


def put_back_target(target: Target, by: Member, at: datetime) -> None:
    """Whatever kind of thing it is, it is shown as it was."""
    run = REGISTER[target.kind].restore
    if run is None:
        raise Conflict(_("This cannot be hidden."))
    run(target.thing, by=by, at=at, why="")


def _check_can_wait(target: Target) -> None:
    if not isinstance(target.thing, Post | Comment):
        raise Conflict(_("Somebody else has decided this a moment ago."))


def _still_shown(thing: Post | Comment) -> bool:
    # Reporters may come together; whoever has the row first withholds it, and its author hears of it once.
    rows: Any = type(thing).objects.select_for_update(no_key=True).filter(pk=thing.pk, state=PostState.VISIBLE)
    return rows.first() is not None


def _release(thing: Post | Comment, by: Member, at: datetime) -> None:
    run: Any = release_post if isinstance(thing, Post) else release_comment
    run(**{"post" if isinstance(thing, Post) else "comment": thing}, by=by, at=at)


def _author_of(target: Target) -> Target:
    return told_of_member(target.author)


def _require_keeper(target: Target, by: Member) -> None:
    if target.board_id is None:
        require(by, Privilege.MODERATE)
    else:
        require_moderator(by, target.board_id)


def _not_ones_own(target: Target, by: Member) -> None:
    if target.author.pk == by.pk:
        # Who keeps nothing here is told that, and not what only keepers need to know.
        _require_keeper(target, by)
        raise NotAllowed(_("Nobody decides about themselves."))


def _lock_reports(target: Target) -> Sequence[Report]:
    rows = Report.objects.about(target.kind, target.id).open()
    return list(rows.select_for_update(no_key=True).order_by("pk"))


def settle_reports(target: Target, decision: Decision) -> None:
    """Every open report of this is answered by the decision; the reporters hear of it."""
    mine = [report.pk for report in _lock_reports(target)]
    Report.objects.filter(pk__in=mine).update(settled_at=decision.at, decision=decision)


def target_of_member(member: Member) -> Target:
    """A member, as reports and decisions see them."""
    return told_of_member(member)
