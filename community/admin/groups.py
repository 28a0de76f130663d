"""Tester groups in the admin: what each asks and gives, whom to ask in, and the applications, best contribution first."""

from typing import Any, cast

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.forms import CharField, ModelForm
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextInputWidget

from community.admin.base import DeskAdmin, act_on_each, button, colleague, column, link_to, mark, now_of
from community.groups.arranging import arrange_group
from community.groups.entering import accept_application, decline_application, invite_member, speak_for
from community.groups.memberships import by_contribution
from community.models import INSIDE, GroupMembership, GroupVoice, Member, MembershipState, TesterGroup
from community.privileges import Privilege


class GroupForm(ModelForm):
    """The group, and names of members to ask in."""

    invite = CharField(
        label=_("Invite by name"),
        required=False,
        widget=UnfoldAdminTextInputWidget,
        help_text=_("Names in addresses, parted by commas. For the inner circle this is your voice: it takes two."),
    )

    class Meta:
        model = TesterGroup
        fields = [
            "name", "name_zh_hans", "name_zh_hant", "slug", "about", "layer", "capacity", "least_level", "asks", "gives",
            "is_open", "closed_because", "position",
        ]  # fmt: skip

    def clean_invite(self) -> list[Member]:
        """The members of these names; an unknown one is named."""
        names = [name.strip().lstrip("@") for name in self.cleaned_data["invite"].replace("，", ",").split(",")]
        found = []
        for name in filter(None, names):
            member = Member.objects.open().claimed().filter(username=name).first()
            if member is None:
                raise ValidationError(gettext("There is nobody of the name “%(name)s”."), params={"name": name})
            found.append(member)
        return found


@admin.register(TesterGroup)
class TesterGroupAdmin(DeskAdmin):
    """The layers, from everybody to the inner circle."""

    form = GroupForm
    changes = Privilege.CONFIGURE
    adds = True
    list_display = ["name", "layer", "inside", "places", "waiting", "is_open", "page"]
    list_filter = ["layer", "is_open"]
    search_fields = ["name", "name_zh_hans", "name_zh_hant", "slug"]
    prepopulated_fields = {"slug": ["name"]}
    fieldsets = [
        (None, {"fields": ["name", "name_zh_hans", "name_zh_hant", "slug", "about", "position"]}),
        (_("Who comes in"), {"fields": ["layer", "capacity", "least_level", "is_open", "closed_because", "invite"]}),
        (_("What it means"), {"fields": ["asks", "gives"]}),
    ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["slug"] if obj is not None else []

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, Any]:
        return {} if obj is not None else dict(self.prepopulated_fields)

    def get_queryset(self, request: HttpRequest) -> QuerySet[TesterGroup]:
        inside, waits = Q(memberships__state__in=INSIDE), Q(memberships__state=MembershipState.APPLIED)
        rows = super().get_queryset(request)
        return cast(
            QuerySet[TesterGroup],
            rows.annotate(inside=Count("memberships", filter=inside), waiting=Count("memberships", filter=waits)),
        )

    @column(_("members"), ordering="inside")
    def inside(self, group: TesterGroup) -> int:
        return int(group.inside)  # type: ignore[attr-defined]

    @column(_("places"), ordering="capacity")
    def places(self, group: TesterGroup) -> Any:
        return _("no limit") if group.capacity is None else group.capacity

    @column(_("waiting"), ordering="waiting")
    def waiting(self, group: TesterGroup) -> Any:
        count = int(group.waiting)  # type: ignore[attr-defined]
        url = f"../groupmembership/?state__exact=applied&group__id__exact={group.pk}"
        return link_to(url, count) if count else ""

    @column("")
    def page(self, group: TesterGroup) -> Any:
        return link_to(group.get_absolute_url(), _("Page"))

    def save_model(self, request: HttpRequest, obj: TesterGroup, form: Any, change: bool) -> None:
        by, at = colleague(request), now_of(request)
        group = arrange_group(group=obj, by=by, at=at)
        for member in form.cleaned_data.get("invite") or ():
            invited = invite_member(group=group, member=member, by=by, at=at)
            told = (
                gettext("%(name)s is invited.")
                if invited
                else gettext("Your voice for %(name)s is kept; it takes a second one.")
            )
            messages.info(request, told % {"name": member})


