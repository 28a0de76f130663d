"""Reasons and rules in words."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from community.verbs import Verb
from rewards.ledger import ADVANCE, REPAYMENT, REVERSAL, SPENT
from rewards.models import Transfer

REASONS: dict[str, Promise] = {
    "adopted": _("Your suggestion was adopted"),
    "shipped": _("Your suggestion shipped"),
    "shipped_merged": _("Shipped, and you suggested the same"),
    "duplicate": _("You found a duplicate"),
    "answer": _("Your answer was accepted"),
    "contest_first": _("Your entry won a contest"),
    "contest_placed": _("Your entry has an honoured place in a contest"),
    "attended": _("You were at a meetup"),
    SPENT: _("Spent"),
    ADVANCE: _("Already spent, so it is owed"),
    REPAYMENT: _("Pays what was owed"),
}
TAKEN_BACK: dict[str, Promise] = {
    Verb.SUGGESTION_UNMERGED: _("Taken back: the merge was undone"),
    Verb.POST_CHANGED: _("Taken back: the suggestion is not shown now"),
    Verb.CONTEST_ENTRY_CHANGED: _("Taken back: the entry is not shown now"),
    Verb.ANSWER_UNACCEPTED: _("Taken back: the answer is not accepted any more"),
    Verb.COMMENT_CHANGED: _("Taken back: the comment is not shown now"),
}
RULES: dict[str, tuple[Promise, Promise]] = {
    "adopted": (_("Adopted"), _("Your suggestion goes on the roadmap. It pays once, and stays yours if plans change.")),
    "shipped": (_("Shipped"), _("Your suggestion is in a release.")),
    "shipped_merged": (_("Shipped, suggested the same"), _("Yours was merged into one that is in a release.")),
    "duplicate": (_("Duplicate well reported"), _("You said that two suggestions are one, and staff agreed.")),
    "answer": (_("Answer accepted"), _("Whoever asked a question accepted your comment as its answer.")),
    "contest_first": (_("Contest won"), _("Your entry has the first place, alone or in a team.")),
    "contest_placed": (_("Honoured in a contest"), _("Your entry has another honoured place, alone or in a team.")),
    "attended": (_("Meetup attended"), _("You checked in at a meetup with the code that was said there.")),
}


def words_for(transfer: Transfer) -> Promise:
    """Why the points came or went."""
    if transfer.reason == REVERSAL:
        return TAKEN_BACK.get(transfer.activity.verb, _("Taken back: another one of that day came first"))
    return REASONS.get(transfer.reason, _("Set right"))
