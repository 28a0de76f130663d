"""Talks on the pages: proposed by a member, answered on the host's desk, shown in the programme."""

from datetime import timedelta

import pytest
from django.utils import timezone

from community.models import Talk, TalkSlot
from tests.community.test_meetups import make_meetup
from tests.community.test_talks import accept, make_talk
from tests.factories import make_member, make_staff, make_team_board

pytestmark = pytest.mark.django_db


@pytest.fixture
def host():
    return make_member("Hanna Host")


@pytest.fixture
def meetup(host):
    """In a week by the clock of the pages, hosted by a member."""
    return make_meetup(host=host, by=make_staff(), at=timezone.now())


@pytest.fixture
def talk(meetup):
    return make_talk(meetup, speaker=make_member("Aino Virtanen"), at=timezone.now())


def page(client, meetup, more="", status=200) -> str:
    answer = client.get(meetup.get_absolute_url() + more)
    assert answer.status_code == status
    return answer.content.decode()


def post(client, meetup, more, **typed):
    return client.post(meetup.get_absolute_url() + more, typed)


def test_the_host_opens_slots_on_the_desk(client, meetup, host):
    client.force_login(host)
    assert "Nobody can propose a talk before there are slots." in page(client, meetup, "talks/")
    assert post(client, meetup, "talks/", count="2", minutes="10").status_code == 302
    assert TalkSlot.objects.count() == 2 and "2 slots are open for talks." in page(client, meetup, "talks/")


@pytest.mark.parametrize(
    "typed", [{"count": "0", "minutes": "10"}, {"count": "3", "minutes": "90"}, {"count": "x", "minutes": ""}]
)
def test_what_does_not_fit_is_said_beside_the_field(client, meetup, host, typed):
    client.force_login(host)
    answer = post(client, meetup, "talks/", **typed)
    assert answer.status_code == 422 and 'class="fault"' in answer.content.decode() and not TalkSlot.objects.exists()


def test_a_member_proposes_and_the_page_shows_it_to_them_alone(client, meetup, talk):
    mara = make_member()
    client.force_login(mara)
    assert "2 slots are free" in page(client, meetup)
    assert post(client, meetup, "talk/", title="My bicycle", about="It is old.").status_code == 302
    assert "My bicycle" in page(client, meetup) and Talk.objects.get(title="My bicycle").speaker == mara
    client.logout()
    assert "My bicycle" not in page(client, meetup)


def test_a_proposal_without_a_title_is_sent_back_with_what_was_typed(client, meetup, talk):
    client.force_login(make_member())
    answer = post(client, meetup, "talk/", title="", about="It is old.")
    assert answer.status_code == 422 and "It is old." in answer.content.decode()


def test_after_three_the_form_says_so(client, meetup):
    mara = make_member()
    for _ in range(3):
        make_talk(meetup, speaker=mara, at=timezone.now())
    client.force_login(mara)
    assert "three talks" in page(client, meetup, "talk/")
    assert post(client, meetup, "talk/", title="A fourth", about="").status_code == 422


def test_without_slots_there_is_nothing_to_propose(client, meetup):
    assert "Propose a talk" not in page(client, meetup)
    client.force_login(make_member())
    assert "No slot is free" in page(client, meetup, "talk/")


def test_the_host_takes_a_talk_into_the_programme(client, meetup, talk, host):
    client.force_login(host)
    assert "Eleven years of nights." in page(client, meetup, "talks/")
    slot = TalkSlot.objects.order_by("position")[1]
    post(client, meetup, f"talks/{talk.pk}/accept/", slot=str(slot.pk))
    talk.refresh_from_db()
    assert (talk.state, talk.slot) == ("accepted", slot)
    client.logout()
    body = page(client, meetup)
    assert "Programme" in body and "Sleeping by day" in body and "10 min" in body


@pytest.mark.parametrize("slot", ["", "x", "0", "9" * 30])
def test_a_slot_that_is_none_is_not_found(client, meetup, talk, host, slot):
    client.force_login(host)
    assert post(client, meetup, f"talks/{talk.pk}/accept/", slot=slot).status_code == 404


def test_the_slot_of_another_meetup_is_not_found(client, meetup, talk, host):
    other = make_talk(make_meetup(at=timezone.now()), at=timezone.now())
    client.force_login(host)
    foreign = other.meetup.slots.first()
    assert post(client, meetup, f"talks/{talk.pk}/accept/", slot=str(foreign.pk)).status_code == 404
    assert post(client, meetup, f"slots/{foreign.pk}/close/").status_code == 404


