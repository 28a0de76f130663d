"""Entries are sent in, mended, taken back and hidden; co-authors are asked, and belong to the team once they agree."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from community import rendering
from community.activity import record
from community.models import Board, Contest, ContestEntry, EntryState, FanVote, Member, Teammate
from community.pictures.attachments import settle_pictures
from community.privileges import Privilege, moderates, require, require_moderator
from community.refusals import Conflict, Invalid, NotAllowed
from community.verbs import ContestEntered, ContestEntryChanged, TeammateAnswered, TeammateAsked, Verb

LONGEST_REASON = 280


@transaction.atomic
def enter_contest(
    *, contest: Contest, author: Member, title: str, body: str, at: datetime, team: Sequence[str] = ()
) -> ContestEntry:
    """The entry takes part, and whoever is named as a co-author is asked.

    team: usernames. Raises NotAllowed for whom the board does not let post and for staff, Conflict while no entries are
    taken or once the author has sent as many as one may, Invalid for what does not fit.
    """
    require(author, Privilege.WRITE)
    if author.is_staff:
        raise NotAllowed(_("Contests are for the community: staff do not enter them."))
    if not Board.objects.open_to(author, "post").filter(pk=contest.board_id).exists():
        raise NotAllowed(_("This contest is not open for your entries."))
    if not contest.takes_entries(at):
        raise Conflict(_("This contest takes no entries now."))
    line, text = _check_title(title), _check_body(body)
    entry = ContestEntry(contest=contest, author=author, title=line, body=text)
    entry.created_at, entry.number = at, _free_number(contest, author)
    try:
        with transaction.atomic():
            entry.save()
    except IntegrityError as raced:
        raise Conflict(_("You have just sent an entry. Please look at it first.")) from raced
    _dress(entry, by=author, at=at)
    record(
        Verb.CONTEST_ENTERED,
        key=f"contest_entered:{entry.pk}",
        actor=author,
        subject=entry.pk,
        data=ContestEntered(contest_id=contest.pk),
        at=at,
    )
    _ask_team(entry, team, at)
    return entry


@transaction.atomic
def edit_entry(
    *, entry: ContestEntry, by: Member, title: str, body: str, at: datetime, team: Sequence[str] = ()
) -> ContestEntry:
    """The entry says something else, while entries are taken; the team is whoever is named now."""
    entry = _locked(entry)
    _check_own(entry, by)
    if not entry.contest.takes_entries(at):
        raise Conflict(_("Entries are closed, so this one stays as it is."))
    entry.title, entry.body, entry.edited_at = _check_title(title), _check_body(body), at
    entry.save(update_fields=["title", "body", "edited_at"])
    _dress(entry, by=by, at=at)
    _tell_change(entry, "edited", by, at)
    _ask_team(entry, team, at)
    return entry


@transaction.atomic
def withdraw_entry(*, entry: ContestEntry, by: Member, at: datetime) -> ContestEntry:
    """The entry takes part no more, and its author may send another one. Votes it had are free again."""
    entry = _locked(entry)
    _check_own(entry, by)
    if not entry.contest.takes_entries(at):
        raise Conflict(_("Entries are closed. Please write to a moderator if yours has to go."))
    FanVote.objects.filter(entry=entry).delete()
    return _turn(entry, EntryState.WITHDRAWN, "withdrawn", by, at)


@transaction.atomic
def hide_entry(*, entry: ContestEntry, reason: str, by: Member, at: datetime) -> ContestEntry:
    """Only its team and moderators still see the entry, with the reason; its prize, if any, is taken back."""
    entry = _locked(entry)
    require_moderator(by, entry.contest.board_id)
    words = " ".join(reason.split())
    if not words or len(words) > LONGEST_REASON:
        sentence = _("Please give a reason of at most 280 signs. Its team reads it.")
        raise Invalid(sentence, fields={"reason": sentence})
    entry.hidden_reason, entry.hidden_by = words, by
    return _turn(entry, EntryState.HIDDEN, "hidden", by, at)


@transaction.atomic
def show_entry(*, entry: ContestEntry, by: Member, at: datetime) -> ContestEntry:
    """A hidden entry takes part again."""
    entry = _locked(entry)
    require_moderator(by, entry.contest.board_id)
    if entry.state != EntryState.HIDDEN:
        raise Conflict(_("That was done already."))
    entry.hidden_reason, entry.hidden_by = "", None
    return _turn(entry, EntryState.VISIBLE, "shown", by, at)


@transaction.atomic
def answer_invitation(*, entry: ContestEntry, member: Member, agreed: bool, at: datetime) -> None:
    """The member belongs to the team and is named with it; or is not asked any more.

    Whoever agreed can leave until the result is announced.
    """
    if entry.contest.announced_at is not None:
        raise Conflict(_("The result is announced, so the team stays as it was."))
    place = Teammate.objects.select_for_update(no_key=True).filter(entry=entry, member=member).first()
    if place is None:
        raise Conflict(_("You are not asked to join this entry, or not any more."))
    if agreed and place.agreed_at is not None:
        return
    if agreed:
        place.agreed_at = at
        place.save(update_fields=["agreed_at"])
    else:
        place.delete()
    key = f"teammate_answered:{entry.pk}:{member.pk}:{at.isoformat()}"
    fact = TeammateAnswered(contest_id=entry.contest_id, member_id=member.pk, agreed=agreed)
    record(Verb.TEAMMATE_ANSWERED, key=key, actor=member, subject=entry.pk, data=fact, at=at)


def _dress(entry: ContestEntry, *, by: Member, at: datetime) -> None:
    """The entry has its pictures, and its HTML shows them. Raises Invalid where one has no words."""
    entry.body_html = rendering.render(entry.body, pictures=settle_pictures(entry, by=by, at=at))
    entry.save(update_fields=["body_html"])


def team_ids(entry: ContestEntry) -> list[int]:
    """The author, and whoever agreed to be named, in the order they joined."""
    agreed = entry.team.filter(agreed_at__isnull=False).order_by("agreed_at", "pk").values_list("member_id", flat=True)
    return [entry.author_id, *agreed]


def is_own(entry: ContestEntry, member: Member) -> bool:
    """Whether the member has a hand in the entry, agreed or only asked."""
    return entry.author_id == member.pk or entry.team.filter(member=member).exists()


def _check_title(title: str) -> str:
    line = " ".join(title.replace("\x00", "").split())
    if not 2 <= len(line) <= 120:
        sentence = _("Please give your entry a name of at most 120 signs.")
        raise Invalid(sentence, fields={"title": sentence})
    return line


def _check_body(body: str) -> str:
    text = rendering.check_source(body)
    if not text:
        sentence = _("Please tell what your entry is about.")
        raise Invalid(sentence, fields={"body": sentence})
    return text


def _free_number(contest: Contest, author: Member) -> int:
    sent = ContestEntry.objects.filter(contest=contest, author=author).exclude(state=EntryState.WITHDRAWN)
    taken = set(sent.values_list("number", flat=True))
    free = [number for number in range(1, contest.entries_each + 1) if number not in taken]
    if not free:
        raise Conflict(_("You have sent all the entries you may. You can change them, or take one back."))
    return free[0]


def _ask_team(entry: ContestEntry, usernames: Iterable[str], at: datetime) -> None:
    wanted = list(dict.fromkeys(name.strip().lstrip("@") for name in usernames if name.strip()))
    people = {person.username: person for person in Member.objects.open().claimed().filter(username__in=wanted)}
    missing = [name for name in wanted if name not in people]
    if missing:
        sentence = _("There is no member called %(name)s.") % {"name": missing[0]}
        raise Invalid(sentence, fields={"team": sentence})
    mates = [person for person in people.values() if person.pk != entry.author_id]
    if any(person.is_staff for person in mates):
        sentence = _("Contests are for the community: staff do not enter them.")
        raise Invalid(sentence, fields={"team": sentence})
    if len(mates) + 1 > entry.contest.team_most:
        sentence = _("A team has at most %(most)s people, you included.") % {"most": entry.contest.team_most}
        raise Invalid(sentence, fields={"team": sentence})
    entry.team.exclude(member__in=mates).delete()
    there = set(entry.team.values_list("member_id", flat=True))
    for person in sorted(mates, key=lambda one: one.pk):
        if person.pk not in there:
            Teammate.objects.create(entry=entry, member=person, invited_at=at)
            fact = TeammateAsked(contest_id=entry.contest_id, member_id=person.pk)
            key = f"teammate_asked:{entry.pk}:{person.pk}:{at.isoformat()}"
            record(Verb.TEAMMATE_ASKED, key=key, actor=entry.author, subject=entry.pk, data=fact, at=at)


def _locked(entry: ContestEntry) -> ContestEntry:
    entries = ContestEntry.objects.select_for_update(no_key=True, of=("self",)).select_related("contest__board", "author")
    return entries.get(pk=entry.pk)


def _check_own(entry: ContestEntry, by: Member) -> None:
    if entry.author_id != by.pk:
        raise NotAllowed(_("Only who sent the entry can change it."))
    if entry.state != EntryState.VISIBLE:
        raise Conflict(_("This entry does not take part now."))


def _turn(entry: ContestEntry, state: EntryState, moment: str, by: Member, at: datetime) -> ContestEntry:
    if entry.state == state:
        raise Conflict(_("That was done already."))
    if entry.state == EntryState.WITHDRAWN:
        raise Conflict(_("This entry was taken back."))
    entry.state = state
    entry.save(update_fields=["state", "hidden_reason", "hidden_by"])
    _tell_change(entry, moment, by, at)
    return entry


def _tell_change(entry: ContestEntry, moment: str, by: Member, at: datetime) -> None:
    fact = ContestEntryChanged(contest_id=entry.contest_id, moment=moment, state=EntryState(entry.state).value)
    key = f"contest_entry_changed:{entry.pk}:{moment}:{at.isoformat()}"
    record(Verb.CONTEST_ENTRY_CHANGED, key=key, actor=by, subject=entry.pk, data=fact, at=at)


def may_moderate(entry: ContestEntry, viewer: Member | None) -> bool:
    return viewer is not None and moderates(viewer, entry.contest.board_id)
