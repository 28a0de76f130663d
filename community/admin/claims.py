"""Claims of imported profiles, for those who can tell whether they are true."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from community.accounts.claims import accept_claim, decline_claim
from community.admin.base import DeskAdmin, act_on_each, button, colleague, column, link_to, now_of
from community.models import Claim
from community.privileges import Privilege


def _accepted(count: int) -> str:
    return ngettext("%(count)d claim is accepted.", "%(count)d claims are accepted.", count) % {"count": count}


@admin.register(Claim)
class ClaimAdmin(DeskAdmin):
    """Who says to be whom at the source. Proof by the code needs nobody; this is for the rest."""

    changes = Privilege.TRIAGE
    list_display = ["who", "whose", "source_system", "shown_state", "words", "asked"]
    list_filter = ["state", "source_system"]
    list_select_related = ["member", "profile"]
    search_fields = ["member__display_name", "source_id"]
    ordering = ["-asked_at"]
    fields = [
        "member",
        "profile",
        "source_system",
        "source_id",
        "words",
        "state",
        "reason",
        "asked_at",
        "decided_by",
        "decided_at",
    ]
    readonly_fields = [
        "member",
        "profile",
        "source_system",
        "source_id",
        "words",
        "state",
        "asked_at",
        "decided_by",
        "decided_at",
    ]
    actions = ["accept"]

    @column(_("member"))
    def who(self, claim: Claim) -> Any:
        return link_to(claim.member.get_absolute_url(), claim.member)

    @column(_("says to be"))
    def whose(self, claim: Claim) -> Any:
        return link_to(claim.profile.get_absolute_url(), claim.source_id)

    @column(_("state"), ordering="state", label={Claim.State.OPEN.label: "warning", Claim.State.ACCEPTED.label: "success"})
    def shown_state(self, claim: Claim) -> Any:
        return Claim.State(claim.state).label

    @column(_("asked"), ordering="asked_at")
    def asked(self, claim: Claim) -> Any:
        return claim.asked_at.date()

    @button(_("Accept: the profile is theirs"))
    def accept(self, request: HttpRequest, claims: QuerySet[Claim]) -> None:
        by, at = colleague(request), now_of(request)
        act_on_each(request, claims, lambda claim: accept_claim(claim=claim, by=by, at=at), done=_accepted)

    def save_model(self, request: HttpRequest, obj: Claim, form: Any, change: bool) -> None:
        """A reason written down declines the claim, and the member reads it."""
        if obj.reason.strip():
            decline_claim(claim=obj, by=colleague(request), reason=obj.reason, at=now_of(request))
            messages.info(request, _("The claim is declined, and its member reads your reason."))
