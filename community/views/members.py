"""The page where people meet."""

from typing import Any

from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from community import slots
from community.lists import TALK, Wanted, boards_to_visit, posts_for, suggestions_for, waiting
from community.models import Member, PostKind, Standing
from community.models.board import Viewer
from community.models.standing import StandingQuerySet
from community.views.heads import FeedLink, first_words, head_of_list
from community.views.lists import KIND_NAMES, tabs_of
from community.views.pages import for_everybody, prepare_rows

LATEST = ("-active_at", "-post_id")
MOST_TALK, MOST_WAITING, MOST_STORIES, MOST_LIVELY, MOST_PEOPLE = 8, 4, 3, 5, 12


@require_safe
@for_everybody
def community(request: HttpRequest) -> HttpResponse:
    """Where people talk: the news, who waits for an answer, the latest discussions, stories, who is here, and the boards."""
    talk = posts_for(request.user, Wanted()).filter(kind__in=TALK)
    parts = {
        "news": _first(talk.filter(kind=PostKind.ANNOUNCEMENT).order_by("-created_at", "-post_id"), 2),
        "waiting": _first(_waiting(request.user).order_by("created_at", "post_id"), MOST_WAITING),
        "talk": _first(talk.filter(kind__in=[PostKind.QUESTION, PostKind.DISCUSSION]).order_by(*LATEST), MOST_TALK),
        "stories": _first(talk.filter(kind=PostKind.STORY).order_by("-created_at", "-post_id"), MOST_STORIES),
        "rows": _first(suggestions_for(request.user, Wanted()).filter(comments__gt=0).order_by(*LATEST), MOST_LIVELY),
    }
    shown = [row for rows in parts.values() for row in rows]
    prefetch_related_objects(shown, "post__tags")
    prepare_rows(request, shown)
    waits = parts["waiting"]
    people = list(Member.objects.open().claimed().order_by("-level", "-active_days", "pk")[:MOST_PEOPLE])
    slots.prepare(request, "name_mark", people)
    feeds = (FeedLink(_("Announcements"), reverse("feed-announcements")), FeedLink(_("Everything"), reverse("feed-posts")))
    told = _("Questions, discussions and stories of the people who use it, and news from the people who build it.")
    context: dict[str, Any] = {
        "section": "community",
        **parts,
        "stories": [(row, first_words(row.post.body_html, 180)) for row in parts["stories"]],
        "tabs": tabs_of(talk)[0],
        "kinds": KIND_NAMES,
        "wait_count": len(waits) if len(waits) < MOST_WAITING else _waiting(request.user).count(),
        "people": people,
        "boards": boards_to_visit(request.user),
        "head": head_of_list(request, title=_("Community"), description=told, feeds=feeds),
    }
    return render(request, "community/community.html", context)


def _first(rows: StandingQuerySet, most: int) -> list[Standing]:
    return list(rows.select_related("post__author", "board")[:most])


def _waiting(viewer: Viewer) -> StandingQuerySet:
    """Questions to which nobody has said anything."""
    wanted = Wanted(kind=PostKind.QUESTION, sort="unanswered", everything=True)
    return waiting(posts_for(viewer, wanted), wanted)
