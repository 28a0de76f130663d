"""Releases: what shipped, and whose suggestions it came from."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community.models import ImportBatch, Product
from feedback.models.suggestion import Suggestion


class ReleaseQuerySet(models.QuerySet["Release"]):
    """Adjectives of releases."""

    def shipped(self) -> "ReleaseQuerySet":
        return self.filter(shipped_at__isnull=False).order_by("-shipped_at", "-pk")

    def scheduled(self) -> "ReleaseQuerySet":
        return self.filter(shipped_at__isnull=True, scheduled_for__isnull=False).order_by("scheduled_for", "pk")

    def due(self, *, at: datetime) -> "ReleaseQuerySet":
        return self.scheduled().filter(scheduled_for__lte=at)

    def untouched(self) -> "ReleaseQuerySet":
        """Drafts that an import made and nobody has edited, scheduled, shipped or planned for since."""
        return self.filter(
            batch__isnull=False,
            edited_at__isnull=True,
            scheduled_for__isnull=True,
            shipped_at__isnull=True,
            items__isnull=True,
            plans__isnull=True,
        )


class Release(models.Model):
    """A version or weekly drop with its notes in Markdown: a draft, scheduled for a moment, or shipped."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SCHEDULED = "scheduled", _("Scheduled")
        SHIPPED = "shipped", _("Shipped")

    class Held(models.TextChoices):
        """Why the moment came and the release did not ship."""

        NOT_ALLOWED = "not-allowed", _("Whoever scheduled it may not ship any more.")
        FAULT = "fault", _("Something went wrong, several times. An administrator finds it in the errors.")

    product = models.ForeignKey(Product, models.PROTECT, related_name="releases")
    slug = models.SlugField(max_length=80, unique=True, allow_unicode=True)
    version = models.CharField(_("version"), max_length=40)
    title = models.CharField(_("title"), max_length=120)
    notes = models.TextField(_("notes"), blank=True)
    notes_html = models.TextField(blank=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now)
    shipped_at = models.DateTimeField(null=True, blank=True)
    shipped_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    scheduled_for = models.DateTimeField(_("ships by itself at"), null=True, blank=True)
    scheduled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    held = models.CharField(max_length=12, choices=Held.choices, blank=True, editable=False)
    edited_at = models.DateTimeField(null=True, blank=True, editable=False)
    batch = models.ForeignKey(ImportBatch, models.SET_NULL, null=True, blank=True, related_name="releases", editable=False)
    source_id = models.CharField(max_length=40, blank=True, editable=False)
    suggestions = models.ManyToManyField(Suggestion, blank=True, related_name="releases")

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["product", "-shipped_at"], name="release_product"),
            models.Index(fields=["scheduled_for"], condition=models.Q(shipped_at=None), name="release_due"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["product", "source_id"], condition=~models.Q(source_id=""), name="one_release_per_source"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version}: {self.title}"

    @property
    def state(self) -> State:
        if self.shipped_at is not None:
            return self.State.SHIPPED
        return self.State.DRAFT if self.scheduled_for is None else self.State.SCHEDULED

    def get_absolute_url(self) -> str:
        return reverse("release", args=[self.slug])


class Credit(models.Model):
    """A member by whom a shipped suggestion came to be."""

    class Role(models.TextChoices):
        AUTHOR = "author", _("made the suggestion")
        MERGED_AUTHOR = "merged", _("made the same suggestion")
        VOTER = "voter", _("voted for it")

    release = models.ForeignKey(Release, models.CASCADE, related_name="credits")
    suggestion = models.ForeignKey(Suggestion, models.CASCADE, related_name="credits")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="credits")
    role = models.CharField(max_length=8, choices=Role.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["release", "suggestion", "member"], name="one_credit_per_member"),
        ]
        indexes = [models.Index(fields=["member", "role"], name="credit_member")]
