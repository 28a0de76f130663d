"""Lists are paged by the last row shown, so that deep pages cost what the first one costs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import Model, Q, QuerySet

Row = TypeVar("Row", bound=Model)
PAGE = 20


@dataclass(frozen=True)
class Page(Generic[Row]):
    """The rows of one page; `after` is the id to ask the next page with, or None on the last one."""

    rows: list[Row]
    after: int | None


def after_row(rows: QuerySet[Row], last: Row, order: Sequence[str]) -> QuerySet[Row]:
    """The rows that follow `last` in this order.

    order: field names, "-" for descending; the last one must be unique.
    """
    beyond, equal = Q(), Q()
    for position, name in enumerate(order):
        field, step = name.lstrip("-"), "lt" if name.startswith("-") else "gt"
        value: Any = getattr(last, field)
        if position == 0:
            # The bare bound lets the index start at the right place; the rest only decides among equals.
            rows = rows.filter(**{f"{field}__{step}e": value})
        beyond |= equal & Q(**{f"{field}__{step}": value})
        equal &= Q(**{field: value})
    return rows.filter(beyond)


def take_page(rows: QuerySet[Row], *, order: Sequence[str], after: str = "", size: int = PAGE) -> Page[Row]:
    """One page of the rows in this order, beginning behind the row with the id `after`; an unknown id begins anew."""
    ordered = rows.order_by(*order)
    if after.isdigit():
        # The row is looked up anew: its figures may have moved since the page before was shown.
        last = rows.model._default_manager.filter(pk=int(after[:18])).first()
        if last is not None:
            ordered = after_row(ordered, last, order)  # type: ignore[arg-type]
    found = list(ordered[: size + 1])
    return Page(found[:size], found[size - 1].pk if len(found) > size else None)
