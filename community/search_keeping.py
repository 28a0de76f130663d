"""What is written, edited, hidden or imported is found as it stands now."""

from collections.abc import Sequence

from community.listening import listen
from community.models import Activity
from community.search import index


@listen(*index.WRITTEN, *index.CHANGED, *index.SAID, *index.NAMED, *index.BROUGHT, name=index.LISTENER)
def keep_search(activities: Sequence[Activity]) -> None:
    """The index of the search follows these facts."""
    index.follow(activities)
