"""What feedback owes for which fact."""

from collections.abc import Sequence

from community.listening import listen
from community.models import Activity
from feedback import claims as _claims  # noqa: F401 - claimed profiles bring their votes
from feedback import guessing, score_keeping, similar_index
from feedback import telling as _telling  # noqa: F401 - its listeners tell authors, voters and followers
from feedback.score_debts import LISTENER, VERBS


@listen(*VERBS, name=LISTENER, batch=500)
def keep_scores(activities: Sequence[Activity]) -> list[Activity]:
    """Scores, heat and votes follow; facts about clusters that another worker holds stay owed."""
    return score_keeping.settle(activities)


@listen(*similar_index.WRITTEN, *similar_index.BROUGHT, name=similar_index.LISTENER)
def keep_similar(activities: Sequence[Activity]) -> None:
    """What is written, edited, hidden or imported is found as it stands now."""
    similar_index.follow(activities)


@listen(*guessing.WRITTEN, *guessing.DECIDED, name=guessing.LISTENER)
def keep_guesses(activities: Sequence[Activity]) -> None:
    """What a post seems to be stands beside it, and what staff made of that."""
    guessing.follow(activities)
