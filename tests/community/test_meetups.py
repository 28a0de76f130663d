"""Meetups: places in the order people asked, a fair queue, and everybody told in time."""

from datetime import timedelta

import pytest

from community.deliveries import drain
from community.meetups.answering import answer_meetup, check_in, fill_places, note_presence
from community.meetups.arranging import arrange_meetup, cancel_meetup
from community.meetups.reminding import remind_of_meetups
from community.models import Activity, Attendance, Audience, Board, Meetup, Notice
from community.notice_words import Words
from community.refusals import Conflict, Invalid, NotAllowed
from rewards.ledger import balances_of
from tests.factories import NOW, make_board, make_member, make_staff

pytestmark = pytest.mark.django_db


def make_meetup(title="Linden in Leipzig", *, by=None, at=NOW, **fields) -> Meetup:
    """A published meetup in a week, for as many as come."""
    by = by or make_staff()
    given = {"board": Board.objects.first() or make_board(), "slug": f"meetup-{Meetup.objects.count()}", "about": "We meet.", "host": by,
             "city": "Leipzig", "starts_at": at + timedelta(days=7), "ends_at": at + timedelta(days=7, hours=2), "published": True}  # fmt: skip
    return arrange_meetup(meetup=Meetup(title=title, **(given | fields)), by=by, at=at)


def go(meetup, member=None, at=NOW, going=True) -> Attendance:
    return answer_meetup(meetup=meetup, member=member or make_member(), going=going, at=at)


def states(meetup) -> list[str]:
    return list(Attendance.objects.filter(meetup=meetup).order_by("pk").values_list("state", flat=True))


def test_a_member_has_a_place_and_gives_it_back():
    meetup, mara = make_meetup(), make_member()
    assert go(meetup, mara).state == "going"
    assert go(meetup, mara, going=False).state == "out"


def test_saying_it_twice_changes_nothing():
    meetup, mara = make_meetup(), make_member()
    first = go(meetup, mara)
    assert go(meetup, mara, at=NOW + timedelta(hours=1)).queued_at == first.queued_at
    assert Activity.objects.filter(verb="meetup_answered").count() == 1


def test_who_comes_after_the_last_place_waits_in_order():
    meetup = make_meetup(capacity=2)
    for hour in range(4):
        go(meetup, at=NOW + timedelta(hours=hour))
    assert states(meetup) == ["going", "going", "waiting", "waiting"]


def test_a_freed_place_goes_to_who_waited_longest_and_they_hear_of_it():
    meetup, mara, next_one = make_meetup(capacity=1), make_member(), make_member()
    go(meetup, mara)
    go(meetup, next_one, at=NOW + timedelta(hours=1))
    go(meetup, at=NOW + timedelta(hours=2))
    go(meetup, mara, going=False, at=NOW + timedelta(hours=3))
    assert states(meetup) == ["out", "going", "waiting"]
    drain()
    assert Notice.objects.get(kind="meetup_place_freed").member == next_one


def test_who_gave_their_place_back_queues_at_the_end():
    meetup, mara = make_meetup(capacity=1), make_member()
    go(meetup, mara)
    go(meetup, at=NOW + timedelta(hours=1))
    go(meetup, mara, going=False, at=NOW + timedelta(hours=2))
    assert go(meetup, mara, at=NOW + timedelta(hours=3)).state == "waiting"


def test_more_places_let_as_many_in_and_fewer_send_nobody_home():
    meetup, staff = make_meetup(capacity=1), make_staff()
    for hour in range(4):
        go(meetup, at=NOW + timedelta(hours=hour))
    meetup.capacity = 3
    arrange_meetup(meetup=meetup, by=staff, at=NOW)
    assert states(meetup).count("going") == 3
    meetup.capacity = 1
    arrange_meetup(meetup=meetup, by=staff, at=NOW)
    assert states(meetup).count("going") == 3


def test_a_meetup_without_a_limit_takes_everybody_from_the_queue():
    meetup = make_meetup(capacity=1)
    for hour in range(3):
        go(meetup, at=NOW + timedelta(hours=hour))
    Meetup.objects.filter(pk=meetup.pk).update(capacity=None)
    assert len(fill_places(meetup=meetup, at=NOW)) == 2


def test_nobody_comes_to_what_is_over_or_cancelled():
    meetup = make_meetup()
    with pytest.raises(Conflict):
        go(meetup, at=meetup.ends_at)
    cancel_meetup(meetup=meetup, by=make_staff(), why="The hall burned.", at=NOW)
    with pytest.raises(Conflict):
        go(meetup)


def test_a_cancelled_meetup_says_why_to_everybody_who_wanted_to_come():
    meetup, mara, waits = make_meetup(capacity=1), make_member(), make_member()
    go(meetup, mara)
    go(meetup, waits)
    cancel_meetup(meetup=meetup, by=make_staff(), why="The hall burned.", at=NOW)
    drain()
    assert set(Notice.objects.filter(kind="meetup_cancelled").values_list("member", flat=True)) == {mara.pk, waits.pk}


