"""Suggestions: the feedback side of a post of kind suggestion or bug."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from community.models import Post
from community.models.board import Viewer


class Status(models.TextChoices):
    """How far a suggestion has grown."""

    OPEN = "open", _("Open")
    UNDER_REVIEW = "under-review", _("Under review")
    PLANNED = "planned", _("Planned")
    IN_PROGRESS = "in-progress", _("In progress")
    TESTING = "testing", _("Testing")
    SHIPPED = "shipped", _("Shipped")
    DECLINED = "declined", _("Declined")
    NOT_NOW = "not-now", _("Not now")


GROWING = [Status.OPEN, Status.UNDER_REVIEW, Status.PLANNED, Status.IN_PROGRESS, Status.TESTING, Status.SHIPPED]
NEED_A_REASON = [Status.DECLINED, Status.NOT_NOW]
CLOSED = [Status.SHIPPED, Status.DECLINED, Status.NOT_NOW]


class Severity(models.IntegerChoices):
    """How bad a bug is; the value is its factor in the score."""

    MINOR = 1, _("Minor")
    NORMAL = 2, _("Normal")
    MAJOR = 4, _("Major")
    CRITICAL = 8, _("Critical")


class Frequency(models.IntegerChoices):
    """How often it is met, as triage sees it."""

    RARE = 1, _("Rarely")
    SOMETIMES = 2, _("Sometimes")
    OFTEN = 3, _("Often")
    ALWAYS = 4, _("Always")


class Department(models.Model):
    """A part of the company that answers for suggestions."""

    slug = models.SlugField(unique=True)
    name = models.CharField(_("name"), max_length=60)
    name_zh_hans = models.CharField(max_length=60, blank=True)
    name_zh_hant = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return {"zh-hans": self.name_zh_hans, "zh-hant": self.name_zh_hant}.get(get_language() or "") or self.name


class SuggestionQuerySet(models.QuerySet["Suggestion"]):
    """Adjectives of suggestions."""

    def visible_to(self, viewer: Viewer) -> "SuggestionQuerySet":
        return self.filter(post__in=Post.objects.visible_to(viewer).values("pk"))

    def canonical(self) -> "SuggestionQuerySet":
        """Those that are merged into no other."""
        return self.filter(root_id=F("post_id"))

    def undecided(self) -> "SuggestionQuerySet":
        return self.filter(status__in=[Status.OPEN, Status.UNDER_REVIEW])

    def waiting_for_an_answer(self) -> "SuggestionQuerySet":
        return self.filter(Q(answer=""), status=Status.OPEN)

    def of_cluster(self, root_id: int) -> "SuggestionQuerySet":
        return self.filter(root_id=root_id)


class Suggestion(models.Model):
    """A wish or a fault report: status, triage fields, official answer.

    root: the canonical suggestion of its cluster, derived from the merges not undone; its own id when canonical.
    strategy_fit: 0–3, staff's view; evidence: 0–10,000 basis points from research.
    """

    post = models.OneToOneField(Post, models.CASCADE, primary_key=True, related_name="suggestion")
    root = models.ForeignKey("self", models.RESTRICT, related_name="cluster")
    status = models.CharField(_("status"), max_length=12, choices=Status.choices, default=Status.OPEN)
    severity = models.PositiveSmallIntegerField(_("severity"), choices=Severity.choices, default=Severity.NORMAL)
    frequency = models.PositiveSmallIntegerField(_("frequency"), choices=Frequency.choices, null=True, blank=True)
    department = models.ForeignKey(Department, models.SET_NULL, null=True, blank=True, related_name="suggestions")
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="assigned_suggestions"
    )
    answer = models.TextField(_("official answer"), blank=True)
    answer_html = models.TextField(blank=True, editable=False)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    strategy_fit = models.PositiveSmallIntegerField(_("strategy fit"), default=0)
    strategy_reason = models.CharField(_("why it fits"), max_length=280, blank=True)
    evidence = models.PositiveSmallIntegerField(_("evidence"), default=0)
    evidence_source = models.CharField(_("where the evidence comes from"), max_length=280, blank=True)
    triaged_at = models.DateTimeField(null=True, blank=True)

    objects = SuggestionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(strategy_fit__lte=3), name="strategy_fit_0_to_3"),
            models.CheckConstraint(condition=Q(evidence__lte=10_000), name="evidence_0_to_10000"),
            models.CheckConstraint(condition=Q(strategy_fit=0) | ~Q(strategy_reason=""), name="strategy_needs_a_reason"),
            models.CheckConstraint(condition=Q(evidence=0) | ~Q(evidence_source=""), name="evidence_needs_a_source"),
        ]
        indexes = [
            models.Index(fields=["root", "post"], name="suggestion_cluster"),
            models.Index(fields=["status", "department"], name="suggestion_status"),
            models.Index(fields=["assignee", "status"], name="suggestion_assignee"),
            models.Index(fields=["-answered_at"], name="suggestion_answered", condition=Q(answered_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return str(self.post)

    @property
    def is_canonical(self) -> bool:
        return bool(self.root_id == self.post_id)


class StatusChange(models.Model):
    """One step in a suggestion's history, with who, when and the public answer given with it."""

    suggestion = models.ForeignKey(Suggestion, models.CASCADE, related_name="changes")
    before = models.CharField(max_length=12, choices=Status.choices)
    after = models.CharField(max_length=12, choices=Status.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    answer = models.TextField(blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["suggestion", "-at"], name="status_change_history")]


class InternalNote(models.Model):
    """A note that only the team reads."""

    suggestion = models.ForeignKey(Suggestion, models.CASCADE, related_name="notes")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    body = models.TextField(_("note"))
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "pk"]
