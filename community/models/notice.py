"""Notices: what a member hears in the page."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from community.models.activity import Activity
from community.models.post import Post


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Adjectives of notices."""

    def unread(self) -> "NoticeQuerySet":
        return self.filter(read_at__isnull=True)

    def newest_first(self) -> "NoticeQuerySet":
        return self.order_by("-at", "-pk")


class Notice(models.Model):
    """One member hears once of one activity. `data` holds ids and codes; words are made when shown."""

    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    activity = models.ForeignKey(Activity, models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, models.CASCADE, null=True, blank=True, related_name="+")
    kind = models.CharField(max_length=40)
    data = models.JSONField(default=dict, blank=True)
    at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "activity"], name="one_notice_per_activity")]
        indexes = [
            models.Index(fields=["member", "-at"], name="notice_member"),
            models.Index(fields=["member"], name="notice_unread", condition=models.Q(read_at__isnull=True)),
        ]
