"""What happened, what is still owed for it, and which mails went out."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.timesince import timesince
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from community.admin.base import DeskAdmin, act_on_each, button, column, mark, now_of
from community.deliveries import retry_debt
from community.models import Activity, Delivery
from community.privileges import Privilege
from community.verbs import Verb


def in_words(verb: str) -> str:
    """ "vote_cast" as colleagues read it; config.labels lists the words."""
    return gettext(verb.replace("_", " "))


class VerbFilter(admin.SimpleListFilter):
    """The verbs there are, without asking the table for them."""

    title = _("what")
    parameter_name = "verb"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(verb.value, in_words(verb.value)) for verb in Verb]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Activity]) -> QuerySet[Activity]:
        return queryset.filter(verb=self.value()) if self.value() in list(Verb) else queryset


@admin.register(Activity)
class ActivityAdmin(DeskAdmin):
    """The audit trail; the database refuses to change it."""

    list_display = ["at", "fact", "actor", "subject_id", "said"]
    list_filter = [VerbFilter]
    list_select_related = ["actor"]
    search_fields = ["=subject_id", "=actor__username"]
    search_help_text = _("Number of what it is about, or the actor's name in addresses")
    ordering = ["-pk"]
    fields = ["at", "verb", "actor", "subject_id", "data", "key", "version"]

    @column(_("what"), ordering="verb")
    def fact(self, activity: Activity) -> str:
        return in_words(activity.verb)

    @column(_("data"))
    def said(self, activity: Activity) -> str:
        return ", ".join(f"{name}: {value}" for name, value in activity.data.items())[:120]


class ParkedFilter(admin.SimpleListFilter):
    """Debts that failed, or those that simply wait."""

    title = _("state")
    parameter_name = "parked"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("Failed, to be retried")), ("no", _("Waiting"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> QuerySet[Delivery]:
        if self.value() == "yes":
            return queryset.exclude(error="")
        return queryset.filter(error="") if self.value() == "no" else queryset


def _retried(count: int) -> str:
    return ngettext("%(count)d is tried again now.", "%(count)d are tried again now.", count) % {"count": count}


@admin.register(Delivery)
class DeliveryAdmin(DeskAdmin):
    """Every debt that is not paid yet; failed ones come with their error and can be retried at once."""

    changes = Privilege.CONFIGURE
    list_display = ["listener", "verb", "state", "attempts", "waits", "fault"]
    list_filter = [ParkedFilter, "listener"]
    list_select_related = ["activity"]
    search_fields = ["listener", "error"]
    ordering = ["due_at", "pk"]
    fields = ["listener", "activity", "due_at", "attempts", "error"]
    readonly_fields = fields
    actions = ["retry"]

    @column(_("what"))
    def verb(self, debt: Delivery) -> str:
        return in_words(debt.activity.verb)

    @column(_("state"))
    def state(self, debt: Delivery) -> Any:
        return mark(_("failed"), "clay") if debt.error else mark(_("waiting"))

    @column(_("since"), ordering="activity__at")
    def waits(self, debt: Delivery) -> str:
        return timesince(debt.activity.at)

    @column(_("error"))
    def fault(self, debt: Delivery) -> str:
        return debt.error[:120]

    @button(_("Try again now"))
    def retry(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> None:
        act_on_each(request, queryset, lambda debt: retry_debt(debt=debt, at=now_of(request)), done=_retried)
