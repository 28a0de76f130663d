"""Talks: the host opens slots, members propose, the host says yes or kindly no; the accepted ones are the programme."""

from datetime import datetime

from django.db import transaction
from django.db.models import F, Max, QuerySet, Sum
from django.utils.translation import gettext as _

from community.activity import record
from community.models import Meetup, Member, Talk, TalkSlot, TalkState
from community.privileges import Privilege, has, require, require_moderator
from community.refusals import Conflict, Invalid, NotAllowed
from community.verbs import SlotsChanged, TalkChanged, TalkProposed, Verb

MOST_SLOTS = 12
MOST_EACH = 3  # proposals of one member for one meetup that are not taken back
MINUTES = (5, 120)
LONGEST_ABOUT, LONGEST_ANSWER = 1000, 280


def may_host(meetup: Meetup, member: Member | None) -> bool:
    return member is not None and (member.pk == meetup.host_id or has(member, Privilege.TRIAGE))


@transaction.atomic
def open_slots(*, meetup: Meetup, count: int, minutes: int, by: Member, at: datetime) -> list[TalkSlot]:
    """So many more slots of this length are open, behind those there are.

    Raises Invalid for what does not fit into the meetup, Conflict once it has begun or is off.
    """
    row = _hosted(meetup, by, at)
    if not MINUTES[0] <= minutes <= MINUTES[1]:
        raise _refuse(_("A talk takes 5 to 120 minutes."), "minutes")
    there = row.slots.aggregate(last=Max("position"), minutes=Sum("minutes"))
    if not 1 <= count <= MOST_SLOTS - row.slots.count():
        raise _refuse(_("A meetup has at most %(most)s slots.") % {"most": MOST_SLOTS}, "count")
    if (there["minutes"] or 0) + count * minutes > (row.ends_at - row.starts_at).total_seconds() / 60:
        raise _refuse(_("So many minutes do not fit between beginning and end."), "minutes")
    first = (there["last"] or 0) + 1
    made = TalkSlot.objects.bulk_create(
        TalkSlot(meetup=row, position=place, minutes=minutes) for place in range(first, first + count)
    )
    _record_slots(row, count, minutes, by, at)
    return made


@transaction.atomic
def close_slot(*, slot: TalkSlot, by: Member, at: datetime) -> None:
    """The slot is not there any more. Raises Conflict where a talk has it."""
    row = _hosted(slot.meetup, by, at)
    if Talk.objects.filter(slot=slot).exists():
        raise Conflict(_("A talk has this slot. Please say no to it first."))
    _record_slots(row, -1, slot.minutes, by, at)
    slot.delete()


@transaction.atomic
def propose_talk(*, meetup: Meetup, speaker: Member, title: str, about: str, at: datetime) -> Talk:
    """The host has the proposal before them.

    Raises Conflict where no slot is free or the meetup has begun, and after three proposals; Invalid without a title.
    """
    require(speaker, Privilege.WRITE)
    row = _locked(meetup)
    if not row.takes_talks(at) or not free_slots(row):
        raise Conflict(_("This meetup takes no more talks."))
    line, text = " ".join(title.replace("\x00", "").split()), about.replace("\x00", "").strip()
    if not 2 <= len(line) <= 120:
        raise _refuse(_("Please give your talk a title of at most 120 signs."), "title")
    if len(text) > LONGEST_ABOUT:
        raise _refuse(_("Please keep it to 1,000 signs."), "about")
    if row.talks.filter(speaker=speaker).exclude(state=TalkState.WITHDRAWN).count() >= MOST_EACH:
        raise Conflict(_("You have proposed three talks here. Take one back to propose another."))
    talk = Talk.objects.create(meetup=row, speaker=speaker, title=line, about=text, created_at=at)
    fact = TalkProposed(meetup_id=row.pk)
    record(Verb.TALK_PROPOSED, key=f"talk_proposed:{talk.pk}", actor=speaker, subject=talk.pk, data=fact, at=at)
    return talk


@transaction.atomic
def accept_talk(*, talk: Talk, slot: TalkSlot, by: Member, at: datetime, answer: str = "") -> Talk:
    """The talk is in the programme, at the time of this slot, and its speaker hears of it."""
    row = _hosted(talk.meetup, by, at)
    talk = _fresh(talk)
    if talk.state not in (TalkState.PROPOSED, TalkState.DECLINED):
        raise Conflict(_("This talk cannot be accepted now."))
    if slot.meetup_id != row.pk or not free_slots(row).filter(pk=slot.pk).exists():
        raise Conflict(_("This slot is taken. Please choose another one."))
    return _turn(talk, TalkState.ACCEPTED, by, at, slot=slot, answer=_answer(answer))


