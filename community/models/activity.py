"""The record of what happened, and what is still owed for it."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class Activity(models.Model):
    """An immutable fact: ids, numbers and codes only, never personal text. The database refuses changes."""

    append_only = True

    key = models.CharField(max_length=160, unique=True)
    # One of `Verb`; no choices, so that a new verb needs no migration.
    verb = models.CharField(max_length=40)
    version = models.PositiveSmallIntegerField(default=1)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="activities")
    subject_id = models.BigIntegerField(null=True)
    data = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "activities"
        indexes = [
            models.Index(fields=["verb", "at"], name="activity_verb"),
            models.Index(fields=["subject_id", "verb"], name="activity_subject"),
            models.Index(fields=["actor", "-at"], name="activity_actor"),
        ]

    def __str__(self) -> str:
        return self.key


class Delivery(models.Model):
    """One listener's debt for one activity; paid debts are deleted."""

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="deliveries")
    listener = models.CharField(max_length=60)
    due_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [models.UniqueConstraint(fields=["activity", "listener"], name="one_debt_per_listener")]
        indexes = [models.Index(fields=["listener", "due_at", "id"], name="delivery_due")]


class Trace(models.Model):
    """Which device and network an act came from, as salted hashes; forgotten after 14 days."""

    activity = models.OneToOneField(Activity, models.CASCADE, primary_key=True, related_name="trace")
    network = models.CharField(max_length=44, blank=True)
    device = models.CharField(max_length=44, blank=True)
    at = models.DateTimeField(default=timezone.now, db_index=True)
