"""Releases: what shipped, and whose suggestions it came from."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community.models import Product
from feedback.models.suggestion import Suggestion


class ReleaseQuerySet(models.QuerySet["Release"]):
    """Adjectives of releases."""

    def shipped(self) -> "ReleaseQuerySet":
        return self.filter(shipped_at__isnull=False).order_by("-shipped_at", "-pk")


class Release(models.Model):
    """A version or weekly drop with its notes in Markdown; a draft until `shipped_at`."""

    product = models.ForeignKey(Product, models.PROTECT, related_name="releases")
    slug = models.SlugField(max_length=80, unique=True, allow_unicode=True)
    version = models.CharField(_("version"), max_length=40)
    title = models.CharField(_("title"), max_length=120)
    notes = models.TextField(_("notes"), blank=True)
    notes_html = models.TextField(blank=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now)
    shipped_at = models.DateTimeField(null=True, blank=True)
    shipped_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    suggestions = models.ManyToManyField(Suggestion, blank=True, related_name="releases")

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["product", "-shipped_at"], name="release_product")]

    def __str__(self) -> str:
        return f"{self.version}: {self.title}"

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
