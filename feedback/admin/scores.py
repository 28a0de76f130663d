"""The score's constants: versions that are drafted, compared and switched, never edited."""

from typing import Any, cast

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from community.admin.base import DeskAdmin, act, colleague, column, link_to, mark, now_of
from community.privileges import Privilege, has
from feedback.models import ScoreConfig
from feedback.score_configs import draft_score_config, suggested_version, switch_score_config


@admin.register(ScoreConfig)
class ScoreConfigAdmin(DeskAdmin):
    """Each version with who made it and why; one is in force."""

    list_display = ["name", "in_force", "note", "made_by", "made_at", "switch_link"]
    list_select_related = ["made_by"]
    ordering = ["-version"]
    fields = ["note", "constants", "shares"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return has(request.user, Privilege.CONFIGURE)

    @column(_("version"), ordering="version")
    def name(self, config: ScoreConfig) -> str:
        return str(config.version)

    @column(_("in force"))
    def in_force(self, config: ScoreConfig) -> Any:
        return mark(_("in force"), "leaf") if config.active else ""

    @column("")
    def switch_link(self, config: ScoreConfig) -> Any:
        return (
            "" if config.active else link_to(reverse("admin:feedback_scoreconfig_switch", args=[config.pk]), _("Switch to it"))
        )

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """A draft begins as the version in force."""
        active = ScoreConfig.objects.filter(active=True).first()
        return {"constants": active.constants, "shares": active.shares} if active else {}

    def save_model(self, request: HttpRequest, obj: ScoreConfig, form: Any, change: bool) -> None:
        made = draft_score_config(
            constants=obj.constants, shares=obj.shares or {}, note=obj.note, by=colleague(request), at=now_of(request)
        )
        obj.pk, obj.version = made.pk, made.version

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        advice = suggested_version()
        if advice:
            told = gettext("The community has grown: version %(version)d is made for its size. Switch when you are ready.")
            messages.info(request, told % {"version": advice})
        return cast(HttpResponse, super().changelist_view(request, extra_context))

    def get_urls(self) -> list[URLPattern]:
        switch = path("<int:pk>/switch/", self.admin_site.admin_view(self.switch), name="feedback_scoreconfig_switch")
        return [switch, *cast(list[URLPattern], super().get_urls())]

    def switch(self, request: HttpRequest, pk: int) -> HttpResponse:
        """GET says what switching does; the one button switches."""
        config, back = get_object_or_404(ScoreConfig, pk=pk), reverse("admin:feedback_scoreconfig_changelist")
        if not self.has_add_permission(request):
            messages.error(request, gettext("This takes a right that your account does not have."))
            return HttpResponseRedirect(back)
        if request.method == "POST":
            return act(
                request,
                lambda: switch_score_config(version=config.version, by=colleague(request), at=timezone.now()),
                done=gettext("Switched. All scores are made anew within a minute or two."),
                back=back,
            )
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": gettext("Switch the score's constants?"),
            "heading": gettext("Switch to version %(version)d?") % {"version": config.version},
            "sentences": [
                config.note,
                gettext("Every score is made anew with it, and says so in its history. You can switch back."),
            ],
            "refusal": gettext("This version is in force already.") if config.active else "",
            "button": gettext("Switch"),
            "back": back,
        }
        return TemplateResponse(request, "admin/confirm.html", context)
