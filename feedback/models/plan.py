"""Plans: what was proposed for a release within a capacity, what people changed and why, and what was decided."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community.models import Product
from feedback.models.release import Release
from feedback.models.roadmap import RoadmapItem


class Plan(models.Model):
    """One version of what to build next for a product. The proposal is never touched; changes stand beside it.

    capacity: quarter team-weeks; community: least share of what is used, in basis points; least, most: quarter team-weeks
    by theme; relaxed: the rules the proposal had to give up; missed, wider: what just missed it and what more capacity would bring, as
    the planner says it; value: what the proposal is worth, in score numerators.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        ADOPTED = "adopted", _("Adopted")
        DROPPED = "dropped", _("Dropped")

    product = models.ForeignKey(Product, models.PROTECT, related_name="plans", verbose_name=_("product"))
    version = models.PositiveIntegerField(_("version"))
    capacity = models.PositiveIntegerField(_("capacity"))
    community = models.PositiveSmallIntegerField(default=5_000)
    least = models.JSONField(default=dict, blank=True)
    most = models.JSONField(default=dict, blank=True)
    relaxed = models.JSONField(default=list, blank=True)
    missed = models.JSONField(default=list, blank=True)
    wider = models.JSONField(default=list, blank=True)
    value = models.PositiveBigIntegerField(default=0)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.DRAFT)
    release = models.ForeignKey(
        Release, models.SET_NULL, null=True, blank=True, related_name="plans", verbose_name=_("release")
    )
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField(_("made at"), default=timezone.now)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["product", "version"], name="one_plan_per_version"),
            models.CheckConstraint(condition=Q(community__lte=10_000), name="plan_share_is_a_share"),
            models.CheckConstraint(
                condition=Q(state="draft", decided_at=None) | ~Q(state="draft") & Q(decided_at__isnull=False),
                name="plan_is_decided_or_a_draft",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product} · {self.version}"


class PlanLine(models.Model):
    """One candidate as it stood when the plan was made: proposed by the planner, chosen by people, with a reason where they
    differ. after: the piece of work it had to wait for."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="lines")
    item = models.ForeignKey(RoadmapItem, models.CASCADE, related_name="plan_lines")
    value = models.PositiveIntegerField()
    effort = models.PositiveSmallIntegerField()
    theme = models.CharField(max_length=40, blank=True)
    community = models.BooleanField(default=False)
    first_timers = models.PositiveIntegerField(default=0)
    voters = models.PositiveIntegerField(default=0)
    after = models.ForeignKey(RoadmapItem, models.SET_NULL, null=True, blank=True, related_name="+")
    must = models.BooleanField(default=False)
    proposed = models.BooleanField(default=False)
    chosen = models.BooleanField(default=False)
    reason = models.CharField(max_length=280, blank=True)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-value", "item_id"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "item"], name="one_line_per_plan_and_item"),
            models.CheckConstraint(condition=Q(chosen=F("proposed")) | ~Q(reason=""), name="a_changed_line_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.plan} · {self.item}"
