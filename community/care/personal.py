"""What care holds of a person: their reports, appeals and blocks go along and go; what was decided stays, without their name."""

from community.accounts.registry import Leaving, Rows, erases, exports, keeps
from community.models import Appeal, Block, Decision, Hold, HouseRules, Member, Report


@exports("decisions", Decision, Hold)
def decisions_about(member: Member) -> Rows:
    """What was held, and what moderators decided about them; who decided is not theirs to take along."""
    held = Hold.objects.filter(author=member).order_by("pk")
    yield from held.values("target_kind", "target_id", "reasons", "at", "settled_at")
    decided = Decision.objects.filter(member=member).order_by("pk")
    yield from decided.values("verdict", "target_kind", "target_id", "rule", "words", "until", "at")


@exports("reports", Report, Appeal)
def reports_of(member: Member) -> Rows:
    """What they reported, and what they appealed."""
    mine = Report.objects.filter(reporter=member).order_by("pk")
    yield from mine.values("target_kind", "target_id", "rule", "words", "at", "settled_at")
    yield from Appeal.objects.filter(member=member).order_by("pk").values("words", "at", "settled_at")


@exports("blocks", Block)
def blocks_of(member: Member) -> Rows:
    """Whom they do not want to hear."""
    return Block.objects.filter(member=member).order_by("pk").values("other__username", "at")


@erases(Hold, Report, Appeal, Block)
def erase_care(leaving: Leaving) -> None:
    """Their blocks are gone, and so are their words to moderators; that there was a report stays in the numbers."""
    member = leaving.member
    Block.objects.filter(member=member).delete()
    Report.objects.filter(reporter=member).update(words="")
    Appeal.objects.filter(member=member).update(words="–")
    Hold.objects.filter(author=member).update(signals={}, extras={})


keeps(Decision, "what moderators decided is the record they answer for; the account behind the id has no name any more")
keeps(HouseRules, "who wrote the rules is part of their history")
