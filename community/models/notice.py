"""Notices: what a member hears in the page."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community.models.activity import Activity
from community.models.mail import MailList
from community.models.post import Post


class MailedAs(models.TextChoices):
    """How a notice is mailed, or why it is not."""

    NONE = "", _("No mail for this kind")
    NOW = "now", _("At once")
    DAILY = "daily", _("In the daily mail")
    WEEKLY = "weekly", _("In the weekly mail")
    NEVER = "never", _("Not wanted by mail")
    OLD = "old", _("Too old when it was told")
    UNREACHABLE = "nobody", _("No confirmed address")


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Adjectives of notices."""

    def on_the_page(self) -> "NoticeQuerySet":
        return self.filter(on_page=True)

    def unread(self) -> "NoticeQuerySet":
        return self.filter(read_at__isnull=True)

    def newest_first(self) -> "NoticeQuerySet":
        return self.order_by("-at", "-pk")


class Notice(models.Model):
    """One member hears once of one activity. `data` holds ids and codes; words are made when shown.

    list: what it can be switched off by. on_page: false where it is for a mail alone.
    """

    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    activity = models.ForeignKey(Activity, models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, models.CASCADE, null=True, blank=True, related_name="+")
    kind = models.CharField(max_length=40)
    data = models.JSONField(default=dict, blank=True)
    at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True, blank=True)
    list = models.CharField(max_length=20, choices=MailList.choices, blank=True)
    on_page = models.BooleanField(default=True)
    mailed_as = models.CharField(max_length=6, choices=MailedAs.choices, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "activity"], name="one_notice_per_activity"),
            # A post is new once, however many boards, tags and people led to it, and however often it comes back.
            models.UniqueConstraint(
                fields=["member", "post"], condition=models.Q(kind="post_written"), name="a_post_is_new_once"
            ),
        ]
        indexes = [
            models.Index(fields=["member", "-at"], name="notice_member"),
            models.Index(fields=["member", "post"], name="notice_of_post"),
            models.Index(fields=["member"], name="notice_unread", condition=models.Q(read_at__isnull=True, on_page=True)),
        ]
