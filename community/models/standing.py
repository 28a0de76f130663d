"""Standing: the one narrow row per post that every list reads."""

from django.db import models
from django.utils import timezone

from community.models.board import Board, Product, Viewer
from community.models.post import Post, PostKind, PostState

LISTED = models.Q(state=PostState.VISIBLE, folded_into__isnull=True)
# Talk that nobody said anything to, and wishes that the team has not answered.
UNANSWERED = LISTED & models.Q(answered=False, comments=0)
WAITING = LISTED & models.Q(answered=False, status="open")


class StandingQuerySet(models.QuerySet["Standing"]):
    """Adjectives of lists; a list never joins across apps."""

    def visible_to(self, viewer: Viewer) -> "StandingQuerySet":
        """Rows of published posts in boards the viewer may see; of one-way boards their own, unless they moderate them."""
        rows = self.filter(board__in=Board.objects.shared_with(viewer), state=PostState.VISIBLE)
        if viewer is None or not viewer.is_authenticated or viewer.is_staff:
            return rows
        shared = ~models.Q(board__in=Board.objects.closed_between_authors(viewer).values("pk"))
        # Few posts stand in one-way boards; the list of one's own is read once, and the list's own index stays in use.
        own = Post.objects.filter(author_id=viewer.pk, board__one_way=True).values("pk")
        return rows.filter(shared | models.Q(post__in=own))

    def listed(self) -> "StandingQuerySet":
        """Without the posts that were merged into another."""
        return self.filter(folded_into__isnull=True)

    def suggestions(self) -> "StandingQuerySet":
        return self.filter(kind__in=[PostKind.SUGGESTION, PostKind.BUG])

    def hot(self) -> "StandingQuerySet":
        return self.order_by("-heat", "-post_id")

    def top(self) -> "StandingQuerySet":
        return self.order_by("-score", "-established", "created_at", "post_id")

    def new(self) -> "StandingQuerySet":
        return self.order_by("-created_at", "-post_id")

    def needs_votes(self) -> "StandingQuerySet":
        """Open ones with the fewest votes first, the newest of them on top."""
        return self.filter(status="open").order_by("votes", "-created_at", "-post_id")

    def with_posts(self) -> "StandingQuerySet":
        return self.select_related("post__author", "board").prefetch_related("post__tags")


class Standing(models.Model):
    """What a list needs to know of a post.

    heat: exact integer, see `feedback.heat`; only its order means something.
    score: the numerator 0…1,000,000 of the priority; established: milli-votes of trust 2.
    folded_into: the canonical post this one was merged into.
    """

    post = models.OneToOneField(Post, models.CASCADE, primary_key=True, related_name="standing")
    product = models.ForeignKey(Product, models.PROTECT, related_name="+")
    board = models.ForeignKey(Board, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=PostKind.choices)
    state = models.CharField(max_length=8, choices=PostState.choices)
    status = models.CharField(max_length=12, blank=True)
    folded_into = models.ForeignKey(Post, models.SET_NULL, null=True, blank=True, related_name="+")
    answered = models.BooleanField(default=False)
    votes = models.PositiveIntegerField(default=0)
    imported_votes = models.PositiveIntegerField(default=0)
    merged = models.PositiveIntegerField(default=0)
    comments = models.PositiveIntegerField(default=0)
    heat = models.DecimalField(max_digits=1000, decimal_places=0, default=0)
    score = models.PositiveIntegerField(default=0)
    established = models.BigIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    active_at = models.DateTimeField(default=timezone.now)

    # What is new here to whoever looks; filled in by the list that shows the row.
    fresh: int = 0

    objects = StandingQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["-heat", "-post"], name="standing_hot", condition=LISTED),
            models.Index(fields=["-score", "-established", "created_at", "post"], name="standing_top", condition=LISTED),
            models.Index(fields=["-created_at", "-post"], name="standing_new", condition=LISTED),
            models.Index(fields=["status", "votes", "-created_at", "-post"], name="standing_status", condition=LISTED),
            models.Index(fields=["board", "-heat", "-post"], name="standing_board_hot", condition=LISTED),
            models.Index(fields=["-active_at", "-post"], name="standing_active", condition=LISTED),
            # Talk is listed by kind, and what nobody answered yet is asked for by who waits longest.
            models.Index(fields=["kind", "-active_at", "-post"], name="standing_kind_active", condition=LISTED),
            models.Index(fields=["kind", "-created_at", "-post"], name="standing_kind_new", condition=LISTED),
            models.Index(fields=["board", "-active_at", "-post"], name="standing_board_active", condition=LISTED),
            models.Index(fields=["-comments", "-active_at", "-post"], name="standing_talked", condition=LISTED),
            models.Index(fields=["kind", "created_at", "post"], name="standing_unanswered", condition=UNANSWERED),
            models.Index(fields=["created_at", "post"], name="standing_waiting", condition=WAITING),
            # How many there are of each status is read from this index alone.
            models.Index(fields=["board", "kind", "status"], name="standing_counts", condition=LISTED),
        ]
