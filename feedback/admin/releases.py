"""Releases: drafted here, shipped by one button on a page that says what will follow."""

from datetime import datetime
from typing import Any, cast

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from community.admin.base import DeskAdmin, act, colleague, column, link_to, mark, now_of
from community.models import Member
from community.privileges import Privilege
from community.templatetags.moments import when
from feedback.models import Release, Suggestion
from feedback.releases import bring_suggestions, draft_release, drop_release, edit_release, roots_of, ship_release
from feedback.schedules import schedule_release, unschedule_release
from feedback.telling import hearers_of


@admin.register(Release)
class ReleaseAdmin(DeskAdmin):
    """Drafts first, then what has shipped."""

    changes = Privilege.SHIP
    adds = deletes = True
    list_display = ["version", "title", "product", "stands", "brings", "page"]
    list_display_links = ["version", "title"]
    list_filter = ["product", ("shipped_at", admin.EmptyFieldListFilter), ("scheduled_for", admin.EmptyFieldListFilter)]
    list_select_related = ["product"]
    search_fields = ["version", "title"]
    ordering = ["-shipped_at", "-pk"]
    autocomplete_fields = ["suggestions"]
    fields = ["product", "version", "title", "notes", "suggestions", "scheduled_for"]
    change_form_outer_before_template = "admin/feedback/_release_state.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Release]:
        return cast(QuerySet[Release], super().get_queryset(request).annotate(number=Count("suggestions")))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        if obj is None:
            return []
        return ["product"] if obj.shipped_at is None else ["product", "suggestions", "scheduled_for"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or obj.shipped_at is None)

    @column(_("state"), ordering="shipped_at")
    def stands(self, release: Release) -> Any:
        if release.shipped_at:
            return mark(release.shipped_at.date(), "leaf")
        if release.scheduled_for:
            return mark(when(release.scheduled_for), "straw")
        return mark(_("Did not ship"), "clay") if release.held else mark(_("Draft"))

    @column(_("suggestions"), ordering="number")
    def brings(self, release: Release) -> int:
        return int(release.number)  # type: ignore[attr-defined]

    @column("")
    def page(self, release: Release) -> Any:
        return link_to(release.get_absolute_url(), _("Page"))

    def save_model(self, request: HttpRequest, obj: Release, form: Any, change: bool) -> None:
        by, at, data = colleague(request), now_of(request), form.cleaned_data
        words = {name: data[name] for name in ("version", "title", "notes")}
        if not change:
            made = draft_release(product=data["product"], suggestions=data["suggestions"], by=by, at=at, **words)
            obj.pk, obj.slug = made.pk, made.slug
            self._schedule(obj, data, by, at)
            return
        edit_release(release=obj, by=by, at=at, **cast(Any, words))
        if "suggestions" in form.changed_data:
            bring_suggestions(release=obj, suggestions=data["suggestions"], by=by, at=at)
        if "scheduled_for" in form.changed_data:
            self._schedule(obj, data, by, at)

    def _schedule(self, release: Release, data: dict[str, Any], by: Member, at: datetime) -> None:
        if data["scheduled_for"]:
            schedule_release(release=release, moment=data["scheduled_for"], by=by, at=at)
        elif Release.objects.scheduled().filter(pk=release.pk).exists():
            unschedule_release(release=release, by=by, at=at)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """What it brings was settled by the operations."""

    def delete_model(self, request: HttpRequest, obj: Release) -> None:
        drop_release(release=obj, by=colleague(request), at=now_of(request))

    def get_urls(self) -> list[URLPattern]:
        ship = path("<int:pk>/ship/", self.admin_site.admin_view(self.ship), name="feedback_release_ship")
        return [ship, *cast(list[URLPattern], super().get_urls())]

    def ship(self, request: HttpRequest, pk: int) -> HttpResponse:
        """GET says what shipping does; the one button ships."""
        release, back = get_object_or_404(Release, pk=pk), reverse("admin:feedback_release_change", args=[pk])
        if not self.has_change_permission(request):
            return HttpResponseRedirect(back)
        if request.method == "POST":
            return act(
                request,
                lambda: ship_release(release=release, by=colleague(request), at=timezone.now()),
                done=gettext("Shipped. Everybody it came from is credited, and told."),
                back=release.get_absolute_url() if release.shipped_at is None else back,
            )
        roots = roots_of(release)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": gettext("Ship this release?"),
            "heading": gettext("Ship “%(release)s”?") % {"release": release},
            "pairs": [(gettext("ships"), root) for root in roots],
            "sentences": _consequences(roots),
            "refusal": gettext("It has shipped already.") if release.shipped_at else "",
            "button": gettext("Ship it"),
            "back": back,
        }
        return TemplateResponse(request, "admin/confirm.html", context)


def _consequences(roots: list[Suggestion]) -> list[str]:
    told = len(set().union(*hearers_of([root.pk for root in roots], voters=True).values()))
    suggestions = ngettext("%(count)d suggestion is shipped.", "%(count)d suggestions are shipped.", len(roots))
    people = ngettext("%(count)d person is told.", "%(count)d people are told, each once for each wish.", told)
    return [
        suggestions % {"count": len(roots)},
        gettext("Authors, those who had the same wish and voters are credited by name; the team's own votes are not."),
        people % {"count": told},
        gettext("This cannot be taken back. The notes can still be put in better words."),
    ]
