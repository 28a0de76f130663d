"""What belongs to a whole account: exports of its data, claims of imported profiles, names it had."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community.models.member import Member


class Export(models.Model):
    """Everything Sprout holds about a member, as one zip; `file` is its name below DATA_DIR/exports, until it is dropped."""

    member = models.ForeignKey(Member, models.CASCADE, related_name="exports")
    asked_at = models.DateTimeField(default=timezone.now)
    ready_at = models.DateTimeField(null=True, blank=True)
    dropped_at = models.DateTimeField(null=True, blank=True)
    file = models.CharField(max_length=80, blank=True)
    size = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member"], condition=models.Q(ready_at__isnull=True, dropped_at__isnull=True), name="one_export_at_once"
            )
        ]


class Claim(models.Model):
    """A member says that an imported profile is theirs. `code` proves it where the source account writes it at the source."""

    class State(models.TextChoices):
        OPEN = "open", _("Waits for proof")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    member = models.ForeignKey(Member, models.CASCADE, related_name="claims")
    profile = models.ForeignKey(Member, models.CASCADE, related_name="claims_of_it")
    # Kept here too, so that later imports find whose they are.
    source_system = models.CharField(max_length=20)
    source_id = models.CharField(max_length=100)
    code = models.CharField(max_length=40, unique=True)
    words = models.CharField(max_length=600, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    asked_at = models.DateTimeField(default=timezone.now)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(Member, models.SET_NULL, null=True, blank=True, related_name="+")
    reason = models.CharField(max_length=600, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "profile"], condition=models.Q(state="open"), name="one_open_claim"),
            models.UniqueConstraint(
                fields=["source_system", "source_id"], condition=models.Q(state="accepted"), name="claimed_once"
            ),
            models.CheckConstraint(condition=~models.Q(member=models.F("profile")), name="nobody_claims_themselves"),
        ]


class FormerName(models.Model):
    """A name in addresses that a member had before, or that an imported profile had: it leads to the member, and to nobody else."""

    name = models.CharField(max_length=40, unique=True)
    member = models.ForeignKey(Member, models.CASCADE, related_name="former_names")
    left_at = models.DateTimeField(default=timezone.now)
