"""Posts: what people write in a board."""

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community.models.board import Board, Tag, Viewer
from community.models.imports import ImportBatch
from community.models.member import Member


class PostKind(models.TextChoices):
    """What an entry is."""

    SUGGESTION = "suggestion", _("Suggestion")
    BUG = "bug", _("Bug")
    QUESTION = "question", _("Question")
    DISCUSSION = "discussion", _("Discussion")
    STORY = "story", _("Story")
    ANNOUNCEMENT = "announcement", _("Announcement")


# What stands behind a post's number in the addresses of its other pages; a title must not lead there.
TAKEN = {
    "convert", "delete", "edit", "follow", "hide", "history", "move", "react", "reactions", "restore", "same", "unaccept", "vote",
}  # fmt: skip


class PostState(models.TextChoices):
    """Whether an entry is shown."""

    VISIBLE = "visible", _("Visible")
    HELD = "held", _("Waiting for a moderator")
    HIDDEN = "hidden", _("Hidden")
    DELETED = "deleted", _("Deleted")


class Language(models.TextChoices):
    """In which language an entry is written, as `lang` says it; empty while nobody guessed."""

    EN = "en", "English"
    HANS = "zh-Hans", "简体中文"
    HANT = "zh-Hant", "繁體中文"
    OTHER = "und", _("Another language")


class WrittenQuerySet(models.QuerySet["Post"]):
    """Adjectives that posts share with whatever else hangs on a board."""

    def visible_to(self, viewer: Viewer) -> "WrittenQuerySet":
        """Posts the viewer may see: their own until deleted, everything but deleted for those who moderate.

        In a one-way board nobody else sees anything but their own.
        """
        posts = self.filter(board__in=Board.objects.shared_with(viewer))
        if viewer is None or not viewer.is_authenticated:
            return posts.filter(state=PostState.VISIBLE)
        if viewer.is_staff:
            return posts.exclude(state=PostState.DELETED)
        shared = ~models.Q(board__in=Board.objects.closed_between_authors(viewer).values("pk"))
        shown = shared & models.Q(state=PostState.VISIBLE) | models.Q(author_id=viewer.pk) & ~models.Q(state=PostState.DELETED)
        if viewer.role == "moderator":
            mine = Board.moderators.through.objects.filter(member_id=viewer.pk).values("board_id")
            shown |= models.Q(board__in=mine) & ~models.Q(state=PostState.DELETED)
        return posts.filter(shown)


class Post(models.Model):
    """An entry in a board. `body` is Markdown, `body_html` its sanitised rendering by `renderer`."""

    board = models.ForeignKey(Board, models.PROTECT, related_name="posts")
    author = models.ForeignKey(Member, models.PROTECT, related_name="posts")
    kind = models.CharField(_("kind"), max_length=12, choices=PostKind.choices, default=PostKind.SUGGESTION)
    state = models.CharField(_("state"), max_length=8, choices=PostState.choices, default=PostState.VISIBLE)
    title = models.CharField(_("title"), max_length=200)
    body = models.TextField(_("text"), blank=True)
    body_html = models.TextField(blank=True, editable=False)
    renderer = models.PositiveSmallIntegerField(default=0, editable=False)
    language = models.CharField(_("language"), max_length=8, choices=Language.choices, blank=True)
    tags = models.ManyToManyField(Tag, blank=True, related_name="posts")
    created_at = models.DateTimeField(default=timezone.now)
    edited_at = models.DateTimeField(null=True, blank=True)
    # Kept when a question becomes something else, in case it becomes one again.
    accepted_answer = models.ForeignKey("community.Comment", models.SET_NULL, null=True, blank=True, related_name="+")
    batch = models.ForeignKey(ImportBatch, models.PROTECT, null=True, blank=True, related_name="posts")
    source_system = models.CharField(max_length=20, blank=True)
    source_id = models.CharField(max_length=100, blank=True)
    source_url = models.URLField(max_length=500, blank=True)

    objects = WrittenQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source_system", "source_id"], condition=~models.Q(source_id=""), name="one_post_per_source"
            ),
        ]
        indexes = [
            models.Index(fields=["author", "-created_at"], name="post_author"),
            models.Index(fields=["board", "-created_at"], name="post_board"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_wish(self) -> bool:
        """A suggestion or a bug: something to vote for."""
        return self.kind in (PostKind.SUGGESTION, PostKind.BUG)

    @property
    def slug(self) -> str:
        """Up to sixty letters of the title, Han included, for a readable address."""
        words = "".join(sign if sign.isalnum() else "-" for sign in self.title.lower())
        readable = "-".join(part for part in words.split("-") if part)[:60].strip("-") or "post"
        return f"{readable}-post" if readable in TAKEN else readable

    def get_absolute_url(self) -> str:
        return reverse("post", args=[self.pk, self.slug])
