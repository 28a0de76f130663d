"""Products, their boards and the tags on posts."""

from typing import TYPE_CHECKING, Union

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from community.models.member import Member

Viewer = Union["Member", AnonymousUser, None]


class Audience(models.TextChoices):
    """Who may do a thing in a board."""

    ANYONE = "anyone", _("Anyone")
    MEMBERS = "members", _("Members")
    MODERATORS = "moderators", _("Moderators")
    STAFF = "staff", _("Staff")
    NOBODY = "nobody", _("Nobody")


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
        boards = self._where(viewer, right)
        return boards if right == "see" else boards._where(viewer, "see")

    def visible_to(self, viewer: Viewer) -> "BoardQuerySet":
        return self.open_to(viewer, "see")

    def _where(self, viewer: Viewer, right: str) -> "BoardQuerySet":
        if viewer is None or not viewer.is_authenticated:
            return self.filter(**{right: Audience.ANYONE})
        if viewer.is_staff:
            return self.exclude(**{right: Audience.NOBODY})
        everyone = models.Q(**{f"{right}__in": [Audience.ANYONE, Audience.MEMBERS]})
        if viewer.role != "moderator":
            return self.filter(everyone)
        mine = self.model.moderators.through.objects.filter(member_id=viewer.pk).values("board_id")
        return self.filter(everyone | models.Q(**{right: Audience.MODERATORS}, pk__in=mine))


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
    moderators = models.ManyToManyField("community.Member", blank=True, related_name="moderated_boards")

    objects = BoardQuerySet.as_manager()

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return {"zh-hans": self.name_zh_hans, "zh-hant": self.name_zh_hant}.get(get_language() or "") or self.name


class Tag(models.Model):
    """A word that joins posts across boards."""

    slug = models.SlugField(max_length=60, unique=True, allow_unicode=True)
    name = models.CharField(_("name"), max_length=40)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
