"""Lists are paged by the last row shown, so that deep pages cost what the first one costs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import Model, Q, QuerySet

Row = TypeVar("Row", bound=Model)
PAGE = 20


@dataclass(frozen=True)
class Page(Generic[Row]):
    """The rows of one page; `after` is the id to ask the next page with, or None on the last one; `before` likewise."""

    rows: list[Row]
    after: int | None
    before: int | None = None


def backwards(order: Sequence[str]) -> list[str]:
    """The same order, read from its end."""
    return [name[1:] if name.startswith("-") else f"-{name}" for name in order]


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
    ordered, last = rows.order_by(*order), _row(rows, after)
    if last is not None:
        ordered = after_row(ordered, last, order)
    found = list(ordered[: size + 1])
    begun = found[0].pk if last is not None and found else None
    return Page(found[:size], found[size - 1].pk if len(found) > size else None, begun)


def take_page_before(rows: QuerySet[Row], *, order: Sequence[str], before: str, size: int = PAGE) -> Page[Row]:
    """The page that ends just ahead of the row with the id `before`, in this order; an unknown id begins anew."""
    first = _row(rows, before)
    if first is None:
        return take_page(rows, order=order, size=size)
    found = list(after_row(rows, first, backwards(order)).order_by(*backwards(order))[: size + 1])
    shown = found[:size][::-1]
    return Page(shown, first.pk if shown else None, shown[0].pk if len(found) > size else None)


def take_around(rows: QuerySet[Row], pivot: Row, *, order: Sequence[str], size: int = PAGE, lead: int = 2) -> Page[Row]:
    """The page that shows the pivot, with at most `lead` rows ahead of it."""
    ahead = list(after_row(rows, pivot, backwards(order)).order_by(*backwards(order))[: lead + 1])
    behind = list(after_row(rows, pivot, order).order_by(*order)[:size])
    here = list(rows.filter(pk=pivot.pk))
    shown = [*ahead[:lead][::-1], *here, *behind[: size - 1]]
    return Page(
        shown,
        shown[-1].pk if shown and len(behind) > size - 1 else None,
        shown[0].pk if shown and len(ahead) > lead else None,
    )


def _row(rows: QuerySet[Row], wish: str) -> Row | None:
    """The row of this id as it is now: its figures may have moved since the page before was shown."""
    return rows.model._default_manager.filter(pk=int(wish[:18])).first() if wish.isdecimal() else None
