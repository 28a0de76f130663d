"""Lists that are narrowed by words ask the same index as the search does."""

from django.db.models import QuerySet

from community.models import SearchEntry
from community.models.standing import StandingQuerySet
from community.search.question import weigh


def saying(rows: StandingQuerySet, words: str) -> StandingQuerySet:
    """Only the rows whose title and text have every word, slips forgiven; in whatever order they had."""
    found = entries_saying(words)
    return rows.filter(pk__in=found.filter(comment_id=0).values("post_id"))


def entries_saying(words: str) -> QuerySet[SearchEntry]:
    """The entries that have every word; words that say nothing narrow nothing, and a question of only such finds nothing."""
    question = weigh(words)
    query = " & ".join([*(one.part.query() for one in question.parts), *question.asked.bounds])
    if not question.parts:
        return SearchEntry.objects.none()
    return SearchEntry.objects.filter(words__holds=query)
