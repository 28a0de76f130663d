"""What the ledger does when something happened."""

from collections.abc import Sequence

from django.utils import timezone

from community.listening import listen
from community.models import Activity
from community.notices import News, tell
from community.verbs import Verb
from rewards.awards import settle_awards
from rewards.rules import PAYING, VOIDING
from rewards.wordings import LEVEL_REACHED


@listen(*PAYING, *VOIDING, name="rewards.points")
def settle_points(activities: Sequence[Activity]) -> None:
    """Points and honour of everybody these facts concern are what all facts together are worth."""
    settle_awards(activities)


@listen(Verb.LEVEL_CHANGED, name="rewards.notices")
def tell_levels(activities: Sequence[Activity]) -> None:
    """Who rose to a level hears of it on the page; nobody is told that they fell."""
    rises = [fact for fact in activities if fact.subject_id and fact.data["after"] > fact.data["before"]]
    news = [News(fact, LEVEL_REACHED, [fact.subject_id or 0], None, {"level": fact.data["after"]}) for fact in rises]
    tell(news, at=timezone.now())
