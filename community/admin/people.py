"""Members and the kinds of users they say they are."""

from typing import Any, cast

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from community.admin.base import DeskAdmin, colleague, column, link_to, now_of
from community.care.sanctions import set_limit
from community.models import Member, Persona, Role
from community.personas import save_persona
from community.privileges import Privilege
from community.staffing import appoint_member, bar_member


@admin.register(Member)
class MemberAdmin(DeskAdmin):
    """Who is here, how established they are, and who belongs to the team. Nobody is made or unmade by hand."""

    changes = Privilege.CONFIGURE
    list_display = ["name", "shown_role", "trust", "level", "active_days", "persona", "joined", "page"]
    list_filter = ["role", "trust", "is_active", ("claimed_at", admin.EmptyFieldListFilter), "persona"]
    list_select_related = ["persona"]
    search_fields = ["display_name", "username", "email"]
    search_help_text = _("Name, name in addresses, or mail address")
    ordering = ["-joined_at", "-pk"]
    fieldsets = [
        (None, {"fields": ["display_name", "username", "email", "bio", "persona"]}),
        (_("Role"), {"fields": ["role", "staff_title", "is_active", "limited_until"]}),
        (
            _("How established"),
            {
                "fields": [
                    "trust",
                    "level",
                    "cohort",
                    "active_days",
                    "reads",
                    "joined_at",
                    "verified_at",
                    "claimed_at",
                    "closed_at",
                ]
            },
        ),
        (_("Where from"), {"fields": ["source_system", "source_id", "language", "time_zone"]}),
    ]
    editable = {"role", "staff_title", "is_active", "limited_until"}

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [name for _title, part in self.fieldsets for name in part["fields"] if name not in self.editable]

    @column(_("name"), ordering="display_name")
    def name(self, member: Member) -> str:
        return str(member)

    @column(
        _("role"),
        ordering="role",
        label={Role.STAFF.label: "success", Role.ADMIN.label: "success", Role.MODERATOR.label: "info"},
    )
    def shown_role(self, member: Member) -> Any:
        return Role(member.role).label

    @column(_("joined"), ordering="joined_at")
    def joined(self, member: Member) -> Any:
        return member.joined_at.date()

    @column("")
    def page(self, member: Member) -> Any:
        return link_to(member.get_absolute_url(), _("Page"))

    def save_model(self, request: HttpRequest, obj: Member, form: Any, change: bool) -> None:
        """Only what was changed is done, each by its operation."""
        by, at, changed = colleague(request), now_of(request), set(form.changed_data)
        member = Member.objects.get(pk=obj.pk)
        if changed & {"role", "staff_title"}:
            appoint_member(member=member, role=obj.role, staff_title=obj.staff_title, by=by, at=at)
        if "is_active" in changed:
            bar_member(member=member, barred=not obj.is_active, by=by, at=at)
        if "limited_until" in changed:
            set_limit(member=member, until=obj.limited_until, by=by, at=at)


@admin.register(Persona)
class PersonaAdmin(DeskAdmin):
    """The kinds of users; their shares of the score's breadth are in its constants."""

    changes = Privilege.CONFIGURE
    adds = True
    list_display = ["name", "slug", "members_now", "position"]
    fields = ["name", "name_zh_hans", "name_zh_hant", "slug", "position"]
    prepopulated_fields = {"slug": ["name"]}

    def save_model(self, request: HttpRequest, obj: Persona, form: Any, change: bool) -> None:
        save_persona(persona=obj, by=colleague(request), at=now_of(request))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Persona]:
        return cast(QuerySet[Persona], super().get_queryset(request).annotate(number=Count("members")))

    @column(_("members"), ordering="number")
    def members_now(self, persona: Persona) -> int:
        return int(persona.number)  # type: ignore[attr-defined]
