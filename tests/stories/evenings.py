"""The meetups of the small community in which every page has something to show."""

from datetime import timedelta

from community.meetups.talks import open_slots
from tests import factories as make
from tests.community.test_meetups import make_meetup
from tests.community.test_talks import make_talk


def come_together(fan, staff, board, text, at) -> dict[str, str]:
    """A meetup with a programme, a proposal and a free slot; and one that is over."""
    link = {"link": "https://meet.example.org/" + "room" * 20}
    title = "An evening about nights " + "and nights " * 5
    salon = make_meetup(title, by=staff, board=board, at=at, slug="salon", kind="salon", about=text, **link)
    open_slots(meetup=salon, count=3, minutes=15, by=staff, at=at)
    make_talk(salon, speaker=make.make_member("Aino Virtanen"), title="Sleeping by day", accepted=True, at=at)
    make_talk(salon, speaker=fan, title="Donaudampfschifffahrtselektrizitätenhauptbetriebswerk", at=at)
    make_meetup("Long ago", by=staff, board=board, at=at - timedelta(days=30), slug="over")
    asked = salon.talks.latest("pk")
    return {
        "meetups": "/meetups/", "meetup": "/meetups/salon/", "meetup over": "/meetups/over/", "propose a talk": "/meetups/salon/talk/",
        "talks": "/meetups/salon/talks/", "decline a talk": f"/meetups/salon/talks/{asked.pk}/decline/", "door": "/meetups/salon/door/",
        "report a meetup": f"/report/meetup/{salon.pk}/", "hide a meetup": f"/moderation/meetup/{salon.pk}/hide/",
    }  # fmt: skip
