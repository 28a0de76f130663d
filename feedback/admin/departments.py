"""The parts of the company that answer for suggestions."""

from typing import cast

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from community.admin.base import DeskAdmin, column
from community.privileges import Privilege
from feedback.models import Department


@admin.register(Department)
class DepartmentAdmin(DeskAdmin):
    """Departments, each with what waits for it."""

    changes = Privilege.CONFIGURE
    adds = True
    list_display = ["name", "slug", "waiting"]
    fields = ["name", "name_zh_hans", "name_zh_hant", "slug"]
    prepopulated_fields = {"slug": ["name"]}
    search_fields = ["name"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Department]:
        undecided = Q(suggestions__status__in=["open", "under-review"])
        departments = super().get_queryset(request).annotate(number=Count("suggestions", filter=undecided))
        return cast(QuerySet[Department], departments)

    @column(_("undecided"), ordering="number")
    def waiting(self, department: Department) -> int:
        return int(department.number)  # type: ignore[attr-defined]
