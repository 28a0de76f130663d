"""The filters of the triage list."""

from typing import Any

from django.contrib import admin
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from opencc import OpenCC

from community.admin.base import colleague
from community.models import Member
from feedback.guessing import LOOKS_DIFFERENT
from feedback.models import PostGuess, Suggestion

MOST_WORDS = 6
_simplified, _traditional = OpenCC("t2s"), OpenCC("s2t")


class QueueFilter(admin.SimpleListFilter):
    """What staff come for."""

    title = _("queue")
    parameter_name = "queue"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("mine", _("Mine")),
            ("unowned", _("Unowned")),
            ("unanswered", _("Needs an answer")),
            ("new", _("Not looked at yet")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Suggestion]) -> QuerySet[Suggestion]:
        open_ones = Q(status__in=["open", "under-review"])
        queues = {
            "mine": open_ones & Q(assignee=colleague(request).pk),
            "unowned": open_ones & Q(assignee=None),
            "unanswered": open_ones & Q(answer=""),
            "new": Q(triaged_at=None),
        }
        return queryset.filter(queues[self.value() or ""]) if self.value() in queues else queryset


class GuessFilter(admin.SimpleListFilter):
    """Those that read like another kind than they are."""

    title = _("what it reads like")
    parameter_name = "reads"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("different", _("The kind looks different"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Suggestion]) -> QuerySet[Suggestion]:
        if self.value() != "different":
            return queryset
        return queryset.filter(post__in=PostGuess.objects.against_the_kind(LOOKS_DIFFERENT).values("post"))


class ClusterFilter(admin.SimpleListFilter):
    """Canonical suggestions, unless the merged ones are asked for."""

    title = _("merged")
    parameter_name = "merged"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("no", _("Not merged into another")), ("yes", _("Merged into another")), ("all", _("All"))]

    def choices(self, changelist: Any) -> Any:
        chosen = self.value() or "no"
        for value, title in self.lookup_choices:
            query = changelist.get_query_string({self.parameter_name: value})
            yield {"selected": chosen == value, "query_string": query, "display": title}

    def queryset(self, request: HttpRequest, queryset: QuerySet[Suggestion]) -> QuerySet[Suggestion]:
        if self.value() == "all":
            return queryset
        canonical = Q(root_id=F("post_id"))
        return queryset.exclude(canonical) if self.value() == "yes" else queryset.filter(canonical)


class AssigneeFilter(admin.SimpleListFilter):
    """The colleagues, and not every member there is."""

    title = _("assignee")
    parameter_name = "assignee"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        staff = Member.objects.staff().order_by("display_name", "pk")
        return [(str(member.pk), str(member)) for member in staff]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Suggestion]) -> QuerySet[Suggestion]:
        value = self.value() or ""
        return queryset.filter(assignee=int(value)) if value.isdecimal() else queryset


def saying(words: str) -> Q:
    """Titles with all these words, in whichever Chinese script; Han words need no spaces around them."""
    wanted = Q()
    for word in words.split()[:MOST_WORDS]:
        forms = {word, _simplified.convert(word), _traditional.convert(word)}
        either = Q()
        for form in sorted(forms):
            either |= Q(post__title__icontains=form)
        wanted &= either
    return wanted