def _accepted(count: int) -> str:
    return ngettext("%(count)d is in, and told.", "%(count)d are in, and told.", count) % {"count": count}


def _declined(count: int) -> str:
    return ngettext("%(count)d has the answer.", "%(count)d have the answer.", count) % {"count": count}


def _spoken(count: int) -> str:
    return ngettext("You have spoken for %(count)d.", "You have spoken for %(count)d.", count) % {"count": count}


@admin.register(GroupMembership)
class GroupMembershipAdmin(DeskAdmin):
    """Who applied, is in, rests or left; applications by contribution, not by arrival."""

    changes = Privilege.TRIAGE
    list_display = ["member", "group", "shown_state", "level", "brought", "voices", "said", "changed", "page"]
    list_filter = ["state", "group"]
    list_select_related = ["member", "group"]
    search_fields = ["member__display_name", "member__username"]
    search_help_text = _("Name, or name in addresses")
    fields = ["member", "group", "state", "words", "reason", "decided_by", "agreed_at", "accepted_at", "changed_at"]
    readonly_fields = fields
    actions = ["accept", "speak", "decline"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[GroupMembership]:
        rows = cast(Any, super().get_queryset(request))
        spoken = GroupVoice.objects.filter(group=OuterRef("group"), member=OuterRef("member")).order_by()
        counted = spoken.values("member").annotate(number=Count("pk")).values("number")
        return cast(QuerySet[GroupMembership], by_contribution(rows).annotate(spoken=Coalesce(Subquery(counted), 0)))

    @column(_("voices"), ordering="spoken")
    def voices(self, row: GroupMembership) -> Any:
        return int(row.spoken) or ""  # type: ignore[attr-defined]

    @column(_("state"), ordering="state")
    def shown_state(self, row: GroupMembership) -> Any:
        kinds = {MembershipState.APPLIED: "straw", MembershipState.ACCEPTED: "leaf", MembershipState.INVITED: "leaf"}
        return mark(MembershipState(row.state).label, kinds.get(MembershipState(row.state), ""))

    @column(_("level"), ordering="member__level")
    def level(self, row: GroupMembership) -> int:
        return row.member.level

    @column(_("shipped"), ordering="shipped")
    def brought(self, row: GroupMembership) -> int:
        return int(row.shipped)  # type: ignore[attr-defined]

    @column(_("what they wrote"))
    def said(self, row: GroupMembership) -> str:
        return row.words[:120]

    @column(_("since"), ordering="changed_at")
    def changed(self, row: GroupMembership) -> Any:
        return row.changed_at.date()

    @column("")
    def page(self, row: GroupMembership) -> Any:
        return link_to(row.member.get_absolute_url(), _("Page"))

    @button(_("Accept"))
    def accept(self, request: HttpRequest, queryset: QuerySet[GroupMembership]) -> None:
        by, at = colleague(request), now_of(request)
        act_on_each(request, queryset, lambda row: accept_application(membership=row, by=by, at=at), done=_accepted)

    @button(_("Speak for them (inner circle)"))
    def speak(self, request: HttpRequest, queryset: QuerySet[GroupMembership]) -> None:
        by, at = colleague(request), now_of(request)
        act_on_each(request, queryset, lambda row: speak_for(group=row.group, member=row.member, by=by, at=at), done=_spoken)

    @button(_("Decline, with a reason …"))
    def decline(self, request: HttpRequest, queryset: QuerySet[GroupMembership]) -> HttpResponse | None:
        """The reason is asked for first; then each has the answer."""
        reason = request.POST.get("reason", "")
        if reason.strip():
            by, at = colleague(request), now_of(request)
            act_on_each(
                request, queryset, lambda row: decline_application(membership=row, reason=reason, by=by, at=at), done=_declined
            )
            return None
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": gettext("Decline these applications?"),
            "rows": queryset,
            "again": "apply" in request.POST,
        }
        return TemplateResponse(request, "admin/community/decline.html", context)
