"""Pictures in posts, comments and contest entries."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community.models.board import Viewer
from community.models.contest import ContestEntry
from community.models.conversation import Comment
from community.models.member import Member
from community.models.post import Post

LOOSE = models.Q(post__isnull=True, comment__isnull=True, entry__isnull=True)


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    """Adjectives of pictures."""

    def visible_to(self, viewer: Viewer) -> "AttachmentQuerySet":
        """Pictures of texts the viewer may read, and what they uploaded and have not posted yet."""
        shown = models.Q(post__in=Post.objects.visible_to(viewer).values("pk"))
        shown |= models.Q(comment__in=Comment.objects.visible_to(viewer).values("pk"))
        shown |= models.Q(entry__in=ContestEntry.objects.visible_to(viewer).values("pk"))
        if viewer is not None and viewer.is_authenticated:
            shown |= LOOSE & models.Q(owner_id=viewer.pk)
        return self.filter(shown)

    def loose(self) -> "AttachmentQuerySet":
        return self.filter(LOOSE)


class Attachment(models.Model):
    """A picture, drawn anew from what its owner uploaded; it belongs to one post, comment or contest entry, or to none yet.

    name: of its folder, made by us. widths: its versions, the largest last; width and height are of that one.
    alt: what it shows; empty only where it is decorative. loose_since: since when no text has it.
    """

    owner = models.ForeignKey(Member, models.CASCADE, related_name="attachments")
    post = models.ForeignKey(Post, models.CASCADE, null=True, blank=True, related_name="attachments")
    comment = models.ForeignKey(Comment, models.CASCADE, null=True, blank=True, related_name="attachments")
    entry = models.ForeignKey(ContestEntry, models.CASCADE, null=True, blank=True, related_name="attachments")
    name = models.CharField(max_length=32, unique=True)
    widths = ArrayField(models.PositiveSmallIntegerField())
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    bytes = models.PositiveIntegerField()
    alt = models.CharField(_("what it shows"), max_length=300, blank=True)
    decorative = models.BooleanField(_("only decoration"), default=False)
    created_at = models.DateTimeField(default=timezone.now)
    loose_since = models.DateTimeField(null=True, blank=True)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(post__isnull=True, comment__isnull=True)
                | models.Q(post__isnull=True, entry__isnull=True)
                | models.Q(comment__isnull=True, entry__isnull=True),
                name="picture_of_one_text",
            ),
            models.CheckConstraint(
                condition=models.Q(loose_since__isnull=False) & LOOSE | models.Q(loose_since__isnull=True) & ~LOOSE,
                name="picture_is_loose_or_in_a_text",
            ),
        ]
        indexes = [
            models.Index(fields=["loose_since"], name="attachment_loose", condition=models.Q(loose_since__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.alt or f"{self.width} × {self.height}"

    def get_absolute_url(self) -> str:
        return f"/pictures/{self.pk}/"

    def address(self, width: int) -> str:
        return f"/pictures/{self.pk}/{width}.webp"

    @property
    def thumbnail(self) -> str:
        return self.address(self.widths[0])
