"""What helps people write: templates and tags."""

from typing import Any, cast

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from community.admin.base import DeskAdmin, colleague, column, link_to, now_of
from community.models import PostTemplate, Tag
from community.privileges import Privilege
from community.tags import merge_tags, rename_tag
from community.writing.templates import drop_template, keep_template


@admin.register(PostTemplate)
class PostTemplateAdmin(DeskAdmin):
    """What a post can begin with, by kind and board, in three languages."""

    changes = Privilege.TRIAGE
    adds = True
    deletes = True
    list_display = ["name", "kind", "board", "position", "is_offered"]
    list_filter = ["kind", "board", "is_offered"]
    list_select_related = ["board"]
    search_fields = ["name", "body"]
    fieldsets = [
        (None, {"fields": ["kind", "board", "position", "is_offered"]}),
        (_("English"), {"fields": ["name", "body"]}),
        (_("Simplified Chinese"), {"fields": ["name_zh_hans", "body_zh_hans"]}),
        (_("Traditional Chinese"), {"fields": ["name_zh_hant", "body_zh_hant"]}),
    ]

    def save_model(self, request: HttpRequest, obj: PostTemplate, form: Any, change: bool) -> None:
        keep_template(template=obj, by=colleague(request))

    def delete_model(self, request: HttpRequest, obj: PostTemplate) -> None:
        drop_template(template=obj, by=colleague(request))


@admin.register(Tag)
class TagAdmin(DeskAdmin):
    """The words that join posts across boards: called something in each language, and merged where two mean the same."""

    changes = Privilege.MODERATE
    list_display = ["name", "name_zh_hans", "name_zh_hant", "slug", "post_count", "leads_to", "page"]
    list_filter = [("into", admin.EmptyFieldListFilter)]
    list_select_related = ["into"]
    fields = ["name", "name_zh_hans", "name_zh_hant", "slug", "into"]
    readonly_fields = ["slug"]
    search_fields = ["name", "name_zh_hans", "name_zh_hant", "slug"]
    search_help_text = _("A word in any language")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Tag]:
        return cast(QuerySet[Tag], super().get_queryset(request).annotate(number=Count("posts")))

    def get_form(self, request: HttpRequest, *args: Any, **kwargs: Any) -> type[ModelForm]:
        form = super().get_form(request, *args, **kwargs)
        if field := form.base_fields.get("into"):
            field.help_text = _("Posts then carry that tag instead, and this one's address leads there.")
        return form

    def save_model(self, request: HttpRequest, obj: Tag, form: Any, change: bool) -> None:
        tag, by = Tag.objects.get(pk=obj.pk), colleague(request)
        names = {name: getattr(obj, name) for name in ("name", "name_zh_hans", "name_zh_hant")}
        if set(names) & set(form.changed_data):
            rename_tag(tag=tag, by=by, **names)
        if obj.into is not None and "into" in form.changed_data:
            merge_tags(tag=tag, into=obj.into, by=by, at=now_of(request))

    @column(_("posts"), ordering="number")
    def post_count(self, tag: Tag) -> int:
        return int(tag.number)  # type: ignore[attr-defined]

    @column(_("merged into"), ordering="into")
    def leads_to(self, tag: Tag) -> str:
        return str(tag.into) if tag.into else ""

    @column("")
    def page(self, tag: Tag) -> Any:
        return link_to(f"/tags/{tag.slug}/", _("Page"))
