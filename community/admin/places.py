"""Products and boards."""

from typing import Any, cast

from django.contrib import admin, messages
from django.db.models import Count, QuerySet
from django.forms import ModelForm, ModelMultipleChoiceField
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from community.admin.base import DeskAdmin, colleague, column, mark, now_of
from community.board_rights import READS, matrix_of
from community.boards import arrange_board
from community.models import Board, Product, Right, Segment
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


def of_segments(right: str) -> str:
    """The field that names the segments of a right."""
    return f"{right}_segments"


class BoardForm(ModelForm):
    """The board, and for each right the segments that have it."""

    see_segments, post_segments, comment_segments, vote_segments = (
        ModelMultipleChoiceField(
            label=label,
            queryset=Segment.objects.all(),
            required=False,
            widget=UnfoldAdminCheckboxSelectMultipleWidget,
        )
        for label in (_("Segments that may see"), _("… post"), _("… comment"), _("… vote"))
    )

    class Meta:
        model = Board
        fields = ["see", "post", "comment", "vote", "one_way"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        board: Board | None = kwargs.get("instance")
        if board is not None and board.pk:
            given: dict[str, list[int]] = {of_segments(right): [] for right in Right}
            for right, segment_id in board.rights.values_list("right", "segment_id"):
                given[of_segments(right)].append(segment_id)
            kwargs["initial"] = given | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)


@admin.register(Board)
class BoardAdmin(DeskAdmin):
    """The places for posts, and who may see, post, comment and vote in them."""

    form = BoardForm
    changes = Privilege.CONFIGURE
    adds = True
    list_display = ["name", "product", "see", "post", "comment", "vote", "one_way", "to_mend", "position"]
    list_filter = ["product", "see", "one_way"]
    list_select_related = ["product"]
    search_fields = ["name", "name_zh_hans", "name_zh_hant", "slug"]
    autocomplete_fields = ["moderators"]
    prepopulated_fields = {"slug": ["name"]}
    fieldsets = [
        (None, {"fields": ["product", "name", "name_zh_hans", "name_zh_hant", "slug", "about", "position"]}),
        (_("Who may"), {"fields": ["see", "post", "comment", "vote", "one_way", "moderators"]}),
        (
            _("Segments"),
            {
                "fields": [of_segments(right) for right in Right],
                "description": _("They count where “A segment” is chosen above."),
            },
        ),
    ]
    change_form_outer_before_template = "admin/community/_board_rights.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Board]:
        return cast(QuerySet[Board], super().get_queryset(request).prefetch_related(*READS))

    @column(_("to mend"))
    def to_mend(self, board: Board) -> Any:
        warnings = len(matrix_of(board).warnings)
        return mark(warnings, "clay") if warnings else ""

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        board = kwargs.get("obj")
        return super().render_change_form(request, context | {"rights": board and matrix_of(board)}, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Board, form: Any, change: bool) -> None:
        data = form.cleaned_data
        segments = {right.value: data[of_segments(right)] for right in Right}
        arrange_board(
            board=obj, moderators=data.get("moderators"), segments=segments, by=colleague(request), at=now_of(request)
        )
        for warning in matrix_of(Board.objects.get(pk=obj.pk)).warnings:
            messages.warning(request, warning)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Moderators and segments were settled by the operation."""
