"""Polls: a question under a post, its options, and one ballot a person."""

from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from community.models.board import Viewer
from community.models.member import Member
from community.models.post import Post


class PollKind(models.TextChoices):
    """How one answers."""

    SINGLE = "single", _("One answer")
    MULTIPLE = "multiple", _("Several answers")
    RANKED = "ranked", _("In order of preference")


class PollShows(models.TextChoices):
    """When the result is shown."""

    VOTED = "voted", _("Once you have voted, or it is closed")
    CLOSED = "closed", _("Only once it is closed")
    ALWAYS = "always", _("At any time")


class PollWeight(models.TextChoices):
    """What the team makes of the result; a fan's own poll promises nothing."""

    NONE = "", _("Just asking")
    ADVISORY = "advisory", _("Advisory: we decide with the result in hand")
    BINDING = "binding", _("Binding: we do what wins")


class PollQuerySet(models.QuerySet["Poll"]):
    """Adjectives of polls."""

    def visible_to(self, viewer: Viewer) -> "PollQuerySet":
        """A poll is seen by whoever sees its post."""
        return self.filter(post__in=Post.objects.visible_to(viewer).values("pk"))

    def closed(self, *, at: datetime) -> "PollQuerySet":
        return self.filter(models.Q(closed_at__lte=at) | models.Q(closes_at__lte=at))

    def open(self, *, at: datetime) -> "PollQuerySet":
        return self.filter(models.Q(closes_at=None) | models.Q(closes_at__gt=at), closed_at=None)

    def unannounced(self, *, at: datetime) -> "PollQuerySet":
        """Closed, and nobody has been told yet."""
        return self.closed(at=at).filter(told_at=None)

    def undecided(self, *, at: datetime) -> "PollQuerySet":
        """Closed, and the team owes a word about what it does with the result."""
        return self.closed(at=at).exclude(weight=PollWeight.NONE).filter(decided_at=None)


class Poll(models.Model):
    """A question that is answered by choosing. Whether it is closed follows from its dates, by no clock job.

    least and most: how many options a ballot names. closed_at: when it was closed by hand. told_at: when its closing went
    on record. decision: the team's word on what it does with the result.
    """

    post = models.OneToOneField(Post, models.CASCADE, primary_key=True, related_name="poll")
    kind = models.CharField(_("kind"), max_length=8, choices=PollKind.choices, default=PollKind.SINGLE)
    least = models.PositiveSmallIntegerField(default=1)
    most = models.PositiveSmallIntegerField(default=1)
    shows = models.CharField(_("result is shown"), max_length=6, choices=PollShows.choices, default=PollShows.VOTED)
    weight = models.CharField(_("weight"), max_length=8, choices=PollWeight.choices, default=PollWeight.NONE, blank=True)
    closes_at = models.DateTimeField(_("closes"), null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(Member, models.SET_NULL, null=True, blank=True, related_name="+")
    told_at = models.DateTimeField(null=True, blank=True)
    decision = models.TextField(_("decision"), blank=True)
    decision_html = models.TextField(blank=True, editable=False)
    decided_by = models.ForeignKey(Member, models.SET_NULL, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = PollQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(least__gte=1, most__gte=models.F("least"), most__lte=12), name="poll_names_some"
            ),
            models.CheckConstraint(condition=~models.Q(kind="single") | models.Q(least=1, most=1), name="single_names_one"),
        ]
        indexes = [
            # The sweep reads only what is still to be told.
            models.Index(fields=["closes_at"], name="poll_untold", condition=models.Q(told_at=None)),
        ]

    def __str__(self) -> str:
        return str(self.post)

    def get_absolute_url(self) -> str:
        return f"{self.post.get_absolute_url()}#poll"

    def ended_at(self, at: datetime) -> datetime | None:
        """When it closed, or None while it is open."""
        ends = [moment for moment in (self.closed_at, self.closes_at) if moment is not None and moment <= at]
        return min(ends) if ends else None


class PollOption(models.Model):
    """One thing to choose. Options are never reworded in place: an edit makes new ones, so no ballot changes its meaning."""

    poll = models.ForeignKey(Poll, models.CASCADE, related_name="options")
    position = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=120)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["poll", "position"], name="one_option_per_place")]

    def __str__(self) -> str:
        return self.text


class Ballot(models.Model):
    """What one member says to one poll."""

    poll = models.ForeignKey(Poll, models.PROTECT, related_name="ballots")
    member = models.ForeignKey(Member, models.CASCADE, related_name="ballots")
    revision = models.PositiveIntegerField(default=0)
    cast_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["poll", "member"], name="one_ballot_per_member")]


class BallotChoice(models.Model):
    """An option on a ballot. rank: 1 is the first preference; where order means nothing, the order of the options."""

    ballot = models.ForeignKey(Ballot, models.CASCADE, related_name="choices")
    option = models.ForeignKey(PollOption, models.PROTECT, related_name="choices")
    rank = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering = ["rank"]
        constraints = [
            models.UniqueConstraint(fields=["ballot", "option"], name="one_choice_per_option"),
            models.UniqueConstraint(fields=["ballot", "rank"], name="one_choice_per_rank"),
            models.CheckConstraint(condition=models.Q(rank__gte=1, rank__lte=12), name="rank_in_range"),
        ]
