"""What a member said of a suggestion when they helped to sort and did not want it."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feedback.models.suggestion import Suggestion


class Verdict(models.TextChoices):
    """How somebody went past a suggestion."""

    PASSED = "passed", _("Not for me")
    SKIPPED = "skipped", _("Skipped")


class Judgement(models.Model):
    """A member went past a suggestion. It never lowers a score: it routes, and tells the team a share.

    A vote outranks it; skipped ones come again after a while.
    """

    suggestion = models.ForeignKey(Suggestion, models.CASCADE, related_name="judgements")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="judgements")
    verdict = models.CharField(max_length=8, choices=Verdict.choices)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["suggestion", "member"], name="one_judgement_per_member")]
        indexes = [models.Index(fields=["member", "verdict"], name="judgement_member")]
