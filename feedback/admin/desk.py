"""The triage desk's list: every suggestion, by queue, with what is known of it."""

from typing import Any, cast

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern
from django.utils.html import format_html, format_html_join
from django.utils.timesince import timesince
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext

from community.admin.base import DeskAdmin, act_on_each, button, colleague, column, mark, now_of
from community.privileges import Privilege
from community.refusals import Refused
from community.templatetags.sprout import tenth
from feedback.admin.case import case_urls, find_case, show_case
from feedback.admin.filters import AssigneeFilter, ClusterFilter, GuessFilter, QueueFilter, saying
from feedback.growth import status_sign
from feedback.links import suggestion_of_link
from feedback.models import Suggestion
from feedback.triage import change_status, triage_suggestion


@admin.register(Suggestion)
class SuggestionAdmin(DeskAdmin):
    """What fans wish for and what they report, to be answered."""

    changes = Privilege.TRIAGE
    list_display = ["title", "status_now", "votes", "priority", "board", "department", "assignee", "age"]
    list_filter = [
        QueueFilter, "status", "post__kind", "severity", "department", AssigneeFilter, "post__board", GuessFilter, ClusterFilter,
    ]  # fmt: skip
    search_fields = ["post__title"]
    search_help_text = _("Words of the title in any language, a number, or a link")
    ordering = ["-post__created_at", "-post_id"]
    actions = ["take_on", "review"]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Suggestion], search_term: str
    ) -> tuple[QuerySet[Suggestion], bool]:
        words = search_term.replace("\x00", "").strip()
        if not words:
            return queryset, False
        try:
            named = suggestion_of_link(words, viewer=request.user)
        except Refused:
            return queryset.filter(saying(words)), False
        return self.get_queryset(request).filter(pk=named.pk), False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Suggestion]:
        # Also for the boxes that offer suggestions by title, which know nothing of the list's own joins.
        rows = super().get_queryset(request).select_related("post__board", "post__standing", "department", "assignee")
        return cast(QuerySet[Suggestion], rows)

    @column(_("title"), ordering="post__title")
    def title(self, row: Suggestion) -> Any:
        merged = row.post.standing.merged
        marks = [mark(_("Bug"), "clay")] if row.post.kind == "bug" else []
        if merged:
            marks.append(mark(ngettext("%(count)d merged", "%(count)d merged", merged) % {"count": merged}))
        if row.triaged_at is None:
            marks.append(mark(pgettext("on the desk", "New"), "straw"))
        return format_html("{} {}", row.post.title, format_html_join(" ", "{}", ((one,) for one in marks)))

    @column(_("status"), ordering="status")
    def status_now(self, row: Suggestion) -> Any:
        return status_sign(row.post.standing.status)

    @column(_("votes"), ordering="post__standing__votes")
    def votes(self, row: Suggestion) -> int:
        return row.post.standing.votes

    @column(_("score"), ordering="post__standing__score")
    def priority(self, row: Suggestion) -> str:
        return tenth(row.post.standing.score)

    @column(_("board"), ordering="post__board")
    def board(self, row: Suggestion) -> str:
        return str(row.post.board)

    @column(_("age"), ordering="-post__created_at")
    def age(self, row: Suggestion) -> str:
        return timesince(row.post.created_at, depth=1)

    @button(_("Take it on"))
    def take_on(self, request: HttpRequest, queryset: QuerySet[Suggestion]) -> None:
        by, at = colleague(request), now_of(request)
        act_on_each(request, queryset, lambda row: triage_suggestion(suggestion=row, by=by, at=at, assignee=by), done=_taken)

    @button(_("Put under review"))
    def review(self, request: HttpRequest, queryset: QuerySet[Suggestion]) -> None:
        by, at = colleague(request), now_of(request)
        act_on_each(
            request, queryset, lambda row: change_status(suggestion=row, to="under-review", by=by, at=at), done=_reviewed
        )

    def get_urls(self) -> list[URLPattern]:
        return cast(list[URLPattern], case_urls(self) + super().get_urls())

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return show_case(self, request, find_case(request, int(object_id) if object_id.isdecimal() else 0))


def _taken(count: int) -> str:
    return ngettext("%(count)d is yours now.", "%(count)d are yours now.", count) % {"count": count}


def _reviewed(count: int) -> str:
    return ngettext("%(count)d is under review.", "%(count)d are under review.", count) % {"count": count}
