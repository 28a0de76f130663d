"""Votes: one member's wish for one suggestion."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community.models import ImportBatch
from feedback.models.suggestion import Suggestion


class Need(models.IntegerChoices):
    """How much somebody would miss it; the value is its factor in thousandths."""

    NICE = 0, _("Nice to have")
    IMPORTANT = 500, _("Important")
    MUST = 1000, _("Cannot do without")


class VoteQuerySet(models.QuerySet["Vote"]):
    """Adjectives of votes."""

    def standing(self) -> "VoteQuerySet":
        """Neither withdrawn nor voided."""
        return self.filter(withdrawn_at__isnull=True, voided_at__isnull=True)

    def counted(self) -> "VoteQuerySet":
        """Those that make the number people see: standing, and never one's of staff."""
        return self.standing().filter(member__is_staff=False)

    def of_cluster(self, root_id: int) -> "VoteQuerySet":
        return self.filter(suggestion__root_id=root_id)


class Vote(models.Model):
    """A member's vote. It stays with the suggestion it was given to, whatever is merged.

    recorded_by: staff who wrote it down on the member's behalf. Withdrawn votes keep their row.
    revision: how often it was cast, changed or withdrawn; each is a fact of its own.
    """

    suggestion = models.ForeignKey(Suggestion, models.CASCADE, related_name="votes")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="votes")
    need = models.PositiveSmallIntegerField(_("need"), choices=Need.choices, default=Need.NICE)
    cast_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    voided_at = models.DateTimeField(null=True, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    batch = models.ForeignKey(ImportBatch, models.PROTECT, null=True, blank=True, related_name="votes")
    revision = models.PositiveIntegerField(default=0, editable=False)

    objects = VoteQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["suggestion", "member"], name="one_vote_per_member"),
            models.CheckConstraint(condition=models.Q(need__in=[0, 500, 1000]), name="need_is_0_500_or_1000"),
        ]
        indexes = [models.Index(fields=["member", "-cast_at"], name="vote_member")]


class ImportedVotes(models.Model):
    """Nameless votes an import brought along; shown apart, one unestablished cohort per import."""

    suggestion = models.ForeignKey(Suggestion, models.CASCADE, related_name="imported_votes")
    batch = models.ForeignKey(ImportBatch, models.PROTECT, related_name="nameless_votes")
    count = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["suggestion", "batch"], name="one_count_per_import")]
