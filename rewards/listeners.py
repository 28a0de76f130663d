"""What the ledger does when something happened."""

from collections.abc import Sequence

from community.listening import listen
from community.models import Activity
from rewards.awards import settle_awards
from rewards.rules import PAYING, VOIDING


@listen(*PAYING, *VOIDING, name="rewards.points")
def settle_points(activities: Sequence[Activity]) -> None:
    """Points and honour of everybody these facts concern are what all facts together are worth."""
    settle_awards(activities)
