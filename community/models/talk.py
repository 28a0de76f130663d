"""Talks at meetups: slots that the host opens, and what members propose for them."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from community.models.board import Board, Viewer
from community.models.meetup import Meetup
from community.models.member import Member


class TalkSlot(models.Model):
    """Time for one talk. position: its place in the programme, from 1."""

    meetup = models.ForeignKey(Meetup, models.CASCADE, related_name="slots")
    position = models.PositiveSmallIntegerField()
    minutes = models.PositiveSmallIntegerField(_("minutes"))

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["meetup", "position"], name="one_slot_per_position"),
            models.CheckConstraint(condition=Q(minutes__range=(5, 120)), name="slot_has_a_length"),
        ]

    def __str__(self) -> str:
        return f"{self.position}: {self.minutes} min"


class TalkState(models.TextChoices):
    """What became of a proposal."""

    PROPOSED = "proposed", _("Proposed")
    ACCEPTED = "accepted", _("In the programme")
    DECLINED = "declined", _("Not this time")
    WITHDRAWN = "withdrawn", _("Taken back")
    HIDDEN = "hidden", _("Hidden")


class TalkQuerySet(models.QuerySet["Talk"]):
    """Adjectives of talks."""

    def visible_to(self, viewer: Viewer) -> "TalkQuerySet":
        """The programmes of meetups the viewer may see; other proposals for who made them, the host and moderators."""
        talks = self.filter(meetup__in=Meetup.objects.visible_to(viewer)).exclude(state=TalkState.WITHDRAWN)
        if viewer is None or not viewer.is_authenticated:
            return talks.filter(state=TalkState.ACCEPTED)
        if viewer.is_staff:
            return talks
        shown = Q(state=TalkState.ACCEPTED) | Q(speaker_id=viewer.pk) | Q(meetup__host_id=viewer.pk)
        if viewer.role == "moderator":
            mine = Board.moderators.through.objects.filter(member_id=viewer.pk).values("board_id")
            shown |= Q(meetup__board__in=mine)
        return talks.filter(shown)

    def in_programme(self) -> "TalkQuerySet":
        return self.filter(state=TalkState.ACCEPTED).order_by("slot__position")

    def waiting(self) -> "TalkQuerySet":
        """The oldest first."""
        return self.filter(state=TalkState.PROPOSED).order_by("created_at", "pk")


class Talk(models.Model):
    """What a member would like to talk about. answer: what the host said to it; slot: its time, once it is in the programme."""

    meetup = models.ForeignKey(Meetup, models.CASCADE, related_name="talks")
    speaker = models.ForeignKey(Member, models.CASCADE, related_name="talks")
    title = models.CharField(_("title"), max_length=120)
    about = models.TextField(_("what it is about"), blank=True)
    state = models.CharField(_("state"), max_length=9, choices=TalkState.choices, default=TalkState.PROPOSED)
    slot = models.OneToOneField(TalkSlot, models.PROTECT, null=True, blank=True, related_name="talk")
    answer = models.CharField(max_length=280, blank=True)
    created_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = TalkQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="accepted", slot__isnull=False) | ~Q(state="accepted") & Q(slot__isnull=True),
                name="programme_has_slots",
            ),
        ]
        indexes = [models.Index(fields=["meetup", "state", "created_at"], name="talk_waiting")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return f"{reverse('meetup', args=[self.meetup.slug])}#talk-{self.pk}"

    def can_be_taken_back(self, at: datetime) -> bool:
        return self.state in (TalkState.PROPOSED, TalkState.ACCEPTED) and at < self.meetup.starts_at
