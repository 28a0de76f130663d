"""Polls are asked, mended before the first vote, closed and decided on. Once somebody has voted, the result stays."""

from datetime import datetime

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from community import rendering
from community.activity import record
from community.models import Ballot, Member, Poll, PollOption, PollWeight, Post, PostKind
from community.polls.drafting import PollDraft
from community.privileges import Privilege, moderates, require
from community.refusals import Conflict, Invalid, NotAllowed
from community.verbs import PollClosed, PollDecided, Verb

WISHES = (PostKind.SUGGESTION, PostKind.BUG)


@transaction.atomic
def ask_poll(*, post: Post, draft: PollDraft, by: Member, at: datetime) -> Poll:
    """The post asks the poll.

    Raises Invalid where the post is a suggestion or a bug, Conflict where it asks one already, NotAllowed for others' posts.
    """
    _may_change(post, by)
    if post.kind in WISHES:
        raise Invalid(no_poll_for_a_wish(), fields={"poll_options": no_poll_for_a_wish()})
    poll, fresh = Poll.objects.get_or_create(post=post, defaults=_values(draft))
    if not fresh:
        raise Conflict(_("This post has a poll already."))
    _set_options(poll, draft)
    return poll


def no_poll_for_a_wish() -> str:
    return _("A suggestion or a bug is voted for itself. Please choose another kind, or leave the poll out.")


@transaction.atomic
def edit_poll(*, poll: Poll, draft: PollDraft, by: Member, at: datetime) -> Poll:
    """The poll asks something else. Raises Conflict once somebody has voted: their answer keeps its question."""
    poll = _locked(poll)
    _may_change(poll.post, by)
    _refuse_if_voted(poll, _("Somebody has voted already, so the poll stays as it is. You can close it early."))
    if poll.ended_at(at):
        raise Conflict(_("This poll is closed."))
    for name, value in _values(draft).items():
        setattr(poll, name, value)
    poll.save(update_fields=list(_values(draft)))
    try:
        with transaction.atomic():
            # A ballot may arrive at this very moment; the options it names cannot go, and its voter wins.
            poll.options.all().delete()
            connection.check_constraints()
            _set_options(poll, draft)
    except IntegrityError as raced:
        raise Conflict(_("Somebody has just voted, so the poll stays as it is.")) from raced
    return poll


@transaction.atomic
def drop_poll(*, poll: Poll) -> None:
    """The post asks nothing any more. Raises Conflict once somebody has voted: a result is never taken away."""
    poll = _locked(poll)
    refuse_if_voted(poll)
    poll.options.all().delete()
    poll.delete()


def refuse_if_voted(poll: Poll) -> None:
    """Raises Conflict once anybody has voted."""
    _refuse_if_voted(poll, _("People have voted in this poll, and a result stays. You can close the poll early instead."))


@transaction.atomic
def close_poll(*, poll: Poll, by: Member, at: datetime) -> Poll:
    """The poll takes no more votes, from now on, and whoever voted hears of the result."""
    poll = _locked(poll)
    _may_change(poll.post, by)
    if poll.ended_at(at):
        raise Conflict(_("This poll is closed already."))
    poll.closed_at, poll.closed_by = at, by
    poll.save(update_fields=["closed_at", "closed_by"])
    return _announce(poll, by=by, at=at)


@transaction.atomic
def announce_closed_polls(*, at: datetime, most: int = 100) -> int:
    """The closing of every poll whose time has come is on record; how many those were.

    Closing itself follows from the dates; this only lets people hear of it.
    """
    # Two sweeps may overlap; each takes what the other has not.
    due = Poll.objects.select_for_update(no_key=True, skip_locked=True, of=("self",)).unannounced(at=at)
    polls = list(due.order_by("pk")[:most])
    for poll in polls:
        _announce(poll, by=None, at=at)
    return len(polls)


def _announce(poll: Poll, *, by: Member | None, at: datetime) -> Poll:
    poll.told_at = at
    poll.save(update_fields=["told_at"])
    voters = Ballot.objects.filter(poll=poll).count()
    fact = PollClosed(voters=voters, early=poll.closed_at is not None)
    record(Verb.POLL_CLOSED, key=f"poll_closed:{poll.pk}", actor=by, subject=poll.pk, data=fact, at=at)
    return poll


@transaction.atomic
def decide_poll(*, poll: Poll, text: str, by: Member, at: datetime) -> Poll:
    """The team's word on what it does with the result stands under it, by name; whoever voted hears of it."""
    require(by, Privilege.TRIAGE)
    poll = _locked(poll)
    if not poll.ended_at(at):
        raise Conflict(_("The poll is still open. Please decide once everybody has had their say."))
    said = rendering.check_source(text)
    if not said:
        sentence = _("Please say what you do with the result, and why.")
        raise Invalid(sentence, fields={"decision": sentence})
    if said == poll.decision:
        return poll
    poll.decision, poll.decision_html, poll.decided_by, poll.decided_at = said, rendering.render(said), by, at
    poll.save(update_fields=["decision", "decision_html", "decided_by", "decided_at"])
    key = f"poll_decided:{poll.pk}:{at.isoformat()}"
    fact = PollDecided(weight=PollWeight(poll.weight).value)
    record(Verb.POLL_DECIDED, key=key, actor=by, subject=poll.pk, data=fact, at=at)
    return poll


def _values(draft: PollDraft) -> dict[str, object]:
    names = ("kind", "least", "most", "shows", "weight", "closes_at")
    return {name: getattr(draft, name) for name in names}


def _set_options(poll: Poll, draft: PollDraft) -> None:
    PollOption.objects.bulk_create(
        PollOption(poll=poll, position=place, text=text) for place, text in enumerate(draft.options, start=1)
    )


def _locked(poll: Poll) -> Poll:
    polls = Poll.objects.select_for_update(no_key=True, of=("self",)).select_related("post__board")
    return polls.get(pk=poll.pk)


def _may_change(post: Post, by: Member) -> None:
    if post.author_id != by.pk and not moderates(by, post.board_id):
        raise NotAllowed(_("Only its author can change this."))


def _refuse_if_voted(poll: Poll, sentence: str) -> None:
    if Ballot.objects.filter(poll=poll).exists():
        raise Conflict(sentence)
