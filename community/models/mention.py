"""Who is named or quoted in which text."""

from django.db import models
from django.utils import timezone

from community.models.conversation import Comment
from community.models.member import Member
from community.models.post import Post


class Mention(models.Model):
    """A member is named in a post or one of its comments; they hear of it once, however often it is edited.

    comment: empty where the post itself names them. quoted: their words stand in it. told_at: empty until they were told.
    """

    post = models.ForeignKey(Post, models.CASCADE, related_name="mentions")
    comment = models.ForeignKey(Comment, models.CASCADE, null=True, blank=True, related_name="mentions")
    member = models.ForeignKey(Member, models.CASCADE, related_name="mentions")
    by = models.ForeignKey(Member, models.CASCADE, related_name="+")
    quoted = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)
    told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["post", "member"], condition=models.Q(comment__isnull=True), name="one_mention_per_post"
            ),
            models.UniqueConstraint(
                fields=["comment", "member"], condition=models.Q(comment__isnull=False), name="one_mention_per_comment"
            ),
        ]
