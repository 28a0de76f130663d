"""The roadmap's pieces of work."""

from typing import Any, cast

from django.contrib import admin
from django.db.models import Case, Count, QuerySet, When
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from community.admin.base import DeskAdmin, colleague, column, now_of
from community.privileges import Privilege
from feedback.models import RoadmapColumn, RoadmapItem
from feedback.roadmap import drop_item, edit_item, move_item, place_item, plan_item, release_suggestion, serve_suggestion

PLAN = ("title", "summary", "effort", "theme", "after", "must", "expected", "owner", "release", "is_public")


@admin.register(RoadmapItem)
class RoadmapItemAdmin(DeskAdmin):
    """What is planned, being built, tested and shipped, and which suggestions it serves."""

    changes = Privilege.PLAN
    adds = deletes = True
    list_display = ["title", "column_now", "product", "serves", "weeks", "release", "is_public", "moved"]
    list_filter = ["column", "product", "is_public", "release"]
    list_select_related = ["product", "release"]
    search_fields = ["title", "summary", "theme"]
    ordering = [Case(*[When(column=value, then=place) for place, value in enumerate(RoadmapColumn.values)]), "position", "pk"]
    autocomplete_fields = ["suggestions", "after"]
    fieldsets = [
        (None, {"fields": ["product", "title", "summary", "suggestions"]}),
        (_("Where it stands"), {"fields": ["column", "position", "release", "expected", "is_public"]}),
        (_("Work"), {"fields": ["owner", "effort", "theme", "after", "must"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[RoadmapItem]:
        return cast(QuerySet[RoadmapItem], super().get_queryset(request).annotate(number=Count("suggestions")))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["product"] if obj else ["position"]

    @column(
        _("column"),
        ordering="column",
        label={
            RoadmapColumn.PLANNED.label: "info",
            RoadmapColumn.IN_PROGRESS.label: "warning",
            RoadmapColumn.TESTING.label: "warning",
            RoadmapColumn.SHIPPED.label: "success",
        },
    )
    def column_now(self, item: RoadmapItem) -> Any:
        return RoadmapColumn(item.column).label

    @column(_("suggestions"), ordering="number")
    def serves(self, item: RoadmapItem) -> int:
        return int(item.number)  # type: ignore[attr-defined]

    @column(_("team-weeks"), ordering="effort")
    def weeks(self, item: RoadmapItem) -> str:
        return f"{item.effort / 4:g}"

    @column(_("moved"), ordering="moved_at")
    def moved(self, item: RoadmapItem) -> Any:
        return item.moved_at.date()

    def save_model(self, request: HttpRequest, obj: RoadmapItem, form: Any, change: bool) -> None:
        """Described, moved and placed by the operations; what it serves moves with it."""
        by, at, data = colleague(request), now_of(request), form.cleaned_data
        plan = {name: data[name] for name in PLAN if name in data}
        if not change:
            made = plan_item(
                product=data["product"], by=by, at=at, column=data["column"], suggestions=data["suggestions"], **cast(Any, plan)
            )
            obj.pk = made.pk
            return
        item = edit_item(item=obj, by=by, at=at, **cast(Any, plan))
        if "column" in form.changed_data:
            item = move_item(item=item, column=data["column"], by=by, at=at)
        if "position" in form.changed_data:
            place_item(item=item, position=data["position"], by=by, at=at)
        before, wanted = set(item.suggestions.all()), set(data["suggestions"])
        for suggestion in sorted(before - wanted, key=lambda one: one.pk):
            release_suggestion(item=item, suggestion=suggestion, by=by, at=at)
        for suggestion in sorted(wanted - before, key=lambda one: one.pk):
            serve_suggestion(item=item, suggestion=suggestion, by=by, at=at)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """What it serves was settled by the operations."""

    def delete_model(self, request: HttpRequest, obj: RoadmapItem) -> None:
        drop_item(item=obj, by=colleague(request), at=now_of(request))
