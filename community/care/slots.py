"""What care shows on other pages: the way to report, why a text waits, the guard of forms, and what one may do with a person."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString

from community.care import rules
from community.manners import STAMP, TRAP, stamp
from community.models import Block, Comment, Hold, Member, Post
from community.privileges import Privilege, has
from community.slots import slot


@slot("post_acts", order=90)
def report_post(request: HttpRequest, post: Post, _prepared: Any) -> SafeString | str:
    """The way to report a post that somebody else wrote."""
    return _report(request, "post", post) if not _mine(request, post) else ""


@slot("comment_acts", order=90)
def report_comment(request: HttpRequest, comment: Comment, _prepared: Any) -> SafeString | str:
    """The way to report a comment that somebody else wrote."""
    return _report(request, "comment", comment) if not _mine(request, comment) else ""


def _mine(request: HttpRequest, thing: Post | Comment) -> bool:
    return thing.author_id == request.user.pk


def _report(request: HttpRequest, kind: str, thing: Post | Comment) -> SafeString:
    return render_to_string("community/care/_report_link.html", {"kind": kind, "thing": thing}, request=request)


def _open_holds(request: HttpRequest, things: Sequence[Post | Comment]) -> dict[tuple[str, int], Hold]:
    """Why these wait, for those who see that they do."""
    waiting = [thing for thing in things if thing.state == "held"]
    if not waiting:
        return {}
    rows = Hold.objects.open().filter(target_id__in=[thing.pk for thing in waiting])
    return {(row.target_kind, row.target_id): row for row in rows}


@slot("held_reasons", prepare=_open_holds)
def tell_why_it_waits(request: HttpRequest, thing: Post | Comment, holds: dict[tuple[str, int], Hold]) -> SafeString | str:
    """The reasons as sentences; its author may do something about most of them."""
    hold = holds.get(("post" if isinstance(thing, Post) else "comment", thing.pk))
    reasons = [rules.HELD[code] for code in hold.reasons if code in rules.HELD] if hold else []
    return render_to_string("community/care/_held.html", {"reasons": reasons}, request=request) if reasons else ""


@slot("form_guard")
def guard(request: HttpRequest, _form: Any, _prepared: Any) -> SafeString:
    """A signed stamp of when the form was opened, and a field that people do not see."""
    context = {"stamp": stamp(at=timezone.now()), "stamp_name": STAMP, "trap_name": TRAP}
    return render_to_string("community/care/_guard.html", context)


@slot("member_aside", order=90)
def turn_away(request: HttpRequest, person: Member, _prepared: Any) -> SafeString | str:
    """Report, block, and for moderators the record."""
    viewer = request.user if isinstance(request.user, Member) else None
    if viewer is not None and viewer.pk == person.pk or person.claimed_at is None:
        return ""
    context = {
        "person": person,
        "viewer": viewer,
        "may_block": viewer is not None and not person.speaks_for_the_team,
        "blocked": viewer is not None and Block.objects.filter(member=viewer, other=person).exists(),
        "keeps": has(viewer, Privilege.MODERATE),
    }
    return render_to_string("community/care/_person.html", context, request=request)
