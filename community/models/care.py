"""Care: what waits for a moderator, what was reported, what was decided, and whom somebody would rather not read."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from community.models.board import Board, Viewer
from community.models.member import Member


class TargetKind(models.TextChoices):
    """What a report or a decision is about."""

    POST = "post", _("Post")
    COMMENT = "comment", _("Comment")
    MEMBER = "member", _("Member")


class KeptQuerySet(models.QuerySet):
    """Adjectives of whatever moderators look after, board by board."""

    def kept_by(self, viewer: Viewer) -> "KeptQuerySet":
        """Of the boards this person keeps: staff keep all, moderators those they were given and what has no board."""
        if not isinstance(viewer, Member) or viewer.role == "member":
            return self.none()
        if viewer.speaks_for_the_team:
            return self.all()
        mine = Board.moderators.through.objects.filter(member_id=viewer.pk).values("board_id")
        return self.filter(models.Q(board__in=mine) | models.Q(board__isnull=True))

    def about(self, kind: str, target_id: int) -> "KeptQuerySet":
        return self.filter(target_kind=kind, target_id=target_id)

    def open(self) -> "KeptQuerySet":
        return self.filter(settled_at__isnull=True)


class Hold(models.Model):
    """A text that waits for a moderator: why, since when, and what became of it.

    extras: the further answers of the form, for when it is released. fresh: nobody but its author has ever seen it.
    """

    target_kind = models.CharField(max_length=10, choices=TargetKind.choices)
    target_id = models.BigIntegerField()
    board = models.ForeignKey(Board, models.CASCADE, related_name="+")
    author = models.ForeignKey(Member, models.CASCADE, related_name="holds")
    reasons = models.JSONField(default=list)
    signals = models.JSONField(default=dict)
    extras = models.JSONField(default=dict)
    fresh = models.BooleanField(default=True)
    at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)

    objects = KeptQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["target_kind", "target_id"], condition=models.Q(settled_at__isnull=True), name="one_open_hold_per_text"
            ),
        ]
        indexes = [
            models.Index(fields=["at"], name="hold_waiting", condition=models.Q(settled_at__isnull=True)),
            models.Index(fields=["author", "-at"], name="hold_author"),
        ]


class Report(models.Model):
    """One member says that something should be looked at. `settled_at` with no decision: taken back."""

    reporter = models.ForeignKey(Member, models.CASCADE, related_name="reports")
    target_kind = models.CharField(max_length=10)
    target_id = models.BigIntegerField()
    board = models.ForeignKey(Board, models.CASCADE, null=True, blank=True, related_name="+")
    author = models.ForeignKey(Member, models.CASCADE, related_name="reported")
    rule = models.CharField(max_length=20)
    words = models.CharField(max_length=500, blank=True)
    trusted = models.BooleanField(default=False)
    at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    decision = models.ForeignKey("Decision", models.PROTECT, null=True, blank=True, related_name="reports")

    objects = KeptQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reporter", "target_kind", "target_id"], name="one_report_per_member"),
            models.CheckConstraint(condition=~models.Q(reporter=models.F("author")), name="nobody_reports_themselves"),
        ]
        indexes = [
            models.Index(
                fields=["target_kind", "target_id"], name="report_waiting", condition=models.Q(settled_at__isnull=True)
            ),
            models.Index(fields=["reporter", "-at"], name="report_reporter"),
        ]


class Verdict(models.TextChoices):
    """What was decided."""

    RELEASED = "released", _("Let through")
    DECLINED = "declined", _("Declined")
    HIDDEN = "hidden", _("Hidden")
    RESTORED = "restored", _("Shown again")
    DISMISSED = "dismissed", _("Found to be in order")
    WITHHELD = "withheld", _("Withheld after reports")
    TRUSTED = "trusted", _("Trusted")
    WARNED = "warned", _("Warned")
    LIMITED = "limited", _("Limited")
    SUSPENDED = "suspended", _("Suspended")
    LIFTED = "lifted", _("Lifted early")
    UPHELD = "upheld", _("Upheld on appeal")
    OVERTURNED = "overturned", _("Overturned on appeal")


class Decision(models.Model):
    """What somebody who moderates decided, and what the person was told; never changed, only answered by another decision.

    by: nobody where a rule decided. until: the end of a sanction, empty where it has none. wanted_until, for_good: what
    a second person still has to confirm. answers: the decision this one lifts, confirms, upholds or overturns.
    against: who made that one; the database refuses to let them answer themselves.
    """

    append_only = True

    verdict = models.CharField(max_length=12, choices=Verdict.choices)
    target_kind = models.CharField(max_length=10)
    target_id = models.BigIntegerField()
    member = models.ForeignKey(Member, models.PROTECT, related_name="decisions")
    board = models.ForeignKey(Board, models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="decided")
    rule = models.CharField(max_length=20, blank=True)
    words = models.CharField(max_length=1000, blank=True)
    before = models.CharField(max_length=8, blank=True)
    until = models.DateTimeField(null=True)
    wanted_until = models.DateTimeField(null=True)
    for_good = models.BooleanField(default=False)
    answers = models.ForeignKey("self", models.PROTECT, null=True, related_name="answered_by")
    against = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    objects = KeptQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(against__isnull=True) | ~models.Q(by=models.F("against")), name="nobody_answers_themselves"
            ),
        ]
        indexes = [
            models.Index(fields=["member", "-at"], name="decision_member"),
            models.Index(fields=["target_kind", "target_id"], name="decision_target"),
            models.Index(fields=["board", "-at"], name="decision_board"),
            models.Index(fields=["-at", "-id"], name="decision_at"),
        ]


class Appeal(models.Model):
    """The person asks another moderator to look again; once per decision."""

    decision = models.OneToOneField(Decision, models.PROTECT, related_name="appeal")
    member = models.ForeignKey(Member, models.CASCADE, related_name="appeals")
    board = models.ForeignKey(Board, models.CASCADE, null=True, related_name="+")
    words = models.CharField(max_length=2000)
    at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    outcome = models.OneToOneField(Decision, models.PROTECT, null=True, blank=True, related_name="settles")

    objects = KeptQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["at"], name="appeal_waiting", condition=models.Q(settled_at__isnull=True))]


class Block(models.Model):
    """A member would rather not read another, who cannot turn to them either. Who is only muted: see `PersonFollow`."""

    member = models.ForeignKey(Member, models.CASCADE, related_name="blocks")
    other = models.ForeignKey(Member, models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "other"], name="one_block_per_pair"),
            models.CheckConstraint(condition=~models.Q(member=models.F("other")), name="nobody_blocks_themselves"),
        ]
        indexes = [models.Index(fields=["other", "member"], name="block_other")]


class WatchedWord(models.Model):
    """A word that sends a text to a moderator first; in one board, or everywhere."""

    word = models.CharField(_("word or phrase"), max_length=80)
    board = models.ForeignKey(
        Board, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("only in the board")
    )
    note = models.CharField(_("why"), max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["word", "board"], nulls_distinct=False, name="one_rule_per_word")]

    def __str__(self) -> str:
        return self.word


class CarePlan(models.Model):
    """How careful a board is with what is new, and how soon moderators answer; without a board: the whole site."""

    board = models.OneToOneField(Board, models.CASCADE, null=True, blank=True, related_name="care", verbose_name=_("board"))
    hold_first = models.BooleanField(_("first posts of newcomers wait"), default=False)
    hold_new = models.BooleanField(_("everything by newcomers waits"), default=False)
    hold_first_link = models.BooleanField(_("a first post with a link waits"), default=True)
    links_to_one_host = models.PositiveSmallIntegerField(_("so many links of a newcomer to one site wait; 0: never"), default=3)
    target_hours = models.PositiveSmallIntegerField(_("moderators answer within so many hours"), default=24)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["board"], condition=models.Q(board__isnull=True), nulls_distinct=False, name="one_site_plan"
            )
        ]

    def __str__(self) -> str:
        return str(self.board) if self.board else str(_("The whole site"))


class HouseRules(models.Model):
    """The rules of the community, in its three languages; the newest text is in force."""

    text = models.TextField(_("in English"))
    text_zh_hans = models.TextField(_("in Simplified Chinese"), blank=True)
    text_zh_hant = models.TextField(_("in Traditional Chinese"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name_plural = "house rules"

    def __str__(self) -> str:
        return {"zh-hans": self.text_zh_hans, "zh-hant": self.text_zh_hant}.get(get_language() or "") or self.text


def is_open(decision: Decision, *, at: datetime) -> bool:
    """The sanction still runs at that moment, as far as its own row says."""
    return decision.for_good or decision.until is None or decision.until > at
