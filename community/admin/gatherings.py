"""Contests are arranged here, and polls that wait for a word of the team are found."""

from typing import Any, cast

from django import forms
from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextareaWidget

from community.admin.base import DeskAdmin, colleague, column, link_to, mark, now_of
from community.contests.arranging import arrange_contest, read_criteria, write_criteria
from community.models import Contest, EntryState, Phase, Poll
from community.polls.reading import DECIDE_WITHIN
from community.privileges import Privilege


class ContestForm(forms.ModelForm):
    """A contest with its criteria as lines of text."""

    criteria = forms.CharField(
        label=_("criteria of the jury"),
        help_text=_("One on each line, with its weight behind a colon: “Idea: 2”."),
        required=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 4}),
    )

    class Meta:
        model = Contest
        fields = "__all__"  # noqa: DJ007 - the page of the admin names them

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["criteria"].initial = write_criteria(self.instance.criteria.all())


@admin.register(Contest)
class ContestAdmin(DeskAdmin):
    """What runs and what is being prepared; who wins is decided on the contest's own pages."""

    form = ContestForm
    changes = Privilege.TRIAGE
    adds = True
    list_display = ["title", "stands", "board", "sent", "page"]
    list_filter = ["kind", "published", ("announced_at", admin.EmptyFieldListFilter)]
    list_select_related = ["board"]
    search_fields = ["title", "slug"]
    ordering = ["-opens_at", "-pk"]
    autocomplete_fields = ["jury"]
    prepopulated_fields = {"slug": ["title"]}
    fieldsets = [
        (None, {"fields": ["title", "slug", "board", "kind", "published", "brief", "rules", "prizes"]}),
        (_("Phases"), {"fields": ["opens_at", "entries_until", "votes_until", "jury_until"]}),
        (_("How it is judged"), {"fields": ["fan_weight", "votes_each", "criteria", "jury"]}),
        (_("Entries and places"), {"fields": ["entries_each", "team_most", "places"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Contest]:
        taking_part = Count("entries", filter=Q(entries__state=EntryState.VISIBLE), distinct=True)
        return cast(QuerySet[Contest], super().get_queryset(request).annotate(number=taking_part))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or obj.announced_at is None)

    @column(_("criteria of the jury"))
    def criteria(self, contest: Contest) -> str:
        """As they stand where the contest is only looked at."""
        return write_criteria(contest.criteria.all())

    @column(_("stands"), ordering="opens_at")
    def stands(self, contest: Contest) -> Any:
        if not contest.published:
            return mark(_("Draft"), "straw")
        phase = contest.phase(timezone.now())
        return mark(phase.label, "clay" if phase == Phase.DECIDING else "leaf")

    @column(_("entries"), ordering="number")
    def sent(self, contest: Contest) -> int:
        return int(contest.number)  # type: ignore[attr-defined]

    @column("")
    def page(self, contest: Contest) -> Any:
        if contest.phase(timezone.now()) in (Phase.JURY, Phase.DECIDING):
            return link_to(reverse("contest-standing", args=[contest.slug]), _("How it stands"))
        return link_to(contest.get_absolute_url(), _("Page"))

    def save_model(self, request: HttpRequest, obj: Contest, form: Any, change: bool) -> None:
        said = form.cleaned_data
        criteria = read_criteria(said["criteria"])
        arrange_contest(contest=obj, criteria=criteria, jury=said["jury"], by=colleague(request), at=now_of(request))

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """The operation has set the jury already."""


class WaitingFilter(admin.SimpleListFilter):
    """Polls by what the team owes them."""

    title = _("decision")
    parameter_name = "decision"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("owed", _("owed")), ("late", _("owed for more than a week"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        now = timezone.now()
        moments = {"owed": now, "late": now - DECIDE_WITHIN}
        asked = self.value() or ""
        return queryset.undecided(at=moments[asked]) if asked in moments else queryset


@admin.register(Poll)
class PollAdmin(DeskAdmin):
    """Every poll; what it asks is changed on its post, and what was said in it by nobody."""

    list_display = ["asked", "kind", "weight", "ends", "voters", "decision_link"]
    list_filter = [WaitingFilter, "weight", "kind"]
    list_select_related = ["post__author"]
    search_fields = ["post__title"]
    ordering = ["-post_id"]
    fields = [
        "kind",
        "least",
        "most",
        "shows",
        "weight",
        "closes_at",
        "closed_at",
        "closed_by",
        "decision",
        "decided_by",
        "decided_at",
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Poll]:
        seen = super().get_queryset(request).visible_to(request.user)
        return cast(QuerySet[Poll], seen.annotate(number=Count("ballots")))

    @column(_("poll"), ordering="post__title")
    def asked(self, poll: Poll) -> Any:
        return poll.post.title

    @column(_("closes"), ordering="closes_at")
    def ends(self, poll: Poll) -> Any:
        ended = poll.ended_at(timezone.now())
        return mark(ended.date()) if ended else mark(poll.closes_at.date() if poll.closes_at else _("Open"), "leaf")

    @column(_("people"), ordering="number")
    def voters(self, poll: Poll) -> int:
        return int(poll.number)  # type: ignore[attr-defined]

    @column(_("decision"), ordering="decided_at")
    def decision_link(self, poll: Poll) -> Any:
        """Said, not owed, or one press away; red once it is late."""
        ended = poll.ended_at(timezone.now())
        if poll.decided_at or not poll.weight or ended is None:
            return poll.decided_at.date() if poll.decided_at else "–"
        late = ended < timezone.now() - DECIDE_WITHIN
        return mark(
            link_to(reverse("poll-decide", args=[poll.pk]), _("Late") if late else _("Owed")), "clay" if late else "straw"
        )
