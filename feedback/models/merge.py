"""Merges: edges duplicate → into; the canonical is the derived root, nothing moves, undoing leaves no trace."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feedback.models.suggestion import Suggestion


class Merge(models.Model):
    """One edge. A suggestion has at most one that is not undone."""

    duplicate = models.ForeignKey(Suggestion, models.CASCADE, related_name="merges")
    into = models.ForeignKey(Suggestion, models.CASCADE, related_name="merged_in")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["duplicate"], condition=models.Q(undone_at__isnull=True), name="one_open_merge_per_duplicate"
            ),
            models.CheckConstraint(condition=~models.Q(duplicate=models.F("into")), name="never_into_itself"),
        ]
        indexes = [models.Index(fields=["into"], condition=models.Q(undone_at__isnull=True), name="merge_into_open")]


class MergeProposalQuerySet(models.QuerySet["MergeProposal"]):
    """Adjectives of proposals."""

    def waiting(self) -> "MergeProposalQuerySet":
        return self.filter(state=MergeProposal.State.WAITING)

    def about(self, suggestion_id: int) -> "MergeProposalQuerySet":
        """Waiting ones in which the suggestion has a part."""
        either = models.Q(duplicate=suggestion_id) | models.Q(into=suggestion_id)
        return self.waiting().filter(either)


class MergeProposal(models.Model):
    """Somebody, or an imported comment, says that two suggestions are the same; staff decide."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        ACCEPTED = "accepted", _("Accepted")
        DISMISSED = "dismissed", _("Dismissed")

    duplicate = models.ForeignKey(Suggestion, models.CASCADE, related_name="proposals")
    into = models.ForeignKey(Suggestion, models.CASCADE, related_name="proposals_in")
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    evidence = models.CharField(_("what says so"), max_length=280, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    at = models.DateTimeField(default=timezone.now)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    objects = MergeProposalQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["duplicate", "into"], name="one_proposal_per_pair"),
            models.CheckConstraint(condition=~models.Q(duplicate=models.F("into")), name="never_the_same_as_itself"),
        ]
        indexes = [models.Index(fields=["state", "-at"], name="merge_proposal_queue")]
