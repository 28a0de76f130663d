"""Circles are closed by people, with a reason, and stand as before where that was a mistake."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from community.activity import record
from community.boards import set_board
from community.circles.opening import lock_circle
from community.models import Audience, Circle, Member
from community.privileges import Privilege, require, require_moderator
from community.refusals import Conflict, Invalid
from community.verbs import CircleClosed, CircleReopened, Verb

LONGEST = 280


@transaction.atomic
def close_circle(*, circle: Circle, by: Member, reason: str, at: datetime) -> Circle:
    """Nobody joins it any more or writes in its board, whose posts stay; everybody in it reads why.

    Who moderates its board may, and for a proposal whoever moderates. Raises Invalid without a reason, Conflict if it is closed.
    """
    row = lock_circle(circle)
    _require_keeper(row, by)
    said = reason.strip()[:LONGEST]
    if not said:
        told = _("Please say why, in a sentence. Everybody in it reads it.")
        raise Invalid(told, fields={"reason": told})
    if row.closed_at is not None:
        raise Conflict(_("Somebody else has closed it a moment ago."))
    was_open = row.opened_at is not None
    row.closed_at, row.closed_because = at, said
    row.save(update_fields=["closed_at", "closed_because"])
    _let_write(row, Audience.NOBODY, by, at)
    key = f"circle_closed:{row.pk}:{at.isoformat()}"
    record(Verb.CIRCLE_CLOSED, key=key, actor=by, subject=row.pk, data=CircleClosed(was_open=was_open), at=at)
    return row


@transaction.atomic
def reopen_circle(*, circle: Circle, by: Member, at: datetime) -> Circle:
    """The circle stands as it stood. Raises Conflict where another has taken its name, or its proposer proposed anew."""
    row = lock_circle(circle)
    _require_keeper(row, by)
    if row.closed_at is None:
        raise Conflict(_("This circle is not closed."))
    row.closed_at, row.closed_because = None, ""
    try:
        with transaction.atomic():
            row.save(update_fields=["closed_at", "closed_because"])
    except IntegrityError:
        raise Conflict(_("Meanwhile there is another circle in its place.")) from None
    _let_write(row, Audience.MEMBERS, by, at)
    key = f"circle_reopened:{row.pk}:{at.isoformat()}"
    fact = CircleReopened(is_open=row.opened_at is not None)
    record(Verb.CIRCLE_REOPENED, key=key, actor=by, subject=row.pk, data=fact, at=at)
    return row


def _require_keeper(circle: Circle, by: Member) -> None:
    if circle.board_id is None:
        require(by, Privilege.MODERATE)
    else:
        require_moderator(by, circle.board_id)


def _let_write(circle: Circle, audience: Audience, by: Member, at: datetime) -> None:
    if circle.board is not None:
        circle.board.post = circle.board.comment = circle.board.vote = audience
        set_board(board=circle.board, by=by, at=at)
