"""The search index: what posts and comments say, and in how many of them a word stands.

Written by `community.search.index` alone, one writer at a time and never in a visitor's request. No foreign keys: the
index is derived, may lag behind by a moment, and must never stand in the way of what it is derived from. Who may see a
hit is never read from here.
"""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models


@SearchVectorField.register_lookup
class Holds(models.Lookup):
    """`words__holds=query`: a tsquery over lexemes as they stand in the index; no dictionary changes them."""

    lookup_name = "holds"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, told = self.process_lhs(compiler, connection)
        return f"{left} @@ %s::tsquery", (*told, self.rhs)


class SearchEntry(models.Model):
    """A post (comment_id 0) or a comment, as its lexemes. Ids grow with time, so that the newest are the highest.

    title_length: lexemes in the title; version: of `community.search.lexemes` that read it.
    """

    post_id = models.BigIntegerField()
    comment_id = models.BigIntegerField(default=0)
    written_at = models.DateTimeField()
    title_length = models.PositiveSmallIntegerField(default=0)
    version = models.PositiveSmallIntegerField()
    words = SearchVectorField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post_id", "comment_id"], name="one_search_entry")]
        indexes = [
            # Without the pending list: its tens of thousands of lines would be read through by every search.
            GinIndex(fields=["words"], name="search_words", fastupdate=False),
            models.Index(fields=["-written_at", "-id"], name="search_written"),
        ]


class SearchWord(models.Model):
    """A lexeme and in how many entries it stands; forms: of its misspellings, see `community.search.lexemes.forms_of`."""

    word = models.CharField(max_length=60, primary_key=True)
    entries = models.PositiveIntegerField()
    forms = ArrayField(models.IntegerField(), default=list)

    class Meta:
        indexes = [GinIndex(fields=["forms"], name="search_forms", fastupdate=False)]
