"""The notices of polls in words."""

from collections.abc import Sequence

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from community.digest_sections import short_address
from community.mail_render import tame_name
from community.models import Notice, Poll
from community.notice_words import Wording, worded
from community.polls.reading import PollView, read_polls
from community.rendering import plain


def _results(notices: Sequence[Notice]) -> dict[int, PollView]:
    """The results as everybody sees them."""
    polls = Poll.objects.filter(pk__in=[notice.post_id for notice in notices]).select_related("decided_by")
    return read_polls(polls, viewer=None, at=timezone.now())


@worded("poll_closed", prepare=_results)
def say_how_it_ended(notice: Notice, views: dict[int, PollView]) -> Wording | None:
    """A poll is closed: what won, of how many."""
    view = views.get(notice.post_id or 0)
    if view is None or notice.post is None or not view.shows_result:
        return None
    return Wording(
        sentence=_("The poll in “%(title)s” is closed: %(result)s") % {"title": notice.post.title, "result": result_of(view)},
        url=f"{short_address(notice.post)}#poll",
        action=_("See the whole result"),
    )


def result_of(view: PollView) -> str:
    """What won, and how many voted, in a line."""
    if not view.winners:
        return _("nobody voted")
    people = ngettext("%(count)s person voted", "%(count)s people voted", view.voters) % {"count": view.voters}
    names = " / ".join(option.text for option in view.winners)
    return _("“%(answer)s”, and %(people)s") % {"answer": names, "people": people}


@worded("poll_decided", prepare=_results)
def say_what_was_decided(notice: Notice, views: dict[int, PollView]) -> Wording | None:
    """The team says what it does with the result, in its words of now."""
    view = views.get(notice.post_id or 0)
    if view is None or notice.post is None or not view.poll.decision:
        return None
    name = tame_name(str(view.poll.decided_by)) if view.poll.decided_by else _("The team")
    return Wording(
        sentence=_("%(name)s says what becomes of the poll in “%(title)s”") % {"name": name, "title": notice.post.title},
        url=f"{short_address(notice.post)}#poll",
        quote=plain(view.poll.decision, 280),
        by=name,
        action=_("Read the decision"),
    )