@transaction.atomic
def decline_talk(*, talk: Talk, answer: str, by: Member, at: datetime) -> Talk:
    """Not this time, and why; a slot it had is free again. Raises Invalid without a reason."""
    _hosted(talk.meetup, by, at)
    talk, said = _fresh(talk), _answer(answer)
    if talk.state not in (TalkState.PROPOSED, TalkState.ACCEPTED):
        raise Conflict(_("That was done already."))
    if not said:
        raise _refuse(_("Please say why, in a kind sentence."), "answer")
    return _turn(talk, TalkState.DECLINED, by, at, slot=None, answer=said)


@transaction.atomic
def withdraw_talk(*, talk: Talk, by: Member, at: datetime) -> Talk:
    """The speaker takes it back; a slot it had is free again, and then the host hears of it."""
    _locked(talk.meetup)
    talk = _fresh(talk)
    if talk.speaker_id != by.pk:
        raise NotAllowed(_("Only who proposed the talk can take it back."))
    if not talk.can_be_taken_back(at):
        raise Conflict(_("This talk cannot be taken back now."))
    return _turn(talk, TalkState.WITHDRAWN, by, at, slot=None, answer=talk.answer)


@transaction.atomic
def hide_talk(*, talk: Talk, by: Member, at: datetime) -> Talk:
    """Only its speaker, the host and moderators see it; a slot it had is free again."""
    _locked(talk.meetup)
    talk = _fresh(talk)
    require_moderator(by, talk.meetup.board_id)
    if talk.state in (TalkState.HIDDEN, TalkState.WITHDRAWN):
        raise Conflict(_("That was done already."))
    return _turn(talk, TalkState.HIDDEN, by, at, slot=None, answer=talk.answer)


@transaction.atomic
def show_talk(*, talk: Talk, by: Member, at: datetime) -> Talk:
    """The talk is proposed again: its slot may be somebody else's by now, so the host says anew."""
    _locked(talk.meetup)
    talk = _fresh(talk)
    require_moderator(by, talk.meetup.board_id)
    if talk.state != TalkState.HIDDEN:
        raise Conflict(_("That was done already."))
    return _turn(talk, TalkState.PROPOSED, by, at, slot=None, answer="")


def free_slots(meetup: Meetup) -> QuerySet[TalkSlot]:
    return TalkSlot.objects.filter(meetup=meetup, talk=None)


def _turn(talk: Talk, state: TalkState, by: Member, at: datetime, *, slot: TalkSlot | None, answer: str) -> Talk:
    before, talk.state = TalkState(talk.state), state
    talk.slot, talk.answer, talk.answered_at = slot, answer, at
    talk.save(update_fields=["state", "slot", "answer", "answered_at"])
    if TalkState.ACCEPTED in (before, state):
        # Calendars read the programme, too.
        Meetup.objects.filter(pk=talk.meetup_id).update(revision=F("revision") + 1)
    fact = TalkChanged(meetup_id=talk.meetup_id, state=state.value, before=before.value)
    key = f"talk_changed:{talk.pk}:{state}:{at.isoformat()}"
    record(Verb.TALK_CHANGED, key=key, actor=by, subject=talk.pk, data=fact, at=at)
    return talk


def _record_slots(meetup: Meetup, count: int, minutes: int, by: Member, at: datetime) -> None:
    fact = SlotsChanged(count=count, minutes=minutes)
    key = f"slots_changed:{meetup.pk}:{count}:{at.isoformat()}"
    record(Verb.SLOTS_CHANGED, key=key, actor=by, subject=meetup.pk, data=fact, at=at)


def _locked(meetup: Meetup) -> Meetup:
    # Two may want the last slot at once; the meetup's row decides who comes first.
    return Meetup.objects.select_for_update(no_key=True).get(pk=meetup.pk)


def _hosted(meetup: Meetup, by: Member, at: datetime) -> Meetup:
    row = _locked(meetup)
    if by.pk != row.host_id:
        require(by, Privilege.TRIAGE)
    if not row.takes_talks(at):
        raise Conflict(_("The programme stays as it is once the meetup has begun or is off."))
    return row


def _fresh(talk: Talk) -> Talk:
    return Talk.objects.select_for_update(no_key=True, of=("self",)).select_related("meetup").get(pk=talk.pk)


def _answer(said: str) -> str:
    return " ".join(said.replace("\x00", "").split())[:LONGEST_ANSWER]


def _refuse(sentence: str, field: str) -> Invalid:
    return Invalid(sentence, fields={field: sentence})
