"""The index of similar suggestions: which terms each one is about, and how many are about a term.

Written by `feedback.similar_index` alone, one writer at a time and never in a visitor's request. No foreign keys: the
index is derived, may lag behind by a moment, and must never stand in the way of what it is derived from.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class SimilarText(models.Model):
    """What the index holds of one suggestion, so that it can be taken out again term by term.

    version: of `feedback.text` that read it; terms, impacts: side by side, see `feedback.text.tokens`.
    """

    suggestion_id = models.BigIntegerField(primary_key=True)
    version = models.PositiveSmallIntegerField()
    terms = ArrayField(models.BigIntegerField())
    impacts = ArrayField(models.SmallIntegerField())

    class Meta:
        indexes = [models.Index(fields=["version", "suggestion_id"], name="similar_text_version")]


class SimilarTerm(models.Model):
    """In how many suggestions a term stands; the row of term 0 counts the suggestions."""

    EVERYTHING = 0

    term = models.BigIntegerField(primary_key=True)
    suggestions = models.PositiveIntegerField()


class SimilarPosting(models.Model):
    """A suggestion is about a term by so much.

    All three columns are the key: one index answers a question without touching the table.
    """

    pk = models.CompositePrimaryKey("term", "suggestion_id", "impact")
    term = models.BigIntegerField()
    suggestion_id = models.BigIntegerField()
    impact = models.SmallIntegerField()
