"""Meetups on the pages: for visitors, for members, at the door, in calendars."""

from datetime import timedelta

import pytest
from django.utils import timezone

from community.models import Attendance, Audience, Board, Meetup
from tests.community.test_meetups import go, make_meetup
from tests.factories import make_board, make_member, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def mara(client):
    member = make_member("Mara Lindqvist", username="mara")
    client.force_login(member)
    return member


@pytest.fixture
def meetup():
    return make_meetup(at=timezone.now(), link="https://talk.example.org/qxlink", code="QXCODE")


def test_the_list_has_what_comes_and_what_was(client, meetup):
    Meetup.objects.filter(pk=make_meetup("Long ago", at=timezone.now(), slug="old").pk).update(
        starts_at=timezone.now() - timedelta(days=3), ends_at=timezone.now() - timedelta(days=2)
    )
    shown = client.get("/meetups/").content.decode()
    assert shown.index("Linden in Leipzig") < shown.index("Long ago")


def test_an_empty_list_says_what_to_do(client, db):
    assert "No meetup yet" in client.get("/meetups/").content.decode()


def test_filters_live_in_the_address(client, meetup):
    make_meetup("Only online", at=timezone.now(), city="", link="https://e.org", slug="on")
    assert "Only online" not in client.get("/meetups/?city=Leipzig").content.decode()
    assert "Only online" in client.get("/meetups/?where=online").content.decode()
    assert client.get("/meetups/?where=%00&city=%00").status_code == 200


def test_a_visitor_is_offered_a_place_and_no_token(client, meetup):
    shown = client.get(meetup.get_absolute_url()).content.decode()
    assert "I am coming" in shown and "csrf" not in shown.lower()


def test_a_member_comes_by_one_press(client, mara, meetup):
    answer = client.post(f"{meetup.get_absolute_url()}answer/", {"answer": "going"}, follow=True)
    assert "You have a place" in answer.content.decode() and Attendance.objects.get().member == mara


def test_by_htmx_only_the_card_changes(client, mara, meetup):
    answer = client.post(f"{meetup.get_absolute_url()}answer/", {"answer": "going"}, headers={"HX-Request": "true"})
    assert (
        answer.content.decode().lstrip().startswith('<div id="answer"') and "I cannot come after all" in answer.content.decode()
    )


def test_with_the_place_come_the_calendar_the_link_and_ones_face_among_the_others(client, mara, meetup):
    address = f"{meetup.get_absolute_url()}answer/"
    shown = client.post(address, {"answer": "going"}, headers={"HX-Request": "true"}).content.decode()
    assert "meetup.ics" in shown and "qxlink" in shown and mara.get_absolute_url() in shown
    gone = client.post(address, {"answer": "out"}, headers={"HX-Request": "true"}).content.decode()
    assert "meetup.ics" not in gone and "qxlink" not in gone and "You could be the first" in gone


def test_a_mistyped_code_takes_neither_the_link_nor_the_door_from_the_page(client, mara, meetup):
    Meetup.objects.update(host=mara, starts_at=timezone.now(), ends_at=timezone.now() + timedelta(hours=1))
    shown = client.post(f"{meetup.get_absolute_url()}enter/", {"code": "nope"}).content.decode()
    assert "That is not the code" in shown and "qxlink" in shown and "At the door" in shown


def test_the_link_is_told_to_those_who_have_a_place(client, mara, meetup):
    address = meetup.get_absolute_url()
    assert "qxlink" not in client.get(address).content.decode()
    go(meetup, mara, at=timezone.now())
    assert "qxlink" in client.get(address).content.decode()


def test_the_queue_says_the_place(client, mara):
    full = make_meetup(at=timezone.now(), capacity=1)
    go(full, at=timezone.now())
    assert "Join the waiting list" in client.get(full.get_absolute_url()).content.decode()
    go(full, mara, at=timezone.now())
    assert "Place 1 in the queue" in client.get(full.get_absolute_url()).content.decode()


def test_a_draft_is_seen_by_the_team_alone(client, mara, meetup):
    Meetup.objects.update(published=False)
    assert client.get(meetup.get_absolute_url()).status_code == 404
    client.force_login(make_staff())
    assert client.get(meetup.get_absolute_url()).status_code == 200


def test_a_closed_board_hides_its_meetups_everywhere(client, mara, meetup):
    Board.objects.update(see=Audience.STAFF)
    address = meetup.get_absolute_url()
    for path in ("/meetups/", "/meetups/calendar.ics", "/community/"):
        assert "Linden in Leipzig" not in client.get(path).content.decode(), path
    for path in (address, f"{address}meetup.ics", f"{address}answer/", f"{address}door/"):
        assert client.get(path).status_code == 404, path
    assert (
        client.post(f"{address}answer/").status_code == client.post(f"{address}enter/", {"code": "QXCODE"}).status_code == 404
    )


def test_the_code_is_shown_to_the_host_and_to_nobody_else(client, mara, meetup):
    go(meetup, mara, at=timezone.now())
    door = f"{meetup.get_absolute_url()}door/"
    assert client.get(door).status_code == 404 and "QXCODE" not in client.get(meetup.get_absolute_url()).content.decode()
    Meetup.objects.update(host=mara)
    assert "QXCODE" in client.get(door).content.decode()


def test_checking_in_on_the_page(client, mara, meetup):
    Meetup.objects.update(starts_at=timezone.now() - timedelta(minutes=5), ends_at=timezone.now() + timedelta(hours=1))
    address = f"{meetup.get_absolute_url()}enter/"
    wrong = client.post(address, {"code": "nope"})
    assert wrong.status_code == 422 and "That is not the code" in wrong.content.decode()
    client.post(address, {"code": "qxcode"})
    assert Attendance.objects.get().came_at


def test_codes_cannot_be_tried_without_end(client, mara, meetup, settings):
    settings.RATE_LIMITS = True
    Meetup.objects.update(starts_at=timezone.now() - timedelta(minutes=5), ends_at=timezone.now() + timedelta(hours=1))
    answers = [client.post(f"{meetup.get_absolute_url()}enter/", {"code": f"x{number}"}) for number in range(11)]
    assert "That was a lot" in answers[-1].content.decode()


def test_the_host_ticks_off_who_is_there(client, mara, meetup):
    guest = make_member("Lin Guest")
    go(meetup, guest, at=timezone.now())
    Meetup.objects.update(host=mara, starts_at=timezone.now(), ends_at=timezone.now() + timedelta(hours=1))
    client.post(f"{meetup.get_absolute_url()}door/{guest.pk}/")
    assert Attendance.objects.get(member=guest).came_at


def test_a_calendar_reads_them(client, meetup):
    answer = client.get(f"{meetup.get_absolute_url()}meetup.ics")
    assert answer["Content-Type"].startswith("text/calendar") and "SUMMARY:Linden in Leipzig" in answer.content.decode()
    assert "qxlink" not in answer.content.decode()
    assert "Linden in Leipzig" in client.get("/meetups/calendar.ics").content.decode()


def test_lists_cost_the_same_for_two_and_for_twenty(mara, queries_of):
    make_board()
    for _number in range(2):
        go(make_meetup(at=timezone.now()), at=timezone.now())
    few = queries_of("/meetups/")
    for _number in range(18):
        go(make_meetup(at=timezone.now()), at=timezone.now())
    assert queries_of("/meetups/") == few <= 14
