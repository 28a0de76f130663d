"""Trust: how established a member is, 0, 1 or 2; the only thing that weighs a vote. Never computed from points.

Source of the thresholds: research on scoring, 3.9 (14 days, 5 active days, 3 reads, no open sanction).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Facts:
    """The facts trust is made of."""

    joined_at: datetime
    verified: bool
    active_days: int
    reads: int
    limited_until: datetime | None


def trust_of(facts: Facts, *, at: datetime) -> int:
    """0 for the new, unverified or limited; 1 after a day and a read post; 2 after 14 days, 5 active ones, 3 reads."""
    if not facts.verified or (facts.limited_until is not None and facts.limited_until > at):
        return 0
    age = at - facts.joined_at
    if age >= timedelta(days=14) and facts.active_days >= 5 and facts.reads >= 3:
        return 2
    if age >= timedelta(days=1) and facts.reads >= 1:
        return 1
    return 0
