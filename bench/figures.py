"""What a bench answers: figures, each beside the floor measured in the same run and the target it has to reach."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Figure:
    """One measured number. floor: what the plain way gives here; target: what is promised, None for orientation only."""

    name: str
    value: float
    unit: str = ""
    floor: float | None = None
    target: float | None = None
    more_is_better: bool = True

    @property
    def holds(self) -> bool:
        """Whether the promise is kept; a figure without one always holds."""
        if self.target is None:
            return True
        return self.value > self.target if self.more_is_better else self.value < self.target


@dataclass(frozen=True)
class Bench:
    """A named set of figures. run: quick → figures, or a sentence that says what is missing."""

    name: str
    run: Callable[[bool, Callable[[str], None]], Sequence[Figure]]


class Missing(Exception):
    """What this bench needs is not here; said in one sentence."""


def table(figures: Sequence[Figure]) -> str:
    """The figures as aligned text."""
    rows = [("", "measured", "floor", "target", "")]
    rows += [(f.name, _said(f.value, f.unit), _said(f.floor, f.unit), _wanted(f), _verdict(f)) for f in figures]
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if at == 0 else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    )


def as_data(figures: Sequence[Figure]) -> list[dict[str, Any]]:
    """The figures for a file."""
    return [
        {
            "name": f.name,
            "value": round(f.value, 4),
            "unit": f.unit,
            "floor": f.floor and round(f.floor, 4),
            "target": f.target,
            "holds": f.holds,
        }
        for f in figures
    ]


def _said(value: float | None, unit: str) -> str:
    if value is None:
        return ""
    return f"{value:.1f} {unit}" if unit else f"{value:.3f}"


def _wanted(figure: Figure) -> str:
    return f"{'>' if figure.more_is_better else '<'} {_said(figure.target, figure.unit)}" if figure.target is not None else ""


def _verdict(figure: Figure) -> str:
    return "" if figure.target is None else "ok" if figure.holds else "MISSED"
