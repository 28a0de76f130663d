"""What is guessed about new posts, and the models that guess."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from community.models import Post, PostKind


class What(models.TextChoices):
    """What is guessed."""

    KIND = "kind", _("Kind")
    SEVERITY = "severity", _("Severity")
    DEPARTMENT = "department", _("Department")


class ClassifierModel(models.Model):
    """One training: its figures are kept for ever, its weights while it is in use.

    macro_f1, former_f1: basis points of this one and of what answered before it, on the same held-out examples.
    """

    what = models.CharField(max_length=10, choices=What.choices)
    version = models.PositiveIntegerField()
    weights = models.JSONField(default=dict)
    trained_at = models.DateTimeField()
    examples = models.PositiveIntegerField()
    held_out = models.PositiveIntegerField()
    macro_f1 = models.PositiveSmallIntegerField()
    former_f1 = models.PositiveSmallIntegerField()
    in_use = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["what", "version"], name="one_classifier_per_version"),
            models.UniqueConstraint(fields=["what"], condition=Q(in_use=True), name="one_classifier_in_use"),
        ]


class GuessQuerySet(models.QuerySet["PostGuess"]):
    """Adjectives of guesses."""

    def waiting(self) -> "GuessQuerySet":
        return self.filter(outcome=PostGuess.Outcome.WAITING)

    def decided(self) -> "GuessQuerySet":
        return self.exclude(outcome=PostGuess.Outcome.WAITING)

    def against_the_kind(self, confidence: int) -> "GuessQuerySet":
        """Those that take the post for another kind, with at least this confidence (basis points)."""
        return self.waiting().filter(what=What.KIND, confidence__gte=confidence).exclude(label=F("post__kind"))


class PostGuess(models.Model):
    """What a post seems to be, how surely, and the words that led to it; and whether staff saw it the same way.

    label: a kind, the number of a severity, or the id of a department; version: 0 while only the rules speak.
    """

    class Outcome(models.TextChoices):
        """What staff made of it."""

        WAITING = "waiting", _("Waiting")
        ACCEPTED = "accepted", _("Accepted")
        CHANGED = "changed", _("Changed")

    post = models.ForeignKey(Post, models.CASCADE, related_name="guesses")
    what = models.CharField(max_length=10, choices=What.choices)
    label = models.CharField(max_length=20)
    confidence = models.PositiveSmallIntegerField()
    words: Any = ArrayField(models.CharField(max_length=80), default=list)
    version = models.PositiveIntegerField(default=0)
    outcome = models.CharField(max_length=8, choices=Outcome.choices, default=Outcome.WAITING)

    objects = GuessQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["post", "what"], name="one_guess_per_post"),
            models.CheckConstraint(condition=Q(confidence__lte=10_000), name="guess_confidence_0_to_10000"),
        ]
        indexes = [models.Index(fields=["what", "outcome", "-confidence"], name="guess_waiting")]


# What staff may turn a post into at the desk; stories and announcements are nobody's guess.
GUESSED_KINDS = (PostKind.SUGGESTION, PostKind.BUG, PostKind.QUESTION, PostKind.DISCUSSION)
