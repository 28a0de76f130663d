"""The weekly digest says what comes in the next two weeks, and who won a contest last week."""

from datetime import UTC, datetime, timedelta

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from community.contests import sections as winners
from community.contests.entering import hide_entry
from community.meetups import sections as meetups
from community.meetups.arranging import cancel_meetup
from community.meetups.hiding import hide_meetup
from community.models import Contest, Meetup
from community.sections import REGISTER, Week, all_sections
from tests.community.contesting import announced, make_contest, make_entry
from tests.community.test_meetups import go, make_meetup
from tests.factories import NOW, make_board, make_member, make_moderator, make_staff, make_team_board

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 11, 23, tzinfo=UTC)
WEEK = Week("2026-W47", MONDAY - timedelta(days=7), MONDAY)
DAY = timedelta(days=1)


def coming(title="Linden in Leipzig", *, days=3.0, **more) -> Meetup:
    """A meetup so many days after the digest's week."""
    starts = MONDAY + timedelta(days=days)
    return make_meetup(title, starts_at=starts, ends_at=starts + timedelta(hours=2), **more)


def section(member, module=meetups, write="write_meetups", load="load_meetups"):
    return getattr(module, write)(member, WEEK, getattr(module, load)([member], WEEK))


def titles(member) -> list[str]:
    said = section(member)
    return [entry["title"] for entry in said["entries"]] if said else []


def won(member):
    return section(member, winners, "write_winners", "load_winners")


def decided(title="Trick of the week", *, at=MONDAY - 2 * DAY, board=None, entry="Warm it first", author=None) -> Contest:
    contest = make_contest(title=title, board=board or make_board(), fan_weight=100)
    make_entry(contest, title=entry, author=author or make_member("Magnus Holm"))
    announced(contest)
    Contest.objects.filter(pk=contest.pk).update(announced_at=at)
    return contest


@pytest.fixture
def mara():
    return make_member("Mara Lindqvist")


def test_meetups_of_the_next_two_weeks_are_named_the_nearest_first(mara):
    coming("In nine days", days=9)
    coming("Tomorrow", days=1)
    assert titles(mara) == ["Tomorrow", "In nine days"]


@pytest.mark.parametrize("days", [-2, 0.1, 14.5, 40])
def test_what_was_or_lies_further_ahead_is_not(mara, days):
    coming(days=days)
    assert section(mara) is None


def test_those_one_answered_to_come_first_and_say_so(mara):
    coming("Tomorrow", days=1)
    go(coming("Mine", days=12), mara)
    full = coming("Full", days=13, capacity=1)
    go(full)
    go(full, mara)
    entries = section(mara)["entries"]
    assert [(entry["title"], entry["state"]) for entry in entries] == [("Mine", "going"), ("Full", "waiting"), ("Tomorrow", "")]


def test_what_one_said_no_to_is_left_out(mara):
    meetup = coming()
    go(meetup, mara)
    go(meetup, mara, going=False)
    assert section(mara) is None and titles(make_member()) == ["Linden in Leipzig"]


def test_three_are_enough_and_the_rest_is_one_link_away(mara):
    for number in range(4):
        coming(f"Meetup {number}", days=number + 1)
    said = section(mara)
    assert len(said["entries"]) == 3 and said["more"] and said["all_url"] == "/meetups/"


@pytest.mark.parametrize("sort", ["draft", "cancelled", "hidden"])
def test_what_does_not_take_place_is_not_named(mara, sort):
    meetup = coming(published=sort != "draft")
    if sort == "cancelled":
        cancel_meetup(meetup=meetup, by=make_staff(), why="Ill.", at=NOW)
    if sort == "hidden":
        hide_meetup(meetup=meetup, by=make_moderator(board=meetup.board), at=NOW)
    assert section(mara) is None


def test_a_meetup_of_the_team_is_named_to_the_team_alone(mara):
    coming(board=make_team_board("team"))
    assert section(mara) is None and titles(make_staff("Henrik Dahl"))


def test_meetups_cost_a_few_queries_however_many_read(django_assert_max_num_queries):
    members = [make_member() for _ in range(8)]
    for number in range(5):
        go(coming(f"Meetup {number}", days=number + 1), members[number])
    with django_assert_max_num_queries(4):
        loaded = meetups.load_meetups(members, WEEK)
        assert all(meetups.write_meetups(member, WEEK, loaded) for member in members)


@pytest.mark.parametrize("kind", ["html", "txt"])
def test_the_mail_says_when_and_where_in_the_readers_language(mara, kind):
    go(coming(city="Leipzig", link="https://meet.example.org/x", time_zone="Europe/Berlin"), mara)
    with translation.override("en"):
        text = render_to_string(f"mail/_meetups.{kind}", {"section": section(mara), "site_url": "https://s.example"})
    assert "Linden in Leipzig" in text and "Europe/Berlin" in text and "You are going" in text and "and online" in text
    assert "https://s.example/meetups/" in text and "meet.example.org" not in text


def test_last_weeks_winner_is_named_with_who_made_it(mara):
    decided()
    said = won(mara)["entries"][0]
    assert (said["contest"], said["title"], said["names"]) == ("Trick of the week", "Warm it first", ["Magnus Holm"])


@pytest.mark.parametrize("at", [MONDAY - 8 * DAY, MONDAY])
def test_what_was_decided_in_another_week_is_not(mara, at):
    decided(at=at)
    assert won(mara) is None


def test_a_contest_nobody_won_and_a_winner_that_is_hidden_are_not_named(mara):
    contest = decided()
    hide_entry(entry=contest.entries.get(), reason="Copied.", by=make_staff(), at=NOW)
    empty = make_contest(fan_weight=100)
    Contest.objects.filter(pk=empty.pk).update(announced_at=MONDAY - DAY)
    assert won(mara) is None


def test_a_winner_on_the_teams_board_is_named_to_the_team_alone(mara):
    contest = decided()
    contest.refresh_from_db()
    contest.board = make_team_board("team")
    contest.save()
    assert won(mara) is None and won(make_staff("Henrik Dahl"))


@pytest.mark.parametrize("kind", ["html", "txt"])
def test_the_mail_leads_to_the_entry(mara, kind):
    contest = decided()
    with translation.override("en"):
        text = render_to_string(f"mail/_winners.{kind}", {"section": won(mara), "site_url": "https://s.example"})
    assert "https://s.example" + contest.entries.get().get_absolute_url() in text and "Magnus Holm" in text


def test_neither_alone_is_worth_a_mail_and_both_stand_before_what_people_talked_about():
    order = [one.name for one in all_sections()]
    assert not REGISTER["meetups"].personal and not REGISTER["winners"].personal
    assert order.index("winners") < order.index("meetups") < order.index("talk")
