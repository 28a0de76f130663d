"""Screening: what is asked before a text stands. The most severe answer wins: refused, held for a moderator, let through.

`posts` and `comments` ask here and know nothing of who answers; an area registers its screens in a module `screens`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from community.models import Board, Comment, Hold, Member, Post, PostState, TargetKind
from community.refusals import Conflict


@dataclass(frozen=True)
class Manner:
    """How a text came in. by: "page" or "token". typed_ms: how long its form was open; None: nobody knows.

    trapped: a field that people do not see was filled in.
    """

    by: str = "page"
    typed_ms: int | None = None
    trapped: bool = False

    def kept(self) -> dict[str, Any]:
        """As a session keeps it, while its writer signs in."""
        return {"by": self.by, "typed_ms": self.typed_ms, "trapped": self.trapped}

    @classmethod
    def from_kept(cls, data: Any) -> "Manner":
        """As a session kept it; whatever else is there came from a page that said nothing."""
        known = data if isinstance(data, Mapping) else {}
        typed = known.get("typed_ms")
        return cls(str(known.get("by", "page")), typed if isinstance(typed, int) else None, bool(known.get("trapped")))


@dataclass(frozen=True)
class Text:
    """A text that is about to stand. kind: the post's kind, or "comment". edited: what it replaces, None where it is new."""

    author: Member
    board: Board
    kind: str
    title: str
    body: str
    at: datetime
    manner: Manner
    edited: Post | Comment | None = None


@dataclass(frozen=True)
class Answer:
    """A screen's wish that the text waits: why, as codes, and what moderators should see of it."""

    reasons: tuple[str, ...]
    signals: Mapping[str, Any] = field(default_factory=dict)


# A screen answers None to let the text through, or raises Refused where it may not stand at all.
Screen = Callable[[Text], Answer | None]
REGISTER: dict[str, Screen] = {}


def screens(name: str) -> Callable[[Screen], Screen]:
    """The function is asked about every text that a person writes or edits."""

    def register(run: Screen) -> Screen:
        REGISTER[name] = run
        return run

    return register


def screen(text: Text) -> Answer | None:
    """What all screens say together; None lets the text through. Raises Refused where one of them refuses it."""
    answers = [answer for _name, run in sorted(REGISTER.items()) if (answer := run(text))]
    if not answers:
        return None
    reasons = tuple(dict.fromkeys(reason for answer in answers for reason in answer.reasons))
    signals = {name: value for answer in answers for name, value in answer.signals.items()}
    return Answer(reasons, signals)


def keep_hold(
    thing: Post | Comment, answer: Answer, *, at: datetime, fresh: bool, extras: Mapping[str, Any] | None = None
) -> Hold:
    """It is on record why the text waits; what waits already goes on waiting, for the first reasons and these."""
    kind, board_id = kind_of(thing), thing.board_id if isinstance(thing, Post) else thing.post.board_id
    told = {"reasons": list(answer.reasons), "signals": dict(answer.signals), "extras": dict(extras or {})}
    hold, made = Hold.objects.get_or_create(
        target_kind=kind, target_id=thing.pk, settled_at=None,
        defaults=told | {"board_id": board_id, "author_id": thing.author_id, "fresh": fresh, "at": at},
    )  # fmt: skip
    if not made:
        hold.reasons = list(dict.fromkeys([*hold.reasons, *answer.reasons]))
        hold.signals = {**hold.signals, **answer.signals}
        hold.save(update_fields=["reasons", "signals"])
    return hold


def take_hold(thing: Post | Comment, *, at: datetime) -> Hold:
    """The text waits no longer. Raises Conflict where it does not wait any more: somebody else was quicker."""
    found: Hold | None = Hold.objects.select_for_update(no_key=True).about(kind_of(thing), thing.pk).open().first()
    # What its author took back meanwhile is theirs, whatever a moderator's page still shows.
    if found is None or thing.state != PostState.HELD:
        raise Conflict(_("Somebody else has decided this a moment ago."))
    found.settled_at = at
    found.save(update_fields=["settled_at"])
    return found


def settle_holds(thing: Post | Comment, *, at: datetime) -> None:
    """Nothing keeps the text waiting any more."""
    Hold.objects.about(kind_of(thing), thing.pk).open().update(settled_at=at)


def extras_of(thing: Post | Comment) -> Mapping[str, Any]:
    """The further answers of the form that the text came with."""
    found: Mapping[str, Any] | None = (
        Hold.objects.about(kind_of(thing), thing.pk).filter(fresh=True).values_list("extras", flat=True).first()
    )
    return found or {}


def kind_of(thing: Post | Comment) -> TargetKind:
    return TargetKind.POST if isinstance(thing, Post) else TargetKind.COMMENT