def test_cancelling_takes_a_reason_and_happens_once():
    meetup, staff = make_meetup(), make_staff()
    with pytest.raises(Invalid):
        cancel_meetup(meetup=meetup, by=staff, why=" ", at=NOW)
    cancel_meetup(meetup=meetup, by=staff, why="Rain", at=NOW)
    with pytest.raises(Conflict):
        cancel_meetup(meetup=meetup, by=staff, why="Rain", at=NOW)


def test_another_place_is_told_and_another_text_is_not():
    meetup, staff = make_meetup(), make_staff()
    go(meetup)
    meetup.about = "We meet, and there is cake."
    arrange_meetup(meetup=meetup, by=staff, at=NOW)
    meetup.city = "Halle"
    arrange_meetup(meetup=meetup, by=staff, at=NOW)
    drain()
    assert Notice.objects.filter(kind="meetup_arranged").count() == 1


def test_a_day_before_those_who_go_are_reminded_once():
    meetup, mara = make_meetup(capacity=1), make_member()
    go(meetup, mara)
    go(meetup)
    assert remind_of_meetups(at=meetup.starts_at - timedelta(hours=25)) == 0
    assert remind_of_meetups(at=meetup.starts_at - timedelta(hours=23)) == 1
    assert remind_of_meetups(at=meetup.starts_at - timedelta(hours=22)) == 0
    drain()
    assert [notice.member for notice in Notice.objects.filter(kind="meetup_near")] == [mara]


def test_a_meetup_that_moved_is_reminded_of_anew():
    meetup = make_meetup()
    go(meetup)
    remind_of_meetups(at=meetup.starts_at - timedelta(hours=1))
    meetup.starts_at, meetup.ends_at = meetup.starts_at + timedelta(days=2), meetup.ends_at + timedelta(days=2)
    arrange_meetup(meetup=meetup, by=make_staff(), at=NOW)
    assert remind_of_meetups(at=meetup.starts_at - timedelta(hours=1)) == 1


def test_nobody_is_told_of_a_board_they_may_no_longer_see():
    meetup = make_meetup()
    go(meetup)
    Board.objects.filter(pk=meetup.board_id).update(see=Audience.STAFF)
    remind_of_meetups(at=meetup.starts_at - timedelta(hours=1))
    drain()
    member = Attendance.objects.get().member
    told = list(Notice.objects.filter(member=member).select_related("member", "post__board"))
    assert not Meetup.objects.visible_to(member).exists()
    assert [Words(told).of(notice) for notice in told] == [None] * len(told)


@pytest.mark.parametrize("typed", ["CODE", " co de ", "co-de"])
def test_the_code_lets_in_however_it_is_typed(typed):
    meetup, mara = make_meetup(code="CODE"), make_member()
    came = check_in(meetup=meetup, member=mara, code=typed, at=meetup.starts_at)
    assert came.came_at == meetup.starts_at and came.state == "going"


def test_another_code_lets_nobody_in():
    meetup = make_meetup(code="CODE")
    with pytest.raises(Invalid) as refusal:
        check_in(meetup=meetup, member=make_member(), code="CODF", at=meetup.starts_at)
    assert "code" in refusal.value.fields


@pytest.mark.parametrize("off", [-timedelta(hours=1, minutes=1), timedelta(hours=5, minutes=1)])
def test_the_door_opens_an_hour_before_and_closes_three_after(off):
    meetup = make_meetup(code="CODE")
    with pytest.raises(Conflict):
        check_in(meetup=meetup, member=make_member(), code="CODE", at=meetup.starts_at + off)


def test_being_there_pays_once():
    meetup, mara = make_meetup(code="CODE"), make_member()
    for _time in range(2):
        check_in(meetup=meetup, member=mara, code="CODE", at=meetup.starts_at)
    drain()
    assert balances_of([mara.pk])[mara.pk]["points"] == 20


def test_the_host_lets_in_whom_they_see_and_nobody_else_does():
    staff, otto = make_staff(), make_member()
    meetup, mara = make_meetup(host=otto), make_member()
    go(meetup, mara)
    with pytest.raises(NotAllowed):
        note_presence(meetup=meetup, member=mara, by=make_member(), at=meetup.starts_at)
    assert note_presence(meetup=meetup, member=mara, by=otto, at=meetup.starts_at).came_at
    with pytest.raises(NotAllowed):
        note_presence(meetup=meetup, member=make_member(), by=staff, at=meetup.starts_at)


@pytest.mark.parametrize(
    ("field", "wrong"),
    [("ends_at", {"ends_at": NOW}), ("city", {"city": ""}), ("link", {"link": "javascript:alert(1)"}), ("capacity", {"capacity": 0}),
     ("time_zone", {"time_zone": "Mars/Base"})],
)  # fmt: skip
def test_what_does_not_fit_is_said_beside_its_field(field, wrong):
    with pytest.raises(Invalid) as refusal:
        make_meetup(**wrong)
    assert field in refusal.value.fields


def test_only_staff_arrange():
    with pytest.raises(NotAllowed):
        make_meetup(by=make_member())
