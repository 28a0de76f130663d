"""The demo's meetups take place at whatever hour of the day the demo is loaded."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from community.models import Attendance
from config.demo.meetups import accept, arrange, arrive, come, decline, open_for_talks, propose
from tests.factories import NOW, make_board, make_member, make_staff

pytestmark = pytest.mark.django_db
ROW = {"slug": "open-hour", "title": "Open hour", "kind": "salon", "by": "sofia", "board": "watch", "link": "meet.example.org/x", "zone": "UTC",
       "arranged_ago": 20.0, "starts_ago": 5.3, "clock": 18, "hours": 1, "about": "One hour.", "slots": {"ago": 18.0, "count": 2, "minutes": 10}}  # fmt: skip
TALK = {"by": "aino", "title": "Sleeping by day", "about": "Nights.", "answer": "Gladly."}


def stage_at(hour: int) -> SimpleNamespace:
    """Loaded at this hour of the day."""
    loaded = NOW.replace(hour=hour)
    people = {"sofia": make_staff("Sofia Marques"), "aino": make_member("Aino Kettunen")}
    return SimpleNamespace(
        members=people, boards={"watch": make_board("watch")}, moment=lambda ago: loaded - timedelta(days=ago)
    )


@pytest.mark.parametrize("hour", [0, 5, 12, 18, 23])
def test_who_came_is_let_in(hour):
    stage = stage_at(hour)
    arrange(stage, ROW, stage.moment(20.0))
    come(stage, ROW, "aino", stage.moment(19.0))
    arrive(stage, ROW, "aino", stage.moment(ROW["starts_ago"]))
    row = Attendance.objects.select_related("meetup").get()
    assert row.meetup.starts_at <= row.came_at <= row.meetup.ends_at


@pytest.mark.parametrize(("act", "state", "slots"), [(accept, "accepted", 1), (decline, "declined", 2)])
def test_talks_are_proposed_and_answered_by_the_products_own_operations(act, state, slots):
    stage = stage_at(12)
    meetup = arrange(stage, ROW, stage.moment(20.0))
    open_for_talks(stage, ROW, stage.moment(18.0))
    propose(stage, ROW, TALK, stage.moment(16.0))
    act(stage, ROW, TALK, stage.moment(15.0))
    talk = meetup.talks.get()
    assert (talk.state, talk.answer, talk.speaker, meetup.slots.filter(talk=None).count()) == (
        state,
        "Gladly.",
        stage.members["aino"],
        slots,
    )
