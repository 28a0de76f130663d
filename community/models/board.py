"""Products, their boards and the tags on posts."""

from typing import TYPE_CHECKING, Union, cast

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from community.models.segment import Segment, SegmentMember

if TYPE_CHECKING:
    from community.models.member import Member

Viewer = Union["Member", AnonymousUser, None]


class Audience(models.TextChoices):
    """Who may do a thing in a board."""

    ANYONE = "anyone", _("Anyone")
    MEMBERS = "members", _("Members")
    SEGMENT = "segment", _("A segment")
    MODERATORS = "moderators", _("Moderators")
    STAFF = "staff", _("Staff")
    NOBODY = "nobody", _("Nobody")


class Right(models.TextChoices):
    """What one may do in a board. Seeing is part of each."""

    SEE = "see", _("see")
    POST = "post", _("post")
    COMMENT = "comment", _("comment")
    VOTE = "vote", _("vote")


class Product(models.Model):
    """A thing people give feedback on."""

    slug = models.SlugField(unique=True)
    name = models.CharField(_("name"), max_length=60)
    name_zh_hans = models.CharField(max_length=60, blank=True)
    name_zh_hant = models.CharField(max_length=60, blank=True)
    about = models.CharField(_("about"), max_length=280, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return {"zh-hans": self.name_zh_hans, "zh-hant": self.name_zh_hant}.get(get_language() or "") or self.name


class BoardQuerySet(models.QuerySet["Board"]):
    """Adjectives of boards; the one place that says who may see, post, comment and vote."""

    def open_to(self, viewer: Viewer, right: str) -> "BoardQuerySet":
        """Boards in which the viewer has the right: see, post, comment or vote. Seeing is part of each."""
        boards = self.filter(holding(viewer, right))
        return boards if right == Right.SEE else boards.filter(holding(viewer, Right.SEE))

    def visible_to(self, viewer: Viewer) -> "BoardQuerySet":
        return self.open_to(viewer, Right.SEE)

    def shared_with(self, viewer: Viewer) -> "BoardQuerySet":
        """Boards the viewer may see, as far as they may see anything in them: a visitor has written nothing yet."""
        boards = self.visible_to(viewer)
        return boards if viewer is not None and viewer.is_authenticated else boards.filter(one_way=False)

    def closed_between_authors(self, viewer: Viewer) -> "BoardQuerySet":
        """One-way boards in which the viewer sees their own posts alone: those they do not moderate."""
        if viewer is not None and viewer.is_authenticated and viewer.is_staff:
            return self.none()
        return self.filter(one_way=True).exclude(kept_by(viewer))

    def with_rights_of(self, viewer: Viewer) -> "BoardQuerySet":
        """Each with `may_post`, `may_comment` and `may_vote`; a visitor may do nothing before they sign in."""
        known = viewer is not None and viewer.is_authenticated
        asked = {
            f"may_{right}": holding(viewer, right) if known else models.Q(pk__in=[]) for right in Right if right != Right.SEE
        }
        rights = {name: models.ExpressionWrapper(rule, models.BooleanField()) for name, rule in asked.items()}
        return cast("BoardQuerySet", self.annotate(**rights))


def kept_by(viewer: Viewer) -> models.Q:
    """Boards that the viewer was given to moderate."""
    if viewer is None or not viewer.is_authenticated or viewer.role != "moderator":
        return models.Q(pk__in=[])
    return models.Q(pk__in=Board.moderators.through.objects.filter(member_id=viewer.pk).values("board_id"))


def holding(viewer: Viewer, right: str) -> models.Q:
    """Boards whose own rule gives the viewer the right; `community.readers` says the same of a crowd, from memory.

    Whoever moderates a board may do in it what a segment may. Staff may do everything that somebody may.
    """
    if viewer is None or not viewer.is_authenticated:
        return models.Q(**{right: Audience.ANYONE})
    if viewer.is_staff:
        return ~models.Q(**{right: Audience.NOBODY})
    mine = SegmentMember.objects.filter(member_id=viewer.pk).values("segment_id")
    given = BoardRight.objects.filter(right=right, segment__in=mine).values("board_id")
    held = models.Q(**{f"{right}__in": [Audience.ANYONE, Audience.MEMBERS]})
    held |= models.Q(**{right: Audience.SEGMENT}, pk__in=given)
    if viewer.role == "moderator":
        held |= models.Q(**{f"{right}__in": [Audience.SEGMENT, Audience.MODERATORS]}) & kept_by(viewer)
    return held


class Board(models.Model):
    """A place for posts, with its rights."""

    product = models.ForeignKey(Product, models.CASCADE, related_name="boards")
    slug = models.SlugField(unique=True)
    name = models.CharField(_("name"), max_length=60)
    name_zh_hans = models.CharField(max_length=60, blank=True)
    name_zh_hant = models.CharField(max_length=60, blank=True)
    about = models.CharField(_("about"), max_length=280, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    see = models.CharField(_("who may see"), max_length=10, choices=Audience.choices, default=Audience.ANYONE)
    post = models.CharField(_("who may post"), max_length=10, choices=Audience.choices, default=Audience.ANYONE)
    comment = models.CharField(_("who may comment"), max_length=10, choices=Audience.choices, default=Audience.ANYONE)
    vote = models.CharField(_("who may vote"), max_length=10, choices=Audience.choices, default=Audience.ANYONE)
    one_way = models.BooleanField(
        _("one-way"), default=False, help_text=_("Everybody sees their own posts only; moderators and staff see all of them.")
    )
    moderators = models.ManyToManyField("community.Member", blank=True, related_name="moderated_boards")

    objects = BoardQuerySet.as_manager()

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return {"zh-hans": self.name_zh_hans, "zh-hant": self.name_zh_hant}.get(get_language() or "") or self.name

    @property
    def is_public(self) -> bool:
        """Whether everybody sees all that is published in it."""
        return self.see == Audience.ANYONE and not self.one_way


class BoardRight(models.Model):
    """Members of a segment may do this in this board, where the board says "a segment"."""

    board = models.ForeignKey(Board, models.CASCADE, related_name="rights")
    right = models.CharField(_("right"), max_length=10, choices=Right.choices)
    segment = models.ForeignKey(Segment, models.PROTECT, related_name="rights")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["board", "right", "segment"], name="one_row_per_board_right_and_segment")
        ]


class Tag(models.Model):
    """A word that joins posts across boards, in up to three languages.

    into: the tag this one was merged into; it then has no posts, and its address leads there.
    """

    slug = models.SlugField(max_length=60, unique=True, allow_unicode=True)
    name = models.CharField(_("name"), max_length=40)
    name_zh_hans = models.CharField(_("name in Simplified Chinese"), max_length=40, blank=True)
    name_zh_hant = models.CharField(_("name in Traditional Chinese"), max_length=40, blank=True)
    into = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="merged", verbose_name=_("merged into")
    )

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return {"zh-hans": self.name_zh_hans, "zh-hant": self.name_zh_hant}.get(get_language() or "") or self.name
