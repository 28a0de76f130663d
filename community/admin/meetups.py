"""Meetups in the admin: arranged, moved and cancelled by staff."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community.admin.base import DeskAdmin, colleague, column, link_to, now_of
from community.meetups.arranging import arrange_meetup, cancel_meetup
from community.models import Meetup
from community.privileges import Privilege


@admin.register(Meetup)
class MeetupAdmin(DeskAdmin):
    """A reason in the last field cancels the meetup; everybody who wanted to come reads it."""

    changes = Privilege.TRIAGE
    adds = True
    list_display = ["title", "kind", "shown_state", "city", "starts_at", "capacity", "page", "door"]
    list_filter = ["published", "kind", "city", "board"]
    search_fields = ["title", "city"]
    ordering = ["-starts_at"]
    prepopulated_fields = {"slug": ["title"]}
    autocomplete_fields = ["host", "recap"]
    fieldsets = [
        (None, {"fields": ["title", "slug", "kind", "about", "host", "board", "published"]}),
        (_("When and where"), {"fields": ["starts_at", "ends_at", "time_zone", "city", "address", "link", "capacity"]}),
        (_("At the door and afterwards"), {"fields": ["code", "recap", "cancelled_why"]}),
    ]
    readonly_fields = ["code"]

    @column(
        _("state"), label={"coming": "success", "over": "info", "cancelled": "danger", "hidden": "danger", "draft": "warning"}
    )
    def shown_state(self, meetup: Meetup) -> Any:
        if meetup.cancelled_at:
            return "cancelled", _("Cancelled")
        if meetup.hidden_at:
            return "hidden", _("Hidden")
        if not meetup.published:
            return "draft", _("Draft")
        return ("over", _("Over")) if meetup.ends_at <= timezone.now() else ("coming", _("Coming"))

    @column("")
    def page(self, meetup: Meetup) -> Any:
        return link_to(meetup.get_absolute_url(), _("Page"))

    @column("")
    def door(self, meetup: Meetup) -> Any:
        return link_to(f"{meetup.get_absolute_url()}door/", _("Door"))

    def save_model(self, request: HttpRequest, obj: Meetup, form: Any, change: bool) -> None:
        by, at = colleague(request), now_of(request)
        why = obj.cancelled_why
        if change and "cancelled_why" in form.changed_data and why:
            cancel_meetup(meetup=obj, by=by, why=why, at=at)
            return
        arrange_meetup(meetup=obj, by=by, at=at)
