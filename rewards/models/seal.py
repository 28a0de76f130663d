"""Seals: batches of transfers chained by hash, so that nobody can rewrite the past unseen."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from rewards.models.ledger import Transfer


class Seal(models.Model):
    """The hash of a batch of transfers and of the seal before it. `number` counts 1, 2, 3 … without a gap."""

    append_only = True

    number = models.BigIntegerField(unique=True)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)
    transfer_ids = ArrayField(models.BigIntegerField())
    at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.number} {self.hash}"


class Unsealed(models.Model):
    """A transfer that waits for its seal; the database puts it here, the sealer takes it away."""

    transfer = models.OneToOneField(Transfer, models.PROTECT, primary_key=True, related_name="+", db_constraint=False)

    class Meta:
        verbose_name_plural = "unsealed"
