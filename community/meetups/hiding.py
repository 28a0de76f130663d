"""A moderator keeps a meetup out of sight, and shows it again; whoever wanted to come hears of both."""

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from community.activity import record
from community.meetups.answering import fill_places
from community.models import Meetup, Member
from community.privileges import require_moderator
from community.refusals import Conflict
from community.verbs import MeetupHidden, Verb


@transaction.atomic
def hide_meetup(*, meetup: Meetup, by: Member, at: datetime) -> Meetup:
    """Only its host and moderators see it, and it takes no answers. Raises Conflict where that was done already."""
    return _turn(meetup, hidden=True, by=by, at=at)


@transaction.atomic
def show_meetup(*, meetup: Meetup, by: Member, at: datetime) -> Meetup:
    """It is as it was, and places that were given back meanwhile go to who waits."""
    return _turn(meetup, hidden=False, by=by, at=at)


def _turn(meetup: Meetup, *, hidden: bool, by: Member, at: datetime) -> Meetup:
    row = Meetup.objects.select_for_update(no_key=True).get(pk=meetup.pk)
    require_moderator(by, row.board_id)
    if (row.hidden_at is not None) == hidden:
        raise Conflict(_("That was done already."))
    row.hidden_at = at if hidden else None
    row.revision = F("revision") + 1
    row.save(update_fields=["hidden_at", "revision"])
    row.refresh_from_db(fields=["revision"])
    if not hidden:
        fill_places(meetup=row, at=at)
    key = f"meetup_hidden:{row.pk}:{row.revision}"
    fact = MeetupHidden(board_id=row.board_id, hidden=hidden)
    record(Verb.MEETUP_HIDDEN, key=key, actor=by, subject=row.pk, data=fact, at=at)
    return row
