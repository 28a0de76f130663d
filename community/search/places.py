"""While somebody types: the posts, people, tags and boards they may mean."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from community.models import Board, Member, Standing, Tag
from community.models.board import Viewer
from community.search.finding import find
from community.search.wanted import Wanted

MOST, MOST_PLACES, SHORTEST = 6, 3, 2


@dataclass(frozen=True)
class Suggested:
    """One line under the search box: what it is, its name with the typed words marked, and where it leads."""

    what: str
    name: SafeString | str
    url: str
    icon: str


def suggest(viewer: Viewer, words: str) -> list[Suggested]:
    """At most six lines: boards, tags and people of that name first, then posts that say it; nothing for a single letter."""
    if not says_enough(words):
        return []
    named = places_named(viewer, words)
    found = find(viewer, Wanted(words=words), size=MOST - len(named), typing=True)
    return [*named, *(Suggested(hit.row.get_kind_display(), hit.title, hit.url, "list") for hit in found.hits)]


def says_enough(words: str) -> bool:
    """Whether it is worth looking: two letters, or one sign that is a word of its own."""
    return len(words.strip()) >= SHORTEST or (words.strip() > "\u2e80")


def places_named(viewer: Viewer, words: str) -> list[Suggested]:
    """Boards, tags and people whose name holds or begins with the words."""
    words = " ".join(words.split()).lstrip("#@")[:60]
    if not says_enough(words):
        return []
    return [*_boards(viewer, words), *_tags(viewer, words), *_people(words)][:MOST_PLACES]


def _boards(viewer: Viewer, words: str) -> Sequence[Suggested]:
    called = Q(name__icontains=words) | Q(name_zh_hans__icontains=words) | Q(name_zh_hant__icontains=words)
    boards = Board.objects.visible_to(viewer).filter(called)[:1]
    return [Suggested(_("Board"), str(one), _list_of(board=one.slug), "people") for one in boards]


def _tags(viewer: Viewer, words: str) -> Sequence[Suggested]:
    # A tag that stands only on posts out of sight is out of sight, too.
    shown = Standing.objects.visible_to(viewer).listed().filter(post__tags=OuterRef("pk"))
    tags = Tag.objects.filter(name__icontains=words).filter(Exists(shown)).order_by("name")[:2]
    return [Suggested(_("Tag"), one.name, _list_of(tag=one.slug), "sort") for one in tags]


def _people(words: str) -> Sequence[Suggested]:
    named = Q(display_name__istartswith=words) | Q(username__istartswith=words)
    people = Member.objects.open().claimed().filter(named).order_by("-level", "display_name", "pk")[:2]
    return [Suggested(_("Person"), one.display_name, one.get_absolute_url(), "user") for one in people]


def _list_of(**narrowed: str) -> str:
    return f"{reverse('search')}?{urlencode(narrowed)}"
