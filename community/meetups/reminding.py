"""A day before a meetup begins, those who go are reminded."""

from datetime import datetime, timedelta

from django.db import transaction

from community.activity import Happening, record_many
from community.models import Meetup
from community.verbs import MeetupNear

AHEAD = timedelta(hours=24)


@transaction.atomic
def remind_of_meetups(*, at: datetime) -> int:
    """Every meetup that begins within a day is on record as near, once per time it was set to; how many are new."""
    near = Meetup.objects.filter(published=True, cancelled_at=None, hidden_at=None, starts_at__gt=at, starts_at__lte=at + AHEAD)
    facts = [
        Happening(
            key=f"meetup_near:{meetup.pk}:{meetup.starts_at.isoformat()}",
            actor=None,
            subject=meetup.pk,
            data=MeetupNear(board_id=meetup.board_id),
        )
        for meetup in near.order_by("pk")
    ]
    return len(record_many(facts, at=at))
