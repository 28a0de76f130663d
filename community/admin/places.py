"""Products, boards and tags."""

from typing import Any, cast

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from community.admin.base import DeskAdmin, colleague, column, now_of
from community.boards import arrange_board
from community.models import Board, Product, Tag
from community.privileges import Privilege


@admin.register(Product)
class ProductAdmin(DeskAdmin):
    """The things people give feedback on."""

    changes = Privilege.CONFIGURE
    adds = True
    list_display = ["name", "slug", "board_count", "position"]
    fields = ["name", "name_zh_hans", "name_zh_hant", "slug", "about", "position"]
    prepopulated_fields = {"slug": ["name"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Product]:
        return cast(QuerySet[Product], super().get_queryset(request).annotate(number=Count("boards")))

    @column(_("boards"), ordering="number")
    def board_count(self, product: Product) -> int:
        return int(product.number)  # type: ignore[attr-defined]


@admin.register(Board)
class BoardAdmin(DeskAdmin):
    """The places for posts, and who may see, post, comment and vote in them."""

    changes = Privilege.CONFIGURE
    adds = True
    list_display = ["name", "product", "see", "post", "comment", "vote", "position"]
    list_filter = ["product", "see"]
    list_select_related = ["product"]
    search_fields = ["name", "name_zh_hans", "name_zh_hant", "slug"]
    autocomplete_fields = ["moderators"]
    prepopulated_fields = {"slug": ["name"]}
    fieldsets = [
        (None, {"fields": ["product", "name", "name_zh_hans", "name_zh_hant", "slug", "about", "position"]}),
        (_("Who may"), {"fields": ["see", "post", "comment", "vote", "moderators"]}),
    ]

    def save_model(self, request: HttpRequest, obj: Board, form: Any, change: bool) -> None:
        moderators = form.cleaned_data.get("moderators")
        arrange_board(board=obj, moderators=moderators, by=colleague(request), at=now_of(request))


@admin.register(Tag)
class TagAdmin(DeskAdmin):
    """The words that join posts across boards; misspelt ones are mended here."""

    changes = Privilege.MODERATE
    list_display = ["name", "slug", "post_count"]
    fields = ["name"]
    search_fields = ["name", "slug"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Tag]:
        return cast(QuerySet[Tag], super().get_queryset(request).annotate(number=Count("posts")))

    @column(_("posts"), ordering="number")
    def post_count(self, tag: Tag) -> int:
        return int(tag.number)  # type: ignore[attr-defined]
