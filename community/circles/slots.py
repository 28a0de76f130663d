"""Where circles are shown outside their own pages: the community's page, profiles, and their boards."""

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string

from community.circles.reading import cards_of
from community.models import Board, Circle, Member
from community.slots import slot

SHOWN = 5


@slot("community_aside", order=7)
def way_in(request: HttpRequest, _thing: Any, _prepared: None) -> str:
    """Some of the circles, the youngest first, and the way to all of them."""
    cards = cards_of(Circle.objects.open().order_by("-opened_at", "-pk"), request.user, most=SHOWN)
    return render_to_string("community/_circles_aside.html", {"cards": cards}, request)


@slot("member_aside", order=7)
def circles_of(request: HttpRequest, person: Member, _prepared: None) -> str:
    """The open circles somebody is in."""
    rows = list(Circle.objects.open().filter(memberships__member=person).order_by("name", "pk"))
    return render_to_string("community/_member_circles.html", {"circles": rows}, request) if rows else ""


@slot("board_head", order=5)
def whose_board(request: HttpRequest, board: Board, _prepared: None) -> str:
    """The board of a circle says so, and leads to where one joins."""
    circle = Circle.objects.filter(board=board).first()
    return render_to_string("community/_board_circle.html", {"circle": circle}, request) if circle else ""
