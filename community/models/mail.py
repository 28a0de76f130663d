"""Mail: a row first, then the send, then the mark."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class MailList(models.TextChoices):
    """What a member can say yes or no to."""

    DIGEST = "digest", _("Weekly roadmap")
    STATUS = "status", _("News on suggestions you follow")
    COMMENTS = "comments", _("Comments on posts you follow")
    MENTIONS = "mentions", _("When somebody names or quotes you")
    POSTS = "posts", _("New posts in boards, tags and of people you follow")
    GATHERINGS = "gatherings", _("Meetups, contests, polls and tester groups you take part in")
    CARE = "care", _("What moderators decided about something of yours")
    REACTIONS = "reactions", _("When people agree with what you wrote")


class Pace(models.TextChoices):
    """How often a list is mailed."""

    NOW = "now", _("At once")
    DAILY = "daily", _("Once a day")
    WEEKLY = "weekly", _("Once a week")
    NEVER = "never", _("Never")


class MailChoice(models.Model):
    """A member's wish for one list; no row means the list's default (see `mail_choices`).

    `wanted` is about mails and keeps the pace while it is off, so that a list that comes back comes as before.
    """

    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="mail_choices")
    list = models.CharField(max_length=20, choices=MailList.choices)
    wanted = models.BooleanField(default=True)
    pace = models.CharField(max_length=6, choices=Pace.choices, blank=True)
    on_page = models.BooleanField(default=True)
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "list"], name="one_choice_per_list"),
            models.CheckConstraint(condition=~models.Q(pace="never"), name="never_is_not_wanted"),
        ]


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


class MailPause(models.Model):
    """An address that a mail server refused for good: nothing goes there until its owner says so."""

    address = models.EmailField(unique=True)  # in small letters
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="mail_pauses")
    since = models.DateTimeField(default=timezone.now)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(address=Lower("address")), name="paused_in_small_letters")]

    def __str__(self) -> str:
        return f"{self.member_id}: {self.reason[:60]}"
