"""Talks at meetups: slots, proposals, a yes or a kind no, the programme, and who hears of it."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from community.accounts.registry import Leaving, erase_all
from community.deliveries import drain
from community.meetups.arranging import cancel_meetup
from community.meetups.calendar import calendar
from community.meetups.reading import entry_of, may_join, programme_of, slots_of, talks_at
from community.meetups.talks import (
    MOST_EACH,
    MOST_SLOTS,
    accept_talk,
    close_slot,
    decline_talk,
    free_slots,
    hide_talk,
    may_host,
    open_slots,
    propose_talk,
    show_talk,
    withdraw_talk,
)
from community.models import Activity, Meetup, Notice, Talk, TalkSlot
from community.notice_words import Words
from community.refusals import Conflict, Invalid, NotAllowed
from tests.community.test_meetups import make_meetup
from tests.factories import NOW, make_member, make_moderator, make_newcomer, make_staff

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def with_slots(count=2, minutes=10, **more):
    meetup = make_meetup(**more)
    open_slots(meetup=meetup, count=count, minutes=minutes, by=meetup.host, at=NOW)
    return meetup


def make_talk(
    meetup=None, *, speaker=None, title="Sleeping by day", accepted=False, at=NOW, about="Eleven years of nights."
) -> Talk:
    """A proposal for a meetup that has slots, in its programme where asked."""
    if meetup is None:
        meetup = with_slots()
    elif not meetup.slots.exists():
        open_slots(meetup=meetup, count=2, minutes=10, by=meetup.host, at=at)
    talk = propose_talk(meetup=meetup, speaker=speaker or make_member(), title=title, about=about, at=at)
    return accept(talk, at=at) if accepted else talk


def accept(talk, *, slot=None, by=None, at=NOW, **more) -> Talk:
    slot = slot or free_slots(talk.meetup).order_by("position")[0]
    return accept_talk(talk=talk, slot=slot, by=by or talk.meetup.host, at=at, **more)


def told(member) -> list[tuple[str, str]]:
    drain()
    rows = list(Notice.objects.filter(member=member).select_related("member", "post__board").order_by("pk"))
    words = Words(rows)
    return [(said.sentence, said.quote) for said in map(words.of, rows) if said]


def test_a_host_opens_slots_behind_those_there_are():
    meetup = with_slots(2, 10)
    open_slots(meetup=meetup, count=1, minutes=30, by=meetup.host, at=NOW)
    assert [(slot.position, slot.minutes) for slot in slots_of(meetup)] == [(1, 10), (2, 10), (3, 30)]
    assert [fact.data["count"] for fact in Activity.objects.filter(verb="slots_changed").order_by("pk")] == [2, 1]


@pytest.mark.parametrize(
    ("count", "minutes", "field"),
    [
        (0, 10, "count"),
        (MOST_SLOTS + 1, 5, "count"),
        (1, 4, "minutes"),
        (1, 121, "minutes"),
        (3, 45, "minutes"),
        (-1, 10, "count"),
    ],
)
def test_what_does_not_fit_into_the_meetup_is_refused(count, minutes, field):
    meetup = make_meetup()
    with pytest.raises(Invalid) as refused:
        open_slots(meetup=meetup, count=count, minutes=minutes, by=meetup.host, at=NOW)
    assert set(refused.value.fields) == {field} and not TalkSlot.objects.exists()


def test_slots_together_are_no_longer_than_the_meetup():
    meetup = with_slots(2, 50)
    with pytest.raises(Invalid, match="do not fit"):
        open_slots(meetup=meetup, count=1, minutes=30, by=meetup.host, at=NOW)
    assert open_slots(meetup=meetup, count=1, minutes=20, by=meetup.host, at=NOW)


def test_only_the_host_and_staff_open_slots():
    meetup = make_meetup(host=make_member(), by=make_staff())
    assert open_slots(meetup=meetup, count=1, minutes=10, by=meetup.host, at=NOW)
    assert open_slots(meetup=meetup, count=1, minutes=10, by=make_staff(), at=NOW)
    with pytest.raises(NotAllowed):
        open_slots(meetup=meetup, count=1, minutes=10, by=make_member(), at=NOW)
    assert not may_host(meetup, None) and not may_host(meetup, make_member())


def test_a_free_slot_is_closed_and_a_taken_one_is_not():
    talk = make_talk(accepted=True)
    taken, free = slots_of(talk.meetup)
    close_slot(slot=free, by=talk.meetup.host, at=NOW)
    with pytest.raises(Conflict, match="has this slot"):
        close_slot(slot=taken, by=talk.meetup.host, at=NOW)
    assert slots_of(talk.meetup) == [taken]


def test_a_slot_opened_after_one_was_closed_comes_last():
    meetup = with_slots(2)
    close_slot(slot=slots_of(meetup)[0], by=meetup.host, at=NOW)
    open_slots(meetup=meetup, count=1, minutes=5, by=meetup.host, at=NOW)
    assert [(slot.position, slot.minutes) for slot in slots_of(meetup)] == [(2, 10), (3, 5)]


def test_a_proposal_keeps_what_was_said_and_is_on_record():
    talk = make_talk(title="  Sleeping \n by day ")
    assert (talk.title, talk.state, talk.slot, talk.answer) == ("Sleeping by day", "proposed", None, "")
    assert Activity.objects.get(verb="talk_proposed").data == {"meetup_id": talk.meetup_id}


@pytest.mark.parametrize(
    ("title", "about", "field"), [("x", "", "title"), ("y" * 121, "", "title"), ("A talk", "z" * 1001, "about")]
)
def test_a_proposal_has_a_title_and_is_short(title, about, field):
    with pytest.raises(Invalid) as refused:
        make_talk(title=title, about=about)
    assert set(refused.value.fields) == {field}


def test_without_a_free_slot_nothing_is_proposed():
    meetup = make_meetup()
    with pytest.raises(Conflict, match="no more talks"):
        propose_talk(meetup=meetup, speaker=make_member(), title="A talk", about="", at=NOW)
    full = with_slots(1)
    make_talk(full, accepted=True)
    with pytest.raises(Conflict, match="no more talks"):
        make_talk(full)


def test_once_it_has_begun_or_is_off_the_programme_stays_as_it_is():
    begun, off = with_slots(), with_slots()
    cancel_meetup(meetup=off, by=off.host, why="Ill.", at=NOW)
    for meetup, at in ((begun, begun.starts_at), (off, NOW)):
        with pytest.raises(Conflict):
            propose_talk(meetup=meetup, speaker=make_member(), title="A talk", about="", at=at)
        with pytest.raises(Conflict):
            open_slots(meetup=meetup, count=1, minutes=5, by=meetup.host, at=at)


def test_one_member_proposes_three_and_one_taken_back_makes_room():
    meetup, mara = with_slots(), make_member()
    talks = [make_talk(meetup, speaker=mara) for _ in range(MOST_EACH)]
    with pytest.raises(Conflict, match="three talks"):
        make_talk(meetup, speaker=mara)
    withdraw_talk(talk=talks[0], by=mara, at=NOW)
    assert make_talk(meetup, speaker=mara).state == "proposed"


def test_who_is_suspended_proposes_nothing():
    with pytest.raises(NotAllowed):
        make_talk(speaker=make_member(suspended_at=NOW))


def test_accepted_talks_are_the_programme_in_the_order_of_their_slots():
    meetup = with_slots(2)
    first, second = slots_of(meetup)
    late, early = make_talk(meetup, title="Late"), make_talk(meetup, title="Early")
    accept(late, slot=second)
    accept(early, slot=first)
    assert [talk.title for talk in programme_of(meetup)] == ["Early", "Late"]


def test_a_slot_has_one_talk_and_it_is_a_slot_of_this_meetup():
    meetup = with_slots(2)
    taken = accept(make_talk(meetup)).slot
    for slot in (taken, slots_of(with_slots())[0]):
        with pytest.raises(Conflict, match="slot is taken"):
            accept(make_talk(meetup), slot=slot)


def test_the_database_wants_a_slot_for_what_is_accepted_and_none_for_the_rest():
    talk = make_talk()
    for change in ({"state": "accepted"}, {"slot": slots_of(talk.meetup)[0]}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Talk.objects.filter(pk=talk.pk).update(**change)


def test_only_the_host_says_yes_or_no():
    talk = make_talk()
    with pytest.raises(NotAllowed):
        accept(talk, by=talk.speaker)
    with pytest.raises(NotAllowed):
        decline_talk(talk=talk, answer="No.", by=make_member(), at=NOW)


def test_a_no_has_a_reason_and_frees_the_slot():
    talk = make_talk(accepted=True)
    with pytest.raises(Invalid):
        decline_talk(talk=talk, answer="  ", by=talk.meetup.host, at=NOW)
    declined = decline_talk(talk=talk, answer="Too long; five minutes would do.", by=talk.meetup.host, at=NOW)
    assert (declined.state, declined.slot, free_slots(talk.meetup).count()) == ("declined", None, 2)


def test_a_no_can_become_a_yes_but_not_twice():
    talk = make_talk()
    decline_talk(talk=talk, answer="Not this time.", by=talk.meetup.host, at=NOW)
    with pytest.raises(Conflict):
        decline_talk(talk=talk, answer="Again.", by=talk.meetup.host, at=NOW)
    assert accept(talk, answer="After all.").state == "accepted"
    with pytest.raises(Conflict):
        accept(talk)


def test_its_speaker_takes_it_back_until_it_begins():
    talk = make_talk(accepted=True)
    with pytest.raises(NotAllowed):
        withdraw_talk(talk=talk, by=talk.meetup.host, at=NOW)
    with pytest.raises(Conflict):
        withdraw_talk(talk=talk, by=talk.speaker, at=talk.meetup.starts_at)
    assert withdraw_talk(talk=talk, by=talk.speaker, at=NOW).slot is None


def test_the_host_hears_what_is_proposed_with_its_words():
    talk = make_talk(speaker=make_member("Aino Virtanen"))
    assert told(talk.meetup.host) == [
        ("Aino Virtanen proposes a talk for “Linden in Leipzig”: “Sleeping by day”", "Eleven years of nights.")
    ]
    assert told(talk.speaker) == []


def test_the_speaker_hears_yes_with_what_the_host_said():
    talk = accept(make_talk(), answer="Bring the gloves.")
    assert told(talk.speaker) == [("“Sleeping by day” is in the programme of “Linden in Leipzig”", "Bring the gloves.")]


def test_the_speaker_hears_no_with_the_reason():
    talk = make_talk()
    decline_talk(talk=talk, answer="In spring, please.", by=talk.meetup.host, at=NOW)
    assert told(talk.speaker) == [("“Sleeping by day” does not fit into “Linden in Leipzig” this time", "In spring, please.")]


def test_a_host_who_talks_at_their_own_meetup_is_not_told_so():
    meetup = with_slots()
    accept(make_talk(meetup, speaker=meetup.host))
    assert told(meetup.host) == []


def test_a_talk_that_leaves_the_programme_is_told_to_the_host_and_one_that_never_was_in_it_is_not():
    kept, loose = make_talk(accepted=True), make_talk()
    for talk in (kept, loose):
        withdraw_talk(talk=talk, by=talk.speaker, at=NOW)
    assert [said for said, _quote in told(kept.meetup.host)] == [
        "“Sleeping by day” is not in the programme of “Linden in Leipzig” any more, so its slot is free"
    ]
    assert told(loose.meetup.host) == []


def test_speakers_hear_that_it_is_off_though_they_answered_nothing():
    talk = make_talk(accepted=True)
    cancel_meetup(meetup=talk.meetup, by=talk.meetup.host, why="Ill.", at=NOW)
    assert ("“Linden in Leipzig” does not take place", "Ill.") in told(talk.speaker)


def test_calendars_read_the_programme_and_learn_that_it_changed():
    talk = make_talk(speaker=make_member("Aino Virtanen"), accepted=True)
    meetup = Meetup.objects.get(pk=talk.meetup_id)
    text = calendar([entry_of(meetup)], name="x").replace("\r\n ", "")
    assert "Sleeping by day – Aino Virtanen (10 min)" in text and "SEQUENCE:1" in text
    withdraw_talk(talk=talk, by=talk.speaker, at=NOW)
    meetup = Meetup.objects.get(pk=talk.meetup_id)
    assert meetup.revision == 2 and "Sleeping" not in entry_of(meetup).about


def test_a_proposal_changes_no_calendar():
    meetup = with_slots()
    make_talk(meetup)
    assert Meetup.objects.get(pk=meetup.pk).revision == 0


def test_who_may_see_which_talk():
    meetup = with_slots(2, host=make_member(), by=make_staff())
    shown, mine = make_talk(meetup, accepted=True), make_talk(meetup, title="Mine")
    keeper = make_moderator(board=meetup.board)
    seen = {name: set(Talk.objects.visible_to(viewer)) for name, viewer in {
        "visitor": None, "member": make_member(), "speaker": mine.speaker, "host": meetup.host, "keeper": keeper, "staff": make_staff()}.items()}  # fmt: skip
    assert seen["visitor"] == seen["member"] == {shown}
    assert seen["speaker"] == seen["host"] == seen["keeper"] == seen["staff"] == {shown, mine}


def test_what_is_taken_back_nobody_sees():
    talk = make_talk()
    withdraw_talk(talk=talk, by=talk.speaker, at=NOW)
    assert not Talk.objects.visible_to(make_staff()).exists() and not Talk.objects.visible_to(talk.speaker).exists()


def test_a_hidden_talk_leaves_its_slot_and_comes_back_as_a_proposal():
    talk = make_talk(accepted=True)
    keeper = make_moderator(board=talk.meetup.board)
    assert hide_talk(talk=talk, by=keeper, at=NOW).slot is None
    with pytest.raises(Conflict):
        hide_talk(talk=talk, by=keeper, at=NOW)
    assert show_talk(talk=talk, by=keeper, at=NOW).state == "proposed"
    with pytest.raises(Conflict):
        show_talk(talk=talk, by=keeper, at=NOW)


def test_nobody_else_hides_a_talk():
    talk = make_talk()
    for act in (hide_talk, show_talk):
        with pytest.raises(NotAllowed):
            act(talk=talk, by=talk.meetup.host if not talk.meetup.host.is_staff else make_member(), at=NOW)


def test_a_hidden_talk_is_neither_accepted_nor_taken_back():
    talk = make_talk()
    hide_talk(talk=talk, by=make_moderator(board=talk.meetup.board), at=NOW)
    with pytest.raises(Conflict):
        accept(talk)
    with pytest.raises(Conflict):
        withdraw_talk(talk=talk, by=talk.speaker, at=NOW)


def test_a_speaker_gets_the_link_and_one_who_is_not_accepted_does_not():
    meetup = with_slots(link="https://meet.example.org/x")
    yes, no = make_talk(meetup, accepted=True), make_talk(meetup)
    assert may_join(meetup, yes.speaker, None) and may_join(meetup, meetup.host, None)
    assert not may_join(meetup, no.speaker, None) and not may_join(meetup, None, None)


def test_the_page_knows_how_many_slots_are_free_until_it_begins():
    talk = make_talk(accepted=True)
    shown = talks_at(talk.meetup, talk.speaker, NOW)
    assert (shown["calls"], shown["programme"], shown["my_talks"]) == (1, [talk], [talk])
    assert talks_at(talk.meetup, None, talk.meetup.starts_at)["calls"] == 0


def test_who_leaves_frees_their_slot_and_what_is_over_keeps_its_programme():
    coming, past = make_talk(accepted=True), make_talk(accepted=True, title="Long ago")
    Meetup.objects.filter(pk=past.meetup_id).update(starts_at=NOW - HOUR)
    for talk in (coming, past):
        erase_all(Leaving(talk.speaker, True, NOW))
        talk.refresh_from_db()
    assert (coming.state, coming.slot, past.state) == ("withdrawn", None, "accepted")


def test_who_leaves_with_their_words_leaves_no_word_of_a_talk():
    talk = make_talk(accepted=True)
    Meetup.objects.filter(pk=talk.meetup_id).update(starts_at=NOW - HOUR)
    erase_all(Leaving(talk.speaker, False, NOW))
    talk.refresh_from_db()
    assert (talk.title, talk.about, talk.slot) == ("–", "", None)


def test_a_newcomer_may_propose_too():
    assert make_talk(speaker=make_newcomer()).state == "proposed"
