"""Mails and notices: what each member was told, how often they want it, and why a mail went out or did not."""

from typing import Any, cast

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from community.admin.base import DeskAdmin, act_on_each, button, column, now_of
from community.bounces import resume_address
from community.mail_choices import Wish, Wishes
from community.mail_threads import DAILY, KIND, WEEKLY
from community.models import MailedAs, Mailing, MailList, MailPause, Member, Notice
from community.privileges import Privilege

RHYTHM = {KIND: _("At once"), DAILY: _("Once a day"), WEEKLY: _("Once a week")}


@admin.register(Mailing)
class MailingAdmin(DeskAdmin):
    """Which mail went to whom, when, what it tells of, and what became of it."""

    list_display = ["rhythm", "period", "member", "about", "shown_state", "due_at", "sent_at", "attempts", "why"]
    list_filter = ["kind", "state", "ambiguous"]
    list_select_related = ["member"]
    search_fields = ["=member__username", "period"]
    search_help_text = _("A member's name in addresses, or a period like 2026-W47")
    ordering = ["-due_at", "-pk"]
    fields = [
        "kind",
        "period",
        "member",
        "wanted",
        "about",
        "state",
        "due_at",
        "claimed_at",
        "sent_at",
        "attempts",
        "ambiguous",
        "error",
        "message_id",
    ]
    readonly_fields = ["wanted", "about"]

    @column(_("how often"), ordering="kind")
    def rhythm(self, mailing: Mailing) -> Any:
        return RHYTHM.get(mailing.kind, mailing.kind)

    @column(_("tells of"))
    def about(self, mailing: Mailing) -> str:
        """The lists in it, by how much of each; the roadmap speaks for itself."""
        told: dict[str, int] = {}
        for _activity, name in mailing.data.get("news", []):
            told[name] = told.get(name, 0) + 1
        said = [f"{MailList(name).label} ({count})" for name, count in told.items()]
        return ", ".join([str(MailList.DIGEST.label)] * (mailing.kind == WEEKLY) + said)

    @column(_("wanted now"))
    def wanted(self, mailing: Mailing) -> str:
        """What the member wants of these lists at this moment, which decides again when the mail goes out."""
        lists = {name for _activity, name in mailing.data.get("news", [])} | ({WEEKLY} if mailing.kind == WEEKLY else set())
        wishes = Wishes([mailing.member_id])
        return ", ".join(f"{MailList(name).label}: {in_words(wishes.of(mailing.member_id, name))}" for name in sorted(lists))

    @column(
        _("state"),
        ordering="state",
        label={
            Mailing.State.SENT.label: "success",
            Mailing.State.FAILED.label: "danger",
            Mailing.State.SENDING.label: "info",
            Mailing.State.WAITING.label: "warning",
        },
    )
    def shown_state(self, mailing: Mailing) -> Any:
        return Mailing.State(mailing.state).label

    @column(_("why"))
    def why(self, mailing: Mailing) -> str:
        return mailing.error[:120]


def in_words(wish: Wish) -> str:
    """How often, as colleagues read it."""
    return str(wish.pace.label)


@admin.register(Notice)
class NoticeAdmin(DeskAdmin):
    """What each member was told, whether on the page, and how it was mailed or why it was not."""

    list_display = ["at", "member", "kind", "shown_list", "on_page", "mail", "read_at"]
    list_filter = ["list", "mailed_as", "on_page"]
    list_select_related = ["member"]
    search_fields = ["=member__username"]
    search_help_text = _("A member's name in addresses")
    ordering = ["-pk"]
    fields = ["at", "member", "kind", "list", "on_page", "mailed_as", "read_at", "post_id", "activity"]
    readonly_fields = ["post_id"]

    @column(_("list"), ordering="list")
    def shown_list(self, notice: Notice) -> Any:
        return MailList(notice.list).label if notice.list else ""

    @column(
        _("mail"),
        ordering="mailed_as",
        label={MailedAs.NOW.label: "success", MailedAs.DAILY.label: "success", MailedAs.WEEKLY.label: "success"},
    )
    def mail(self, notice: Notice) -> Any:
        return MailedAs(notice.mailed_as).label


@admin.register(MailPause)
class MailPauseAdmin(DeskAdmin):
    """Addresses that a mail server refused for good. Their owners are told on the page; staff can wake them, too."""

    list_display = ["since", "member", "reason"]
    list_select_related = ["member"]
    search_fields = ["=member__username", "reason"]
    ordering = ["-since"]
    fields = ["member", "since", "reason"]
    changes = Privilege.CONFIGURE
    actions = ["wake"]

    @button(_("Send mails there again"))
    def wake(self, request: HttpRequest, queryset: QuerySet[MailPause]) -> None:
        def woken(count: int) -> str:
            return ngettext("%(count)d address is awake.", "%(count)d addresses are awake.", count) % {"count": count}

        by = cast(Member, request.user)
        act_on_each(request, queryset, lambda row: resume_address(member=row.member, at=now_of(request), by=by), done=woken)
