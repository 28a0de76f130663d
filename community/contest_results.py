"""Who won a contest: the jury's scores and the fans' votes by the weights that were fixed before it began. No Django here.

*Jury part* of an entry: for each juror who scored it by every criterion, Σ weight · score ÷ Σ weight, from 0 to 10; the mean
over these jurors, times ten. A juror scores no entry of their own, so the mean is over those who could. Nobody's scores: 0.
*Fan part*: the entry's votes as a share of the most votes any entry has, times a hundred. So both parts reach from 0 to 100,
and the weights mean what they say however many entries there are.
*Total*: fan weight · fan part + (100 − fan weight) · jury part, in hundredths.

Ties: the better jury part, then more fan votes, then the entry that came first. All of it in fractions, rounded only to be
shown, so the order never depends on rounding.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

TOP = 10


@dataclass(frozen=True)
class Scored:
    """One juror's scores for one entry: criterion → 0 to 10."""

    entry: int
    juror: int
    scores: Mapping[int, int]


@dataclass(frozen=True)
class Placed:
    """An entry in the result; parts and total from 0 to 100, exact."""

    entry: int
    place: int
    votes: int
    fans: Fraction
    jury: Fraction
    total: Fraction

    def hundredths(self, part: Fraction) -> int:
        """The part as it is kept and shown: hundredths, rounded half up."""
        return int(part * 100 + Fraction(1, 2))

    @property
    def shown_jury(self) -> str:
        return f"{int(self.jury * 10 + Fraction(1, 2)) / 10:.1f}"

    @property
    def shown_total(self) -> str:
        return f"{int(self.total * 10 + Fraction(1, 2)) / 10:.1f}"


def jury_part(sheets: Iterable[Mapping[int, int]], weights: Mapping[int, int]) -> Fraction:
    """The mean of the jurors' weighted averages, 0 to 100; sheets that leave a criterion out do not count."""
    whole = sum(weights.values())
    complete = [sheet for sheet in sheets if weights and weights.keys() <= sheet.keys()]
    if not complete:
        return Fraction(0)
    marks = [Fraction(sum(weights[one] * sheet[one] for one in weights), whole) for sheet in complete]
    return sum(marks, Fraction(0)) / len(marks) * 100 / TOP


def settle_contest(
    entries: Sequence[int],
    *,
    sheets: Iterable[Scored],
    weights: Mapping[int, int],
    votes: Mapping[int, int],
    fan_weight: int,
) -> list[Placed]:
    """All entries from first to last place.

    entries: in the order they came in. weights: criterion → weight. votes: entry → fan votes. fan_weight: 0 to 100.
    """
    said = list(sheets)
    most = max((votes.get(entry, 0) for entry in entries), default=0)
    parts = []
    for order, entry in enumerate(entries):
        jury = jury_part([sheet.scores for sheet in said if sheet.entry == entry], weights)
        fans = Fraction(votes.get(entry, 0) * 100, most) if most else Fraction(0)
        total = (fan_weight * fans + (100 - fan_weight) * jury) / 100
        parts.append((-total, -jury, -votes.get(entry, 0), order, entry, fans))
    return [
        Placed(entry, place, -count, fans, -jury, -total)
        for place, (total, jury, count, _order, entry, fans) in enumerate(sorted(parts), start=1)
    ]
