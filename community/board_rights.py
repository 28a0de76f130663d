"""The rights of a board in plain sentences, and what in them contradicts itself."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from community.models import Audience, Board, Right
from community.punctuation import listed

# What a board brings along so that its matrix costs no query of its own.
READS = ("rights__segment", "moderators")
COLUMNS = (Audience.ANYONE, Audience.MEMBERS, Audience.SEGMENT, Audience.MODERATORS, Audience.STAFF)


@dataclass(frozen=True)
class Line:
    """One right: the sentence, and for each column of the grid whether those people have it."""

    right: str
    audience: str
    sentence: str
    cells: Sequence[bool]


@dataclass(frozen=True)
class Matrix:
    """All four rights of a board. warnings: what would surprise people."""

    lines: Sequence[Line]
    warnings: Sequence[str]

    @property
    def columns(self) -> list[str]:
        return [str(column.label) for column in COLUMNS]


def matrix_of(board: Board) -> Matrix:
    """Who may do what in the board, and what of it cannot be meant. Boards in a list come with what it reads."""
    prefetch_related_objects([board], *READS)
    names: dict[str, list[str]] = {right.value: [] for right in Right}
    ids: dict[str, set[int]] = {right.value: set() for right in Right}
    for row in sorted(board.rights.all(), key=lambda row: (str(row.segment), row.pk)):
        names[row.right].append(str(row.segment))
        ids[row.right].add(row.segment_id)
    lines = [_line(board, right, names[right.value]) for right in Right]
    alone = any(getattr(board, right) == Audience.MODERATORS for right in Right) and not board.moderators.all()
    return Matrix(lines, [*_contradictions(board, names, ids), *([_no_moderators()] if alone else [])])


def _line(board: Board, right: Right, segments: Sequence[str]) -> Line:
    audience = Audience(getattr(board, right))
    # Each column's people are among those of the columns left of it.
    reach = COLUMNS.index(audience) if audience in COLUMNS else len(COLUMNS)
    cells = [place >= reach for place in range(len(COLUMNS))]
    return Line(str(right.label), str(audience.label), _sentence(audience, right, segments), cells)


def _sentence(audience: Audience, right: Right, segments: Sequence[str]) -> str:
    deed = {
        Right.SEE: pgettext("who may", "see this board"),
        Right.POST: pgettext("who may", "post"),
        Right.COMMENT: pgettext("who may", "comment"),
        Right.VOTE: pgettext("who may", "vote"),
    }[right]
    told = {"deed": deed, "segments": listed(_("“%(name)s”") % {"name": name} for name in segments)}
    if audience == Audience.ANYONE and right != Right.SEE:
        return _("Anyone may %(deed)s; visitors sign in on the way.") % told
    if audience == Audience.SEGMENT and not segments:
        return _("Only moderators of this board and staff may %(deed)s: no segment is named.") % told
    return {
        Audience.ANYONE: _("Anyone may %(deed)s."),
        Audience.MEMBERS: _("Members may %(deed)s."),
        Audience.SEGMENT: _("Members of %(segments)s may %(deed)s, and moderators of this board and staff."),
        Audience.MODERATORS: _("Moderators of this board and staff may %(deed)s."),
        Audience.STAFF: _("Staff may %(deed)s."),
        Audience.NOBODY: _("Nobody may %(deed)s, staff included."),
    }[audience] % told


def _contradictions(board: Board, names: dict[str, list[str]], ids: dict[str, set[int]]) -> list[str]:
    found = []
    for right in (Right.POST, Right.COMMENT, Right.VOTE):
        audience, told = getattr(board, right), {"right": right.label}
        if audience != Audience.NOBODY and _wider(audience, board.see):
            found.append(_("More people may %(right)s than see the board. Who does not see it cannot %(right)s.") % told)
        elif audience == board.see == Audience.SEGMENT and ids[right] - ids[Right.SEE]:
            found.append(_("A segment may %(right)s and does not see the board. It cannot %(right)s.") % told)
    for right in Right:
        if getattr(board, right) == Audience.SEGMENT and not names[right]:
            told = {"right": right.label}
            found.append(
                _("“%(right)s” is for a segment, and no segment is named. Choose one, or nobody but the team may.") % told
            )
    return found + _one_way(board)


def _one_way(board: Board) -> list[str]:
    if not board.one_way:
        return []
    found = []
    if board.post == Audience.NOBODY:
        found.append(_("Nobody may post in this one-way board, so its readers see nothing but what they posted before."))
    if _wider(Audience.SEGMENT, board.see):
        found.append(_("Only the team sees this board, so that it is one-way changes nothing."))
    return found


def _wider(one: str, other: str) -> bool:
    """Whether the first are more people; visitors do nothing without signing in, so they count as members."""
    rank = {audience: max(place, 1) for place, audience in enumerate([*COLUMNS, Audience.NOBODY])}
    return rank[Audience(one)] < rank[Audience(other)]


def _no_moderators() -> str:
    return _("Something is for moderators, and this board has none. Until it has, that is for staff.")
