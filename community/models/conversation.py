"""Comments, reactions and follows: the talk about posts."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community.models.board import Board, Viewer
from community.models.imports import ImportBatch
from community.models.member import Member
from community.models.post import Post, PostState


class CommentQuerySet(models.QuerySet["Comment"]):
    """Adjectives of comments."""

    def visible_to(self, viewer: Viewer) -> "CommentQuerySet":
        """Comments on visible posts; one's own that wait, and hidden ones for those who moderate."""
        comments = self.filter(post__in=Post.objects.visible_to(viewer).values("pk"))
        if viewer is None or not viewer.is_authenticated:
            return comments.filter(state=PostState.VISIBLE)
        if viewer.is_staff:
            return comments.exclude(state=PostState.DELETED)
        shown = models.Q(state=PostState.VISIBLE) | models.Q(author_id=viewer.pk, state=PostState.HELD)
        if viewer.role == "moderator":
            mine = Board.moderators.through.objects.filter(member_id=viewer.pk).values("board_id")
            shown |= models.Q(post__board__in=mine) & ~models.Q(state=PostState.DELETED)
        return comments.filter(shown)

    def oldest_first(self) -> "CommentQuerySet":
        return self.order_by("created_at", "pk")


class Comment(models.Model):
    """An answer to a post, or to one of its comments."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="comments")
    author = models.ForeignKey(Member, models.PROTECT, related_name="comments")
    parent = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="answers")
    state = models.CharField(max_length=8, choices=PostState.choices, default=PostState.VISIBLE)
    body = models.TextField(_("text"))
    body_html = models.TextField(blank=True, editable=False)
    renderer = models.PositiveSmallIntegerField(default=0, editable=False)
    agrees = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    edited_at = models.DateTimeField(null=True, blank=True)
    batch = models.ForeignKey(ImportBatch, models.PROTECT, null=True, blank=True, related_name="comments")
    source_system = models.CharField(max_length=20, blank=True)
    source_id = models.CharField(max_length=100, blank=True)

    objects = CommentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source_system", "source_id"], condition=~models.Q(source_id=""), name="one_comment_per_source"
            ),
        ]
        indexes = [
            models.Index(fields=["post", "created_at", "id"], name="comment_thread"),
            # A talk's threads in the order of the best, and the answers of one thread, without reading the others.
            models.Index(
                fields=["post", "-agrees", "created_at", "id"], name="comment_best", condition=models.Q(parent__isnull=True)
            ),
            models.Index(fields=["parent", "created_at", "id"], name="comment_answers"),
            models.Index(fields=["author", "-created_at"], name="comment_author"),
        ]

    def __str__(self) -> str:
        return self.body[:60]

    def get_absolute_url(self) -> str:
        """The page of the talk it stands on, wherever that is."""
        return f"{self.post.get_absolute_url()}?comment={self.pk}#comment-{self.pk}"


class Sign(models.TextChoices):
    """The few signs one may leave; none of them ever scores."""

    AGREE = "agree", _("Agree")
    THANKS = "thanks", _("Thanks")
    DELIGHTED = "delighted", _("Delighted")
    PUZZLED = "puzzled", _("Puzzled")


class Reaction(models.Model):
    """A small sign of one member on one comment or one post."""

    comment = models.ForeignKey(Comment, models.CASCADE, null=True, blank=True, related_name="reactions")
    post = models.ForeignKey(Post, models.CASCADE, null=True, blank=True, related_name="reactions")
    member = models.ForeignKey(Member, models.CASCADE, related_name="reactions")
    sign = models.CharField(max_length=10, choices=Sign.choices, default=Sign.AGREE)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["comment", "member", "sign"], name="one_sign_per_member"),
            models.UniqueConstraint(fields=["post", "member", "sign"], name="one_sign_per_member_and_post"),
            models.CheckConstraint(
                condition=models.Q(comment__isnull=True) ^ models.Q(post__isnull=True), name="a_sign_is_on_one_thing"
            ),
        ]


class ReadMark(models.Model):
    """How far a member has read the talk under a post. `seen`: no comment with a higher id was there at `at`."""

    member = models.ForeignKey(Member, models.CASCADE, related_name="read_marks")
    post = models.ForeignKey(Post, models.CASCADE, related_name="read_marks")
    seen = models.BigIntegerField(default=0)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "post"], name="one_mark_per_member_and_post")]


class Follow(models.Model):
    """A member hears of what happens to a post. A muted follow keeps the wish not to."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="follows")
    member = models.ForeignKey(Member, models.CASCADE, related_name="follows")
    muted = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "member"], name="one_follow_per_member")]
        indexes = [models.Index(fields=["member", "post"], name="follow_member")]
