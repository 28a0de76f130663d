"""The roadmap: planned pieces of work and the suggestions they serve."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community.models import Product
from feedback.models.release import Release
from feedback.models.suggestion import Suggestion


class RoadmapColumn(models.TextChoices):
    """Where a piece of work stands in public."""

    PLANNED = "planned", _("Planned")
    IN_PROGRESS = "in-progress", _("In progress")
    TESTING = "testing", _("Testing")
    SHIPPED = "shipped", _("Shipped")


class RoadmapItemQuerySet(models.QuerySet["RoadmapItem"]):
    """Adjectives of roadmap items."""

    def public(self) -> "RoadmapItemQuerySet":
        return self.filter(is_public=True)


class RoadmapItem(models.Model):
    """A planned piece of work. effort: quarter team-weeks (4 = one week of one team).

    after: what has to be done before it, or along with it; must: every plan has it in.
    """

    product = models.ForeignKey(Product, models.PROTECT, related_name="roadmap_items")
    title = models.CharField(_("title"), max_length=160)
    summary = models.CharField(_("summary"), max_length=500, blank=True)
    column = models.CharField(_("column"), max_length=12, choices=RoadmapColumn.choices, default=RoadmapColumn.PLANNED)
    effort = models.PositiveSmallIntegerField(_("effort in quarter team-weeks"), default=4)
    theme = models.CharField(_("theme"), max_length=40, blank=True)
    after = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="waiting", verbose_name=_("comes after")
    )
    must = models.BooleanField(_("in every plan"), default=False)
    expected = models.CharField(_("expected"), max_length=40, blank=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    suggestions = models.ManyToManyField(Suggestion, blank=True, related_name="roadmap_items")
    release = models.ForeignKey(Release, models.SET_NULL, null=True, blank=True, related_name="items")
    position = models.PositiveIntegerField(default=0)
    is_public = models.BooleanField(_("shown to everybody"), default=True)
    created_at = models.DateTimeField(default=timezone.now)
    moved_at = models.DateTimeField(default=timezone.now)

    objects = RoadmapItemQuerySet.as_manager()

    class Meta:
        ordering = ["position", "id"]
        indexes = [models.Index(fields=["product", "column", "position"], name="roadmap_column")]

    def __str__(self) -> str:
        return self.title
