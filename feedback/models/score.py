"""The score's stored state: per cluster its sums, and what every voter, cohort and persona put into them."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from community.models import Persona
from feedback.models.suggestion import Suggestion


class ScoreConfig(models.Model):
    """One version of the constants. `shares`: persona slug → basis points, 10,000 together."""

    version = models.PositiveIntegerField(unique=True)
    constants = models.JSONField(default=dict)
    shares = models.JSONField(default=dict)
    active = models.BooleanField(default=False)
    note = models.CharField(max_length=280, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["active"], condition=models.Q(active=True), name="one_active_score_config")
        ]

    def __str__(self) -> str:
        return f"Version {self.version}"


class ClusterScore(models.Model):
    """The sums of one cluster in milli-votes, its parts in basis points, and the numerator that is the score."""

    root = models.OneToOneField(Suggestion, models.CASCADE, primary_key=True, related_name="score")
    config = models.PositiveIntegerField(default=1)
    voters = models.PositiveIntegerField(default=0)
    imported = models.PositiveIntegerField(default=0)
    established = models.BigIntegerField(default=0)
    established_need = models.BigIntegerField(default=0)
    newcomers = models.BigIntegerField(default=0)
    newcomers_need = models.BigIntegerField(default=0)
    supporters = models.BigIntegerField(default=0)
    needs = models.BigIntegerField(default=0)
    demand = models.PositiveIntegerField(default=0)
    impact = models.PositiveIntegerField(default=0)
    breadth = models.PositiveIntegerField(default=0)
    evidence = models.PositiveIntegerField(default=0)
    strategy = models.PositiveIntegerField(default=0)
    numerator = models.PositiveIntegerField(default=0)
    heat = models.DecimalField(max_digits=1000, decimal_places=0, default=0)


class ClusterVoter(models.Model):
    """What one person puts into one cluster now, as it stands in its sums. step: the hour of their latest vote in it."""

    root = models.ForeignKey(Suggestion, models.CASCADE, related_name="+")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    weight = models.PositiveIntegerField()
    need = models.PositiveIntegerField()
    trust = models.PositiveSmallIntegerField()
    cohort = models.CharField(max_length=60)
    persona = models.ForeignKey(Persona, models.SET_NULL, null=True, related_name="+")
    step = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["root", "member"], name="one_row_per_cluster_voter")]
        indexes = [models.Index(fields=["member"], name="cluster_voter_member")]


class ClusterCohort(models.Model):
    """The weights of one unestablished cohort in one cluster, before damping."""

    root = models.ForeignKey(Suggestion, models.CASCADE, related_name="+")
    cohort = models.CharField(max_length=60)
    weight = models.BigIntegerField()
    need = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["root", "cohort"], name="one_row_per_cluster_cohort")]


class ClusterPersona(models.Model):
    """The established weight of one persona in one cluster."""

    root = models.ForeignKey(Suggestion, models.CASCADE, related_name="+")
    persona = models.ForeignKey(Persona, models.CASCADE, related_name="+")
    weight = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["root", "persona"], name="one_row_per_cluster_persona")]


class ScoreSnapshot(models.Model):
    """The score on a day, for the history in the "why" panel."""

    root = models.ForeignKey(Suggestion, models.CASCADE, related_name="snapshots")
    day = models.DateField()
    numerator = models.PositiveIntegerField()
    votes = models.PositiveIntegerField()
    config = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["root", "day"], name="one_snapshot_per_day")]
