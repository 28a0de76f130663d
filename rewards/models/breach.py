"""Breaches: what the auditor found wrong. While one is open nothing can be spent."""

from django.conf import settings
from django.db import models


class BreachQuerySet(models.QuerySet["Breach"]):
    """Adjectives of breaches."""

    def open(self) -> "BreachQuerySet":
        return self.filter(closed_at__isnull=True)


class Breach(models.Model):
    """A law of the ledger that was found broken, with the first row that breaks it. Never repaired by itself."""

    law = models.CharField(max_length=40)
    detail = models.CharField(max_length=280)
    found_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    objects = BreachQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "breaches"
        constraints = [
            models.UniqueConstraint(
                fields=["law", "detail"], condition=models.Q(closed_at__isnull=True), name="one_open_breach_per_finding"
            ),
        ]
        indexes = [models.Index(fields=["found_at"], condition=models.Q(closed_at__isnull=True), name="breach_open")]

    def __str__(self) -> str:
        return f"{self.law}: {self.detail}"
