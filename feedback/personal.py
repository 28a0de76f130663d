"""What feedback holds of a person, how they take it along, and why it stays without their name."""

from community.accounts.registry import Leaving, Rows, erases, exports, keeps
from community.models import Member
from feedback.models import (
    ClusterVoter,
    Credit,
    InternalNote,
    Judgement,
    Merge,
    MergeProposal,
    Plan,
    PlanLine,
    Release,
    RoadmapItem,
    ScoreConfig,
    StatusChange,
    Suggestion,
    Vote,
)


@exports("votes", Vote)
def votes_of(member: Member) -> Rows:
    """What they wish for, and how much."""
    names = ("suggestion_id", "need", "cast_at", "withdrawn_at", "voided_at")
    rows: Rows = Vote.objects.filter(member=member).order_by("pk").values(*names).iterator(500)
    return rows


@exports("sorted", Judgement)
def judgements_of(member: Member) -> Rows:
    """What they said is not for them, and what they skipped."""
    return Judgement.objects.filter(member=member).order_by("pk").values("suggestion_id", "verdict", "at").iterator(500)


@exports("credits", Credit)
def credits_of(member: Member) -> Rows:
    """The releases that thank them."""
    return Credit.objects.filter(member=member).order_by("pk").values("release__slug", "suggestion_id", "role").iterator(500)


@exports("same", MergeProposal)
def proposals_of(member: Member) -> Rows:
    """What they said is the same."""
    names = ("duplicate_id", "into_id", "evidence", "at")
    rows: Rows = MergeProposal.objects.filter(proposed_by=member).order_by("pk").values(*names).iterator(500)
    return rows


@erases(MergeProposal)
def erase_evidence(leaving: Leaving) -> None:
    """Their words about what is the same go with them."""
    if not leaving.keeps_words:
        MergeProposal.objects.filter(proposed_by=leaving.member).update(evidence="")


keeps(Vote, "what people wish for together must not shrink because one leaves; the row has no name")
keeps(Judgement, "how many a thing is not for is a count without names")
keeps(ClusterVoter, "what a nameless vote weighs")
keeps(Credit, "a release goes on thanking a former member")
keeps(Merge, "who merged what is part of the record")
for _model in (InternalNote, Plan, PlanLine, Release, RoadmapItem, StatusChange, Suggestion, ScoreConfig):
    keeps(_model, "the team's own work; the account behind the id has no name any more")
