"""Meetups: when and where people of the community come together, online or in a room, and who comes."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community.models.board import Board, Viewer
from community.models.member import Member
from community.models.post import Post


class MeetupKind(models.TextChoices):
    """What happens there."""

    MEETUP = "meetup", _("Meetup")
    SALON = "salon", _("Salon with talks")
    ROAST = "roast", _("Roast: bring what annoys you")
    LAUNCH = "launch", _("Launch")


class MeetupQuerySet(models.QuerySet["Meetup"]):
    """Adjectives of meetups."""

    def visible_to(self, viewer: Viewer) -> "MeetupQuerySet":
        """Published ones on boards the viewer may see; a hidden one only for its host and moderators; staff see drafts, too."""
        seen = self.filter(board__in=Board.objects.visible_to(viewer))
        if viewer is None or not viewer.is_authenticated:
            return seen.filter(published=True, hidden_at=None)
        if viewer.is_staff:
            return seen
        shown = Q(hidden_at=None) | Q(host_id=viewer.pk)
        if viewer.role == "moderator":
            mine = Board.moderators.through.objects.filter(member_id=viewer.pk).values("board_id")
            shown |= Q(board__in=mine)
        return seen.filter(shown, published=True)

    def coming(self, *, at: datetime) -> "MeetupQuerySet":
        """Not over yet and not hidden, the next one first."""
        return self.filter(ends_at__gt=at, hidden_at=None).order_by("starts_at", "pk")

    def over(self, *, at: datetime) -> "MeetupQuerySet":
        return self.filter(ends_at__lte=at, hidden_at=None)


class Meetup(models.Model):
    """A happening. Who may see it is what its board says of seeing.

    city: empty for one that is online alone; link: where it is online, told only to those who have a place.
    capacity: places, None for as many as come. code: what is said in the room, so that whoever was there can say so.
    revision: how often it was changed, for calendars. hidden_at: since when a moderator keeps it out of sight.
    """

    OPEN_BEFORE, OPEN_AFTER = timedelta(hours=1), timedelta(hours=3)

    board = models.ForeignKey(Board, models.PROTECT, related_name="meetups", verbose_name=_("board"))
    slug = models.SlugField(unique=True)
    title = models.CharField(_("title"), max_length=120)
    kind = models.CharField(_("kind"), max_length=8, choices=MeetupKind.choices, default=MeetupKind.MEETUP)
    about = models.TextField(_("what happens"))
    about_html = models.TextField(blank=True, editable=False)
    host = models.ForeignKey(Member, models.PROTECT, related_name="hosted_meetups", verbose_name=_("host"))
    city = models.CharField(_("city"), max_length=60, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    link = models.URLField(_("link to it online"), max_length=300, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=40, default="UTC")
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    capacity = models.PositiveIntegerField(_("places"), null=True, blank=True)
    code = models.CharField(_("check-in code"), max_length=8)
    published = models.BooleanField(_("published"), default=False)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_why = models.CharField(_("why it is cancelled"), max_length=280, blank=True)
    hidden_at = models.DateTimeField(null=True, blank=True, editable=False)
    recap = models.ForeignKey(
        Post, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("post that tells how it was")
    )
    revision = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(default=timezone.now)

    objects = MeetupQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_at__lt=F("ends_at")),
                name="meetup_ends_after_it_begins",
                violation_error_message=_("It ends after it begins."),
            ),
            models.CheckConstraint(
                condition=~Q(city="") | ~Q(link=""),
                name="meetup_is_somewhere",
                violation_error_message=_("Please say where it is: a city, a link, or both."),
            ),
            models.CheckConstraint(
                condition=Q(capacity=None) | Q(capacity__gte=1),
                name="meetup_has_a_place",
                violation_error_message=_("At least one place, or none named for as many as come."),
            ),
        ]
        indexes = [models.Index(fields=["ends_at", "starts_at"], name="meetup_coming")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("meetup", args=[self.slug])

    def takes_answers(self, at: datetime) -> bool:
        """Whether one can still say that one comes."""
        return self.takes_place and at < self.ends_at

    @property
    def takes_place(self) -> bool:
        return self.published and self.cancelled_at is None and self.hidden_at is None

    def takes_talks(self, at: datetime) -> bool:
        """Whether a member can propose a talk, as far as there is a slot: until it begins."""
        return self.takes_place and at < self.starts_at

    def door_is_open(self, at: datetime) -> bool:
        """Whether one can check in: from an hour before it begins to three hours after its end."""
        return self.takes_place and self.starts_at - self.OPEN_BEFORE <= at <= self.ends_at + self.OPEN_AFTER


class AttendanceState(models.TextChoices):
    """What somebody answered."""

    GOING = "going", _("Going")
    WAITING = "waiting", _("On the waiting list")
    OUT = "out", _("Not going")


class Attendance(models.Model):
    """One member's answer to one meetup. queued_at: since when they want to come, which is the order of the waiting list."""

    meetup = models.ForeignKey(Meetup, models.CASCADE, related_name="attendances")
    member = models.ForeignKey(Member, models.CASCADE, related_name="attendances")
    state = models.CharField(max_length=8, choices=AttendanceState.choices)
    queued_at = models.DateTimeField(default=timezone.now)
    came_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meetup", "member"], name="one_answer_per_meetup")]
        indexes = [
            models.Index(fields=["meetup", "state", "queued_at", "id"], name="attendance_queue"),
            models.Index(fields=["member", "meetup"], name="attendance_member"),
        ]
