"""Circles: people who share a city, a school, a skill or an interest, and ask for a place of their own."""

from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community.languages import guess_language
from community.models.board import Board, Viewer
from community.models.member import Member


class CircleKind(models.TextChoices):
    """What its people share."""

    CITY = "city", _("City")
    SCHOOL = "school", _("School")
    SKILL = "skill", _("Skill")
    INTEREST = "interest", _("Interest")


class CircleQuerySet(models.QuerySet["Circle"]):
    """Adjectives of circles."""

    def standing(self) -> "CircleQuerySet":
        return self.filter(closed_at=None)

    def open(self) -> "CircleQuerySet":
        return self.standing().filter(opened_at__isnull=False)

    def proposed(self) -> "CircleQuerySet":
        """Those that still look for members, or for somebody to look after them."""
        return self.standing().filter(opened_at=None)

    def visible_to(self, viewer: Viewer) -> "CircleQuerySet":
        """Everybody sees circles; a closed one is seen by who was in it, so that they can read why, and by who keeps order."""
        if not isinstance(viewer, Member):
            return self.standing()
        if viewer.role != "member":
            return self.all()
        mine = CircleMember.objects.filter(member=viewer).values("circle")
        return self.filter(Q(closed_at=None) | Q(pk__in=mine))

    def with_counts(self) -> "CircleQuerySet":
        """Each with `count`, how many are in it."""
        rows = CircleMember.objects.filter(circle=OuterRef("pk")).order_by()
        counted = rows.values("circle").annotate(number=Count("pk")).values("number")
        return self.annotate(count=Coalesce(Subquery(counted), 0))


class Circle(models.Model):
    """A circle, proposed until enough people stand behind it, then open with a board of its own.

    key: the name as it is compared, so that no two stand beside each other that are called the same.
    steward: who looks after it; empty while nobody does. closed_because: what everybody who was in it reads.
    """

    slug = models.SlugField(unique=True)
    name = models.CharField(_("name"), max_length=60)
    key = models.CharField(max_length=60, editable=False)
    about = models.CharField(_("what it is about"), max_length=280)
    kind = models.CharField(_("kind"), max_length=8, choices=CircleKind.choices, default=CircleKind.INTEREST)
    proposed_by = models.ForeignKey(
        Member, models.SET_NULL, null=True, blank=True, related_name="proposed_circles", verbose_name=_("proposed by")
    )
    steward = models.ForeignKey(
        Member, models.SET_NULL, null=True, blank=True, related_name="kept_circles", verbose_name=_("steward")
    )
    board = models.OneToOneField(
        Board, models.PROTECT, null=True, blank=True, related_name="circle", verbose_name=_("board"), editable=False
    )
    opened_at = models.DateTimeField(_("open since"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed on"), null=True, blank=True)
    closed_because = models.CharField(_("why it is closed"), max_length=280, blank=True)
    created_at = models.DateTimeField(_("proposed on"), default=timezone.now)

    objects = CircleQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(opened_at=None, board=None) | Q(opened_at__isnull=False, board__isnull=False),
                name="open_circle_has_a_board",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_because="") | (Q(closed_at__isnull=False) & ~Q(closed_because="")),
                name="closed_circle_says_why",
            ),
            models.UniqueConstraint(fields=["key"], condition=Q(closed_at=None), name="one_circle_per_name"),
            models.UniqueConstraint(
                fields=["proposed_by"], condition=Q(opened_at=None, closed_at=None), name="one_waiting_proposal_per_member"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("circle", args=[self.slug])

    @property
    def language(self) -> str:
        """Of what it says of itself, for fonts and screen readers."""
        return guess_language(f"{self.name} {self.about}")

    @property
    def state(self) -> str:
        """closed, open or proposed."""
        if self.closed_at is not None:
            return "closed"
        return "open" if self.opened_at is not None else "proposed"


class CircleMember(models.Model):
    """Somebody stands behind a circle that is proposed, or is in one that is open."""

    circle = models.ForeignKey(Circle, models.CASCADE, related_name="memberships")
    member = models.ForeignKey(Member, models.CASCADE, related_name="circle_memberships")
    joined_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["joined_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["circle", "member"], name="one_membership_per_circle")]
        indexes = [models.Index(fields=["circle", "joined_at", "id"], name="circle_joined")]

    def __str__(self) -> str:
        return f"{self.member} · {self.circle}"
