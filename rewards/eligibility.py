"""Who can earn at all: not staff, not a profile nobody has claimed, and nothing for what came in by an import."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from community.models import Activity, Member, Post
from community.models.member import Role
from community.verbs import Verb
from rewards.rules import OF_GATHERINGS, Claim

TEAM = {Role.STAFF, Role.ADMIN}


def eligible_claims(claims: Sequence[Claim]) -> list[Claim]:
    """The claims that may be paid, by what was so when their facts happened, not by what is so now."""
    written = _written_here({claim.fact.subject for claim in claims if claim.fact.verb not in OF_GATHERINGS})
    on_team = _team_at({claim.member for claim in claims})
    return [claim for claim in claims if _is_eligible(claim, written.get(claim.fact.subject), on_team)]


def _is_eligible(claim: Claim, author: int | None, on_team: "dict[int, TeamTimes]") -> bool:
    times = on_team.get(claim.member)
    if times is None or times.is_unclaimed(claim.fact.at) or times.is_on_team(claim.fact.at):
        return False
    if claim.fact.verb in OF_GATHERINGS:
        # Contests and meetups are of this place alone, and who may take part is their own rule.
        return True
    if claim.rule == "duplicate":
        # Reporting one's own post would be a well that never runs dry; a report about an imported one is real work.
        return author != claim.member
    if claim.rule == "answer":
        # Whoever answers their own question knew the answer; and a question that was imported was asked elsewhere.
        return author is not None and author != claim.member
    return author is not None


def _written_here(posts: set[int]) -> dict[int, int]:
    """Post → author, for posts that were written here and not imported."""
    return dict(Post.objects.filter(pk__in=posts, batch__isnull=True).values_list("pk", "author_id"))


class TeamTimes:
    """When a member was claimed, and when on the team, by the record of role changes."""

    def __init__(self, role: str, claimed_at: datetime | None, changes: list[tuple[datetime, int, str]]) -> None:
        self.role, self.claimed_at, self.changes = role, claimed_at, sorted(changes)

    def is_unclaimed(self, at: datetime) -> bool:
        return self.claimed_at is None or self.claimed_at > at

    def is_on_team(self, at: datetime) -> bool:
        """The role before the first change after that moment; without one, the role of today."""
        later = [before for changed_at, _order, before in self.changes if changed_at > at]
        return (later[0] if later else self.role) in TEAM


def _team_at(members: Iterable[int]) -> dict[int, TeamTimes]:
    ids = set(members)
    changes: dict[int, list[tuple[datetime, int, str]]] = defaultdict(list)
    for row in Activity.objects.filter(verb=Verb.ROLE_CHANGED, subject_id__in=ids):
        changes[row.subject_id or 0].append((row.at, row.pk, row.data["before"]))
    rows = Member.objects.filter(pk__in=ids).values_list("pk", "role", "claimed_at")
    return {pk: TeamTimes(role, claimed_at, changes[pk]) for pk, role, claimed_at in rows}
