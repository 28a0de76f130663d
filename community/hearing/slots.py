"""The buttons to follow and mute, where boards, tags and people are shown."""

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string

from community.follows import Thing, ear_of
from community.slots import slot
from community.views.pages import member_of


def _buttons(request: HttpRequest, kind: Thing, thing: Any) -> str:
    """One query for members, none for visitors; nothing is shown to a person about themselves."""
    member = member_of(request)
    context = {"kind": kind.value, "thing": thing, "ear": ear_of(member, kind, thing).value, "member": member}
    return render_to_string("community/_follow_thing.html", context, request)


@slot("board_follow")
def follow_board(request: HttpRequest, board: Any, _prepared: Any) -> str:
    """Follow the board, or mute it."""
    return _buttons(request, Thing.BOARD, board)


@slot("tag_follow")
def follow_tag(request: HttpRequest, tag: Any, _prepared: Any) -> str:
    """Follow the tag, or mute it."""
    return _buttons(request, Thing.TAG, tag)


@slot("member_follow")
def follow_member(request: HttpRequest, person: Any, _prepared: Any) -> str:
    """Follow the person, or mute them."""
    return _buttons(request, Thing.PERSON, person)
