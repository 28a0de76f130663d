"""Mail: a row first, then the send, then the mark."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class MailList(models.TextChoices):
    """What a member can say yes or no to."""

    DIGEST = "digest", _("Weekly roadmap")
    STATUS = "status", _("News on suggestions you follow")
    COMMENTS = "comments", _("Comments on posts you follow")


class MailChoice(models.Model):
    """A member's wish for one list; no row means yes."""

    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="mail_choices")
    list = models.CharField(max_length=20, choices=MailList.choices)
    wanted = models.BooleanField(default=True)
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "list"], name="one_choice_per_list")]


class Mailing(models.Model):
    """One mail to one member, once per kind and period. `ambiguous`: a send was cut off and repeated."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SENDING = "sending", _("Being sent")
        SENT = "sent", _("Sent")
        SKIPPED = "skipped", _("Nothing to say, or not wanted any more")
        FAILED = "failed", _("Refused by the mail server")

    kind = models.CharField(max_length=20)
    period = models.CharField(max_length=80)
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="mailings")
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    data = models.JSONField(default=dict, blank=True)
    message_id = models.CharField(max_length=200, unique=True)
    due_at = models.DateTimeField(default=timezone.now)
    claimed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    ambiguous = models.BooleanField(default=False)
    error = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "period", "member"], name="one_mail_per_period")]
        indexes = [models.Index(fields=["state", "due_at"], name="mailing_due")]


class MailToken(models.Model):
    """An opaque link in a mail: for one member, one purpose, one object; hashed at rest, signs nobody in."""

    hash = models.CharField(max_length=64, unique=True)
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="mail_tokens")
    purpose = models.CharField(max_length=20)
    object = models.CharField(max_length=80, blank=True)
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["member", "purpose", "object"], name="mail_token_member")]
