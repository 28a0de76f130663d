"""Contests: a call, what members enter, how fans and a jury judge it, and who won."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community.models.board import Board, Viewer
from community.models.member import Member
from community.models.post import Post


class ContestKind(models.TextChoices):
    """Whether fans vote after the entries are in, or all the while."""

    CONTEST = "contest", _("Contest: first entries, then votes")
    SHOWCASE = "showcase", _("Showcase: votes as soon as an entry is in")


class Phase(models.TextChoices):
    """Where a contest stands; it follows from its dates."""

    SOON = "soon", _("Not open yet")
    ENTRIES = "entries", _("Entries")
    VOTES = "votes", _("Fan votes")
    JURY = "jury", _("Jury")
    DECIDING = "deciding", _("Result on its way")
    DECIDED = "decided", _("Decided")


class ContestQuerySet(models.QuerySet["Contest"]):
    """Adjectives of contests."""

    def visible_to(self, viewer: Viewer) -> "ContestQuerySet":
        """Published ones on boards the viewer may see; staff see drafts, too."""
        seen = self.filter(board__in=Board.objects.visible_to(viewer))
        return seen if viewer is not None and viewer.is_authenticated and viewer.is_staff else seen.filter(published=True)

    def running(self, *, at: datetime) -> "ContestQuerySet":
        """Open and not decided, the one that asks for something soonest first."""
        return self.filter(opens_at__lte=at, announced_at=None).order_by("jury_until", "pk")

    def coming(self, *, at: datetime) -> "ContestQuerySet":
        return self.filter(opens_at__gt=at, announced_at=None).order_by("opens_at", "pk")

    def decided(self) -> "ContestQuerySet":
        return self.filter(announced_at__isnull=False)


class Contest(models.Model):
    """A call to all. Who may see it, enter and vote is what its board says of seeing, posting and voting.

    fan_weight: hundredths of the result that the fans' votes make; the jury makes the rest. Fixed once it has opened.
    Phases: entries from opens_at, fan votes from entries_until, the jury alone from votes_until, deciding from jury_until.
    """

    board = models.ForeignKey(Board, models.PROTECT, related_name="contests", verbose_name=_("board"))
    slug = models.SlugField(unique=True)
    title = models.CharField(_("title"), max_length=120)
    kind = models.CharField(_("kind"), max_length=8, choices=ContestKind.choices, default=ContestKind.CONTEST)
    brief = models.TextField(_("what it is about"))
    rules = models.TextField(_("rules"), blank=True)
    prizes = models.TextField(_("prizes"), blank=True)
    brief_html = models.TextField(blank=True, editable=False)
    rules_html = models.TextField(blank=True, editable=False)
    prizes_html = models.TextField(blank=True, editable=False)
    published = models.BooleanField(_("published"), default=False)
    opens_at = models.DateTimeField(_("entries from"))
    entries_until = models.DateTimeField(_("entries until"))
    votes_until = models.DateTimeField(_("fan votes until"))
    jury_until = models.DateTimeField(_("jury until"))
    fan_weight = models.PositiveSmallIntegerField(_("weight of the fans' votes, in hundredths"), default=50)
    votes_each = models.PositiveSmallIntegerField(_("votes a fan has"), default=3)
    entries_each = models.PositiveSmallIntegerField(_("entries a member may send"), default=1)
    team_most = models.PositiveSmallIntegerField(_("people in a team at most"), default=4)
    places = models.PositiveSmallIntegerField(_("places that are honoured"), default=3)
    jury = models.ManyToManyField(Member, blank=True, related_name="judged_contests", verbose_name=_("jury"))
    created_at = models.DateTimeField(default=timezone.now)
    announced_at = models.DateTimeField(null=True, blank=True)
    announced_by = models.ForeignKey(Member, models.SET_NULL, null=True, blank=True, related_name="+")

    objects = ContestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(opens_at__lt=F("entries_until"), entries_until__lte=F("votes_until"))
                & Q(votes_until__lte=F("jury_until")),
                name="contest_phases_in_order",
            ),
            models.CheckConstraint(condition=Q(fan_weight__lte=100), name="fan_weight_is_a_share"),
            models.CheckConstraint(
                condition=Q(
                    votes_each__range=(1, 10), entries_each__range=(1, 5), team_most__range=(1, 8), places__range=(1, 10)
                ),
                name="contest_limits_in_range",
            ),
        ]
        indexes = [models.Index(fields=["-announced_at", "-id"], name="contest_decided")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("contest", args=[self.slug])

    def phase(self, at: datetime) -> Phase:
        """Where it stands at that moment."""
        if self.announced_at is not None and self.announced_at <= at:
            return Phase.DECIDED
        ends = [(self.opens_at, Phase.SOON), (self.entries_until, Phase.ENTRIES), (self.votes_until, Phase.VOTES)]
        return next((phase for end, phase in [*ends, (self.jury_until, Phase.JURY)] if at < end), Phase.DECIDING)

    def takes_entries(self, at: datetime) -> bool:
        return self.published and self.phase(at) == Phase.ENTRIES

    def takes_votes(self, at: datetime) -> bool:
        """While fans vote; in a showcase from the first entry on."""
        phases = {Phase.VOTES} | ({Phase.ENTRIES} if self.kind == ContestKind.SHOWCASE else set())
        return self.published and self.fan_weight > 0 and self.phase(at) in phases

    def takes_scores(self, at: datetime) -> bool:
        """The jury may begin once all entries are in."""
        return self.published and self.fan_weight < 100 and self.phase(at) in {Phase.VOTES, Phase.JURY, Phase.DECIDING}


class Criterion(models.Model):
    """What the jury looks at, and how much it weighs against the others."""

    contest = models.ForeignKey(Contest, models.CASCADE, related_name="criteria")
    position = models.PositiveSmallIntegerField(default=0)
    name = models.CharField(_("name"), max_length=80)
    weight = models.PositiveSmallIntegerField(_("weight"), default=1)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["contest", "name"], name="one_criterion_per_name"),
            models.CheckConstraint(condition=Q(weight__range=(1, 100)), name="criterion_weighs_something"),
        ]

    def __str__(self) -> str:
        return self.name


class EntryState(models.TextChoices):
    """Whether an entry takes part."""

    VISIBLE = "visible", _("Takes part")
    WITHDRAWN = "withdrawn", _("Taken back")
    HIDDEN = "hidden", _("Hidden")


class ContestEntryQuerySet(models.QuerySet["ContestEntry"]):
    """Adjectives of entries."""

    def taking_part(self) -> "ContestEntryQuerySet":
        return self.filter(state=EntryState.VISIBLE)

    def visible_to(self, viewer: Viewer) -> "ContestEntryQuerySet":
        """Those that take part in contests the viewer may see; a hidden one only for its team and for moderators."""
        entries = self.filter(contest__in=Contest.objects.visible_to(viewer))
        if viewer is None or not viewer.is_authenticated:
            return entries.taking_part()
        if viewer.is_staff:
            return entries.exclude(state=EntryState.WITHDRAWN)
        own = Q(author_id=viewer.pk) | Q(pk__in=Teammate.objects.filter(member=viewer, agreed_at__isnull=False).values("entry"))
        shown = Q(state=EntryState.VISIBLE) | own & ~Q(state=EntryState.WITHDRAWN)
        if viewer.role == "moderator":
            mine = Board.moderators.through.objects.filter(member_id=viewer.pk).values("board_id")
            shown |= Q(contest__board__in=mine) & ~Q(state=EntryState.WITHDRAWN)
        return entries.filter(shown)


class ContestEntry(models.Model):
    """What a member, or a team of them, sent in. number: which of the author's own entries it is, from 1.

    hidden_reason: a moderator's, told to the team. post: the suggestion a winner became.
    """

    contest = models.ForeignKey(Contest, models.PROTECT, related_name="entries")
    author = models.ForeignKey(Member, models.PROTECT, related_name="contest_entries")
    number = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(_("state"), max_length=9, choices=EntryState.choices, default=EntryState.VISIBLE)
    title = models.CharField(_("title"), max_length=120)
    body = models.TextField(_("text"))
    body_html = models.TextField(blank=True, editable=False)
    hidden_reason = models.CharField(max_length=280, blank=True)
    hidden_by = models.ForeignKey(Member, models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True, blank=True)
    post = models.OneToOneField(Post, models.SET_NULL, null=True, blank=True, related_name="contest_entry")

    objects = ContestEntryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "contest entries"
        constraints = [
            # Two entries of one member may arrive together; only one finds the number free.
            models.UniqueConstraint(
                fields=["contest", "author", "number"], condition=~Q(state="withdrawn"), name="one_entry_per_number"
            ),
            models.CheckConstraint(condition=Q(number__range=(1, 5)), name="entry_number_in_range"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("contest-entry", args=[self.contest.slug, self.pk])


class Teammate(models.Model):
    """Somebody the author named as a co-author; part of the team, and shown, only once they agreed."""

    entry = models.ForeignKey(ContestEntry, models.CASCADE, related_name="team")
    member = models.ForeignKey(Member, models.CASCADE, related_name="teams")
    invited_at = models.DateTimeField()
    agreed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry", "member"], name="one_place_per_teammate")]


class FanVote(models.Model):
    """A fan's vote for an entry. number: which of the fan's votes in the contest it is, so that nobody has one too many."""

    contest = models.ForeignKey(Contest, models.PROTECT, related_name="fan_votes")
    entry = models.ForeignKey(ContestEntry, models.PROTECT, related_name="fan_votes")
    member = models.ForeignKey(Member, models.CASCADE, related_name="fan_votes")
    number = models.PositiveSmallIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entry", "member"], name="one_fan_vote_per_entry"),
            models.UniqueConstraint(fields=["contest", "member", "number"], name="one_fan_vote_per_number"),
            models.CheckConstraint(condition=Q(number__range=(1, 10)), name="fan_vote_number_in_range"),
        ]


class JuryDeclaration(models.Model):
    """A juror has said whom they are close to, before the first score."""

    contest = models.ForeignKey(Contest, models.CASCADE, related_name="declarations")
    juror = models.ForeignKey(Member, models.CASCADE, related_name="+")
    interests = models.CharField(max_length=280, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["contest", "juror"], name="one_declaration_per_juror")]


class JuryScore(models.Model):
    """What a juror gives an entry by one criterion, 0 to 10."""

    entry = models.ForeignKey(ContestEntry, models.PROTECT, related_name="scores")
    juror = models.ForeignKey(Member, models.PROTECT, related_name="+")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="scores")
    score = models.PositiveSmallIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entry", "juror", "criterion"], name="one_score_per_criterion"),
            models.CheckConstraint(condition=Q(score__lte=10), name="score_up_to_ten"),
        ]


def in_tenths(hundredths: int) -> str:
    """Hundredths as they are shown: one decimal, rounded half up."""
    return f"{(hundredths + 5) // 10 / 10:.1f}"


class ContestPlace(models.Model):
    """Where an entry ended, as announced; parts and total in hundredths of a point of 0 to 100."""

    contest = models.ForeignKey(Contest, models.PROTECT, related_name="standing")
    entry = models.OneToOneField(ContestEntry, models.PROTECT, related_name="place")
    place = models.PositiveSmallIntegerField()
    votes = models.PositiveIntegerField()
    fans = models.PositiveSmallIntegerField()
    jury = models.PositiveSmallIntegerField()
    total = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["place"]
        constraints = [models.UniqueConstraint(fields=["contest", "place"], name="one_entry_per_contest_place")]

    @property
    def shown_jury(self) -> str:
        return in_tenths(self.jury)

    @property
    def shown_total(self) -> str:
        return in_tenths(self.total)
