"""Where polls are shown: under their post, in lists, on the community's page, and in the composer."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html

from community.models import Audience, Board, Poll, PollKind, PollShows, PollWeight, Post, PostState, Standing
from community.polls.drafting import asks_poll
from community.polls.reading import PollView, read_polls
from community.privileges import Privilege, has, moderates
from community.slots import slot

SHOWN_OPEN = 3


def polls_of(request: HttpRequest, post_ids: Sequence[int]) -> dict[int, PollView]:
    """Post → its poll, for the posts that have one."""
    polls = Poll.objects.filter(post__in=post_ids).select_related("post__board", "post__author", "decided_by")
    return read_polls(polls, viewer=request.user, at=timezone.now())


def draw_poll(request: HttpRequest, view: PollView, *, fault: str = "") -> str:
    """The poll with everything its reader may do with it."""
    member = request.user if request.user.is_authenticated else None
    post = view.poll.post
    context = {
        "view": view,
        "poll": view.poll,
        "post": post,
        "fault": fault,
        "may_vote": view.is_open and post.state == PostState.VISIBLE and _takes_votes(request, post.board),
        "keeps": member is not None and (member.pk == post.author_id or moderates(member, post.board_id)),
        "decides": has(member, Privilege.TRIAGE),
    }
    return render_to_string("community/_poll.html", context, request)


def _takes_votes(request: HttpRequest, board: Board) -> bool:
    """Whether a form to vote with is of use; a visitor signs in at the very end."""
    if not request.user.is_authenticated:
        return board.vote in (Audience.ANYONE, Audience.MEMBERS)
    return Board.objects.open_to(request.user, "vote").filter(pk=board.pk).exists()


def polls_of_posts(request: HttpRequest, posts: Sequence[Post]) -> dict[int, PollView]:
    return polls_of(request, [post.pk for post in posts])


@slot("post_poll", prepare=polls_of_posts)
def post_poll(request: HttpRequest, post: Post, views: Mapping[int, PollView]) -> str:
    """The poll under the text of its post."""
    return draw_poll(request, views[post.pk]) if post.pk in views else ""


@slot("post_head", prepare=polls_of_posts)
def post_head(_request: HttpRequest, post: Post, views: Mapping[int, PollView]) -> str:
    """The poll's own styles, where there is a poll."""
    return styles() if post.pk in views else ""


@slot("compose_head")
@slot("community_head")
def polls_head(_request: HttpRequest, _nothing: Any, _prepared: None) -> str:
    return styles()


def styles() -> str:
    return format_html('<link rel="stylesheet" href="{}">', static("css/polls.css"))


def polls_of_rows(request: HttpRequest, rows: Sequence[Standing]) -> dict[int, PollView]:
    return polls_of(request, [row.post_id for row in rows])


@slot("row_poll", prepare=polls_of_rows)
def row_poll(request: HttpRequest, row: Standing, views: Mapping[int, PollView]) -> str:
    """In a list: that there is a poll, how many voted, and until when one can."""
    if row.post_id not in views:
        return ""
    return render_to_string(
        "community/_poll_row.html", {"view": views[row.post_id], "url": row.post.get_absolute_url()}, request
    )


@slot("community_main", order=10)
def open_polls(request: HttpRequest, _nothing: Any, _prepared: None) -> str:
    """The polls one can vote in now, the one that closes first on top."""
    polls = Poll.objects.visible_to(request.user).open(at=timezone.now()).filter(post__state=PostState.VISIBLE)
    soonest = polls.select_related("post__board").order_by("closes_at", "-pk")[:SHOWN_OPEN]
    views = read_polls(soonest, viewer=request.user, at=timezone.now())
    return render_to_string("community/_polls_open.html", {"views": views.values()}, request) if views else ""


@slot("compose_fields", order=10)
def compose_poll(request: HttpRequest, extras: Mapping[str, str], _prepared: None) -> str:
    """A poll to go with the post, folded away until it is wanted."""
    return draw_fields(request, "community/_poll_compose.html", extras)


def draw_fields(request: HttpRequest, template: str, typed: Mapping[str, str]) -> str:
    """The fields of a poll, with what was typed into them."""
    context = {
        "typed": {"poll_kind": PollKind.SINGLE, "poll_shows": PollShows.VOTED} | dict(typed),
        "kinds": PollKind.choices,
        "shows": PollShows.choices,
        "weights": PollWeight.choices if has(request.user, Privilege.TRIAGE) else [],
        "unfolded": asks_poll(typed),
    }
    return render_to_string(template, context, request)


@slot("poll_fields")
def poll_fields(request: HttpRequest, typed: Mapping[str, str], _prepared: None) -> str:
    """The same fields on the page where a poll is mended."""
    return draw_fields(request, "community/_poll_fields.html", typed)
