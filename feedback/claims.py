"""A claimed profile's votes and credits come to the member whose it is."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from community.activity import Happening, record_many
from community.listening import listen
from community.models import Activity
from community.verbs import Fact, Verb, VoteCast, VoteWithdrawn
from feedback.models import Credit, Vote


@listen(Verb.PROFILE_CLAIMED, name="feedback.claims")
def follow_claims(activities: Sequence[Activity]) -> None:
    """What the profiles voted for and were thanked for is the members' own."""
    for activity in activities:
        take_over(profile_id=activity.data["profile_id"], member_id=activity.subject_id or 0, at=timezone.now())


@transaction.atomic
def take_over(*, profile_id: int, member_id: int, at: datetime) -> int:
    """The member's votes stand where the profile's stood; where both voted, the member's own word stays. How many moved."""
    moved: list[Happening] = []
    votes = list(Vote.objects.select_for_update(no_key=True).filter(member_id=profile_id).order_by("pk"))
    own = set(Vote.objects.filter(member_id=member_id).values_list("suggestion_id", flat=True))
    for vote in votes:
        counted = vote.withdrawn_at is None
        if vote.suggestion_id in own:
            vote.withdrawn_at = vote.withdrawn_at or at
        else:
            vote.member_id = member_id
        vote.revision += 2
        facts: list[tuple[int, Fact]] = [(vote.revision - 1, VoteWithdrawn(member_id=profile_id))]
        facts += [(vote.revision, VoteCast(member_id=member_id, need=vote.need))] if vote.member_id == member_id else []
        # Nobody acted: two accounts turned out to be one person.
        moved += [
            Happening(f"{fact.verb}:{vote.pk}:{number}", None, vote.suggestion_id, fact) for number, fact in facts if counted
        ]
    Vote.objects.bulk_update(votes, ["member", "withdrawn_at", "revision"], batch_size=500)
    record_many(moved, at=at)
    _take_credits(profile_id, member_id)
    return len(votes)


def _take_credits(profile_id: int, member_id: int) -> None:
    same = Credit.objects.filter(release=OuterRef("release"), suggestion=OuterRef("suggestion"), member_id=member_id)
    Credit.objects.filter(Exists(same), member_id=profile_id).delete()
    Credit.objects.filter(member_id=profile_id).update(member_id=member_id)
