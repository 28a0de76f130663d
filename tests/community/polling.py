"""Polls for tests: asked by the real operation, one line each."""

from datetime import timedelta

from community.models import PollKind
from community.polls.asking import ask_poll
from community.polls.drafting import PollDraft
from community.polls.reading import read_polls
from community.polls.voting import cast_ballot
from tests.factories import NOW, make_member, make_post

COLOURS = ("Moss", "Slate", "Clay")


def make_poll(*options, post=None, at=NOW, days=7, **more):
    """An open single-choice poll that closes in a week, unless said otherwise."""
    post = post or make_post("Which colour next?", at=at)
    closes = at + timedelta(days=days) if days else None
    kind = more.get("kind", PollKind.SINGLE)
    if kind != PollKind.SINGLE:
        more.setdefault("most", len(options or COLOURS))
    draft = PollDraft(options or COLOURS, closes_at=closes, **more)
    return ask_poll(post=post, draft=draft, by=post.author, at=at)


def option(poll, text):
    return poll.options.get(text=text).pk


def say(poll, *texts, member=None, at=NOW):
    """Somebody's ballot, by the words of the options."""
    return cast_ballot(poll=poll, member=member or make_member(), choices=[option(poll, text) for text in texts], at=at)


def result(poll, viewer=None, at=NOW + timedelta(days=30)):
    """Option → votes, as shown to the viewer; empty where it is not shown."""
    view = read_polls([poll], viewer=viewer, at=at)[poll.pk]
    return {line.option.text: line.votes for line in view.lines}
