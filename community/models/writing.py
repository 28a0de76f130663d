"""What helps people write: templates to begin from, drafts that wait, and the versions a text has had."""

from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from community.models.board import Board, Viewer
from community.models.conversation import Comment
from community.models.member import Member
from community.models.post import Post, PostKind


class PostTemplateQuerySet(models.QuerySet["PostTemplate"]):
    """Adjectives of templates."""

    def offered_to(self, viewer: Viewer) -> "PostTemplateQuerySet":
        """Those of every board, and those of boards the viewer may see."""
        mine = models.Q(board__isnull=True) | models.Q(board__in=Board.objects.visible_to(viewer))
        return self.filter(mine, is_offered=True)


class PostTemplate(models.Model):
    """A text to begin from, for one kind of post; of one board, or of all."""

    board = models.ForeignKey(
        Board, models.CASCADE, null=True, blank=True, related_name="templates", verbose_name=_("board"),
        help_text=_("Leave it empty for every board."),
    )  # fmt: skip
    kind = models.CharField(_("kind"), max_length=12, choices=PostKind.choices)
    name = models.CharField(_("name"), max_length=60)
    name_zh_hans = models.CharField(_("name in Simplified Chinese"), max_length=60, blank=True)
    name_zh_hant = models.CharField(_("name in Traditional Chinese"), max_length=60, blank=True)
    body = models.TextField(_("text"), max_length=4000)
    body_zh_hans = models.TextField(_("text in Simplified Chinese"), max_length=4000, blank=True)
    body_zh_hant = models.TextField(_("text in Traditional Chinese"), max_length=4000, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_offered = models.BooleanField(_("offered"), default=True)

    objects = PostTemplateQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "position", "id"]

    def __str__(self) -> str:
        return {"zh-hans": self.name_zh_hans, "zh-hant": self.name_zh_hant}.get(get_language() or "") or self.name

    @property
    def text(self) -> str:
        """The text in the language of the page, else in English."""
        return {"zh-hans": self.body_zh_hans, "zh-hant": self.body_zh_hant}.get(get_language() or "") or self.body


class Draft(models.Model):
    """What a member has typed and not sent: into which form, about what, and when it was last kept.

    subject: the post a comment is for, or what is being edited; 0 for a new post, of which there may be several.
    data: what stood in the fields of the form, as typed.
    """

    class Form(models.TextChoices):
        POST = "post", _("A new post")
        COMMENT = "comment", _("A comment")
        POST_EDIT = "post_edit", _("Changes to a post")
        COMMENT_EDIT = "comment_edit", _("Changes to a comment")

    member = models.ForeignKey(Member, models.CASCADE, related_name="drafts")
    form = models.CharField(max_length=12, choices=Form.choices)
    subject = models.PositiveBigIntegerField(default=0)
    data = models.JSONField(default=dict)
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-saved_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["member", "form", "subject"], condition=~models.Q(form="post"), name="one_draft_per_form"
            ),
        ]
        indexes = [
            models.Index(fields=["member", "-saved_at"], name="draft_member"),
            models.Index(fields=["saved_at"], name="draft_age"),
        ]

    def __str__(self) -> str:
        said: dict[str, Any] = self.data
        return str(said.get("title") or said.get("body") or "")[:80]


class Revision(models.Model):
    """A version that a post or a comment has had, the newest being what it says now.

    A text that was never edited has none: its first version is written down at the first edit.
    hidden_at: since when only those who moderate may read it.
    """

    post = models.ForeignKey(Post, models.CASCADE, null=True, blank=True, related_name="revisions")
    comment = models.ForeignKey(Comment, models.CASCADE, null=True, blank=True, related_name="revisions")
    number = models.PositiveIntegerField()
    editor = models.ForeignKey(Member, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    title = models.CharField(max_length=200, blank=True)
    body = models.TextField(blank=True)
    tags = models.JSONField(default=list)
    reason = models.CharField(max_length=200, blank=True)
    hidden_at = models.DateTimeField(null=True, blank=True)
    hidden_by = models.ForeignKey(Member, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(post__isnull=False, comment__isnull=True)
                | models.Q(post__isnull=True, comment__isnull=False),
                name="a_revision_is_of_one_text",
            ),
            models.UniqueConstraint(fields=["post", "number"], name="one_post_revision_per_number"),
            models.UniqueConstraint(fields=["comment", "number"], name="one_comment_revision_per_number"),
        ]
