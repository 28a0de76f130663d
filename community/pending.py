"""Pending acts: what a visitor did before signing in, kept in their session and carried out once they are in."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.db import DatabaseError
from django.http import HttpRequest
from django.utils.translation import gettext as _

from community.models import Member
from community.refusals import Refused

KEY, DRAFTS, MOST = "pending_acts", "drafts", 5
KEPT_FOR = timedelta(hours=2)
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Outcome:
    """Where a carried-out act leads, the sentence that thanks for it, and the form whose copy a browser may forget."""

    url: str
    thanks: str
    sent: str = ""


Perform = Callable[[Member, Mapping[str, Any], datetime], Outcome]
Describe = Callable[[Mapping[str, Any]], str]


@dataclass(frozen=True)
class Kind:
    """One kind of act: how it is done for a member, how it is told of, and where it is mended when refused."""

    perform: Perform
    describe: Describe
    mend_at: Callable[[Mapping[str, Any]], str]


REGISTER: dict[str, Kind] = {}


def pending(name: str, *, describe: Describe, mend_at: Callable[[Mapping[str, Any]], str]) -> Callable[[Perform], Perform]:
    """The function carries out acts of this kind: `perform(member, data, at) -> Outcome`, raising Refused.

    describe: a sentence for the sign-in page. mend_at: the page that shows what was typed when it is refused.
    """

    def register(perform: Perform) -> Perform:
        REGISTER[name] = Kind(perform, describe, mend_at)
        return perform

    return register


def keep_act(request: HttpRequest, kind: str, data: Mapping[str, Any], *, at: datetime, instead: bool = False) -> None:
    """The act waits in the visitor's session for two hours; the same act twice waits once.

    instead: whatever waited of this kind before is replaced.
    """
    act = {"kind": kind, "data": dict(data), "at": at.isoformat()}
    others = [one for one in waiting_acts(request, at=at) if (one["kind"], one["data"]) != (kind, act["data"])]
    others = [one for one in others if not instead or one["kind"] != kind]
    request.session[KEY] = [*others, act][-MOST:]


def waiting_acts(request: HttpRequest, *, at: datetime) -> list[dict[str, Any]]:
    """The acts that still wait, oldest first."""
    kept = request.session.get(KEY, [])
    return [act for act in kept if act["kind"] in REGISTER and datetime.fromisoformat(act["at"]) > at - KEPT_FOR]


def tell_waiting(request: HttpRequest, *, at: datetime) -> list[str]:
    """A sentence for each act that waits."""
    return [REGISTER[act["kind"]].describe(act["data"]) for act in waiting_acts(request, at=at)]


def carry_out_acts(request: HttpRequest, member: Member, *, at: datetime) -> str:
    """Everything that waited is done; the member is thanked, and the address to go on to is answered ("" if none).

    A refused act says why, and what was typed waits as a draft on the page where it can be mended.
    """
    acts, goal = waiting_acts(request, at=at), ""
    request.session.pop(KEY, None)
    for act in acts:
        kind = REGISTER[act["kind"]]
        try:
            outcome = kind.perform(member, act["data"], at)
        except Refused as refusal:
            messages.error(request, refusal.sentence)
        except DatabaseError:
            log.exception("A pending %s could not be carried out.", act["kind"])
            messages.error(request, _("That did not go through. What you typed is kept: please send it again."))
        else:
            messages.success(request, outcome.thanks)
            request.sent_forms = [*getattr(request, "sent_forms", []), outcome.sent]  # type: ignore[attr-defined]
            goal = outcome.url
            continue
        keep_draft(request, act["kind"], act["data"])
        goal = kind.mend_at(act["data"])
    return goal


def keep_draft(request: HttpRequest, kind: str, data: Mapping[str, Any]) -> None:
    """What was typed waits for the form of this kind."""
    request.session[DRAFTS] = {**request.session.get(DRAFTS, {}), kind: dict(data)}


def draft_of(request: HttpRequest, kind: str) -> dict[str, Any]:
    """What was typed into the form of this kind before, or nothing."""
    found: dict[str, Any] = request.session.get(DRAFTS, {}).get(kind, {})
    return found


def drop_draft(request: HttpRequest, kind: str) -> None:
    """The form of this kind begins empty again."""
    drafts = request.session.get(DRAFTS, {})
    if kind in drafts:
        request.session[DRAFTS] = {name: data for name, data in drafts.items() if name != kind}
