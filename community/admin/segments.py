"""Segments in the admin: a rule in words, members by hand, and how many they are while one types."""

from typing import Any, cast

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from community.admin.base import DeskAdmin, act_on_each, button, colleague, column, now_of
from community.admin.segment_form import CONDITIONS, SegmentForm
from community.models import Segment
from community.privileges import Privilege
from community.refusals import Refused
from community.segments import arrange_segment, count_of, rebuild_segment


def _counted(count: int) -> str:
    return ngettext("%(count)d segment is counted anew.", "%(count)d segments are counted anew.", count) % {"count": count}


@admin.register(Segment)
class SegmentAdmin(DeskAdmin):
    """Named sets of members: for the rights of boards, for surveys and invitations."""

    form = SegmentForm
    changes = Privilege.CONFIGURE
    adds = True
    list_display = ["name", "slug", "members", "used_by", "rebuilt_at"]
    search_fields = ["name", "name_zh_hans", "name_zh_hant", "slug"]
    autocomplete_fields = ["added", "excluded"]
    prepopulated_fields = {"slug": ["name"]}
    actions = ["count_anew"]
    change_form_outer_before_template = "admin/community/_segment_count.html"
    fieldsets = [
        (None, {"fields": ["name", "name_zh_hans", "name_zh_hant", "slug", "about"]}),
        (_("By rule"), {"fields": list(CONDITIONS), "description": _("What is left empty is not asked for.")}),
        (_("By hand"), {"fields": ["added", "excluded"], "description": _("These go before the rule.")}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Segment]:
        rows = super().get_queryset(request).select_related("group")
        return cast(
            QuerySet[Segment],
            rows.annotate(size=Count("rows", distinct=True), boards=Count("rights__board", distinct=True)),
        )

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and not (obj is not None and hasattr(obj, "group"))

    @column(_("members"), ordering="size")
    def members(self, segment: Segment) -> int:
        return int(segment.size)  # type: ignore[attr-defined]

    @column(_("boards"), ordering="boards")
    def used_by(self, segment: Segment) -> int:
        return int(segment.boards)  # type: ignore[attr-defined]

    def save_model(self, request: HttpRequest, obj: Segment, form: Any, change: bool) -> None:
        data = form.cleaned_data
        hands = {name: data.get(name) for name in ("added", "excluded")}
        arrange_segment(segment=obj, rule=form.rule(), by=colleague(request), at=now_of(request), **hands)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Who is in by hand was settled by the operation."""

    @button(_("Count anew"))
    def count_anew(self, request: HttpRequest, queryset: QuerySet[Segment]) -> None:
        act_on_each(request, queryset, lambda one: rebuild_segment(segment=one, at=now_of(request)), done=_counted)

    def get_urls(self) -> list[URLPattern]:
        count = path("count/", self.admin_site.admin_view(require_safe(self.count)), name="community_segment_count")
        return [count, *cast(list[URLPattern], super().get_urls())]

    def count(self, request: HttpRequest) -> HttpResponse:
        """How many members the form means as it is filled in; nothing is kept."""
        if not super().has_change_permission(request):
            return JsonResponse({"told": gettext("Only administrators arrange segments.")}, status=403)
        form = SegmentForm(request.GET)
        form.is_valid()
        faults = [name for name in form.errors if name in CONDITIONS]
        if faults:
            return JsonResponse(
                {"told": gettext("There is something to mend: %(name)s") % {"name": form.fields[faults[0]].label}}
            )
        try:
            hands = {name: [one.pk for one in form.cleaned_data.get(name) or ()] for name in ("added", "excluded")}
            by_rule, every = count_of(form.rule(), at=timezone.now(), **hands)
        except Refused as refusal:
            return JsonResponse({"told": refusal.sentence})
        return JsonResponse({"told": count_in_words(by_rule, every), "members": every})


def count_in_words(by_rule: int, every: int) -> str:
    """The count as the page says it."""
    told = ngettext("%(count)d member belongs.", "%(count)d members belong.", every) % {"count": every}
    if by_rule == every:
        return told
    return told + " " + ngettext("%(count)d by the rule alone.", "%(count)d by the rule alone.", by_rule) % {"count": by_rule}
