"""What one member's own votes are, and how a count looks to them while workers have not yet counted the newest."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Q

from community.models import Member
from community.models.board import Viewer
from feedback.models import ClusterVoter, Suggestion, Vote


@dataclass(frozen=True)
class OwnVotes:
    """The suggestions the viewer stands for, each with their need, and those whose count includes them already."""

    needs: dict[int, int] = field(default_factory=dict)
    counted: frozenset[int] = frozenset()
    counts: bool = True

    def shown(self, pk: int, votes: int) -> int:
        """The number of votes, with the viewer's newest press in it."""
        wanted = self.counts and pk in self.needs
        return max(0, votes + wanted - (pk in self.counted))


def own_votes(viewer: Viewer, ids: Iterable[int]) -> OwnVotes:
    """The viewer's votes among these suggestions; a vote for a duplicate stands for its canonical too."""
    wanted = list(ids)
    if not isinstance(viewer, Member) or not wanted:
        return OwnVotes()
    mine = Vote.objects.standing().filter(member=viewer)
    mine = mine.filter(Q(suggestion__in=wanted) | Q(suggestion__root__in=wanted)).order_by("need", "pk")
    needs: dict[int, int] = {}
    for pk, root, need in mine.values_list("suggestion_id", "suggestion__root_id", "need"):
        needs[pk] = needs[root] = need
    # A vote may be cast and not yet counted, or withdrawn and still counted.
    counted = ClusterVoter.objects.filter(member=viewer, root__in=wanted).values_list("root_id", flat=True)
    return OwnVotes(needs, frozenset(counted), counts=not viewer.is_staff)


def votes_in_cluster(member: Member, suggestion: Suggestion) -> list[Vote]:
    """The member's standing votes for the suggestion or anything merged with it."""
    mine = Vote.objects.standing().filter(member=member, suggestion__root=suggestion.root_id)
    return list(mine.select_related("suggestion__post").order_by("suggestion_id"))
