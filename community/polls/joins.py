"""A poll typed with a post is asked with it; a poll that people voted in is not taken away with its post."""

from community.joins import Joined, Moment, joins
from community.models import Poll, PostKind
from community.polls.asking import WISHES, ask_poll, drop_poll, no_poll_for_a_wish, refuse_if_voted
from community.polls.drafting import asks_poll, read_draft
from community.refusals import Invalid

TALKS = tuple(kind for kind in PostKind if kind not in WISHES)


@joins(*TALKS, on=Moment.WRITTEN)
def ask_with_post(told: Joined) -> None:
    """The post asks the poll that was typed with it."""
    if asks_poll(told.extras):
        ask_poll(post=told.post, draft=read_draft(told.extras, by=told.by, at=told.at), by=told.by, at=told.at)


@joins(*WISHES, on=Moment.WRITTEN)
def refuse_with_wish(told: Joined) -> None:
    """A wish asks nothing: it is voted for itself."""
    if asks_poll(told.extras):
        raise Invalid(no_poll_for_a_wish(), fields={"poll_options": no_poll_for_a_wish()})


@joins(*WISHES, on=Moment.CONVERTED)
def leave_poll(told: Joined) -> None:
    """What became a wish asks nothing any more. Raises Conflict once somebody has voted."""
    for poll in Poll.objects.filter(post=told.post):
        drop_poll(poll=poll)


@joins(*PostKind, on=Moment.DELETED)
def keep_result(told: Joined) -> None:
    """Raises Conflict where people voted: a poll that went wrong is not made to vanish, by its author or by staff."""
    for poll in Poll.objects.filter(post=told.post):
        refuse_if_voted(poll)
