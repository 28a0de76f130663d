"""What somebody typed to ask a poll becomes a poll that can be asked, or says what to mend."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from community.models import Member, Poll, PollKind, PollShows, PollWeight
from community.privileges import Privilege, has
from community.refusals import Invalid, NotAllowed

FEWEST, MOST, LONGEST = 2, 12, 120
OPEN_AT_MOST = timedelta(days=366)
# The names of the fields in any form that asks for a poll.
FIELDS = ("poll_options", "poll_kind", "poll_least", "poll_most", "poll_shows", "poll_closes", "poll_weight")


@dataclass(frozen=True)
class PollDraft:
    """A poll about to be asked."""

    options: tuple[str, ...]
    kind: str = PollKind.SINGLE
    least: int = 1
    most: int = 1
    shows: str = PollShows.VOTED
    weight: str = PollWeight.NONE
    closes_at: datetime | None = None


def asks_poll(typed: Mapping[str, Any]) -> bool:
    """Whether anything was typed that asks for a poll."""
    return bool(str(typed.get("poll_options") or "").strip())


def read_draft(typed: Mapping[str, Any], *, by: Member, at: datetime) -> PollDraft:
    """The poll as it was typed, under the names of FIELDS.

    Raises Invalid for what does not fit, NotAllowed where the weight is not the author's to give.
    """
    options = _options(str(typed.get("poll_options") or ""))
    kind = _choice(typed, "poll_kind", PollKind.values, PollKind.SINGLE)
    weight = _choice(typed, "poll_weight", PollWeight.values, PollWeight.NONE)
    if weight and not has(by, Privilege.TRIAGE):
        raise NotAllowed(_("Only staff can promise what becomes of a poll's result."))
    least, most = _bounds(typed, kind, len(options))
    shows = _choice(typed, "poll_shows", PollShows.values, PollShows.VOTED)
    return PollDraft(options, kind, least, most, shows, weight, _closing(str(typed.get("poll_closes") or ""), at))


def typed_from(poll: Poll) -> dict[str, str]:
    """The poll as its form shows it."""
    closes = timezone.localtime(poll.closes_at).strftime("%Y-%m-%dT%H:%M") if poll.closes_at else ""
    options = "\n".join(option.text for option in poll.options.all())
    shown = {"kind": poll.kind, "least": poll.least, "most": poll.most, "shows": poll.shows, "weight": poll.weight}
    return {"poll_options": options, "poll_closes": closes} | {f"poll_{name}": str(value) for name, value in shown.items()}


def _refuse(sentence: str, field: str) -> Invalid:
    return Invalid(sentence, fields={field: sentence})


def _options(text: str) -> tuple[str, ...]:
    lines = [" ".join(line.split()) for line in text.replace("\x00", "").splitlines()]
    options = [line for line in lines if line]
    if len(options) < FEWEST:
        raise _refuse(_("A poll needs at least two options, one on each line."), "poll_options")
    if len(options) > MOST:
        raise _refuse(_("A poll has at most 12 options. Please leave some out."), "poll_options")
    if len({option.casefold() for option in options}) < len(options):
        raise _refuse(_("Two options of the poll say the same."), "poll_options")
    if any(len(option) > LONGEST for option in options):
        raise _refuse(_("An option is at most 120 signs long."), "poll_options")
    return tuple(options)


def _choice(typed: Mapping[str, Any], name: str, known: list[str], default: str) -> str:
    value = str(typed.get(name) or default)
    if value not in known:
        raise _refuse(_("Please choose one of the answers offered."), name)
    return value


def _bounds(typed: Mapping[str, Any], kind: str, options: int) -> tuple[int, int]:
    if kind == PollKind.SINGLE:
        return 1, 1
    least, most = _number(typed, "poll_least", 1), _number(typed, "poll_most", options)
    if not 1 <= least <= most:
        raise _refuse(_("At least one option is named, and no more than the most."), "poll_least")
    if least > options:
        raise _refuse(_("There are not so many options to choose from."), "poll_least")
    return least, min(most, options)


def _number(typed: Mapping[str, Any], name: str, default: int) -> int:
    value = str(typed.get(name) or "").strip()
    if not value:
        return default
    if not (value.isascii() and value.isdigit() and len(value) < 4):
        raise _refuse(_("Please write a number."), name)
    return int(value)


def _closing(text: str, at: datetime) -> datetime | None:
    if not text.strip():
        return None
    try:
        moment = parse_datetime(text.strip())
    except ValueError:
        moment = None
    if moment is None:
        raise _refuse(_("Please give a day and a time for the poll to close."), "poll_closes")
    closes = moment if timezone.is_aware(moment) else timezone.make_aware(moment)
    if not at < closes <= at + OPEN_AT_MOST:
        raise _refuse(_("The poll closes in the future, within a year."), "poll_closes")
    return closes
