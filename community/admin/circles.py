"""Circles in the admin: which are open, which look for people or for a steward, and the way to close one."""

from typing import Any, cast

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from community.admin.base import DeskAdmin, act_on_each, button, colleague, column, link_to, now_of
from community.circles.deciding import decide_to_close
from community.models import Circle, Role
from community.models.circle import CircleQuerySet
from community.privileges import Privilege


class StateFilter(admin.SimpleListFilter):
    """Where a circle stands."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("open", _("Open")), ("proposed", _("Looking for people")), ("seeks", _("Looks for a steward")),
            ("alone", _("Its steward is no moderator yet")), ("closed", _("Closed")),
        ]  # fmt: skip

    def queryset(self, _request: HttpRequest, queryset: QuerySet[Circle]) -> QuerySet[Circle]:
        rows = cast(CircleQuerySet, queryset)
        wanted = {
            "open": rows.open(), "proposed": rows.proposed(), "seeks": rows.open().filter(steward=None),
            "alone": rows.open().filter(steward__role=Role.MEMBER), "closed": rows.filter(closed_at__isnull=False),
        }  # fmt: skip
        return wanted.get(self.value() or "", rows)


def _closed(count: int) -> str:
    return ngettext(
        "%(count)d is closed, and its people read why.", "%(count)d are closed, and their people read why.", count
    ) % {"count": count}


@admin.register(Circle)
class CircleAdmin(DeskAdmin):
    """Proposed by members, opened by their number; nothing is written here but the reason why one is closed."""

    changes = Privilege.MODERATE
    list_display = ["name", "kind", "shown_state", "members", "steward", "proposed_by", "created_at", "page"]
    list_filter = [StateFilter, "kind"]
    list_select_related = ["steward", "proposed_by"]
    search_fields = ["name", "about", "slug"]
    fields = [
        "name", "slug", "kind", "about", "proposed_by", "steward", "board", "created_at", "opened_at", "closed_at",
        "closed_because",
    ]  # fmt: skip
    readonly_fields = fields
    actions = ["close"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Circle]:
        return cast(CircleQuerySet, super().get_queryset(request)).with_counts()

    @column(_("state"), label={"open": "success", "proposed": "warning", "closed": "danger"})
    def shown_state(self, circle: Circle) -> Any:
        words = {"open": _("Open"), "proposed": _("Looking for people"), "closed": _("Closed")}
        return circle.state, words[circle.state]

    @column(_("members"), ordering="count")
    def members(self, circle: Circle) -> int:
        return int(circle.count)  # type: ignore[attr-defined]

    @column("")
    def page(self, circle: Circle) -> Any:
        return link_to(circle.get_absolute_url(), _("Page"))

    @button(_("Close, with a reason …"))
    def close(self, request: HttpRequest, queryset: QuerySet[Circle]) -> HttpResponse | None:
        """The reason is asked for first; then everybody in them reads it."""
        reason = request.POST.get("reason", "")
        if reason.strip():
            by, at = colleague(request), now_of(request)
            act_on_each(request, queryset, lambda row: decide_to_close(circle=row, by=by, reason=reason, at=at), done=_closed)
            return None
        context = {
            **self.admin_site.each_context(request), "opts": self.opts, "title": gettext("Close these circles?"),
            "rows": queryset, "again": "apply" in request.POST,
        }  # fmt: skip
        return TemplateResponse(request, "admin/community/close_circles.html", context)
