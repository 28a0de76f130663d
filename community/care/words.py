"""Decisions in words: to the person they concern, to those who reported, and in the log."""

from typing import Any

from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from community.care.rules import BROKEN, HELD
from community.models import Decision, Member, Verdict

OTHERS = ("entry", "meetup", "talk", "circle", "face")


def headline(decision: Decision) -> str:
    """What was decided, to the person, as one sentence. The title of a post may stand in it, never another's name."""
    if decision.verdict in (Verdict.UPHELD, Verdict.OVERTURNED):
        return _appeal_headline(decision)
    if decision.target_kind == "member":
        return _sanction_headline(decision)
    if decision.target_kind in OTHERS:
        return _of_gatherings(decision)
    post = decision.target_kind == "post"
    return {
        Verdict.RELEASED: _("Your post is let through and shown.") if post else _("Your comment is let through and shown."),
        Verdict.DECLINED: _("Your post was declined by a moderator.")
        if post
        else _("Your comment was declined by a moderator."),
        Verdict.HIDDEN: _("Your post was hidden by a moderator.") if post else _("Your comment was hidden by a moderator."),
        Verdict.RESTORED: _("Your post is shown again.") if post else _("Your comment is shown again."),
        Verdict.WITHHELD: _("Your post waits for a moderator.") if post else _("Your comment waits for a moderator."),
        Verdict.DISMISSED: _("Your post was found to be in order.") if post else _("Your comment was found to be in order."),
    }.get(Verdict(decision.verdict), _("A moderator has decided something about you."))


def _of_gatherings(decision: Decision) -> str:
    """An entry of a contest, a meetup, a talk, a circle or a picture of oneself."""
    said = {
        ("entry", Verdict.HIDDEN): _("Your contest entry was hidden by a moderator."),
        ("entry", Verdict.RESTORED): _("Your contest entry is shown again."),
        ("entry", Verdict.DISMISSED): _("Your contest entry was found to be in order."),
        ("meetup", Verdict.HIDDEN): _("Your meetup was hidden by a moderator."),
        ("meetup", Verdict.RESTORED): _("Your meetup is shown again."),
        ("meetup", Verdict.DISMISSED): _("Your meetup was found to be in order."),
        ("talk", Verdict.HIDDEN): _("Your talk was hidden by a moderator."),
        ("talk", Verdict.RESTORED): _("Your talk is shown again."),
        ("talk", Verdict.DISMISSED): _("Your talk was found to be in order."),
        ("circle", Verdict.HIDDEN): _("The circle you proposed was closed by a moderator."),
        ("circle", Verdict.RESTORED): _("The circle you proposed is there again."),
        ("circle", Verdict.DISMISSED): _("The circle you proposed was found to be in order."),
        ("face", Verdict.HIDDEN): _("Your picture was hidden by a moderator."),
        ("face", Verdict.RESTORED): _("Your picture is shown again."),
        ("face", Verdict.DISMISSED): _("Your picture was found to be in order."),
    }
    verdict = Verdict(decision.verdict)
    return said.get((decision.target_kind, verdict), _("A moderator has decided something about you."))


def in_words_of(member: Member, rule: str, words: str) -> str:
    """Why something of theirs was hidden, in their language: what the moderator said, or what the table says."""
    with override(member.language):
        return (words or str(BROKEN[rule][1]))[:280]


def _sanction_headline(decision: Decision) -> str:
    end = {"end": moment(decision.until)} if decision.until else {}
    if decision.verdict == Verdict.SUSPENDED and not end:
        return _("Your account is suspended for good.")
    return {
        Verdict.WARNED: _("A moderator asks you to keep to the rules."),
        Verdict.LIMITED: _("Until %(end)s, what you write waits for a moderator.") % end if end else "",
        Verdict.SUSPENDED: _("Your account is suspended until %(end)s.") % end if end else "",
        Verdict.LIFTED: _("What was decided about your account is lifted early."),
    }.get(Verdict(decision.verdict), _("A moderator has decided something about you."))


def _appeal_headline(decision: Decision) -> str:
    if decision.verdict == Verdict.OVERTURNED:
        return _("Your appeal is granted: everything is as it was before.")
    return _("Another moderator looked again, and the decision stands.")


def reason(decision: Decision) -> str:
    """Why, as the table says it; empty where no rule was named."""
    if decision.rule in BROKEN:
        return str(BROKEN[decision.rule][1])
    return str(HELD.get(decision.rule, ""))


def answer_to_reporter(decision: Decision) -> str:
    """What came of a report, in one sentence, without a word about the person."""
    if decision.verdict in (Verdict.HIDDEN, Verdict.DECLINED):
        return _("Thank you: what you reported is not shown any more.")
    if decision.verdict in (Verdict.WARNED, Verdict.LIMITED, Verdict.SUSPENDED):
        return _("Thank you: a moderator has acted on your report.")
    return _("A moderator looked at what you reported and found it to be in order. Thank you for looking out.")


def moment(at: Any) -> str:
    """A moment in the reader's time zone."""
    return formats.date_format(timezone.localtime(at), "DATETIME_FORMAT") if at else ""