def test_the_host_declines_with_a_reason_its_speaker_reads(client, meetup, talk, host):
    client.force_login(host)
    assert "kind reason" in page(client, meetup, f"talks/{talk.pk}/decline/")
    assert post(client, meetup, f"talks/{talk.pk}/decline/", answer="").status_code == 422
    assert post(client, meetup, f"talks/{talk.pk}/decline/", answer="In spring, please.").status_code == 302
    client.force_login(talk.speaker)
    body = page(client, meetup)
    assert "Not this time" in body and "In spring, please." in body


def test_a_talk_that_was_answered_meanwhile_says_so(client, meetup, talk, host):
    client.force_login(host)
    post(client, meetup, f"talks/{talk.pk}/decline/", answer="No room.")
    assert post(client, meetup, f"talks/{talk.pk}/decline/", answer="No room.").status_code == 422


def test_its_speaker_takes_it_back_and_the_slot_is_free(client, meetup, talk):
    accept(talk, at=timezone.now())
    client.force_login(talk.speaker)
    assert "Take it back" in page(client, meetup)
    post(client, meetup, f"talks/{talk.pk}/withdraw/")
    assert "Sleeping by day" not in page(client, meetup).replace("“Sleeping by day” is taken back.", "")


def test_a_free_slot_is_closed_with_one_press(client, meetup, talk, host):
    client.force_login(host)
    slot = TalkSlot.objects.order_by("position")[0]
    assert "Close slot 1" in page(client, meetup, "talks/")
    assert post(client, meetup, f"slots/{slot.pk}/close/").status_code == 302
    assert TalkSlot.objects.count() == 1


@pytest.mark.parametrize("more", ["talks/", "talks/{talk}/decline/"])
def test_the_desk_is_for_the_host_and_staff(client, meetup, talk, more):
    more = more.format(talk=talk.pk)
    client.force_login(make_member())
    page(client, meetup, more, status=404)
    client.force_login(make_staff("Henrik Dahl"))
    assert page(client, meetup, more)


@pytest.mark.parametrize("act", ["talks/{talk}/accept/", "talks/{talk}/decline/", "slots/1/close/"])
def test_nobody_else_answers_talks(client, meetup, talk, act):
    for person in (make_member(), talk.speaker):
        client.force_login(person)
        assert post(client, meetup, act.format(talk=talk.pk), answer="No.", slot="1").status_code == 404
    talk.refresh_from_db()
    assert talk.state == "proposed"


def test_nobody_takes_back_what_is_not_theirs(client, meetup, talk):
    client.force_login(make_member())
    assert post(client, meetup, f"talks/{talk.pk}/withdraw/").status_code == 404
    accept(talk, at=timezone.now())
    assert post(client, meetup, f"talks/{talk.pk}/withdraw/").status_code == 403


@pytest.mark.parametrize(
    "more", ["talk/", "talks/", "talks/1/accept/", "talks/1/decline/", "talks/1/withdraw/", "slots/1/close/"]
)
def test_a_visitor_is_led_to_the_sign_in(client, meetup, more):
    assert "/accounts/login/" in post(client, meetup, more)["Location"]


@pytest.mark.parametrize("more", ["talk/", "talks/"])
def test_a_meetup_out_of_sight_has_no_talks(client, more):
    meetup = make_meetup(board=make_team_board(), at=timezone.now())
    client.force_login(make_member())
    page(client, meetup, more, status=404)


def test_calendars_of_one_and_of_all_name_the_programme(client, meetup, talk, django_assert_max_num_queries):
    accept(talk, at=timezone.now())
    for address in (meetup.get_absolute_url() + "meetup.ics", "/meetups/calendar.ics"):
        with django_assert_max_num_queries(8):
            text = client.get(address).content.decode().replace("\r\n ", "")
        assert "Sleeping by day – Aino Virtanen (10 min)" in text


def test_the_page_asks_no_more_for_many_talks_than_for_one(client, meetup, host, django_assert_max_num_queries):
    client.force_login(host)
    post(client, meetup, "talks/", count="6", minutes="10")
    for _ in range(5):
        accept(make_talk(meetup, at=timezone.now()), at=timezone.now())
    client.logout()
    with django_assert_max_num_queries(18):
        page(client, meetup)


def test_once_it_began_the_programme_stands_and_nothing_is_asked(client, meetup, talk, host):
    accept(talk, at=timezone.now())
    type(meetup).objects.filter(pk=meetup.pk).update(starts_at=timezone.now() - timedelta(minutes=5))
    assert "Sleeping by day" in page(client, meetup) and "Propose a talk" not in page(client, meetup)
    client.force_login(host)
    assert "Open slots for talks" not in page(client, meetup, "talks/")
