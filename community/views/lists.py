"""What the pages with lists share: the filters as chips that come off one by one, and the way on to more rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from community.lists import Wanted, count_by_kind, narrowed
from community.models import Board, Member, PostKind, Tag
from community.models.standing import StandingQuerySet
from community.paging import take_page
from community.views.heads import FeedLink
from community.views.pages import is_htmx, prepare_rows

SORT_NAMES = {
    "hot": _("Hot"),
    "top": _("Most wanted"),
    "new": _("New"),
    "active": _("Latest"),
    "talked": _("Most talked about"),
    "needs-votes": _("Needs votes"),
    "unanswered": _("Unanswered"),
}
KIND_NAMES = {
    PostKind.SUGGESTION: _("Suggestions"),
    PostKind.BUG: _("Bugs"),
    PostKind.QUESTION: _("Questions"),
    PostKind.DISCUSSION: _("Discussions"),
    PostKind.STORY: _("Stories"),
    PostKind.ANNOUNCEMENT: _("Announcements"),
}


@dataclass(frozen=True)
class Chip:
    """One filter that is on. key: what to take out of the address; status: drawn by its sign instead of the label."""

    key: str
    label: str
    status: str = ""


def chips_of(wanted: Wanted, *, board: Board | None = None, tag: Tag | None = None, fixed: Sequence[str] = ()) -> list[Chip]:
    """The filters that are on, but for those that the page itself is about."""
    author = wanted.author and (Member.objects.open().filter(username=wanted.author).first() or wanted.author)
    found = [
        Chip("q", f"“{wanted.words}”" if wanted.words else ""),
        Chip("kind", str(KIND_NAMES[PostKind(wanted.kind)]) if wanted.kind else ""),
        Chip("board", str(board or wanted.board)),
        Chip("tag", f"# {tag or wanted.tag}" if wanted.tag else ""),
        Chip("status", wanted.status, wanted.status),
        Chip("author", str(author)),
    ]
    return [chip for chip in found if chip.label and chip.key not in fixed]


def show_list(
    request: HttpRequest,
    rows: StandingQuerySet,
    wanted: Wanted,
    *,
    template: str,
    sorts: Sequence[str],
    context: dict[str, Any],
) -> HttpResponse:
    """One page of the rows with everything around them; htmx gets the further rows alone."""
    page = take_page(narrowed(rows, wanted).with_posts(), order=wanted.order, after=request.GET.get("after", ""))
    prepare_rows(request, page.rows)
    shown = {"wanted": wanted, "rows": page.rows, "after": page.after, "kinds_differ": not wanted.kind}
    if is_htmx(request) and "after" in request.GET:
        return render(request, "community/_rows.html", shown)
    context = {name: value() if callable(value) else value for name, value in context.items()}
    shown |= {"sorts": [(key, SORT_NAMES[key]) for key in sorts], "plain_sort": sorts[0], **context}
    return render(request, template, shown)


def tabs_of(rows: StandingQuerySet) -> tuple[list[tuple[str, Any, int]], int]:
    """Each kind there is something of, with its name and how many there are; and how many of all."""
    counts = count_by_kind(rows)
    return [(kind.value, KIND_NAMES[kind], counts[kind.value]) for kind in PostKind if counts.get(kind.value)], sum(
        counts.values()
    )


def feed_of(title: Any, url: str) -> tuple[FeedLink, ...]:
    return (FeedLink(str(title), url),)
