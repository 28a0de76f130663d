"""Help us sort: one suggestion at a time, answered by a thumb, a key or a plain button."""

import secrets
from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from community import slots
from community.pending import keep_act, waiting_acts
from community.privileges import Privilege, has
from community.refusals import Invalid
from community.rendering import plain
from community.views.pages import is_htmx, member_of, sign_in_first
from feedback.judgements import ANSWERS, PASS, SKIP, WANT, answer_card, take_back_answer
from feedback.models import Suggestion
from feedback.sorting import dealt_to

KEY, ACT = "sorting", "sorting"
ROUND = 10  # cards, then a breath
ASK_AFTER = 5  # a visitor's answers, before they are asked for an address
MOST_KEPT = 60
SHOWN = 320  # signs of the text on a card


@dataclass
class Session:
    """What somebody sorted in this session: [suggestion, answer] in their order, and the seed of their stack."""

    seed: str
    answers: list[list[Any]]

    @classmethod
    def of(cls, request: HttpRequest) -> "Session":
        kept = request.session.get(KEY) or {}
        return cls(kept.get("seed", ""), kept.get("answers", []))

    def keep(self, request: HttpRequest) -> None:
        request.session[KEY] = {"seed": self.seed, "answers": self.answers[-MOST_KEPT:]}

    @property
    def ids(self) -> list[int]:
        return [pk for pk, _say in self.answers]


@never_cache
@require_safe
def sort(request: HttpRequest) -> HttpResponse:
    """The card on top and the one below it; after ten a breath, and thanks at the end."""
    return render(request, "feedback/sort.html", _context(request, Session.of(request)))


@never_cache
@require_POST
def answer(request: HttpRequest, post_id: int) -> HttpResponse:
    """The card is answered, and the next one lies on top; a visitor's answer waits in their session."""
    shown = Suggestion.objects.visible_to(request.user).select_related("post__standing", "post__author", "root")
    suggestion, say = get_object_or_404(shown, pk=post_id), request.POST.get("say", "")
    if say not in ANSWERS:
        raise Invalid("There is no such answer.")
    session, member = Session.of(request), member_of(request)
    session.seed = session.seed or request.POST.get("seed", "")[:16]
    session.answers = [[pk, said] for pk, said in session.answers if pk != post_id] + [[post_id, say]]
    if member is not None:
        answer_card(member=member, suggestion=suggestion, say=say, at=timezone.now())
    else:
        _wait(request, session)
    session.keep(request)
    return _go_on(request, session)


@never_cache
@require_POST
def undo(request: HttpRequest) -> HttpResponse:
    """The last answer is taken back, and its card lies on top again."""
    session, member = Session.of(request), member_of(request)
    if not session.answers:
        return _go_on(request, session)
    last, _say = session.answers.pop()
    suggestion = Suggestion.objects.visible_to(request.user).filter(pk=last).first()
    if member is not None and suggestion is not None:
        take_back_answer(member=member, suggestion=suggestion, at=timezone.now())
    if member is None:
        _wait(request, session)
    session.keep(request)
    return _go_on(request, session, first=last)


@never_cache
@require_POST
def keep(request: HttpRequest) -> HttpResponse:
    """A visitor's answers are kept, and they go on to sign in."""
    if member_of(request) is not None:
        return HttpResponseRedirect(reverse("sort"))
    return sign_in_first(request, ACT, {"answers": Session.of(request).answers})


def _wait(request: HttpRequest, session: Session) -> None:
    """All a visitor answered is one act that waits; what they do besides keeps its own place."""
    keep_act(request, ACT, {"answers": session.answers}, at=timezone.now(), instead=True)


def _go_on(request: HttpRequest, session: Session, *, first: int | None = None) -> HttpResponse:
    if is_htmx(request):
        return render(request, "feedback/_deck.html", _context(request, session, first=first))
    return HttpResponseRedirect(reverse("sort") + (f"?first={first}" if first else ""))


def _context(request: HttpRequest, session: Session, *, first: int | None = None) -> dict[str, Any]:
    member, done = member_of(request), len(session.answers)
    # A member finds the same stack on every device; a visitor finds their own until the session ends.
    seed = f"member-{member.pk}" if member is not None else session.seed or secrets.token_hex(8)
    asked = request.GET.get("first", "")
    first = first or (int(asked) if asked.isdecimal() and len(asked) < 18 else None)
    answered = [] if member is not None and first else session.ids
    rows = dealt_to(request.user, seed=seed, at=timezone.now(), answered=[pk for pk in answered if pk != first], first=first)
    slots.prepare(request, "row_status", rows)
    resting = done > 0 and done % ROUND == 0 and not first and "more" not in request.GET
    said = Counter(say for _pk, say in session.answers)
    return {
        "section": "sort",
        "cards": [] if resting else [{"row": row, "text": plain(row.post.body, SHOWN)} for row in rows],
        "left": bool(rows),
        "resting": resting,
        "seed": seed,
        "done": done,
        "place": done % ROUND,
        "round": ROUND,
        "wanted": said[WANT],
        "passed": said[PASS],
        "skipped": said[SKIP],
        "may_pair": has(request.user, Privilege.PROPOSE_MERGE),
        "ask_for_address": member is None and done >= ASK_AFTER and bool(waiting_acts(request, at=timezone.now())),
        "entrance": member is None,
    }
