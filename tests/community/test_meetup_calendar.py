"""What calendars read: folded, escaped, in UTC, and never broken by a title."""

from datetime import datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from community.meetups.calendar import Entry, calendar, escape, fold

BERLIN = timezone(timedelta(hours=1))
ENTRY = Entry("meetup-1@sprout", 3, "Linden; in, Leipzig", "First line\nSecond", "Halle 5", "https://e.org/meetups/leipzig/",
              datetime(2026, 11, 20, 19, 0, tzinfo=BERLIN), datetime(2026, 11, 20, 21, 0, tzinfo=BERLIN),
              datetime(2026, 11, 1, tzinfo=BERLIN))  # fmt: skip


def lines(text):
    return text.replace("\r\n ", "").split("\r\n")


def test_times_are_utc_and_the_revision_counts():
    told = lines(calendar([ENTRY], name="Meetups"))
    assert "DTSTART:20261120T180000Z" in told and "DTEND:20261120T200000Z" in told and "SEQUENCE:3" in told


def test_signs_with_a_meaning_are_escaped():
    assert "SUMMARY:Linden\\; in\\, Leipzig" in lines(calendar([ENTRY], name="Meetups"))
    assert escape("a\\b\nc") == "a\\\\b\\nc"


def test_a_cancelled_one_says_so():
    gone = Entry(**{**ENTRY.__dict__, "cancelled": True})
    assert "STATUS:CANCELLED" in lines(calendar([gone], name="x")) and "STATUS:CONFIRMED" in lines(calendar([ENTRY], name="x"))


def test_an_empty_calendar_is_one():
    assert lines(calendar([], name="Meetups"))[0] == "BEGIN:VCALENDAR" and calendar([], name="x").endswith("END:VCALENDAR\r\n")


@given(st.text(max_size=300))
def test_no_line_is_longer_than_75_octets_and_unfolding_gives_it_back(text):
    line = f"SUMMARY:{escape(text)}"
    folded = fold(line)
    assert all(len(part.encode()) <= 75 for part in folded.split("\r\n"))
    assert folded.replace("\r\n ", "") == line


@given(st.text(max_size=100), st.text(max_size=100))
def test_no_title_begins_a_property_of_its_own(title, about):
    hostile = Entry(**{**ENTRY.__dict__, "title": f"{title}\r\nATTENDEE:mailto:x@e.org", "about": f"{about}\nEND:VCALENDAR"})
    told = lines(calendar([hostile], name="x"))
    assert sum(line.startswith("ATTENDEE") for line in told) == 0 and told.count("END:VCALENDAR") == 1
    assert len(told) == len(lines(calendar([ENTRY], name="x")))
