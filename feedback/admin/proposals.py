"""The inbox of merge proposals: somebody, or an imported comment, says that two are the same; staff decide."""

from typing import Any, cast

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from community.admin.base import DeskAdmin, act, act_on_each, button, colleague, column, now_of
from community.privileges import Privilege
from feedback.growth import status_sign
from feedback.merges import decide_proposal, preview_merge
from feedback.models import Merge, MergeProposal

WAYS = {"accept": (True, False), "swap": (True, True), "dismiss": (False, False)}


@admin.register(MergeProposal)
class MergeProposalAdmin(DeskAdmin):
    """The waiting pairs first."""

    changes = Privilege.MERGE
    list_display = ["duplicate_title", "into_title", "evidence", "proposed_by", "at", "state"]
    list_display_links = ["duplicate_title", "into_title"]
    list_filter = ["state", "duplicate__post__board"]
    list_select_related = ["duplicate__post", "into__post", "proposed_by"]
    search_fields = ["duplicate__post__title", "into__post__title", "evidence"]
    actions = ["accept", "dismiss"]
    # "waiting" comes last in the alphabet.
    ordering = ["-state", "-at", "-pk"]

    @column(_("this"))
    def duplicate_title(self, row: MergeProposal) -> str:
        return str(row.duplicate.post)

    @column(_("is the same as"))
    def into_title(self, row: MergeProposal) -> str:
        return str(row.into.post)

    @button(_("Accept: merge each"))
    def accept(self, request: HttpRequest, queryset: QuerySet[MergeProposal]) -> None:
        by, at = colleague(request), now_of(request)
        act_on_each(request, queryset, lambda one: decide_proposal(proposal=one, accept=True, by=by, at=at), done=_merged)

    @button(_("Dismiss: they differ"))
    def dismiss(self, request: HttpRequest, queryset: QuerySet[MergeProposal]) -> None:
        by, at = colleague(request), now_of(request)
        act_on_each(request, queryset, lambda one: decide_proposal(proposal=one, accept=False, by=by, at=at), done=_dismissed)

    def get_urls(self) -> list[URLPattern]:
        decide = path(
            "<int:pk>/<str:way>/decide/", self.admin_site.admin_view(self.decide), name="feedback_mergeproposal_decide"
        )
        return [decide, *cast(list[URLPattern], super().get_urls())]

    def decide(self, request: HttpRequest, pk: int, way: str) -> HttpResponse:
        """Accepted, accepted the other way round, or dismissed; then the next pair that waits."""
        proposal, inbox = get_object_or_404(MergeProposal, pk=pk), reverse("admin:feedback_mergeproposal_changelist")
        if request.method != "POST" or way not in WAYS or not self.has_change_permission(request):
            return HttpResponseRedirect(reverse("admin:feedback_mergeproposal_change", args=[pk]))
        accept, swap = WAYS[way]
        following = MergeProposal.objects.waiting().exclude(pk=pk).order_by("-at", "-pk").first()
        return act(
            request,
            lambda: decide_proposal(proposal=proposal, accept=accept, swap=swap, by=colleague(request), at=timezone.now()),
            done=_merged(1) if accept else _dismissed(1),
            back=reverse("admin:feedback_mergeproposal_change", args=[following.pk]) if following else inbox,
        )

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        pairs = MergeProposal.objects.select_related(
            "duplicate__post__board", "duplicate__post__standing", "duplicate__root__post",
            "into__post__board", "into__post__standing", "into__root__post__standing", "proposed_by", "decided_by",
        )  # fmt: skip
        pair = get_object_or_404(pairs, pk=object_id if object_id.isdecimal() else 0)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": gettext("Are these the same?"),
            "pair": pair,
            "ends": [(end, status_sign(end.post.standing.status)) for end in (pair.duplicate, pair.into)],
            "there": preview_merge(duplicate=pair.duplicate, into=pair.into),
            "back": preview_merge(duplicate=pair.into, into=pair.duplicate),
            "waiting": pair.state == MergeProposal.State.WAITING,
        }
        return TemplateResponse(request, "admin/feedback/pair.html", context)


def _merged(count: int) -> str:
    return ngettext("%(count)d pair is merged.", "%(count)d pairs are merged.", count) % {"count": count}


def _dismissed(count: int) -> str:
    return ngettext("%(count)d pair stays apart.", "%(count)d pairs stay apart.", count) % {"count": count}


@admin.register(Merge)
class MergeAdmin(DeskAdmin):
    """Every merge there was, by whom and when, undone or not."""

    list_display = ["duplicate_title", "into_title", "by", "at", "undone_at", "undone_by"]
    list_filter = [("undone_at", admin.EmptyFieldListFilter)]
    list_select_related = ["duplicate__post", "into__post", "by", "undone_by"]
    search_fields = ["duplicate__post__title", "into__post__title"]
    ordering = ["-at", "-pk"]
    fields = ["duplicate", "into", "by", "proposed_by", "at", "undone_at", "undone_by"]

    @column(_("this"))
    def duplicate_title(self, row: Merge) -> str:
        return str(row.duplicate.post)

    @column(_("was merged into"))
    def into_title(self, row: Merge) -> str:
        return str(row.into.post)
